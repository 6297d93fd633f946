// SPDX-License-Identifier: GPL-3.0-or-later
// Conferences: phones on real sockets say tones of their own, and what each hears is told by frequency.
#include "media/room.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include "allocation_counter.hpp"
#include "engine_fixture.hpp"
#include "media/g711.hpp"

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

constexpr RoomId kRoom{1};
constexpr std::size_t kParties = 3;
constexpr std::array<int, kParties> kTones{500, 1100, 1700};
constexpr double kLoudness = 0.2;

class RoomTest : public EngineTest {
protected:
    void SetUp() override {
        start();
        for (std::size_t i = 0; i < kParties; ++i) {
            auto& party = parties[i];
            party.leg = open();
            party.law = i == 1 ? Law::Mu : Law::A;
            party.phone.next.payload_type = i == 1 ? 0 : 8;
            party.phone.next.ssrc = 100 + static_cast<std::uint32_t>(i);
            command(configuration(party.leg, party.phone, {i == 1 ? pcmu() : pcma(), events(101)}));
        }
    }
    void enter_all() {
        for (const auto& party : parties)
            command(EnterRoom{party.leg.id, kRoom});
        settle();
    }
    /// All of `talking` say their tones for so many frames, at the pace of the last party, which is in the
    /// room all the time; the last half of what everybody has heard meanwhile is kept.
    void talk(int frames, std::vector<std::size_t> talking = {0, 1, 2}) {
        for (auto& party : parties)
            party.heard.clear();
        for (int frame = 0; frame < frames; ++frame) {
            for (const auto i : talking)
                say(i);
            const bool is_kept = frame >= frames / 2;
            const auto pace = parties.back().phone.receive();
            ASSERT_TRUE(pace);
            hear(parties.back(), *pace, is_kept);
            for (std::size_t i = 0; i + 1 < kParties; ++i) {
                while (const auto packet = parties[i].phone.receive(0ms))
                    hear(parties[i], *packet, is_kept);
            }
        }
    }
    struct Party;
    static void hear(Party& party, const RtpPhone::Packet& packet, bool is_kept) {
        for (const auto code : packet.payload) {
            if (is_kept) party.heard.push_back(decode_g711(party.law, code));
        }
    }
    void say(std::size_t i) {
        auto& party = parties[i];
        std::vector<std::uint8_t> payload;
        for (int n = 0; n < 160; ++n) {
            const double at = (party.said + n) / 8000.0;
            const double value = party.loudness * 32767 * std::sin(2 * std::numbers::pi * kTones[i] * at);
            payload.push_back(encode_g711(party.law, static_cast<std::int16_t>(std::lround(value))));
        }
        party.said += 160;
        party.phone.send(party.leg.port, payload);
    }
    /// How loud each of the tones is for one of them.
    std::array<double, kParties> heard_by(std::size_t i) {
        const auto& samples = parties[i].heard;
        EXPECT_GT(samples.size(), 1600U) << "party " << i;
        std::array<double, kParties> levels{};
        for (std::size_t tone = 0; tone < kParties; ++tone)
            levels[tone] = level_of(samples, kTones[tone]);
        return levels;
    }

    struct Party {
        RtpPhone phone;
        OpenedLeg leg;
        Law law = Law::A;
        double loudness = kLoudness;
        int said = 0;
        std::vector<std::int16_t> heard;
    };
    std::array<Party, kParties> parties;
};

TEST_F(RoomTest, EachHearsTheTwoOthersAndNotItself) {
    enter_all();
    talk(50);
    for (std::size_t i = 0; i < kParties; ++i) {
        const auto levels = heard_by(i);
        for (std::size_t tone = 0; tone < kParties; ++tone) {
            if (tone == i)
                EXPECT_LT(levels[tone], 0.01) << i << " hears itself";
            else
                EXPECT_NEAR(levels[tone], kLoudness, 0.05) << i << " hears " << tone;
        }
    }
}

class RoomOnThreads : public RoomTest {
protected:
    RoomOnThreads() { settings_.threads = 3; }
};

TEST_F(RoomOnThreads, AllComeToOne) {
    for (const auto& party : parties)
        command(EnterRoom{party.leg.id, kRoom});
    talk(50);
    EXPECT_NEAR(heard_by(0)[1], kLoudness, 0.05);
    EXPECT_NEAR(heard_by(2)[1], kLoudness, 0.05);
    EXPECT_NEAR(heard_by(1)[2], kLoudness, 0.05);
}

TEST_F(RoomTest, WhoIsMutedHearsAndIsNotHeard_UntilItIsNotMuted) {
    enter_all();
    command(EnterRoom{parties[0].leg.id, kRoom, true});
    talk(50);
    EXPECT_LT(heard_by(1)[0], 0.01);
    EXPECT_NEAR(heard_by(0)[1], kLoudness, 0.05);
    EXPECT_NEAR(heard_by(0)[2], kLoudness, 0.05);
    command(EnterRoom{parties[0].leg.id, kRoom, false});
    talk(50);
    EXPECT_NEAR(heard_by(1)[0], kLoudness, 0.05);
}

