// SPDX-License-Identifier: GPL-3.0-or-later
// GSM full rate (ETSI EN 300 961), by libgsm, packed as in RFC 3551 4.5.8: frames of 33 octets and 20 ms.
#include <gsm.h>

#include "media/codec_family.hpp"

namespace almon::media {
namespace {

constexpr unsigned kRate = 8000;
constexpr std::size_t kFrameSamples = 160;
constexpr std::size_t kFrameSize = 33;
/// The first four bits of every frame.
constexpr std::uint8_t kSignature = 0xD0;

struct Release {
    void operator()(gsm state) const noexcept { gsm_destroy(state); }
};
using State = std::unique_ptr<struct gsm_state, Release>;

class GsmDecoder final : public ConcealingDecoder {
public:
    [[nodiscard]] unsigned rate() const noexcept override { return kRate; }

private:
    [[nodiscard]] std::size_t samples_in_payload(
        std::span<const std::uint8_t> payload) const noexcept override {
        if (payload.size() % kFrameSize != 0) return 0;
        for (std::size_t at = 0; at < payload.size(); at += kFrameSize) {
            if ((payload[at] & 0xF0U) != kSignature) return 0;
        }
        return payload.size() / kFrameSize * kFrameSamples;
    }
    void unpack(std::span<const std::uint8_t> payload, std::span<std::int16_t> samples) noexcept override {
        for (std::size_t i = 0; i * kFrameSize < payload.size(); ++i) {
            // The library does not write what it reads, but for want of const says that it might.
            auto* const frame = const_cast<gsm_byte*>(payload.data() + i * kFrameSize);
            gsm_decode(state_.get(), frame, samples.data() + i * kFrameSamples);
        }
    }

    State state_{gsm_create()};
};

class GsmEncoder final : public Encoder {
public:
    [[nodiscard]] unsigned rate() const noexcept override { return kRate; }
    [[nodiscard]] std::size_t samples_of(std::chrono::milliseconds packet_time) const noexcept override {
        return whole_frames(packet_time, kRate, kFrameSamples);
    }
    [[nodiscard]] std::size_t encode(std::span<const std::int16_t> samples,
                                     std::span<std::uint8_t> payload) noexcept override {
        std::size_t size = 0;
        for (std::size_t at = 0; at + kFrameSamples <= samples.size(); at += kFrameSamples) {
            auto* const frame = const_cast<gsm_signal*>(samples.data() + at);
            gsm_encode(state_.get(), frame, payload.data() + size);
            size += kFrameSize;
        }
        return size;
    }

private:
    State state_{gsm_create()};
};

}  // namespace

const CodecFamily kGsmFamily{
    [](const PayloadFormat& format) noexcept {
        return format.encoding == "GSM" && format.clock_rate == kRate && format.channels == 1 ? kRate : 0U;
    },
    [](const PayloadFormat&, unsigned) -> std::unique_ptr<Decoder> { return std::make_unique<GsmDecoder>(); },
    [](const PayloadFormat&, unsigned) -> std::unique_ptr<Encoder> { return std::make_unique<GsmEncoder>(); },
};

}  // namespace almon::media
