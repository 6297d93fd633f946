// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/recorder.hpp"

#include <array>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "base/log.hpp"

namespace almon::media {
namespace {

constexpr auto kHeader = Recorder::kHeader;

/// RIFF, one fmt and one data chunk; little-endian, as this program runs nowhere else.
std::array<char, kHeader> wav_header(std::uint32_t data_bytes) {
    std::array<char, kHeader> header{};
    const auto text = [&](std::size_t at, const char* four) { std::memcpy(&header[at], four, 4); };
    const auto number = [&](std::size_t at, auto value) { std::memcpy(&header[at], &value, sizeof(value)); };
    text(0, "RIFF");
    number(4, static_cast<std::uint32_t>(data_bytes + kHeader - 8));
    text(8, "WAVE");
    text(12, "fmt ");
    number(16, std::uint32_t{16});
    number(20, std::uint16_t{1});  // PCM
    number(22, std::uint16_t{1});
    number(24, std::uint32_t{Recorder::kRate});
    number(28, std::uint32_t{Recorder::kRate * 2});
    number(32, std::uint16_t{2});
    number(34, std::uint16_t{16});
    text(36, "data");
    number(40, data_bytes);
    return header;
}

std::string part_of(const std::string& path) {
    return path + ".part";
}

bool write_all(int descriptor, const char* bytes, std::size_t size) {
    while (size > 0) {
        const auto written = ::write(descriptor, bytes, size);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes += written;
        size -= static_cast<std::size_t>(written);
    }
    return true;
}

/// So that the name is not lost with the power either.
bool sync_folder(const std::filesystem::path& path) {
    const Descriptor folder(::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return folder && ::fsync(folder.get()) == 0;
}

}  // namespace

Recorder::Recorder(EventListener& listener) : listener_(listener) {
    thread_ = std::thread([this] {
        pthread_setname_np(pthread_self(), "recorder");
        run();
    });
}

Recorder::~Recorder() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    work_.notify_one();
    thread_.join();
}

void Recorder::post(Job job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    work_.notify_one();
}

void Recorder::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        work_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
        if (jobs_.empty()) break;
        auto job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        std::visit([this](auto& work) { carry_out(std::move(work)); }, job);
        lock.lock();
    }
    lock.unlock();
    while (!files_.empty())
        carry_out(End{LegId{}, files_.begin()->first, true});
}

void Recorder::carry_out(Begin job) {
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(job.path).parent_path(), error);
    auto& file = files_[job.recording];
    file.descriptor = Descriptor(
        ::open(part_of(job.path).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640));
    file.path = std::move(job.path);
    const auto header = wav_header(0);
    if (!file.descriptor || !write_all(file.descriptor.get(), header.data(), header.size())) {
        log_warning("{} cannot be recorded: {}", file.path, std::generic_category().message(errno));
        file.descriptor = {};
    }
}

void Recorder::carry_out(const Samples& job) {
    const auto found = files_.find(job.recording);
    if (found == files_.end() || !found->second.descriptor) return;
    auto& file = found->second;
    const auto size = job.samples.size() * sizeof(std::int16_t);
    if (write_all(file.descriptor.get(), reinterpret_cast<const char*>(job.samples.data()), size)) {
        file.bytes += size;
        return;
    }
    log_warning("{} cannot be recorded any further: {}", file.path, std::generic_category().message(errno));
    file.descriptor = {};
}

void Recorder::carry_out(const End& job) {
    auto node = files_.extract(job.recording);
    if (node.empty()) return;
    auto& file = node.mapped();
    const auto part = part_of(file.path);
    const auto header = wav_header(static_cast<std::uint32_t>(file.bytes));
    const bool kept = job.keep && file.descriptor && ::lseek(file.descriptor.get(), 0, SEEK_SET) == 0 &&
                      write_all(file.descriptor.get(), header.data(), header.size()) &&
                      ::fsync(file.descriptor.get()) == 0 && ::rename(part.c_str(), file.path.c_str()) == 0 &&
                      sync_folder(file.path);
    if (!kept) ::unlink(part.c_str());
    const auto samples = static_cast<std::int64_t>(file.bytes / sizeof(std::int16_t));
    listener_.on_media(
        {Recorded{job.leg, job.recording, std::chrono::milliseconds(samples * 1000 / kRate), kept}});
}

void Recorder::carry_out(const MoveRecording& job) {
    std::error_code error;
    if (job.to.empty()) {
        std::filesystem::remove_all(job.from, error);
    } else {
        std::filesystem::create_directories(std::filesystem::path(job.to).parent_path(), error);
        std::filesystem::rename(job.from, job.to, error);
        if (!error) sync_folder(job.to);
    }
    sync_folder(job.from);
    if (error) log_warning("{} cannot be moved: {}", job.from, error.message());
}

}  // namespace almon::media
