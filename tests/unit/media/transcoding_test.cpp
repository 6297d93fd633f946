// SPDX-License-Identifier: GPL-3.0-or-later
// Phones that share no codec, on real sockets: each hears what the other says, and what we say ourselves.
#include <array>
#include <set>

#include "allocation_counter.hpp"
#include "codec_fixture.hpp"
#include "engine_fixture.hpp"
#include "media/g711.hpp"
#include "media/sound.hpp"
#include "media/telephone_event.hpp"
#include "support/files.hpp"

namespace almon::media {
namespace {

using namespace std::chrono_literals;
using test::RtpPhone;

class TranscodingTest : public EngineTest {
protected:
    struct Party {
        RtpPhone phone;
        OpenedLeg leg;
        PayloadFormat format;
        std::unique_ptr<Encoder> mouth;
        std::unique_ptr<Decoder> ear;
        std::size_t said = 0;
        std::vector<std::int16_t> heard;
    };

    void SetUp() override { start(); }
    void connect(const PayloadFormat& alices, const PayloadFormat& bobs, std::uint8_t alices_events = 101) {
        set_up(alice, alices, events(alices_events));
        set_up(bob, bobs, events(96));
        command(JoinLegs{alice.leg.id, bob.leg.id});
        settle();
    }
    void set_up(Party& party, const PayloadFormat& format, PayloadFormat its_events) {
        its_events.clock_rate = format.clock_rate;
        party.leg = open();
        party.format = format;
        party.mouth = make_encoder(format, 48000);
        party.ear = make_decoder(format, 48000);
        party.phone.next.payload_type = format.payload_type;
        party.said = 0;
        party.heard.clear();
        command(configuration(party.leg, party.phone, {format, its_events}));
    }
    /// A packet of its tone.
    static void say(Party& party, double frequency) {
        const auto samples = party.mouth->samples_of(20ms);
        const auto rate = party.mouth->rate();
        const auto sound = test::tone(frequency, rate, party.said + samples);
        std::vector<std::uint8_t> payload(1500);
        payload.resize(party.mouth->encode(std::span(sound).subspan(party.said), payload));
        party.said += samples;
        party.phone.send_as(party.phone.next, party.leg.port, payload);
        ++party.phone.next.sequence;
        party.phone.next.timestamp += static_cast<std::uint32_t>(samples * party.format.clock_rate / rate);
    }
    static RtpHeader hear(Party& party) {
        const auto packet = party.phone.receive();
        if (!packet) {
            ADD_FAILURE() << "nothing comes";
            return {};
        }
        EXPECT_EQ(packet->header.payload_type, party.format.payload_type);
        std::vector<std::int16_t> sound(samples_in(kLongestSound, party.ear->rate()));
        sound.resize(party.ear->decode(packet->payload, sound));
        EXPECT_FALSE(sound.empty());
        party.heard.insert(party.heard.end(), sound.begin(), sound.end());
        return packet->header;
    }
    /// How clear the tone is in the second half of what it has heard.
    static double clearness(const Party& party, double frequency) {
        const auto settled = std::span(party.heard).last(party.heard.size() / 2);
        return test::tone_to_noise(settled, frequency, party.ear->rate());
    }

    /// The same of the clearest tenth of a second: a room goes by the clock, and this machine may stumble.
    static double clearest(const Party& party, double frequency) {
        const auto window = party.ear->rate() / 10;
        double best = -100;
        for (std::size_t at = 0; at + window <= party.heard.size(); at += window / 2)
            best = std::max(best, test::tone_to_noise(std::span(party.heard).subspan(at, window), frequency,
                                                      party.ear->rate()));
        return best;
    }

