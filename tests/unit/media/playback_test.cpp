// SPDX-License-Identifier: GPL-3.0-or-later
// Tones, files and digits, sent to and heard by phones on real sockets.
#include <cmath>
#include <filesystem>
#include <numbers>

#include <sndfile.h>

#include "engine_fixture.hpp"
#include "media/g711.hpp"
#include "media/telephone_event.hpp"
#include "media/tones.hpp"

namespace almon::media {
namespace {

using test::RtpPhone;
using namespace std::chrono_literals;

/// Power of one frequency among samples, relative to a full-scale sine (Goertzel).
double level_of(const std::vector<std::int16_t>& samples, double frequency) {
    const double coefficient = 2 * std::cos(2 * std::numbers::pi * frequency / 8000);
    double first = 0;
    double second = 0;
    for (const auto sample : samples) {
        const double now = sample / 32768.0 + coefficient * first - second;
        second = first;
        first = now;
    }
    const double power = first * first + second * second - coefficient * first * second;
    return 2 * std::sqrt(power) / static_cast<double>(samples.size());
}

class PlaybackTest : public EngineTest {
protected:
    void SetUp() override { start(); }
    std::vector<std::int16_t> hear(RtpPhone& phone, int packets, Law law) {
        std::vector<std::int16_t> samples;
        std::optional<RtpHeader> last;
        for (int i = 0; i < packets; ++i) {
            const auto packet = phone.receive();
            if (!packet) {
                ADD_FAILURE() << "packet " << i << " did not come";
                return samples;
            }
            if (last) {
                EXPECT_EQ(packet->header.sequence, static_cast<std::uint16_t>(last->sequence + 1));
                EXPECT_EQ(packet->header.timestamp, last->timestamp + 160);
                EXPECT_EQ(packet->header.ssrc, last->ssrc);
            }
            EXPECT_EQ(packet->header.marker, !last);
            last = packet->header;
            for (const auto code : packet->payload)
                samples.push_back(decode_g711(law, code));
        }
        return samples;
    }
};

TEST_F(PlaybackTest, RingbackIsHeardAtItsFrequency_InTheFirstG711Format) {
    RtpPhone alice;
    const auto a = open();
    command(configuration(a, alice, {opus(96), pcmu(), pcma()}));
    command(Play{a.id, PlaybackId{1}, tones_of(ToneCountry::Europe).ringback, true});
    const auto samples = hear(alice, 40, Law::Mu);
    EXPECT_NEAR(level_of(samples, 425), 0.156, 0.02);
    EXPECT_LT(level_of(samples, 950), 0.01);
    command(StopPlaying{a.id, PlaybackId{1}});
    settle();
    EXPECT_EQ(recorder_.count<PlaybackFinished>(), 0U);
}

TEST_F(PlaybackTest, TwoFrequenciesInALaw) {
    RtpPhone alice;
    const auto a = open();
    command(configuration(a, alice, {pcma()}));
    command(Play{a.id, PlaybackId{1}, tones_of(ToneCountry::UnitedStates).ringback, true});
    const auto samples = hear(alice, 50, Law::A);
    EXPECT_NEAR(level_of(samples, 440), 0.156, 0.02);
    EXPECT_NEAR(level_of(samples, 480), 0.156, 0.02);
}

TEST_F(PlaybackTest, BeginsBehindASilenceWhenItCanBeHeard) {
    RtpPhone alice;
    const auto a = open();
    auto held = configuration(a, alice, {pcma()});
    held.sends = false;
    command(held);
    command(Play{a.id, PlaybackId{9}, Tone{{{425, 0, 100ms}}}, false, 60ms});
    EXPECT_FALSE(alice.receive(200ms)) << "it is not lost either";
    command(configuration(a, alice, {pcma()}));
    const auto samples = hear(alice, 8, Law::A);
    ASSERT_EQ(samples.size(), 1280U);
    EXPECT_LT(level_of({samples.begin(), samples.begin() + 480}, 425), 0.001);
    EXPECT_NEAR(level_of({samples.begin() + 480, samples.end()}, 425), 0.156, 0.02);
    EXPECT_TRUE(recorder_.take<PlaybackFinished>()->complete);
}

TEST_F(PlaybackTest, EndsOnceAndSaysSo) {
    RtpPhone alice;
    const auto a = open();
    command(configuration(a, alice, {pcma()}));
    command(Play{a.id, PlaybackId{9}, Tone{{{425, 0, 50ms}}}, false});
    hear(alice, 3, Law::A);
    const auto finished = recorder_.take<PlaybackFinished>();
    ASSERT_TRUE(finished);
    EXPECT_EQ(finished->playback, PlaybackId{9});
    EXPECT_TRUE(finished->complete);
    EXPECT_EQ(close(a).packets_sent, 3U);
}

TEST_F(PlaybackTest, WithoutAFormatToEncode_OrWithoutAFile_ItIsNotComplete) {
    RtpPhone alice;
    const auto a = open();
    const auto b = open();
    command(configuration(a, alice, {{96, "SPEEX", 8000, 1, ""}}));
    command(Play{a.id, PlaybackId{1}, Tone{{{425, 0, 50ms}}}, false});
    EXPECT_FALSE(recorder_.take<PlaybackFinished>()->complete);
    command(configuration(b, alice, {pcma()}));
    command(Play{b.id, PlaybackId{2}, std::string("/nonexistent/prompt.wav"), false});
    const auto finished = recorder_.take<PlaybackFinished>();
    EXPECT_EQ(finished->playback, PlaybackId{2});
    EXPECT_FALSE(finished->complete);
}

TEST_F(PlaybackTest, FilesAreResampledAndEncoded) {
    const auto path =
        std::filesystem::temp_directory_path() / ("almon_playback_" + std::to_string(::getpid()) + ".wav");
    SF_INFO info{};
    info.samplerate = 16000;
    info.channels = 1;
    info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
    auto* const file = sf_open(path.c_str(), SFM_WRITE, &info);
    ASSERT_TRUE(file);
    std::vector<float> samples;
    for (int i = 0; i < 8000;
         ++i)  // 1 kHz at half of full scale, and 6 kHz that must not be folded back to 2 kHz
        samples.push_back(static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * 1000 * i / 16000) +
                                             0.3 * std::sin(2 * std::numbers::pi * 6000 * i / 16000)));
    sf_writef_float(file, samples.data(), static_cast<sf_count_t>(samples.size()));
    sf_close(file);
    RtpPhone alice;
    const auto a = open();
    command(configuration(a, alice, {pcma()}));
    command(Play{a.id, PlaybackId{1}, path.string(), false});
    const auto heard = hear(alice, 25, Law::A);
    EXPECT_NEAR(level_of(heard, 1000), 0.5, 0.02);
    EXPECT_LT(level_of(heard, 2000), 0.01);
    EXPECT_TRUE(recorder_.take<PlaybackFinished>()->complete);
    std::filesystem::remove(path);
}

