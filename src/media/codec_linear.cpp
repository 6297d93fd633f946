// SPDX-License-Identifier: GPL-3.0-or-later
// L16 (RFC 3551 4.5.11), which administrators call slin: linear samples in network byte order.
#include "media/codec_family.hpp"
#include "media/rtp_packet.hpp"

namespace almon::media {
namespace {

/// What fits into a packet on any network.
constexpr std::size_t kMostSamples = 640;

class LinearDecoder final : public ConcealingDecoder {
public:
    explicit LinearDecoder(unsigned rate) noexcept : rate_(rate) {}
    [[nodiscard]] unsigned rate() const noexcept override { return rate_; }

private:
    [[nodiscard]] std::size_t samples_in_payload(
        std::span<const std::uint8_t> payload) const noexcept override {
        return payload.size() / 2;
    }
    void unpack(std::span<const std::uint8_t> payload, std::span<std::int16_t> samples) noexcept override {
        for (std::size_t i = 0; i < samples.size(); ++i)
            samples[i] = static_cast<std::int16_t>(read16(payload.data() + 2 * i));
    }

    unsigned rate_;
};

class LinearEncoder final : public Encoder {
public:
    explicit LinearEncoder(unsigned rate) noexcept : rate_(rate) {}
    [[nodiscard]] unsigned rate() const noexcept override { return rate_; }
    [[nodiscard]] std::size_t samples_of(std::chrono::milliseconds packet_time) const noexcept override {
        auto samples = whole_frames(packet_time, rate_, 1);
        while (samples > kMostSamples)
            samples /= 2;
        return samples;
    }
    [[nodiscard]] std::size_t encode(std::span<const std::int16_t> samples,
                                     std::span<std::uint8_t> payload) noexcept override {
        for (std::size_t i = 0; i < samples.size(); ++i)
            write16(payload.data() + 2 * i, static_cast<std::uint16_t>(samples[i]));
        return 2 * samples.size();
    }

private:
    unsigned rate_;
};

}  // namespace

const CodecFamily kLinearFamily{
    [](const PayloadFormat& format) noexcept {
        const bool is_ours = format.encoding == "L16" && format.channels == 1 && format.clock_rate >= 8000 &&
                             format.clock_rate <= 48000;
        return is_ours ? static_cast<unsigned>(format.clock_rate) : 0U;
    },
    [](const PayloadFormat& format, unsigned) -> std::unique_ptr<Decoder> {
        return std::make_unique<LinearDecoder>(format.clock_rate);
    },
    [](const PayloadFormat& format, unsigned) -> std::unique_ptr<Encoder> {
        return std::make_unique<LinearEncoder>(format.clock_rate);
    },
};

}  // namespace almon::media
