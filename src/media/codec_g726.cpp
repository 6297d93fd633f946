// SPDX-License-Identifier: GPL-3.0-or-later
// ITU-T G.726, by spandsp: the names "G726-..." are packed from the right, "AAL2-G726-..." from the left (RFC
// 3551 4.5.4).
#include <array>
#include <optional>
#include <string_view>

#include <spandsp.h>

#include "media/codec_family.hpp"

namespace almon::media {
namespace {

constexpr unsigned kRate = 8000;

struct Kind {
    int bit_rate = 0;
    int packing = G726_PACKING_RIGHT;

    [[nodiscard]] std::size_t bits_per_sample() const noexcept {
        return static_cast<std::size_t>(bit_rate) / kRate;
    }
};

std::optional<Kind> kind_of_g726(const PayloadFormat& format) noexcept {
    constexpr std::string_view kAal2 = "AAL2-";
    constexpr std::array<std::pair<std::string_view, int>, 4> kKinds{
        {{"G726-16", 16000}, {"G726-24", 24000}, {"G726-32", 32000}, {"G726-40", 40000}}};
    if (format.clock_rate != kRate || format.channels != 1) return std::nullopt;
    std::string_view name = format.encoding;
    const bool is_aal2 = name.starts_with(kAal2);
    if (is_aal2) name.remove_prefix(kAal2.size());
    for (const auto& [encoding, bit_rate] : kKinds) {
        if (encoding == name) return Kind{bit_rate, is_aal2 ? G726_PACKING_LEFT : G726_PACKING_RIGHT};
    }
    return std::nullopt;
}

struct Release {
    void operator()(g726_state_t* state) const noexcept { g726_free(state); }
};
using State = std::unique_ptr<g726_state_t, Release>;

State make_state(const Kind& kind) noexcept {
    return State(g726_init(nullptr, kind.bit_rate, G726_ENCODING_LINEAR, kind.packing));
}

class G726Decoder final : public ConcealingDecoder {
public:
    explicit G726Decoder(const Kind& kind) noexcept : kind_(kind), state_(make_state(kind)) {}
    [[nodiscard]] unsigned rate() const noexcept override { return kRate; }

private:
    [[nodiscard]] std::size_t samples_in_payload(
        std::span<const std::uint8_t> payload) const noexcept override {
        // Eight samples fill whole octets at every bit rate. A packet without would leave bits behind that
        // the next one is not aligned with.
        const auto bits = payload.size() * 8;
        const auto samples = bits / kind_.bits_per_sample();
        return samples * kind_.bits_per_sample() == bits ? samples : 0;
    }
    void unpack(std::span<const std::uint8_t> payload, std::span<std::int16_t> samples) noexcept override {
        g726_decode(state_.get(), samples.data(), payload.data(), static_cast<int>(payload.size()));
    }

    Kind kind_;
    State state_;
};

class G726Encoder final : public Encoder {
public:
    explicit G726Encoder(const Kind& kind) noexcept : state_(make_state(kind)) {}
    [[nodiscard]] unsigned rate() const noexcept override { return kRate; }
    [[nodiscard]] std::size_t samples_of(std::chrono::milliseconds packet_time) const noexcept override {
        return whole_frames(packet_time, kRate, 8);
    }
    [[nodiscard]] std::size_t encode(std::span<const std::int16_t> samples,
                                     std::span<std::uint8_t> payload) noexcept override {
        return static_cast<std::size_t>(
            g726_encode(state_.get(), payload.data(), samples.data(), static_cast<int>(samples.size())));
    }

private:
    State state_;
};

}  // namespace

const CodecFamily kG726Family{
    [](const PayloadFormat& format) noexcept { return kind_of_g726(format) ? kRate : 0U; },
    [](const PayloadFormat& format, unsigned) -> std::unique_ptr<Decoder> {
        return std::make_unique<G726Decoder>(*kind_of_g726(format));
    },
    [](const PayloadFormat& format, unsigned) -> std::unique_ptr<Encoder> {
        return std::make_unique<G726Encoder>(*kind_of_g726(format));
    },
};

}  // namespace almon::media
