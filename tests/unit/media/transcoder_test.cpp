// SPDX-License-Identifier: GPL-3.0-or-later
// One way of a transcoded conversation, without sockets: where packets get their place in time from.
#include "media/transcoder.hpp"

#include <array>

#include <gtest/gtest.h>

#include "codec_fixture.hpp"
#include "media/g711.hpp"

namespace almon::media {
namespace {

using namespace std::chrono_literals;

const PayloadFormat kPcma{8, "PCMA", 8000, 1, ""};
const PayloadFormat kOpus{111, "OPUS", 48000, 2, ""};

class TranscoderTest : public testing::Test {
protected:
    void make(const PayloadFormat& to, std::chrono::milliseconds packet_time = 20ms) {
        transcoder = Transcoder::make(kPcma, to, packet_time);
        ASSERT_TRUE(transcoder);
    }
    /// The next packet of the source, of so many samples of sound.
    std::vector<Transcoder::Packet> say(std::size_t samples = 160) {
        const auto sound = test::tone(kTone, 8000, samples);
        std::vector<std::uint8_t> codes;
        for (const auto sample : sound)
            codes.push_back(encode_g711(Law::A, sample));
        transcoder->put(source, codes);
        ++source.sequence;
        source.timestamp += static_cast<std::uint32_t>(samples);
        std::vector<Transcoder::Packet> made;
        while (const auto packet = transcoder->next(payload))
            made.push_back(*packet);
        return made;
    }

    std::unique_ptr<Transcoder> transcoder;
    RtpHeader source{.sequence = 65534, .timestamp = 0xFFFFFF00U, .ssrc = 7};
    std::array<std::uint8_t, 1500> payload{};
};

TEST_F(TranscoderTest, APacketMakesAPacket_InTheClockOfTheOther) {
    make(kOpus);
    for (std::uint32_t i = 0; i < 5; ++i) {
        const auto made = say();
        ASSERT_EQ(made.size(), 1U);
        EXPECT_EQ(made[0].place, i * 960);
        EXPECT_EQ(made[0].marker, i == 0);
        EXPECT_EQ(made[0].begins, i == 0);
    }
}

TEST_F(TranscoderTest, ThePacketsAreAsLongAsThePartyWants) {
    make(kPcma, 60ms);
    EXPECT_TRUE(say().empty());
    EXPECT_TRUE(say().empty());
    const auto made = say();
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].size, 480U);
    make(kPcma, 10ms);
    EXPECT_EQ(say().size(), 2U);
}

TEST_F(TranscoderTest, ALostPacketIsFilledIn_AndALateOneForgotten) {
    make(kOpus);
    say();
    auto late = source;
    ++source.sequence;
    source.timestamp += 160;
    const auto made = say();
    ASSERT_EQ(made.size(), 2U);
    EXPECT_EQ(made[0].place, 960U);
    EXPECT_EQ(made[1].place, 1920U);
    EXPECT_FALSE(made[1].marker);
    std::swap(late, source);
    EXPECT_TRUE(say().empty());
    std::swap(late, source);
    EXPECT_EQ(say().at(0).place, 2880U);
}

TEST_F(TranscoderTest, APauseRemainsAPause) {
    make(kOpus);
    say();
    source.timestamp += 8000;
    const auto made = say();
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].place, 960U + 48000U);
    EXPECT_TRUE(made[0].marker);
    EXPECT_FALSE(made[0].begins);
}

TEST_F(TranscoderTest, WhatHasNoSoundIsNoLoss) {
    make(kOpus);
    say();
    for (int i = 0; i < 3; ++i) {
        transcoder->note(source);
        ++source.sequence;
    }
    EXPECT_EQ(transcoder->place_of(source.timestamp + 80), 960U + 480U);
    source.timestamp += 480;
    const auto made = say();
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].place, 960U + 2880U);
}

TEST_F(TranscoderTest, AnotherStream_OrOneThatBeganAnew_GoesOnBehind) {
    make(kOpus);
    say();
    source.ssrc = 8;
    source.sequence = 5;
    source.timestamp = 77;
    auto made = say();
    ASSERT_EQ(made.size(), 1U);
    EXPECT_TRUE(made[0].begins);
    EXPECT_EQ(made[0].place, 960U);
    source.sequence = 30000;
    source.timestamp = 12;
    made = say();
    ASSERT_EQ(made.size(), 1U);
    EXPECT_TRUE(made[0].begins);
    EXPECT_EQ(made[0].place, 1920U);
}

TEST_F(TranscoderTest, NonsenseIsLikeALoss) {
    transcoder = Transcoder::make({3, "GSM", 8000, 1, ""}, kPcma, 20ms);
    const auto encoder = make_encoder({3, "GSM", 8000, 1, ""}, 8000);
    const auto sound = test::tone(kTone, 8000, 160);
    const auto size = encoder->encode(sound, payload);
    const std::vector<std::uint8_t> frame(payload.begin(),
                                          payload.begin() + static_cast<std::ptrdiff_t>(size));
    const auto give = [&](std::vector<std::uint8_t> content) {
        transcoder->put(source, content);
        ++source.sequence;
        source.timestamp += 160;
        std::size_t made = 0;
        while (transcoder->next(payload))
            ++made;
        return made;
    };
    EXPECT_EQ(give(frame), 1U);
    EXPECT_EQ(give({1, 2, 3}), 0U);
    // What comes next shows that it was lost.
    EXPECT_EQ(give({}), 1U);
    EXPECT_EQ(give(frame), 2U);
}

TEST(Transcoding, NeedsTwoCodecsOfOurs) {
    EXPECT_FALSE(Transcoder::make(kPcma, {96, "SPEEX", 8000, 1, ""}, 20ms));
    EXPECT_FALSE(Transcoder::make({96, "SPEEX", 8000, 1, ""}, kPcma, 20ms));
}

}  // namespace
}  // namespace almon::media
