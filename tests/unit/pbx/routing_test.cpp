// SPDX-License-Identifier: GPL-3.0-or-later
// Incoming calls, and every destination that one can have.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/call_permission.hpp"
#include "model/group.hpp"
#include "model/incall.hpp"
#include "model/outcall.hpp"
#include "model/schedule.hpp"
#include "model/trunk.hpp"
#include "support/call_office.hpp"
#include "support/destinations.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using test::CallOffice;
using test::to;
using test::to_extension;
using test::to_hang_up;
using test::to_sound;
using testing::ElementsAre;
using testing::HasSubstr;

/// Trunk 1 brings calls for 1000 into from-extern, where they are incoming call 1.
class Routing : public testing::Test {
protected:
    Routing() {
        office.configure([](model::SnapshotBuilder& builder) {
            model::Context outside;
            outside.id = model::ContextId{8};
            outside.name = "from-extern";
            outside.type = "incall";
            builder.put(outside);
            model::EndpointSip endpoint;
            endpoint.id = model::EndpointSipId{101};
            endpoint.username = "provider";
            builder.put(endpoint);
            model::Trunk trunk;
            trunk.id = model::TrunkId{1};
            trunk.context = "from-extern";
            trunk.endpoint_sip = endpoint.id;
            builder.put(trunk);
        });
        incall.id = model::IncallId{1};
        leads_to(to("user", model::UserId{2}));
        number("1000");
    }
    void number(std::string exten) {
        office.configure([&](model::SnapshotBuilder& builder) {
            model::Extension extension{model::ExtensionId{80}, std::move(exten), "from-extern"};
            extension.leads_to = {&model::declaration_of<model::Incall>(), incall.id.value};
            builder.put(extension);
        });
    }
    void leads_to(model::Destination destination) {
        incall.destination = std::move(destination);
        save();
    }
    void save() {
        office.configure([&](model::SnapshotBuilder& builder) { builder.put(incall); });
    }
    ChannelId outside_calls(std::string exten = "1000") {
        return office.call_by(1, std::move(exten), {"Zoe", "0612345678"});
    }
    CallOffice office;
    model::Incall incall;
};

TEST_F(Routing, ACallFromOutsideRingsTheUserOfItsNumber) {  // ADB-005, API-097
    const auto outside = outside_calls();
    ASSERT_THAT(office.rung(), ElementsAre("bob"));
    EXPECT_EQ(office.phones.invited[0].second.caller, (CallerId{"Zoe", "0612345678"}));
    office.answer(office.invited(0));
    office.hang_up(outside);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
    EXPECT_THAT(office.why("SIP/provider-00000001"), HasSubstr("incoming call 1 for 1000"));
}

TEST_F(Routing, ALeadingPlusOfTheNumberIsDropped) {  // ADB-003
    outside_calls("+1000");
    EXPECT_THAT(office.rung(), ElementsAre("bob"));
}

TEST_F(Routing, APatternTakesWhatNoNumberDoes) {  // ADB-004
    number("XXXX");
    outside_calls("1234");
    EXPECT_THAT(office.rung(), ElementsAre("bob"));
    outside_calls("12345");
    EXPECT_EQ(office.rung().size(), 1U);
}

TEST_F(Routing, ATrunkReachesWhatItsContextHolds) {  // ADB-017
    const auto outside = outside_calls("1001");
    office.pass(11s);
    EXPECT_EQ(office.end_of(outside), Cause::UnallocatedNumber);
    EXPECT_TRUE(office.rung().empty());
    office.configure([](model::SnapshotBuilder& builder) {
        auto trunk = *builder.so_far().find(model::TrunkId{1});
        trunk.context = "default";
        builder.put(trunk);
    });
    outside_calls("1003");
    EXPECT_THAT(office.rung(), ElementsAre("carol"));
}

TEST_F(Routing, TheNameSaysWhatTheNumberIsFor) {  // ADB-002
    incall.caller_id_mode = "prepend";
    incall.caller_id_name = "Support";
    save();
    outside_calls();
    incall.caller_id_mode = "append";
    save();
    outside_calls();
    incall.caller_id_mode = "overwrite";
    save();
    outside_calls();
    std::vector<std::string> names;
    for (const auto& [channel, call] : office.phones.invited)
        names.push_back(call.caller.name);
    EXPECT_THAT(names, ElementsAre("Support - Zoe", "Zoe - Support", "Support"));
}

