// SPDX-License-Identifier: GPL-3.0-or-later
// ITU-T G.711, both laws.
#include <algorithm>

#include "media/codec_family.hpp"
#include "media/g711.hpp"

namespace almon::media {
namespace {

constexpr unsigned kRate = 8000;

class G711Decoder final : public ConcealingDecoder {
public:
    explicit G711Decoder(Law law) noexcept : law_(law) {}
    [[nodiscard]] unsigned rate() const noexcept override { return kRate; }

private:
    [[nodiscard]] std::size_t samples_in_payload(
        std::span<const std::uint8_t> payload) const noexcept override {
        return payload.size();
    }
    void unpack(std::span<const std::uint8_t> payload, std::span<std::int16_t> samples) noexcept override {
        std::ranges::transform(payload, samples.begin(),
                               [this](std::uint8_t code) { return decode_g711(law_, code); });
    }

    Law law_;
};

class G711Encoder final : public Encoder {
public:
    explicit G711Encoder(Law law) noexcept : law_(law) {}
    [[nodiscard]] unsigned rate() const noexcept override { return kRate; }
    [[nodiscard]] std::size_t samples_of(std::chrono::milliseconds packet_time) const noexcept override {
        return whole_frames(packet_time, kRate, 1);
    }
    [[nodiscard]] std::size_t encode(std::span<const std::int16_t> samples,
                                     std::span<std::uint8_t> payload) noexcept override {
        std::ranges::transform(samples, payload.begin(),
                               [this](std::int16_t sample) { return encode_g711(law_, sample); });
        return samples.size();
    }

private:
    Law law_;
};

}  // namespace

std::optional<Law> law_of(const PayloadFormat& format) noexcept {
    if (format.clock_rate != kRate || format.channels != 1) return std::nullopt;
    if (format.encoding == "PCMA") return Law::A;
    if (format.encoding == "PCMU") return Law::Mu;
    return std::nullopt;
}

const CodecFamily kG711Family{
    [](const PayloadFormat& format) noexcept { return law_of(format) ? kRate : 0U; },
    [](const PayloadFormat& format, unsigned) -> std::unique_ptr<Decoder> {
        return std::make_unique<G711Decoder>(*law_of(format));
    },
    [](const PayloadFormat& format, unsigned) -> std::unique_ptr<Encoder> {
        return std::make_unique<G711Encoder>(*law_of(format));
    },
};

}  // namespace almon::media
