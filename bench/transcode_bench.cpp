// SPDX-License-Identifier: GPL-3.0-or-later
// What a second of a transcoded call costs, both ways: Opus at 16 kHz (complexity 5, forward error
// correction) and G.711.
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

#include <benchmark/benchmark.h>

#include "media/codec.hpp"
#include "media/resampler.hpp"
#include "media/transcoder.hpp"

namespace {

using namespace almon::media;
using namespace std::chrono_literals;

constexpr int kPacketsPerSecond = 50;
constexpr unsigned kNarrow = 8000;
constexpr unsigned kWide = 16000;
const PayloadFormat kPcma{8, "PCMA", 8000, 1, ""};
const PayloadFormat kOpus{111, "OPUS", 48000, 2, "useinbandfec=1"};

/// A second of something like a voice: harmonics of a pitch that wanders, with syllables.
std::vector<std::int16_t> voice(unsigned rate) {
    std::vector<std::int16_t> samples(rate);
    double phase = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double at = static_cast<double>(i) / rate;
        phase += 2 * std::numbers::pi * (120 + 30 * std::sin(2 * std::numbers::pi * 2 * at)) / rate;
        double value = 0;
        for (int harmonic = 1; harmonic <= 20; ++harmonic)
            value += std::sin(harmonic * phase) / harmonic;
        const double syllable = 0.55 + 0.45 * std::sin(2 * std::numbers::pi * 4 * at);
        samples[i] = static_cast<std::int16_t>(std::lround(4000 * syllable * value));
    }
    return samples;
}

std::vector<std::vector<std::uint8_t>> packets_of(const PayloadFormat& format, unsigned rate) {
    const auto encoder = make_encoder(format, rate);
    const auto sound = voice(rate);
    const auto size = encoder->samples_of(20ms);
    std::vector<std::vector<std::uint8_t>> packets;
    for (std::size_t at = 0; at + size <= sound.size(); at += size) {
        auto& packet = packets.emplace_back(1500);
        packet.resize(encoder->encode(std::span(sound).subspan(at, size), packet));
    }
    return packets;
}

/// The chain with wideband on the side of Opus in both directions: the dearest that it can be.
void opus_and_g711(benchmark::State& state) {
    const auto from_opus = packets_of(kOpus, kWide);
    const auto from_g711 = packets_of(kPcma, kNarrow);
    const auto opus_decoder = make_decoder(kOpus, kWide);
    const auto opus_encoder = make_encoder(kOpus, kWide);
    const auto g711_decoder = make_decoder(kPcma, kNarrow);
    const auto g711_encoder = make_encoder(kPcma, kNarrow);
    Resampler narrowing(kWide, kNarrow, kWide / 5);
    Resampler widening(kNarrow, kWide, kNarrow / 5);
    std::vector<std::int16_t> sound(samples_in(kLongestSound, kWide));
    std::array<std::uint8_t, 1500> payload{};
    for (auto each : state) {
        for (int i = 0; i < kPacketsPerSecond; ++i) {
            const auto at = static_cast<std::size_t>(i);
            auto count = opus_decoder->decode(from_opus[at], sound);
            benchmark::DoNotOptimize(
                g711_encoder->encode(narrowing.pass(std::span(sound).first(count)), payload));
            count = g711_decoder->decode(from_g711[at], sound);
            benchmark::DoNotOptimize(
                opus_encoder->encode(widening.pass(std::span(sound).first(count)), payload));
        }
    }
}
BENCHMARK(opus_and_g711)->Unit(benchmark::kMillisecond);

/// As a call does it: since G.711 is narrow, Opus is decoded to and encoded from 8 kHz.
void call(benchmark::State& state, const PayloadFormat& first, const PayloadFormat& second, unsigned rate) {
    struct Way {
        Way(const PayloadFormat& from, const PayloadFormat& to, unsigned rate)
            : packets(packets_of(from, rate)),
              stage(Transcoder::make(from, to, 20ms)),
              step(from.clock_rate / kPacketsPerSecond) {}
        std::vector<std::vector<std::uint8_t>> packets;
        std::unique_ptr<Transcoder> stage;
        std::uint32_t step;
        RtpHeader header{};
    };
    std::array<Way, 2> ways{Way(first, second, rate), Way(second, first, rate)};
    std::array<std::uint8_t, 1500> payload{};
    for (auto each : state) {
        for (int i = 0; i < kPacketsPerSecond; ++i) {
            for (auto& way : ways) {
                way.stage->put(way.header, way.packets[static_cast<std::size_t>(i)]);
                ++way.header.sequence;
                way.header.timestamp += way.step;
                while (const auto packet = way.stage->next(payload))
                    benchmark::DoNotOptimize(packet->size);
            }
        }
    }
}
BENCHMARK_CAPTURE(call, opus_to_g711, kOpus, kPcma, kWide)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(call, opus_to_g722, kOpus, PayloadFormat{9, "G722", 8000, 1, ""}, kWide)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(call, g722_to_g711, PayloadFormat{9, "G722", 8000, 1, ""}, kPcma, kWide)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(call, g729_to_g711, PayloadFormat{18, "G729", 8000, 1, ""}, kPcma, kNarrow)
    ->Unit(benchmark::kMillisecond);

}  // namespace