TEST_F(Routing, CallPermissionsAreAboutCallersNumbers) {  // ADA-078
    model::CallPermission denied, allowed;
    denied.id = model::CallPermissionId{1};
    denied.name = "nobody from there";
    denied.extensions = {"0612.", "1000"};
    allowed.id = model::CallPermissionId{2};
    allowed.name = "but for Zoe";
    allowed.mode = "allow";
    allowed.extensions = {"0612345678"};
    office.configure([&](model::SnapshotBuilder& builder) { builder.put(denied); });
    incall.call_permissions = {denied.id};
    save();
    const auto refused = outside_calls();
    EXPECT_EQ(office.end_of(refused), Cause::CallRejected);
    EXPECT_TRUE(office.rung().empty());
    EXPECT_THAT(office.why("SIP/provider-00000001"),
                HasSubstr("nobody from there takes no calls of 0612345678"));
    office.call_by(1, "1000", {"Yan", "0712345678"});
    EXPECT_THAT(office.rung(), ElementsAre("bob")) << "the number that was called is not what it is about";
    office.configure([&](model::SnapshotBuilder& builder) { builder.put(allowed); });
    incall.call_permissions = {denied.id, allowed.id};
    save();
    outside_calls();
    EXPECT_THAT(office.rung(), ElementsAre("bob", "bob"));
    denied.enabled = false;
    office.configure([&](model::SnapshotBuilder& builder) { builder.put(denied); });
    office.call_by(1, "1000", {"Xu", "0612000000"});
    EXPECT_EQ(office.rung().size(), 3U);
}

TEST_F(Routing, ADestinationMayRingForATimeOfItsOwn) {  // API-097
    leads_to(to("user", model::UserId{2}, 5.0));
    const auto outside = outside_calls();
    office.pass(4999ms);
    EXPECT_EQ(office.end_of(outside), Cause::Unknown);
    office.pass(1ms);
    EXPECT_EQ(office.end_of(outside), Cause::NoAnswer);
}

TEST_F(Routing, AnExtensionIsLookedUpInItsContext) {  // API-097
    leads_to(to_extension("1003", "default"));
    outside_calls();
    EXPECT_THAT(office.rung(), ElementsAre("carol"));
}

TEST_F(Routing, AGroupRings) {  // API-097
    model::Group group;
    group.id = model::GroupId{1};
    group.name = "all";
    group.users = {model::UserId{1}, model::UserId{3}};
    office.configure([&](model::SnapshotBuilder& builder) { builder.put(group); });
    leads_to(to("group", group.id));
    outside_calls();
    EXPECT_THAT(office.rung(), ElementsAre("alice", "carol"));
}

TEST_F(Routing, AnExtensionThatLeadsBackToItselfEnds) {
    leads_to(to_extension("1000", "from-extern"));
    const auto outside = outside_calls();
    EXPECT_EQ(office.end_of(outside), Cause::ExchangeRoutingError);
}

TEST_F(Routing, ACallEndsAsItIsTold) {  // API-097
    leads_to(to_hang_up("busy", 5));
    EXPECT_EQ(office.end_of(outside_calls()), Cause::UserBusy);
    leads_to(to_hang_up("congestion"));
    EXPECT_EQ(office.end_of(outside_calls()), Cause::SwitchingCongestion);
    leads_to(to_hang_up("normal"));
    EXPECT_EQ(office.end_of(outside_calls()), Cause::CallRejected) << "what was not answered is declined";
    model::Destination none;
    none.type = "none";
    leads_to(none);
    EXPECT_EQ(office.end_of(outside_calls()), Cause::CallRejected);
}

TEST_F(Routing, ASoundIsPlayedToACallerWhoIsAnswered) {  // API-097, ADB-009
    leads_to(to_sound("closed"));
    const auto outside = outside_calls();
    EXPECT_EQ(office.phones.count("answer"), 1U);
    EXPECT_EQ(office.played(), "/sounds/en_US/closed.wav");
    office.finish_sound();
    EXPECT_EQ(office.end_of(outside), Cause::NormalClearing);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Routing, ASoundCanBePlayedBeforeTheAnswerOrOnlyAfterIt) {  // ADB-009
    auto sound = to_sound("closed");
    sound.no_answer = true;
    leads_to(sound);
    outside_calls();
    EXPECT_EQ(office.phones.count("answer"), 0U);
    EXPECT_EQ(office.phones.count("progress"), 1U);
    sound.no_answer = false;
    sound.skip = true;
    leads_to(sound);
    const auto outside = outside_calls();
    EXPECT_EQ(office.end_of(outside), Cause::CallRejected);
}

TEST_F(Routing, ASoundThatIsNotThereEndsTheCall) {
    leads_to(to_sound("nothing"));
    const auto outside = outside_calls();
    office.finish_sound(false);
    EXPECT_EQ(office.end_of(outside), Cause::NormalClearing);
}

TEST_F(Routing, WhatIsNotServedYetSaysSo) {
    model::Destination queue;
    queue.type = "queue";
    leads_to(queue);
    const auto outside = outside_calls();
    EXPECT_EQ(office.end_of(outside), Cause::SwitchingCongestion);
    EXPECT_THAT(office.why("SIP/provider-00000001"), HasSubstr("queue cannot take calls"));
}

