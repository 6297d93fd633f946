// SPDX-License-Identifier: GPL-3.0-or-later
// ITU-T G.729 annex A, by bcg729: frames of 10 octets and 10 ms; a last one of 2 octets describes the noise
// of a pause (annex B, RFC 3551 4.5.6), which we understand and do not send.
#include <algorithm>

#include "media/codec_family.hpp"

extern "C" {
#include <bcg729/decoder.h>
#include <bcg729/encoder.h>
}

namespace almon::media {
namespace {

constexpr unsigned kRate = 8000;
constexpr std::size_t kFrameSamples = 80;
constexpr std::size_t kFrameSize = 10;
constexpr std::size_t kNoiseSize = 2;

struct Release {
    void operator()(bcg729DecoderChannelContextStruct* state) const noexcept {
        closeBcg729DecoderChannel(state);
    }
    void operator()(bcg729EncoderChannelContextStruct* state) const noexcept {
        closeBcg729EncoderChannel(state);
    }
};

class G729Decoder final : public Decoder {
public:
    [[nodiscard]] unsigned rate() const noexcept override { return kRate; }
    [[nodiscard]] std::size_t decode(std::span<const std::uint8_t> payload,
                                     std::span<std::int16_t> samples) noexcept override {
        const auto rest = payload.size() % kFrameSize;
        const auto frames = payload.size() / kFrameSize + (rest == kNoiseSize ? 1 : 0);
        if ((rest != 0 && rest != kNoiseSize) || frames * kFrameSamples > samples.size()) return 0;
        for (std::size_t i = 0; i < frames; ++i) {
            const auto frame = payload.subspan(i * kFrameSize);
            const bool is_noise = frame.size() < kFrameSize;
            bcg729Decoder(state_.get(), frame.data(),
                          static_cast<std::uint8_t>(std::min(frame.size(), kFrameSize)), 0, is_noise ? 1 : 0,
                          0, samples.data() + i * kFrameSamples);
        }
        return frames * kFrameSamples;
    }
    void conceal(std::span<std::int16_t> missing, std::span<const std::uint8_t>) noexcept override {
        while (missing.size() >= kFrameSamples) {
            bcg729Decoder(state_.get(), nullptr, 0, 1, 0, 0, missing.data());
            missing = missing.subspan(kFrameSamples);
        }
        std::ranges::fill(missing, std::int16_t{0});
    }

private:
    std::unique_ptr<bcg729DecoderChannelContextStruct, Release> state_{initBcg729DecoderChannel()};
};

class G729Encoder final : public Encoder {
public:
    [[nodiscard]] unsigned rate() const noexcept override { return kRate; }
    [[nodiscard]] std::size_t samples_of(std::chrono::milliseconds packet_time) const noexcept override {
        return whole_frames(packet_time, kRate, kFrameSamples);
    }
    [[nodiscard]] std::size_t encode(std::span<const std::int16_t> samples,
                                     std::span<std::uint8_t> payload) noexcept override {
        std::size_t size = 0;
        for (std::size_t at = 0; at + kFrameSamples <= samples.size(); at += kFrameSamples) {
            std::uint8_t written = 0;
            bcg729Encoder(state_.get(), samples.data() + at, payload.data() + size, &written);
            size += written;
        }
        return size;
    }

private:
    std::unique_ptr<bcg729EncoderChannelContextStruct, Release> state_{initBcg729EncoderChannel(0)};
};

}  // namespace

const CodecFamily kG729Family{
    [](const PayloadFormat& format) noexcept {
        return format.encoding == "G729" && format.clock_rate == kRate && format.channels == 1 ? kRate : 0U;
    },
    [](const PayloadFormat&, unsigned) -> std::unique_ptr<Decoder> {
        return std::make_unique<G729Decoder>();
    },
    [](const PayloadFormat&, unsigned) -> std::unique_ptr<Encoder> {
        return std::make_unique<G729Encoder>();
    },
};

}  // namespace almon::media
