// SPDX-License-Identifier: GPL-3.0-or-later
// Opus (RFC 6716, 7587), by libopus: it decodes to and encodes from any of five rates, so that a chain of
// stages needs no resampling with it.
#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include <opus/opus.h>

#include "media/codec_family.hpp"

namespace almon::media {
namespace {

constexpr std::array<unsigned, 5> kRates{8000, 12000, 16000, 24000, 48000};
/// Good speech at half the CPU time of the library's best.
constexpr int kComplexity = 5;
/// What we expect to be lost, in percent: as much is spent on repeating the packet before.
constexpr int kExpectedLoss = 5;
constexpr unsigned kLeastBitRate = 6'000;
constexpr std::chrono::milliseconds kLongestPacket{120};

/// The number behind "name=" among the parameters; `missing` where there is none.
unsigned parameter(std::string_view parameters, std::string_view name, unsigned missing) noexcept {
    while (!parameters.empty()) {
        auto part = parameters.substr(0, parameters.find(';'));
        parameters.remove_prefix(std::min(parameters.size(), part.size() + 1));
        part.remove_prefix(std::min(part.size(), part.find_first_not_of(' ')));
        if (!part.starts_with(name) || part.size() <= name.size() || part[name.size()] != '=') continue;
        part.remove_prefix(name.size() + 1);
        unsigned value = missing;
        std::from_chars(part.data(), part.data() + part.size(), value);
        return value;
    }
    return missing;
}

unsigned rate_for(unsigned wanted) noexcept {
    const auto* const found = std::ranges::lower_bound(kRates, wanted);
    return found == kRates.end() ? kRates.back() : *found;
}

/// What voice of this bandwidth needs (RFC 7587 3.1.1), and a quarter more for what is repeated; more would
/// cost CPU time above all. Bits a second.
unsigned bit_rate_for(unsigned rate) noexcept {
    if (rate <= 8000) return 16'000;
    return rate <= 16000 ? 24'000 : 32'000;
}

struct Release {
    void operator()(OpusDecoder* state) const noexcept { opus_decoder_destroy(state); }
    void operator()(OpusEncoder* state) const noexcept { opus_encoder_destroy(state); }
};

class OpusSound final : public Decoder {
public:
    explicit OpusSound(unsigned rate) noexcept
        : rate_(rate), state_(opus_decoder_create(static_cast<opus_int32>(rate), 1, nullptr)) {}
    [[nodiscard]] unsigned rate() const noexcept override { return rate_; }
    [[nodiscard]] std::size_t decode(std::span<const std::uint8_t> payload,
                                     std::span<std::int16_t> samples) noexcept override {
        // Without a payload the library would conceal.
        if (payload.empty()) return 0;
        return give(payload, samples.first(std::min(samples.size(), samples_in(kLongestPacket, rate_))), 0);
    }
    void conceal(std::span<std::int16_t> missing, std::span<const std::uint8_t> next) noexcept override {
        std::ranges::fill(missing, std::int16_t{0});
        const auto step = rate_ / 400;  // 2.5 ms, the least that there is
        // The library fills in 120 ms at most at once; what lies further back has faded anyway.
        const auto most = std::min(missing.size(), samples_in(kLongestPacket, rate_));
        const auto filled = missing.last(most / step * step);
        if (filled.empty()) return;
        if (next.empty() || give(next, filled, 1) == 0) give({}, filled, 0);
    }

private:
    std::size_t give(std::span<const std::uint8_t> payload, std::span<std::int16_t> samples,
                     int from_next) noexcept {
        const auto written =
            opus_decode(state_.get(), payload.data(), static_cast<opus_int32>(payload.size()), samples.data(),
                        static_cast<int>(samples.size()), from_next);
        return written > 0 ? static_cast<std::size_t>(written) : 0;
    }

    unsigned rate_;
    std::unique_ptr<OpusDecoder, Release> state_;
};

class OpusPackets final : public Encoder {
public:
    OpusPackets(const PayloadFormat& format, unsigned rate) noexcept
        : rate_(rate),
          state_(opus_encoder_create(static_cast<opus_int32>(rate), 1, OPUS_APPLICATION_VOIP, nullptr)) {
        auto* const state = state_.get();
        const auto wish = [&](std::string_view name, unsigned missing) {
            return parameter(format.parameters, name, missing);
        };
        const auto usual = bit_rate_for(rate);
        const auto bit_rate = std::clamp(wish("maxaveragebitrate", usual), kLeastBitRate, usual);
        opus_encoder_ctl(state, OPUS_SET_COMPLEXITY(kComplexity));
        opus_encoder_ctl(state, OPUS_SET_BITRATE(static_cast<opus_int32>(bit_rate)));
        opus_encoder_ctl(state, OPUS_SET_VBR(wish("cbr", 0) == 0 ? 1 : 0));
        opus_encoder_ctl(state, OPUS_SET_DTX(wish("usedtx", 0) != 0 ? 1 : 0));
        const bool repeats = wish("useinbandfec", 0) != 0;
        opus_encoder_ctl(state, OPUS_SET_INBAND_FEC(repeats ? 1 : 0));
        opus_encoder_ctl(state, OPUS_SET_PACKET_LOSS_PERC(repeats ? kExpectedLoss : 0));
    }
    [[nodiscard]] unsigned rate() const noexcept override { return rate_; }
    [[nodiscard]] std::size_t samples_of(std::chrono::milliseconds packet_time) const noexcept override {
        using std::chrono::milliseconds;
        constexpr std::array kTimes{milliseconds(60), milliseconds(40), milliseconds(20)};
        const auto* const found =
            std::ranges::find_if(kTimes, [&](milliseconds each) { return each <= packet_time; });
        return samples_in(found == kTimes.end() ? milliseconds(10) : *found, rate_);
    }
    [[nodiscard]] std::size_t encode(std::span<const std::int16_t> samples,
                                     std::span<std::uint8_t> payload) noexcept override {
        const auto size = opus_encode(state_.get(), samples.data(), static_cast<int>(samples.size()),
                                      payload.data(), static_cast<opus_int32>(payload.size()));
        // Two bytes and less need not be sent.
        return size > 2 ? static_cast<std::size_t>(size) : 0;
    }

private:
    unsigned rate_;
    std::unique_ptr<OpusEncoder, Release> state_;
};

}  // namespace

const CodecFamily kOpusFamily{
    [](const PayloadFormat& format) noexcept {
        const bool is_ours = format.encoding == "OPUS" && format.clock_rate == 48000 && format.channels == 2;
        return is_ours ? rate_for(parameter(format.parameters, "maxplaybackrate", kRates.back())) : 0U;
    },
    [](const PayloadFormat&, unsigned rate) -> std::unique_ptr<Decoder> {
        return std::make_unique<OpusSound>(rate_for(rate));
    },
    [](const PayloadFormat& format, unsigned rate) -> std::unique_ptr<Encoder> {
        return std::make_unique<OpusPackets>(format, rate_for(rate));
    },
};

}  // namespace almon::media
