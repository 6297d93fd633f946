// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/sound.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include <gtest/gtest.h>

#include "media/tones.hpp"
#include "media/voice_quality.hpp"

namespace almon::media {
namespace {

TEST(G711, EveryCodeSurvivesDecodingAndEncoding) {
    for (int code = 0; code < 256; ++code) {
        const auto byte = static_cast<std::uint8_t>(code);
        EXPECT_EQ(encode_g711(Law::A, decode_g711(Law::A, byte)), byte);
        // Mu-law has two zeros; the negative one is never sent.
        if (byte != 0x7F) {
            EXPECT_EQ(encode_g711(Law::Mu, decode_g711(Law::Mu, byte)), byte);
        }
    }
}

TEST(G711, ErrorStaysWithinTheStep) {
    for (int sample = -32768; sample <= 32767; sample += 7) {
        const auto linear = static_cast<std::int16_t>(sample);
        const int step = std::max(16, std::abs(sample) / 16);
        EXPECT_LE(std::abs(decode_g711(Law::A, encode_g711(Law::A, linear)) - sample), step) << sample;
        EXPECT_LE(std::abs(decode_g711(Law::Mu, encode_g711(Law::Mu, linear)) - sample), step) << sample;
    }
}

TEST(G711, SilenceIsTheCodeOfZero) {
    EXPECT_EQ(encode_g711(Law::A, 0), g711_silence(Law::A));
    EXPECT_EQ(encode_g711(Law::Mu, 0), g711_silence(Law::Mu));
}

TEST(Tone, HasTheLengthOfItsParts_AndPausesAreSilent) {
    const auto sound = synthesize(tones_of(ToneCountry::Europe).busy, Law::A);
    ASSERT_EQ(sound.codes.size(), 8000U);
    for (std::size_t i = 4000; i < 8000; ++i)
        EXPECT_EQ(sound.codes[i], g711_silence(Law::A));
    EXPECT_TRUE(synthesize(Tone{}, Law::A).codes.empty());
    EXPECT_EQ(synthesize(Tone{{{0, 0, std::chrono::hours(5)}}}, Law::A).codes.size(), 60U * 8000);
}

TEST(SoundCache, GivesTheSameSoundAgain_AndForgetsTheOldestAtItsLimit) {
    SoundCache cache(10000);
    const auto& tones = tones_of(ToneCountry::Europe);
    const auto first = cache.get(tones.busy, Law::A).value();
    EXPECT_EQ(cache.get(tones.busy, Law::A).value(), first);
    EXPECT_NE(cache.get(tones.busy, Law::Mu).value(), first);
    EXPECT_LE(cache.bytes(), 10000U);
    EXPECT_NE(cache.get(tones.busy, Law::A).value(), first);
}

TEST(SoundCache, FilesThatAreNotThereOrNotSound_AreRefused) {
    SoundCache cache;
    EXPECT_EQ(cache.get(std::string("/nonexistent.wav"), Law::A).error().code, ErrorCode::NotFound);
    const auto path = std::filesystem::temp_directory_path() / ("almon_noise_" + std::to_string(::getpid()));
    std::ofstream(path) << "no sound at all";
    EXPECT_FALSE(cache.get(path.string(), Law::A));
    std::filesystem::remove(path);
}

TEST(VoiceQuality, FollowsTheEModel) {  // ITU-T G.107
    const auto g711 = codec_impairment("PCMA");
    EXPECT_NEAR(mean_opinion_score(g711, 0, 20), 4.4, 0.05);
    EXPECT_GT(mean_opinion_score(g711, 0, 20), mean_opinion_score(codec_impairment("G729"), 0, 20));
    EXPECT_NEAR(mean_opinion_score(codec_impairment("G729"), 0, 20), 4.1, 0.1);
    EXPECT_GT(mean_opinion_score(g711, 0.01, 20), mean_opinion_score(g711, 0.05, 20));
    EXPECT_GT(mean_opinion_score(g711, 0, 100), mean_opinion_score(g711, 0, 400));
    EXPECT_EQ(mean_opinion_score(g711, 1, 10000), 1.0);
}

}  // namespace
}  // namespace almon::media