TEST_F(PlaybackTest, RelayContinuesTheStreamAfterAPlayback) {
    RtpPhone alice;
    RtpPhone bob;
    const auto a = open();
    const auto b = open();
    command(configuration(a, alice, {pcma()}));
    command(configuration(b, bob, {pcma()}));
    command(Play{a.id, PlaybackId{1}, Tone{{{425, 0, 40ms}}}, false});
    command(JoinLegs{a.id, b.id});
    const auto first = alice.receive();
    const auto last = alice.receive();
    ASSERT_TRUE(first && last);
    ASSERT_TRUE(recorder_.take<PlaybackFinished>());
    bob.send(b.port);
    const auto relayed = alice.receive();
    ASSERT_TRUE(relayed);
    EXPECT_EQ(relayed->header.ssrc, first->header.ssrc);
    EXPECT_EQ(relayed->header.sequence, static_cast<std::uint16_t>(last->header.sequence + 1));
    EXPECT_GE(relayed->header.timestamp - last->header.timestamp, 160U);
    EXPECT_TRUE(relayed->header.marker);
}

TEST_F(PlaybackTest, BeforeTheFormatsAreKnown_APlaybackWaits) {
    RtpPhone alice;
    const auto a = open();
    command(Play{a.id, PlaybackId{1}, Tone{{{425, 0, 40ms}}}, false});
    settle();
    command(configuration(a, alice, {pcma()}));
    EXPECT_TRUE(alice.receive());
    EXPECT_TRUE(recorder_.take<PlaybackFinished>()->complete);
}