    Party alice;
    Party bob;
};

class CodecPairTest : public TranscodingTest,
                      public testing::WithParamInterface<std::tuple<SpokenCodec, SpokenCodec>> {};

TEST_P(CodecPairTest, EachHearsTheOthersTone) {
    const auto& [alices, bobs] = GetParam();
    if (alices.format == bobs.format) GTEST_SKIP() << "relayed";
    connect(alices.format, bobs.format);
    constexpr double kAlices = 440;
    constexpr double kBobs = 620;
    for (int i = 0; i < 40; ++i) {
        say(alice, kAlices);
        say(bob, kBobs);
        hear(alice);
        hear(bob);
    }
    const auto least = std::min(alices.decibels, bobs.decibels);
    EXPECT_GT(clearness(bob, kAlices), least);
    EXPECT_GT(clearness(alice, kBobs), least);
}

INSTANTIATE_TEST_SUITE_P(Each, CodecPairTest,
                         testing::Combine(testing::ValuesIn(spoken_codecs()),
                                          testing::ValuesIn(spoken_codecs())),
                         [](const auto& codec) {
                             return name_of(std::get<0>(codec.param)) + "To" +
                                    name_of(std::get<1>(codec.param));
                         });

/// What we do with one leg that speaks any codec of ours.
class OneCodecTest : public TranscodingTest, public testing::WithParamInterface<SpokenCodec> {};

TEST_P(OneCodecTest, WhatIsPlayedIsHeard) {
    set_up(alice, GetParam().format, events());
    Play play;
    play.leg = alice.leg.id;
    play.playback = PlaybackId{1};
    play.source = Tone{{{440, 0, 800ms}}};
    command(std::move(play));
    std::optional<RtpHeader> before;
    for (int i = 0; i < 40; ++i) {
        const auto header = hear(alice);
        EXPECT_EQ(header.marker, !before);
        if (before) {
            EXPECT_EQ(header.timestamp - before->timestamp, GetParam().format.clock_rate / 50);
        }
        before = header;
    }
    EXPECT_GT(clearness(alice, kTone), GetParam().decibels);
    const auto finished = recorder_.take<PlaybackFinished>();
    EXPECT_TRUE(finished && finished->complete);
}

TEST_P(OneCodecTest, WhatIsSaidIsInTheRecording) {
    const test::TemporaryFolder folder;
    const auto path = (folder.path() / "message.wav").string();
    set_up(alice, GetParam().format, events());
    command(Record{alice.leg.id, RecordingId{1}, path});
    settle();
    for (int i = 0; i < 50; ++i)
        say(alice, kTone);
    auto header = alice.phone.next;
    header.payload_type = 101;
    alice.phone.send_as(header, alice.leg.port, {5, 0x80 | 10, 3, 32});
    ASSERT_TRUE(recorder_.take<DigitReceived>());
    command(StopRecording{alice.leg.id, RecordingId{1}, true});
    const auto recorded = recorder_.take<Recorded>();
    ASSERT_TRUE(recorded && recorded->kept);
    EXPECT_EQ(recorded->length, 1000ms);
    const auto sound = load_audio_file(path, Law::A);
    ASSERT_TRUE(sound);
    std::vector<std::int16_t> samples;
    for (const auto code : sound->codes)
        samples.push_back(decode_g711(Law::A, code));
    EXPECT_GT(test::tone_to_noise(std::span(samples).last(samples.size() / 2), kTone, 8000),
              GetParam().decibels);
}

TEST_P(OneCodecTest, InARoomEachHearsTheOther) {
    set_up(alice, GetParam().format, events());
    set_up(bob, pcma(), events());
    for (const auto* party : {&alice, &bob})
        command(EnterRoom{party->leg.id, RoomId{1}});
    for (int i = 0; i < 60; ++i) {
        say(alice, 440);
        say(bob, 620);
        hear(bob);
        while (alice.phone.has_rtp())
            hear(alice);
    }
    ASSERT_GT(alice.heard.size(), alice.ear->rate() / 2);
    EXPECT_GT(clearest(bob, 440), GetParam().decibels);
    EXPECT_GT(clearest(alice, 620), GetParam().decibels);
}

INSTANTIATE_TEST_SUITE_P(Each, OneCodecTest, testing::ValuesIn(spoken_codecs()),
                         [](const auto& codec) { return name_of(codec.param); });

PayloadFormat opus_format() {
    return {111, "OPUS", 48000, 2, "useinbandfec=1"};
}

TEST_F(TranscodingTest, SequenceAndTimestampsGoForward_InTheClockOfTheListener) {
    connect(pcma(), opus_format());
    std::optional<RtpHeader> before;
    for (int i = 0; i < 10; ++i) {
        say(alice, kTone);
        const auto header = hear(bob);
        EXPECT_EQ(header.marker, i == 0);
        if (before) {
            EXPECT_EQ(header.ssrc, before->ssrc);
            EXPECT_EQ(static_cast<std::uint16_t>(header.sequence - before->sequence), 1);
            EXPECT_EQ(header.timestamp - before->timestamp, 960U);
        }
        before = header;
    }
}

TEST_F(TranscodingTest, FiveOfAHundredPacketsLost_LeaveNoGap) {
    connect(opus_format(), pcma());
    std::size_t lost = 0;
    for (std::size_t i = 0; i < 100; ++i) {
        if (i % 20 == 13) {
            const auto port = std::exchange(alice.leg.port, std::uint16_t{9});
            say(alice, kTone);
            alice.leg.port = port;
            ++lost;
            continue;
        }
        say(alice, kTone);
        hear(bob);
        if (i % 20 == 14) hear(bob);
    }
    EXPECT_EQ(lost, 5U);
    EXPECT_EQ(bob.heard.size(), 100U * 160);
    // Not a tenth of a second, nor even 10 ms, without the tone.
    for (std::size_t at = 1600; at + 80 <= bob.heard.size(); at += 80) {
        const auto part = std::span(bob.heard).subspan(at, 80);
        EXPECT_GT(*std::ranges::max_element(part), 4000) << at / 8 << " ms";
    }
}

// RFC 4733 2.1: events are told in the clock of the sound around them.
TEST_F(TranscodingTest, DigitsPassBetweenClocks) {
    connect(opus_format(), pcma());
    for (int i = 0; i < 3; ++i) {
        say(alice, kTone);
        hear(bob);
    }
    const auto press = [&](std::uint8_t key) {
        std::set<std::uint32_t> timestamps;
        TelephoneEvent last;
        auto header = alice.phone.next;
        header.payload_type = 101;
        header.marker = true;
        for (std::uint16_t i = 1; i <= 4; ++i) {
            const TelephoneEvent event{key, i == 4, 10, static_cast<std::uint16_t>(i * 960)};
            std::vector<std::uint8_t> payload(TelephoneEvent::kSize);
            event.write_into(payload.data());
            alice.phone.send_as(header, alice.leg.port, payload);
            header.marker = false;
            ++header.sequence;
            const auto heard = bob.phone.receive();
            if (!heard) break;
            EXPECT_EQ(heard->header.payload_type, 96);
            EXPECT_EQ(heard->header.marker, i == 1);
            timestamps.insert(heard->header.timestamp);
            last = TelephoneEvent::parse(heard->payload).value_or(TelephoneEvent{});
        }
        alice.phone.next.sequence = header.sequence;
        alice.phone.next.timestamp += 4 * 960;
        EXPECT_EQ(timestamps.size(), 1U);
        EXPECT_EQ(last.event, key);
        EXPECT_TRUE(last.end);
        EXPECT_EQ(last.duration, 640);
        return timestamps.empty() ? 0U : *timestamps.begin();
    };
    const auto first = press(5);
    const auto second = press(5);
    EXPECT_EQ(second - first, 640U);
    say(alice, kTone);
    EXPECT_EQ(hear(bob).timestamp - second, 640U);
    EXPECT_TRUE(recorder_.take<DigitReceived>());
}

/// Sends a packet of an event that begins at `timestamp`, and tells what the other is sent of it.
std::optional<RtpHeader> told_of_event(RtpPhone& from, std::uint16_t port, std::uint32_t timestamp,
                                       RtpPhone& to) {
    auto header = from.next;
    header.payload_type = 101;
    header.timestamp = timestamp;
    ++from.next.sequence;
    from.send_as(header, port, {5, 0x80 | 10, 3, 32});
    const auto heard = to.receive(200ms);
    return heard ? std::optional(heard->header) : std::nullopt;
}

TEST_F(TranscodingTest, ADigitBeforeAnySound_BeginsTheStream) {
    connect(opus_format(), pcma());
    const auto at = alice.phone.next.timestamp;
    const auto first = told_of_event(alice.phone, alice.leg.port, at, bob.phone);
    const auto again = told_of_event(alice.phone, alice.leg.port, at, bob.phone);
    ASSERT_TRUE(first && again);
    EXPECT_NE(first->ssrc, 0U);
    EXPECT_EQ(again->ssrc, first->ssrc);
    EXPECT_EQ(again->timestamp, first->timestamp);
    alice.phone.next.timestamp += 9600;
    say(alice, kTone);
    const auto sound = hear(bob);
    EXPECT_EQ(sound.ssrc, first->ssrc);
    EXPECT_EQ(static_cast<std::uint16_t>(sound.sequence - again->sequence), 1);
    EXPECT_GT(static_cast<std::int32_t>(sound.timestamp - first->timestamp), 0);
    // What was sent of it before the sound is no other digit than what comes behind.
    const auto repeated = told_of_event(alice.phone, alice.leg.port, at, bob.phone);
    ASSERT_TRUE(repeated);
    EXPECT_EQ(repeated->timestamp, first->timestamp);
}

TEST_F(TranscodingTest, ALatePacketOfADigit_IsNoNewDigit) {
    connect(opus_format(), pcma());
    say(alice, kTone);
    hear(bob);
    const auto at = alice.phone.next.timestamp;
    const auto first = told_of_event(alice.phone, alice.leg.port, at, bob.phone);
    const auto second = told_of_event(alice.phone, alice.leg.port, at + 9600, bob.phone);
    ASSERT_TRUE(first && second);
    EXPECT_NE(second->timestamp, first->timestamp);
    EXPECT_FALSE(told_of_event(alice.phone, alice.leg.port, at, bob.phone));
    EXPECT_TRUE(told_of_event(alice.phone, alice.leg.port, at + 9600, bob.phone));
}

// A phone may know events in the clock of G.711 alone, and its peer of Opus in that of Opus.
TEST_F(TranscodingTest, DigitsPassBetweenClocks_AlsoAmongSoundThatIsRelayed) {
    auto events_of_opus = events(97);
    events_of_opus.clock_rate = 48000;
    alice.leg = open();
    bob.leg = open();
    command(configuration(alice.leg, alice.phone, {opus_format(), pcma(), events(101)}));
    command(configuration(bob.leg, bob.phone, {opus_format(), events_of_opus}));
    command(JoinLegs{alice.leg.id, bob.leg.id});
    settle();
    const auto press = [](Party& from, Party& to, std::uint8_t number, std::uint16_t duration) {
        auto header = from.phone.next;
        header.payload_type = 111;
        from.phone.send_as(header, from.leg.port, {1, 2, 3});
        const auto sound = to.phone.receive();
        header.payload_type = number;
        ++header.sequence;
        header.timestamp += 960;
        const TelephoneEvent pressed{5, true, 10, duration};
        std::vector<std::uint8_t> payload(TelephoneEvent::kSize);
        pressed.write_into(payload.data());
        from.phone.send_as(header, from.leg.port, payload);
        const auto heard = to.phone.receive();
        EXPECT_TRUE(sound && heard);
        if (!sound || !heard) return std::pair(0, TelephoneEvent{});
        EXPECT_EQ(heard->header.timestamp - sound->header.timestamp, 960U);
        return std::pair(int{heard->header.payload_type},
                         TelephoneEvent::parse(heard->payload).value_or(TelephoneEvent{}));
    };
    const auto [bobs_number, heard_by_bob] = press(alice, bob, 101, 800);
    EXPECT_EQ(bobs_number, 97);
    EXPECT_EQ(heard_by_bob.event, 5);
    EXPECT_TRUE(heard_by_bob.end);
    EXPECT_EQ(heard_by_bob.duration, 4800);
    const auto [alices_number, heard_by_alice] = press(bob, alice, 97, 4800);
    EXPECT_EQ(alices_number, 101);
    EXPECT_EQ(heard_by_alice.duration, 800);
}

TEST_F(TranscodingTest, WhatIsSharedIsRelayed_AlsoBetweenWhatIsNot) {
    alice.leg = open();
    bob.leg = open();
    command(configuration(alice.leg, alice.phone, {opus_format(), pcma()}));
    command(configuration(bob.leg, bob.phone, {pcma()}));
    command(JoinLegs{alice.leg.id, bob.leg.id});
    settle();
    alice.format = opus_format();
    alice.mouth = make_encoder(alice.format, 48000);
    bob.format = pcma();
    bob.ear = make_decoder(bob.format, 8000);
    alice.phone.next.payload_type = 111;
    say(alice, kTone);
    const auto translated = hear(bob);
    alice.phone.next.payload_type = 8;
    const std::vector<std::uint8_t> codes{1, 2, 3, 4};
    alice.phone.send(alice.leg.port, codes);
    const auto relayed = bob.phone.receive();
    ASSERT_TRUE(relayed);
    EXPECT_EQ(relayed->payload, codes);
    EXPECT_EQ(relayed->header.ssrc, translated.ssrc);
    EXPECT_EQ(static_cast<std::uint16_t>(relayed->header.sequence - translated.sequence), 1);
    alice.phone.next.payload_type = 111;
    say(alice, kTone);
    const auto again = hear(bob);
    EXPECT_EQ(static_cast<std::uint16_t>(again.sequence - relayed->header.sequence), 1);
    EXPECT_GT(static_cast<std::int32_t>(again.timestamp - relayed->header.timestamp), 0);
}

TEST_F(TranscodingTest, APartyThatChangesItsCodec_IsHeardOn) {
    connect(opus_format(), pcma());
    say(alice, kTone);
    hear(bob);
    const PayloadFormat g722{9, "G722", 8000, 1, ""};
    command(configuration(alice.leg, alice.phone, {g722, events(101)}));
    settle();
    alice.format = g722;
    alice.mouth = make_encoder(g722, 16000);
    alice.phone.next.payload_type = 9;
    for (int i = 0; i < 20; ++i) {
        say(alice, kTone);
        hear(bob);
    }
    EXPECT_GT(clearness(bob, kTone), 20);
}

TEST_F(TranscodingTest, WhileSomethingIsPlayedToIt_APartyHearsThatAlone) {
    connect(opus_format(), pcma());
    say(alice, kTone);
    const auto before = hear(bob);
    Play play;
    play.leg = bob.leg.id;
    play.playback = PlaybackId{1};
    play.source = Tone{{{1000, 0, 100ms}}};
    command(std::move(play));
    ASSERT_TRUE(recorder_.take<PlaybackFinished>());
    while (bob.phone.receive(0ms)) {
    }
    for (int i = 0; i < 3; ++i)
        say(alice, kTone);
    const auto after = hear(bob);
    EXPECT_EQ(after.ssrc, before.ssrc);
    EXPECT_TRUE(after.marker);
    EXPECT_GT(static_cast<std::int32_t>(after.timestamp - before.timestamp), 5 * 160);
}

TEST_F(TranscodingTest, APartyThatChangesItsCodecWithEachPacket_HasNoneBuiltAnew) {
    const PayloadFormat g722{9, "G722", 8000, 1, ""};
    connect(opus_format(), pcma());
    command(configuration(alice.leg, alice.phone, {opus_format(), g722}));
    settle();
    std::vector<std::uint8_t> opus(kRtpHeaderSize + 1500);
    const auto sound = test::tone(kTone, 48000, 960);
    opus.resize(kRtpHeaderSize + alice.mouth->encode(sound, std::span(opus).subspan(kRtpHeaderSize)));
    std::vector<std::uint8_t> wide(kRtpHeaderSize + 160);
    opus[0] = wide[0] = 0x80;
    std::optional<std::uint64_t> before;
    for (int i = 0; i < 50; ++i) {
        auto& packet = i % 2 == 0 ? opus : wide;
        alice.phone.next.payload_type = i % 2 == 0 ? 111 : 9;
        alice.phone.next.write_into(packet.data());
        ++alice.phone.next.sequence;
        alice.phone.next.timestamp += 960;
        alice.phone.send_raw(alice.leg.port, packet);
        ASSERT_TRUE(bob.phone.wait_for_rtp());
        bob.phone.discard_rtp();
        if (i != 9) continue;
        ASSERT_TRUE(recorder_.take<FirstPacket>());
        ASSERT_TRUE(recorder_.take<PortsReady>());
        before = allocations_so_far();
    }
    EXPECT_EQ(allocations_so_far() - *before, 0U);
}

TEST_F(TranscodingTest, NoPacketAllocates) {
    connect(opus_format(), pcma());
    say(alice, kTone);
    hear(bob);
    ASSERT_TRUE(recorder_.take<FirstPacket>());
    ASSERT_TRUE(recorder_.take<PortsReady>());
    std::vector<std::uint8_t> packet(kRtpHeaderSize + 1500);
    packet[0] = 0x80;
    const auto sound = test::tone(kTone, 48000, 960);
    packet.resize(kRtpHeaderSize + alice.mouth->encode(sound, std::span(packet).subspan(kRtpHeaderSize)));
    const auto before = allocations_so_far();
    for (int i = 0; i < 50; ++i) {
        alice.phone.next.write_into(packet.data());
        ++alice.phone.next.sequence;
        alice.phone.next.timestamp += 960;
        alice.phone.send_raw(alice.leg.port, packet);
        ASSERT_TRUE(bob.phone.wait_for_rtp());
        bob.phone.discard_rtp();
    }
    // send_raw() copies into nothing; what is counted are all threads.
    EXPECT_EQ(allocations_so_far() - before, 0U);
}

}  // namespace
}  // namespace almon::media
