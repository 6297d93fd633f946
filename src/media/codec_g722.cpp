// SPDX-License-Identifier: GPL-3.0-or-later
// ITU-T G.722 at 64 kbit/s, by spandsp. Its RTP clock is told as 8000 Hz, though it is 16000 (RFC
// 3551 4.5.2). Where nobody has use for the upper band it is neither decoded nor encoded.
#include <spandsp.h>

#include "media/codec_family.hpp"

namespace almon::media {
namespace {

constexpr unsigned kNarrow = 8000;
constexpr unsigned kWide = 16000;
constexpr int kBitRate = 64000;

struct Release {
    void operator()(g722_decode_state_t* state) const noexcept { g722_decode_free(state); }
    void operator()(g722_encode_state_t* state) const noexcept { g722_encode_free(state); }
};

int options_of(unsigned rate) noexcept {
    return rate == kNarrow ? G722_SAMPLE_RATE_8000 : 0;
}

class G722Decoder final : public ConcealingDecoder {
public:
    explicit G722Decoder(unsigned rate) noexcept
        : rate_(rate), state_(g722_decode_init(nullptr, kBitRate, options_of(rate))) {}
    [[nodiscard]] unsigned rate() const noexcept override { return rate_; }

private:
    [[nodiscard]] std::size_t samples_in_payload(
        std::span<const std::uint8_t> payload) const noexcept override {
        return payload.size() * (rate_ / kNarrow);
    }
    void unpack(std::span<const std::uint8_t> payload, std::span<std::int16_t> samples) noexcept override {
        g722_decode(state_.get(), samples.data(), payload.data(), static_cast<int>(payload.size()));
    }

    unsigned rate_;
    std::unique_ptr<g722_decode_state_t, Release> state_;
};

class G722Encoder final : public Encoder {
public:
    explicit G722Encoder(unsigned rate) noexcept
        : rate_(rate), state_(g722_encode_init(nullptr, kBitRate, options_of(rate))) {}
    [[nodiscard]] unsigned rate() const noexcept override { return rate_; }
    [[nodiscard]] std::size_t samples_of(std::chrono::milliseconds packet_time) const noexcept override {
        return whole_frames(packet_time, rate_, 2);
    }
    [[nodiscard]] std::size_t encode(std::span<const std::int16_t> samples,
                                     std::span<std::uint8_t> payload) noexcept override {
        const auto size =
            g722_encode(state_.get(), payload.data(), samples.data(), static_cast<int>(samples.size()));
        return static_cast<std::size_t>(size);
    }

private:
    unsigned rate_;
    std::unique_ptr<g722_encode_state_t, Release> state_;
};

unsigned rate_for(unsigned wanted) noexcept {
    return wanted <= kNarrow ? kNarrow : kWide;
}

}  // namespace

const CodecFamily kG722Family{
    [](const PayloadFormat& format) noexcept {
        return format.encoding == "G722" && format.clock_rate == 8000 && format.channels == 1 ? kWide : 0U;
    },
    [](const PayloadFormat&, unsigned rate) -> std::unique_ptr<Decoder> {
        return std::make_unique<G722Decoder>(rate_for(rate));
    },
    [](const PayloadFormat&, unsigned rate) -> std::unique_ptr<Encoder> {
        return std::make_unique<G722Encoder>(rate_for(rate));
    },
};

}  // namespace almon::media