TEST_F(PlaybackTest, SentDigit_IsOneEventWithThreeEnds) {
    RtpPhone alice;
    const auto a = open();
    command(configuration(a, alice, {pcma(), events(101)}));
    command(SendDigit{a.id, '5', 100ms});
    std::optional<RtpHeader> first;
    int ends = 0;
    std::uint16_t duration = 0;
    while (ends < 3) {
        const auto packet = alice.receive();
        ASSERT_TRUE(packet);
        EXPECT_EQ(packet->header.payload_type, 101);
        const auto event = TelephoneEvent::parse(packet->payload);
        ASSERT_TRUE(event);
        EXPECT_EQ(event->event, 5);
        EXPECT_EQ(packet->header.marker, !first);
        if (first) {
            EXPECT_EQ(packet->header.timestamp, first->timestamp);
            EXPECT_EQ(packet->header.ssrc, first->ssrc);
        } else {
            first = packet->header;
        }
        EXPECT_GE(event->duration, duration);
        duration = event->duration;
        if (event->end) ++ends;
    }
    EXPECT_EQ(duration, 800);  // 100 ms
}

TEST_F(PlaybackTest, SentDigits_ReachTheOtherEngineOneByOne) {
    // One engine talks to itself: what one leg sends, the other hears.
    const auto a = open();
    const auto b = open();
    RtpPhone nobody;
    auto first = configuration(a, nobody, {pcma(), events(96)});
    first.remote = NetAddress::parse("127.0.0.1", b.port).value();
    auto second = configuration(b, nobody, {pcma(), events(96)});
    second.remote = NetAddress::parse("127.0.0.1", a.port).value();
    command(first);
    command(second);
    for (const char digit : std::string("11*D!"))
        command(SendDigit{a.id, digit, 60ms});
    for (const char digit : std::string("11*D!")) {
        const auto received = recorder_.take<DigitReceived>();
        ASSERT_TRUE(received);
        EXPECT_EQ(received->leg, b.id);
        EXPECT_EQ(received->digit, digit);
        EXPECT_EQ(received->duration, 60ms);
    }
    EXPECT_EQ(recorder_.count<DigitReceived>(), 0U);
}

TEST_F(PlaybackTest, ReceivedDigit_IsReportedOnceAndPassedOn) {
    RtpPhone alice;
    RtpPhone bob;
    const auto a = open();
    const auto b = open();
    command(configuration(a, alice, {pcma(), events(101)}));
    command(configuration(b, bob, {pcma(), events(96)}));
    command(JoinLegs{a.id, b.id});
    settle();
    alice.send(a.port);
    ASSERT_TRUE(bob.receive());
    auto header = alice.next;
    header.payload_type = 101;
    for (int i = 1; i <= 6; ++i) {
        const bool end = i > 3;
        const auto duration = static_cast<std::uint8_t>(std::min(i, 4) * 2);  // 2 * 256 / 8000 s = 64 ms
        alice.send_as(header, a.port, {7, static_cast<std::uint8_t>(end ? 0x8A : 0x0A), duration, 0});
        ++header.sequence;
        const auto passed = bob.receive();
        ASSERT_TRUE(passed);
        EXPECT_EQ(passed->header.payload_type, 96);
        EXPECT_EQ(passed->header.timestamp, header.timestamp);
        EXPECT_EQ(passed->payload[0], 7);
    }
    const auto digit = recorder_.take<DigitReceived>();
    ASSERT_TRUE(digit);
    EXPECT_EQ(digit->digit, '7');
    EXPECT_EQ(digit->duration, 256ms);
    settle();
    EXPECT_EQ(recorder_.count<DigitReceived>(), 0U);
}

TEST_F(PlaybackTest, DigitWhoseEndWasLost_IsReportedAfterAWhile) {
    RtpPhone alice;
    const auto a = open();
    command(configuration(a, alice, {pcma(), events(101)}));
    settle();
    auto header = alice.next;
    header.payload_type = 101;
    alice.send_as(header, a.port, {11, 0x0A, 3, 0x20});
    EXPECT_EQ(recorder_.take<DigitReceived>()->digit, '#');
}

}  // namespace
}  // namespace almon::media
