// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/gzip.hpp"

#include <zlib.h>

namespace almon::http {

namespace {

constexpr int kLevel = 4;
constexpr int kGzipWindow = 15 + 16;  // the sum asks for gzip's frame around it
constexpr int kMemory = 8;

class Deflater final {
public:
    Deflater() {
        ready_ = deflateInit2(&stream_, kLevel, Z_DEFLATED, kGzipWindow, kMemory, Z_DEFAULT_STRATEGY) == Z_OK;
    }
    ~Deflater() {
        if (ready_) deflateEnd(&stream_);
    }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;

    std::string run(std::string_view bytes) {
        std::string packed;
        if (!ready_ || deflateReset(&stream_) != Z_OK) return packed;
        packed.resize(deflateBound(&stream_, bytes.size()));
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        stream_.avail_in = static_cast<uInt>(bytes.size());
        stream_.next_out = reinterpret_cast<Bytef*>(packed.data());
        stream_.avail_out = static_cast<uInt>(packed.size());
        if (deflate(&stream_, Z_FINISH) != Z_STREAM_END) return {};
        packed.erase(stream_.total_out);
        return packed;
    }

private:
    z_stream stream_{};
    bool ready_ = false;
};

}  // namespace

std::string gzip(std::string_view bytes) {
    thread_local Deflater deflater;
    return deflater.run(bytes);
}

}  // namespace almon::http