TEST_F(RoomTest, LouderAndLowerForTheOthersAndForOneself) {
    enter_all();
    command(EnterRoom{parties[0].leg.id, kRoom, false, -6, 0});
    command(EnterRoom{parties[1].leg.id, kRoom, false, 0, -12});
    talk(50);
    EXPECT_NEAR(heard_by(2)[0], kLoudness * 0.501, 0.02);
    EXPECT_NEAR(heard_by(2)[1], kLoudness, 0.05);
    EXPECT_NEAR(heard_by(1)[2], kLoudness * 0.251, 0.02);
    EXPECT_LT(heard_by(0)[0], 0.01) << "nobody hears himself, however loud";
}

TEST_F(RoomTest, ManyLoudOnesArePressedRatherThanCut) {
    EXPECT_EQ(limited(1000), 1000);
    EXPECT_EQ(limited(-23'197), -23'197);
    EXPECT_GT(limited(40'000), limited(30'000));
    EXPECT_LE(limited(2'000'000'000), 32'767);
    EXPECT_GE(limited(-2'000'000'000), -32'767);
    for (std::int32_t each = -100'000; each < 100'000; each += 7)
        ASSERT_LE(limited(each), limited(each + 7));
}

TEST_F(RoomTest, WhoLeavesIsNotHeardAndHearsNothing) {
    enter_all();
    talk(20);
    command(LeaveRoom{parties[0].leg.id});
    talk(50);
    EXPECT_TRUE(parties[0].heard.empty());
    EXPECT_LT(heard_by(1)[0], 0.01);
    EXPECT_NEAR(heard_by(1)[2], kLoudness, 0.05);
    command(CloseLeg{parties[1].leg.id});
    talk(30, {1, 2});
    EXPECT_LT(heard_by(2)[1], 0.01);
}

TEST_F(RoomTest, WhoIsJoinedWithAnotherIsInNoRoomAnyMore) {
    enter_all();
    command(JoinLegs{parties[0].leg.id, parties[1].leg.id});
    settle();
    parties[2].phone.send(parties[2].leg.port);
    talk(30, {0, 2});
    EXPECT_LT(heard_by(2)[0], 0.01) << "who is left is alone";
    command(EnterRoom{parties[0].leg.id, kRoom});
    talk(50, {0, 2});
    EXPECT_NEAR(heard_by(2)[0], kLoudness, 0.05);
    EXPECT_NEAR(heard_by(0)[2], kLoudness, 0.05);
    EXPECT_TRUE(parties[1].heard.empty()) << "its peer has gone";
}

TEST_F(RoomTest, ASoundForTheRoomIsHeardWhileTheyTalk) {
    enter_all();
    command(PlayToRoom{kRoom, {std::string("/nonexistent/a.wav"), Tone{{{2500, 0, 2000ms}}}}});
    talk(50);
    for (std::size_t i = 0; i < kParties; ++i) {
        EXPECT_NEAR(level_of(parties[i].heard, 2500), 0.156, 0.05);
        EXPECT_NEAR(heard_by(i)[(i + 1) % kParties], kLoudness, 0.05);
    }
}

TEST_F(RoomTest, ASoundForOneIsHeardByItAlone_InTheStreamOfTheRoom) {
    enter_all();
    talk(20);
    command(Play{parties[0].leg.id, PlaybackId{1}, Tone{{{2500, 0, 3000ms}}}, false});
    talk(50);
    EXPECT_NEAR(level_of(parties[0].heard, 2500), 0.156, 0.05);
    EXPECT_LT(heard_by(0)[1], 0.01);
    EXPECT_LT(level_of(parties[1].heard, 2500), 0.01);
    EXPECT_NEAR(heard_by(1)[0], kLoudness, 0.05) << "it is heard all the same";
    command(StopPlaying{parties[0].leg.id, PlaybackId{1}});
    talk(50);
    EXPECT_NEAR(heard_by(0)[1], kLoudness, 0.05);
}

TEST_F(RoomTest, TheStreamOfARoomIsSteady) {
    enter_all();
    std::optional<RtpHeader> last;
    for (int i = 0; i < 20; ++i) {
        const auto packet = parties[0].phone.receive();
        ASSERT_TRUE(packet);
        ASSERT_EQ(packet->payload.size(), 160U);
        EXPECT_EQ(packet->header.marker, !last);
        if (last) {
            EXPECT_EQ(packet->header.sequence, static_cast<std::uint16_t>(last->sequence + 1));
            EXPECT_EQ(packet->header.timestamp, last->timestamp + 160);
            EXPECT_EQ(packet->header.ssrc, last->ssrc);
        }
        last = packet->header;
    }
}

TEST_F(RoomTest, AFrameOfARoom_AllocatesNothing) {
    enter_all();
    talk(10);
    ASSERT_TRUE(recorder_.take<PortsReady>());
    for (std::size_t i = 0; i < kParties; ++i)
        ASSERT_TRUE(recorder_.take<FirstPacket>());
    std::vector<std::uint8_t> packet(172, 0xD5);
    packet[0] = 0x80;
    const auto before = allocations_so_far();
    for (int i = 0; i < 50; ++i) {
        auto& phone = parties[0].phone;
        phone.next.write_into(packet.data());
        ++phone.next.sequence;
        phone.next.timestamp += 160;
        phone.send_raw(parties[0].leg.port, packet);
        ASSERT_TRUE(parties[2].phone.wait_for_rtp());
        parties[2].phone.discard_rtp();
    }
    // send_raw() takes a copy's address only; what is counted is ours and the engine's.
    EXPECT_EQ(allocations_so_far() - before, 0U);
}

}  // namespace
}  // namespace almon::media