TEST_F(Routing, WhoIsTransferredToASoundHearsItAlone) {
    const auto alice = office.call("alice", "1003");
    office.answer(office.invited(0));
    office.configure([](model::SnapshotBuilder& builder) {
        auto context = *builder.so_far().context("default");
        context.includes = {"from-extern"};
        builder.put(context);
    });
    leads_to(to_sound("closed"));
    office.transfer(office.invited(0), "1000");
    EXPECT_EQ(office.end_of(office.invited(0)), Cause::NormalClearing) << "the transfer is done";
    EXPECT_EQ(office.played(), "/sounds/en_US/closed.wav");
    EXPECT_EQ(office.end_of(alice), Cause::Unknown);
    office.finish_sound();
    EXPECT_EQ(office.end_of(alice), Cause::NormalClearing);
}

TEST_F(Routing, OutsideOpeningHoursTheScheduleDecides) {  // ADB-010, ADB-157, ADB-158
    model::Schedule schedule;
    schedule.id = model::ScheduleId{1};
    schedule.name = "workinghours";
    schedule.closed_destination = to_extension("1003", "default");
    // The office's clock stands at Friday, 2015-11-20 16:37 UTC.
    schedule.open_periods = {{"09:00", "16:30", {1, 2, 3, 4, 5}, {}, {}}};
    incall.schedule = schedule.id;
    save();
    office.configure([&](model::SnapshotBuilder& builder) { builder.put(schedule); });
    outside_calls();
    EXPECT_THAT(office.rung(), ElementsAre("carol"));
    schedule.open_periods[0].hours_end = "18:00";
    office.configure([&](model::SnapshotBuilder& builder) { builder.put(schedule); });
    outside_calls();
    EXPECT_THAT(office.rung(), ElementsAre("carol", "bob"));
    EXPECT_THAT(office.why("SIP/provider-00000001"), HasSubstr("workinghours) is closed on Friday 16:37"));
}

TEST_F(Routing, AUserHasAScheduleToo) {  // ADB-158
    model::Schedule schedule;
    schedule.id = model::ScheduleId{1};
    schedule.closed_destination = to_hang_up("congestion");
    schedule.open_periods = {{"09:00", "12:00", {}, {}, {}}};
    auto bob = office.user(2);
    bob.schedule = schedule.id;
    office.configure([&](model::SnapshotBuilder& builder) {
        builder.put(schedule);
        builder.put(bob);
    });
    EXPECT_EQ(office.end_of(office.call("alice", "1002")), Cause::SwitchingCongestion);
    EXPECT_TRUE(office.rung().empty());
}

TEST(RoutingWithRules, TheCallersNumberIsChangedBeforeAnybodySeesIt) {  // INS-024
    auto settings = CallOffice::default_settings();
    settings.caller_numbers = *parse_caller_number_rules("[national]\ncallerid = ^0\nstrip = 1\nadd = +33\n");
    CallOffice office(settings);
    office.configure([](model::SnapshotBuilder& builder) {
        model::EndpointSip endpoint;
        endpoint.id = model::EndpointSipId{101};
        endpoint.username = "provider";
        builder.put(endpoint);
        model::Trunk trunk;
        trunk.id = model::TrunkId{1};
        trunk.context = "default";
        trunk.endpoint_sip = endpoint.id;
        builder.put(trunk);
    });
    office.call_by(1, "1002", {"", "0612345678"});
    EXPECT_EQ(office.phones.invited.at(0).second.caller.number, "+33612345678");
    EXPECT_EQ(office.events.call_events().at(0).caller_number, "+33612345678");
}

TEST(RoutingInAnotherZone, TheScheduleGoesByItsOwnClock) {  // ADB-154, ADB-155
    auto settings = CallOffice::default_settings();
    auto zones = std::make_shared<TimeZones>();
    ASSERT_TRUE(zones->load("America/New_York"));
    settings.time_zones = zones;
    CallOffice office(settings);
    model::Schedule schedule;
    schedule.id = model::ScheduleId{1};
    schedule.timezone = "America/New_York";
    schedule.closed_destination = to_hang_up("busy");
    schedule.open_periods = {{"11:30", "12:00", {}, {}, {}}};  // 16:30 to 17:00 UTC
    auto bob = office.user(2);
    bob.schedule = schedule.id;
    office.configure([&](model::SnapshotBuilder& builder) {
        builder.put(schedule);
        builder.put(bob);
    });
    office.call("alice", "1002");
    EXPECT_EQ(office.phones.invited.size(), 1U);
}

}  // namespace
}  // namespace almon::pbx
