// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/local_technology.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using test::CallOffice;

/// Keeps what is told of the placed half, as whoever rings a Local destination would, and hands the rest to
/// the core.
class PlacedHalf final : public TechnologyListener {
public:
    explicit PlacedHalf(CallCore& core) : core_(core) {}

    void incoming(ChannelId channel, Technology& technology, IncomingCall call) override {
        routed = channel;
        core_.incoming(channel, technology, std::move(call));
    }
    void ringing(ChannelId) override { told.push_back("ringing"); }
    void progressed(ChannelId, const sdp::SessionDescription&) override { told.push_back("progressed"); }
    void answered(ChannelId, const sdp::SessionDescription& description) override {
        told.push_back("answered");
        answer = description;
    }
    void refused(ChannelId, Cause cause, Refusal) override {
        told.push_back("refused " + std::string(text_of(cause)));
    }
    void redirected(ChannelId, std::string exten) override { told.push_back("redirected " + exten); }
    void hung_up(ChannelId channel, Cause cause) override {
        if (channel == routed) return core_.hung_up(channel, cause);
        told.push_back("hung_up " + std::string(text_of(cause)));
    }
    void offered(ChannelId channel, const std::optional<sdp::SessionDescription>& offer) override {
        if (channel == routed) return core_.offered(channel, offer);
        told.push_back("offered");
    }
    void offer_answered(ChannelId channel, const sdp::SessionDescription& description) override {
        if (channel == routed) return core_.offer_answered(channel, description);
        told.push_back("offer_answered");
    }
    void offer_refused(ChannelId, Cause) override { told.push_back("offer_refused"); }
    void transfer_requested(ChannelId, TransferRequest) override { told.push_back("transfer_requested"); }
    void digit(ChannelId channel, char digit, std::chrono::milliseconds duration) override {
        if (channel == routed) return core_.digit(channel, digit, duration);
        told.push_back(std::string("digit ") + digit);
    }
    [[nodiscard]] std::vector<ShownCall> calls_of(model::UserId user) const override {
        return core_.calls_of(user);
    }
    [[nodiscard]] ChannelId new_channel_id() override { return core_.new_channel_id(); }

    ChannelId routed;
    std::vector<std::string> told;
    std::optional<sdp::SessionDescription> answer;

private:
    CallCore& core_;
};

class LocalCall : public testing::Test {
protected:
    LocalCall() {
        core.add(office.phones);
        core.add(local);
        core.start();
        media::PortsReady ready;
        for (std::uint16_t port = 20'000; port < 20'128; port += 2)
            ready.ports.push_back(port);
        core.on_media(ready);
    }
    void place(std::string target) {
        OutgoingCall call;
        call.endpoint = call.target = std::move(target);
        call.caller = {"Alice Martin", "1001", false};
        call.offer = *sdp::SessionDescription::parse(CallOffice::kPhoneOffer);
        placed = core.new_channel_id();
        local.invite(placed, call);
    }
    void answer_phone() {
        core.answered(office.invited(0), *sdp::SessionDescription::parse(CallOffice::kPhoneAnswer));
    }

    CallOffice office;
    CallCore core{CallOffice::default_settings(),
                  office.clock,
                  office.random,
                  office.recorder,
                  office.events,
                  office.snapshot};
    PlacedHalf half{core};
    LocalTechnology local{half};
    ChannelId placed;
};

TEST_F(LocalCall, ComesInAgainAtItsNumberWithTheCallersIdentity) {
    place("1002@default");
    ASSERT_EQ(office.phones.invited.size(), 1U);
    EXPECT_EQ(office.phones.invited[0].second.endpoint, "bob");
    EXPECT_EQ(office.phones.invited[0].second.caller, (CallerId{"Alice Martin", "1001", false}));
    core.ringing(office.invited(0));
    answer_phone();
    EXPECT_EQ(half.told, (std::vector<std::string>{"ringing", "answered"}));
    EXPECT_FALSE(half.answer->streams[0].refused());
    EXPECT_TRUE(core.broken_invariants().empty());
}

TEST_F(LocalCall, TakesTheHopsOfWhatItContinues) {
    OutgoingCall call;
    call.endpoint = call.target = "1002@default";
    call.offer = *sdp::SessionDescription::parse(CallOffice::kPhoneOffer);
    call.hops = 5;
    local.invite(core.new_channel_id(), call);
    ASSERT_EQ(office.phones.invited.size(), 1U);
    EXPECT_EQ(office.phones.invited[0].second.hops, 4);
    call.hops = 0;
    local.invite(core.new_channel_id(), call);
    EXPECT_EQ(office.phones.invited.size(), 1U);
    EXPECT_EQ(half.told, (std::vector<std::string>{"refused Exchange routing error"}));
}

TEST_F(LocalCall, RefusalReachesWhoeverPlacedIt) {
    place("1002@default");
    core.refused(office.invited(0), Cause::UserBusy, Refusal::OfDevice);
    EXPECT_EQ(half.told, (std::vector<std::string>{"refused User busy"}));
    EXPECT_EQ(local.channel_count(), 0U);
    EXPECT_TRUE(core.idle());
}

TEST_F(LocalCall, HangUpOfEitherHalfEndsTheOther) {
    place("1002@default");
    answer_phone();
    local.hang_up(placed, Cause::NormalClearing);
    EXPECT_EQ(office.phones.ended.at(office.invited(0)), Cause::NormalClearing);
    EXPECT_EQ(core.channel_count(), 0U);

    place("1002@default");
    core.answered(office.invited(1), *sdp::SessionDescription::parse(CallOffice::kPhoneAnswer));
    core.hung_up(office.invited(1), Cause::NormalClearing);
    EXPECT_EQ(half.told.back(), "hung_up Normal clearing");
    EXPECT_EQ(local.channel_count(), 0U);
}

TEST_F(LocalCall, DigitsAndOffersPassThrough) {
    place("1002@default");
    answer_phone();
    EXPECT_TRUE(local.send_digit(placed, '4', std::chrono::milliseconds{160}, true));
    EXPECT_EQ(office.recorder.all<media::SendDigit>().size(), 1U);
    local.offer(placed,
                *sdp::SessionDescription::parse(test::with_direction(CallOffice::kPhoneOffer, "sendonly")));
    EXPECT_EQ(half.told.back(), "offer_answered");
    EXPECT_EQ(office.phones.held.at(office.invited(0)), true);
}

TEST_F(LocalCall, IsReachableOnlyWhenWellFormed) {
    EXPECT_EQ(local.targets("1002@default").size(), 1U);
    for (const auto* wrong : {"", "1002", "@default", "1002@"})
        EXPECT_TRUE(local.targets(wrong).empty()) << wrong;
}

TEST_F(LocalCall, PairsAreSavedAndRestored) {
    place("1002@default");
    Archive archive;
    local.save(archive);
    LocalTechnology successor(half);
    ArchiveReader reader(archive.bytes());
    successor.restore(reader);
    Archive again;
    successor.save(again);
    EXPECT_EQ(again.bytes(), archive.bytes());
    EXPECT_EQ(successor.channel_count(), 2U);
}

}  // namespace
}  // namespace almon::pbx
