// SPDX-License-Identifier: GPL-3.0-or-later
// Each codec alone: what is said comes out again, what is lost is filled in, and nonsense does no harm.
#include "media/codec.hpp"

#include <algorithm>
#include <array>
#include <random>

#include <gtest/gtest.h>

#include "allocation_counter.hpp"
#include "codec_fixture.hpp"

namespace almon::media {
namespace {

using namespace std::chrono_literals;
using test::tone;
using test::tone_to_noise;

struct Pair {
    explicit Pair(const PayloadFormat& format, unsigned rate = 48000)
        : encoder(make_encoder(format, rate)), decoder(make_decoder(format, rate)) {
        packet = encoder->samples_of(20ms);
        sound.resize(samples_in(kLongestSound, decoder->rate()));
    }
    std::size_t encode(std::span<const std::int16_t> samples) {
        return size = encoder->encode(samples, payload);
    }
    std::span<const std::int16_t> decode() {
        return std::span(sound).first(decoder->decode(std::span(payload).first(size), sound));
    }

    std::unique_ptr<Encoder> encoder;
    std::unique_ptr<Decoder> decoder;
    std::size_t packet = 0;
    std::array<std::uint8_t, 1500> payload{};
    std::size_t size = 0;
    std::vector<std::int16_t> sound;
};

class CodecTest : public testing::TestWithParam<SpokenCodec> {};

TEST_P(CodecTest, AToneIsHeardBehindIt_AtEachRateThatItKnows) {
    for (const unsigned rate : {8000U, 16000U, 48000U}) {
        Pair pair(GetParam().format, rate);
        const auto said = tone(kTone, pair.encoder->rate(), 40 * pair.packet);
        std::vector<std::int16_t> heard;
        for (std::size_t at = 0; at < said.size(); at += pair.packet) {
            ASSERT_GT(pair.encode(std::span(said).subspan(at, pair.packet)), 0U);
            std::ranges::copy(pair.decode(), std::back_inserter(heard));
        }
        EXPECT_EQ(heard.size() * pair.encoder->rate(), said.size() * pair.decoder->rate());
        const auto settled = std::span(heard).last(heard.size() / 2);
        EXPECT_GT(tone_to_noise(settled, kTone, pair.decoder->rate()), GetParam().decibels) << rate << " Hz";
        EXPECT_EQ(tone_to_noise(settled, 1234, pair.decoder->rate()), -100);
    }
}

TEST_P(CodecTest, ALossIsFilledIn_AndFades) {
    Pair pair(GetParam().format);
    const auto said = tone(kTone, pair.encoder->rate(), 31 * pair.packet);
    std::size_t packet_of_sound = 0;
    for (std::size_t i = 0; i < 30; ++i) {
        pair.encode(std::span(said).subspan(i * pair.packet, pair.packet));
        packet_of_sound = pair.decode().size();
    }
    const auto loudest = [](std::span<const std::int16_t> sound) { return *std::ranges::max_element(sound); };
    pair.encode(std::span(said).subspan(30 * pair.packet, pair.packet));
    const auto filled = std::span(pair.sound).first(packet_of_sound);
    pair.decoder->conceal(filled, std::span(pair.payload).first(pair.size));
    EXPECT_GT(loudest(filled), 4000);
    EXPECT_EQ(pair.decode().size(), packet_of_sound);
    for (int i = 0; i < 20; ++i)
        pair.decoder->conceal(filled, {});
    EXPECT_LT(loudest(filled), 2000);
}

TEST_P(CodecTest, NonsenseIsRefusedOrHeardAsNoise_AndNeverWritesBeyond) {
    Pair pair(GetParam().format);
    std::minstd_rand random(17);
    constexpr std::int16_t kGuard = 0x5A5A;
    std::vector<std::int16_t> sound(pair.sound.size() + 8, kGuard);
    for (int i = 0; i < 2000; ++i) {
        std::vector<std::uint8_t> payload(random() % 300);
        std::ranges::generate(payload, [&] { return static_cast<std::uint8_t>(random() >> 8U); });
        const auto room = std::span(sound).first(pair.sound.size());
        EXPECT_LE(pair.decoder->decode(payload, room), room.size());
        pair.decoder->conceal(room.first(random() % room.size()), payload);
    }
    EXPECT_TRUE(std::ranges::all_of(std::span(sound).last(8), [](auto each) { return each == kGuard; }));
    EXPECT_EQ(pair.decoder->decode({}, pair.sound), 0U);
    EXPECT_EQ(pair.decoder->decode(std::vector<std::uint8_t>(20'000, 0x55), pair.sound), 0U);
}

TEST_P(CodecTest, NothingAllocatesForAPacket) {
    Pair pair(GetParam().format);
    const auto said = tone(kTone, pair.encoder->rate(), pair.packet);
    const auto before = allocations_so_far();
    for (int i = 0; i < 10; ++i) {
        pair.encode(said);
        static_cast<void>(pair.decode());
        pair.decoder->conceal(pair.sound, std::span(pair.payload).first(pair.size));
    }
    EXPECT_EQ(allocations_so_far() - before, 0U);
}

TEST_P(CodecTest, PacketsAreAsLongAsAskedFor_WhereTheCodecHasSuch) {
    const auto encoder = make_encoder(GetParam().format, 16000);
    for (const auto time : {20ms, 40ms, 60ms}) {
        if (GetParam().format.encoding == "L16") continue;
        EXPECT_EQ(encoder->samples_of(time), samples_in(time, encoder->rate())) << time.count();
    }
    std::array<std::uint8_t, 1500> payload{};
    const auto longest = encoder->samples_of(60ms);
    EXPECT_LE(encoder->encode(std::vector<std::int16_t>(longest), payload), 1400U);
}

INSTANTIATE_TEST_SUITE_P(Each, CodecTest, testing::ValuesIn(spoken_codecs()),
                         [](const auto& codec) { return name_of(codec.param); });

TEST(Codecs, TheyAreNamedAsInSessionDescriptions) {
    for (const auto& codec : spoken_codecs()) {
        EXPECT_TRUE(speaks(codec.format)) << codec;
        EXPECT_TRUE(std::ranges::count(spoken_encodings(), codec.format.encoding)) << codec;
    }
    EXPECT_FALSE(speaks({96, "VP8", 90000, 1, ""}));
    EXPECT_FALSE(speaks({101, "TELEPHONE-EVENT", 8000, 1, ""}));
    EXPECT_FALSE(speaks({10, "L16", 44100, 2, ""}));
    EXPECT_FALSE(speaks({8, "PCMA", 16000, 1, ""}));
    EXPECT_EQ(make_decoder({96, "SPEEX", 8000, 1, ""}, 8000), nullptr);
    EXPECT_EQ(make_encoder({96, "SPEEX", 8000, 1, ""}, 8000), nullptr);
}

TEST(Codecs, G726OfEachBitRate_NeedsAsManyBits) {
    const std::array<std::pair<const char*, std::size_t>, 4> kinds{
        {{"G726-16", 40}, {"G726-24", 60}, {"G726-32", 80}, {"G726-40", 100}}};
    for (const auto& [encoding, size] : kinds) {
        for (const std::string prefix : {"", "AAL2-"}) {
            Pair pair({96, prefix + encoding, 8000, 1, ""});
            const auto said = tone(kTone, 8000, 160);
            for (int i = 0; i < 20; ++i) {
                EXPECT_EQ(pair.encode(said), size);
                EXPECT_EQ(pair.decode().size(), 160U);
            }
        }
    }
}

TEST(Codecs, G729WithANoiseFrameBehind_IsUnderstood) {
    Pair pair({18, "G729", 8000, 1, ""});
    const auto said = tone(kTone, 8000, 160);
    ASSERT_EQ(pair.encode(said), 20U);
    pair.size += 2;
    EXPECT_EQ(pair.decode().size(), 240U);
}

// RFC 7587 6.1: a party says what it wants to be sent.
TEST(Codecs, WhatAPartySaysOfOpus_IsHeeded) {
    const auto bytes_of = [](const char* parameters, double frequency) {
        Pair pair({111, "OPUS", 48000, 2, parameters}, 16000);
        std::size_t bytes = 0;
        for (int i = 0; i < 100; ++i) {
            const auto said = frequency == 0 ? std::vector<std::int16_t>(320) : tone(frequency, 16000, 320);
            bytes += pair.encode(said);
        }
        return bytes;
    };
    const auto usual = bytes_of("", kTone);
    EXPECT_LT(bytes_of("maxaveragebitrate=8000", kTone), usual * 2 / 3);
    EXPECT_EQ(bytes_of("cbr=1", kTone), 6000U);
    EXPECT_LT(bytes_of("usedtx=1", 0) * 4, bytes_of("", 0));
    EXPECT_EQ(best_rate({111, "OPUS", 48000, 2, "useinbandfec=1; maxplaybackrate=16000"}), 16000U);
    EXPECT_EQ(best_rate({111, "OPUS", 48000, 2, "maxplaybackrate=nonsense"}), 48000U);
}

}  // namespace
}  // namespace almon::media
