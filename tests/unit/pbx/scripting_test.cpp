// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/current.hpp"
#include "dialplan/dialplan.hpp"
#include "model/group.hpp"
#include "model/incall.hpp"
#include "model/trunk.hpp"
#include "support/call_office.hpp"
#include "support/destinations.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using test::CallOffice;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// An office whose administrator has written a dialplan.
class Written : public testing::Test {
protected:
    static CallCoreSettings settings(std::shared_ptr<const Current<dialplan::Dialplan>> current) {
        auto chosen = CallOffice::default_settings();
        chosen.dialplan = std::move(current);
        return chosen;
    }
    void write(const std::string& text) {
        auto read = dialplan::read_dialplan({{"test.conf", text}}, CallCore::script_applications());
        for (const auto& error : read.errors)
            ADD_FAILURE() << error.sentence();
        EXPECT_THAT(read.warnings, IsEmpty());
        current->set(read.dialplan);
    }
    void type(ChannelId who, std::string_view keys) {
        for (const char key : keys)
            office.press(who, key);
    }
    [[nodiscard]] bool is_over(ChannelId who) const { return office.phones.ended.contains(who); }

    std::shared_ptr<Current<dialplan::Dialplan>> current = std::make_shared<Current<dialplan::Dialplan>>();
    CallOffice office{settings(current)};
};

/// The menu of the documentation, with its two contexts.
constexpr const char* kMenu = R"(
[xivo-extrafeatures]
exten => 8899,1,Goto(dp-ivr-example,s,1)
[dp-ivr-example]
exten = s,1,NoOp(### dp-ivr-example.conf ###)
same = n,Set(IVR_DESTINATION_CONTEXT=default)
same = n,Set(GV_DIRECTORY_SOUNDS=/var/lib/xivo/sounds/ivr-sounds)
same = n,Answer(1000)
same = n(first),Playback(${GV_DIRECTORY_SOUNDS}/welcome)
same = n(beginning),Set(counter=0)
same = n(start),Set(counter=${counter} + 1)
same = n,Wait(1)
same = n,Background(${GV_DIRECTORY_SOUNDS}/choices)
same = n,Waitexten(5)
exten = 1,1,Goto(${IVR_DESTINATION_CONTEXT},1002,1)
exten = 3,1,Goto(dp-ivr-submenu,s,1)
exten = 4,1,NoOp(again)
exten = 4,n,Goto(s,start)
exten = t,1,NoOp(no digit pressed for 5s, process it like an error)
exten = t,n,Goto(i,1)
exten = i,1,GotoIf(${counter}>=3?error)
exten = i,n,Playback(${GV_DIRECTORY_SOUNDS}/invalid)
exten = i,n,Goto(s,start)
exten = i,n(error),Playback(${GV_DIRECTORY_SOUNDS}/error)
exten = i,n,Hangup()
[dp-ivr-submenu]
exten = s,1,Answer(1000)
same = n(beginning),Set(counter=0)
same = n,Background(${GV_DIRECTORY_SOUNDS}/submenu)
same = n,Waitexten(5)
exten = 1,1,Goto(${IVR_DESTINATION_CONTEXT},1003,1)
exten = 3,1,Goto(dp-ivr-example,s,beginning)
)";

class WrittenMenu : public Written {
protected:
    WrittenMenu() { write(kMenu); }
    /// Until the choices are heard.
    ChannelId begin() {
        const auto caller = office.call("alice", "8899");
        office.pass(1s);
        EXPECT_EQ(office.played(), "/var/lib/xivo/sounds/ivr-sounds/welcome.wav");
        office.finish_sound();
        office.pass(1s);
        EXPECT_EQ(office.played(), "/var/lib/xivo/sounds/ivr-sounds/choices.wav");
        return caller;
    }
};

TEST_F(WrittenMenu, AChoiceLeadsToTheNumbersOfTheOffice) {  // ADB-048, ADB-050, ADB-054, ADB-056
    const auto alice = begin();
    EXPECT_EQ(office.phones.count("answer"), 1U);
    type(alice, "1");
    EXPECT_THAT(office.rung(), ElementsAre("bob"));
    office.answer(office.invited(0));
    EXPECT_EQ(office.core->bridge_count(), 1U);
    office.hang_up(office.invited(0));
    EXPECT_TRUE(is_over(alice));
    EXPECT_THAT(office.why("SIP/alice-00000001"), HasSubstr("dp-ivr-example,s,4: Answer(1000)"));
}

TEST_F(WrittenMenu, GivesThreeTries) {  // ADB-046, ADB-049, ADB-057
    const auto alice = begin();
    office.finish_sound();
    office.pass(1ms);
    office.pass(5s);
    EXPECT_EQ(office.played(), "/var/lib/xivo/sounds/ivr-sounds/invalid.wav")
        << "nothing pressed is an error";
    office.finish_sound();
    office.pass(1s);
    type(alice, "9");
    EXPECT_EQ(office.played(), "/var/lib/xivo/sounds/ivr-sounds/invalid.wav");
    office.finish_sound();
    office.pass(1s);
    EXPECT_EQ(office.played(), "/var/lib/xivo/sounds/ivr-sounds/choices.wav");
    type(alice, "9");
    EXPECT_EQ(office.played(), "/var/lib/xivo/sounds/ivr-sounds/error.wav");
    EXPECT_FALSE(is_over(alice));
    office.finish_sound();
    EXPECT_TRUE(is_over(alice));
}

TEST_F(WrittenMenu, HasASubmenuThatKnowsItsVariables) {  // ADB-051
    const auto alice = begin();
    type(alice, "3");
    office.pass(1s);
    EXPECT_EQ(office.played(), "/var/lib/xivo/sounds/ivr-sounds/submenu.wav");
    type(alice, "3");
    office.pass(1s);
    EXPECT_EQ(office.played(), "/var/lib/xivo/sounds/ivr-sounds/choices.wav")
        << "the welcome is not heard again";
    type(alice, "3");
    office.pass(1s);
    type(alice, "1");
    EXPECT_THAT(office.rung(), ElementsAre("carol"));
}

TEST_F(WrittenMenu, AKeyMayAskForTheChoicesAgain) {  // ADB-048
    const auto alice = begin();
    for (int times = 0; times < 3; ++times) {
        type(alice, "4");
        office.pass(1s);
        EXPECT_EQ(office.played(), "/var/lib/xivo/sounds/ivr-sounds/choices.wav");
    }
    type(alice, "9");
    EXPECT_EQ(office.played(), "/var/lib/xivo/sounds/ivr-sounds/error.wav") << "the choices were counted";
}

TEST_F(WrittenMenu, WhoHangsUpIsForgotten) {
    office.hang_up(begin());
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Written, AnIncomingCallRunsACommand) {  // ADB-007, ADB-053
    write("[dp]\nexten = s,1,Answer()\nsame = n,SayDigits(${XIVO_DSTNUM})\nsame = n,Hangup()\n");
    office.configure([](model::SnapshotBuilder& builder) {
        model::Context outside;
        outside.id = model::ContextId{50};
        outside.name = "from-extern";
        outside.type = "incall";
        builder.put(outside);
        model::EndpointSip endpoint;
        endpoint.id = model::EndpointSipId{50};
        endpoint.username = "provider";
        builder.put(endpoint);
        model::Trunk trunk;
        trunk.id = model::TrunkId{1};
        trunk.context = "from-extern";
        trunk.endpoint_sip = endpoint.id;
        builder.put(trunk);
        model::Incall incall;
        incall.id = model::IncallId{1};
        incall.destination.type = "custom";
        incall.destination.command = "Goto(dp,s,1)";
        builder.put(incall);
        model::Extension extension{model::ExtensionId{90}, "0141", "from-extern"};
        extension.leads_to = {&model::declaration_of<model::Incall>(), 1};
        builder.put(extension);
    });
    const auto caller = office.call_by(1, "0141", {"", "0612345678"});
    EXPECT_THAT(office.hear_all(), ElementsAre("digits/0", "digits/1", "digits/4", "digits/1"));
    EXPECT_TRUE(is_over(caller));
}

TEST_F(Written, DialTriesOneAfterTheOther) {
    write(R"([xivo-extrafeatures]
exten = 77,1,Dial(SIP/bob,10)
same = n,NoOp(${DIALSTATUS})
same = n,ExecIf($["${DIALSTATUS}" = "NOANSWER"]?Dial(Local/1003@default&SIP/nobody,20))
same = n,Busy()
)");
    const auto alice = office.call("alice", "77");
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob"));
    office.ringing(office.invited(0));
    office.pass(10s);
    EXPECT_THAT(office.newly_rung(), ElementsAre("carol"));
    office.refuse(office.invited(1), Cause::UserBusy);
    EXPECT_EQ(office.end_of(alice), Cause::UserBusy);
    EXPECT_THAT(office.why("SIP/alice-00000001"), HasSubstr("NoOp(NOANSWER)"));
}

TEST_F(Written, WhoIsReachedTalksAndTheCallerGoesOn) {
    write(R"([xivo-extrafeatures]
exten = 77,1,Set(_ONE=1)
same = n,Set(__ALL=2)
same = n,Set(NONE=3)
same = n,Dial(SIP/bob,10,g)
same = n,Playback(goodbye)
same = n,Set(GLOBAL(LAST)=${EXTEN})
exten = 78,1,NoOp(${LAST})
same = n,Congestion()
)");
    const auto alice = office.call("alice", "77");
    office.answer(office.invited(0));
    std::string bob;
    for (const auto& event : office.events.call_events()) {
        if (event.channel_name == "SIP/bob-00000002") bob = event.unique_id;
    }
    EXPECT_EQ(office.core->variable(bob, "ONE"), "1") << "handed on to who is called";
    EXPECT_EQ(office.core->variable(bob, "ALL"), "2");
    EXPECT_EQ(office.core->variable(bob, "NONE"), "");
    EXPECT_EQ(office.core->bridge_count(), 1U);
    office.hang_up(office.invited(0));
    EXPECT_FALSE(is_over(alice));
    EXPECT_THAT(office.hear_all(), ElementsAre("goodbye"));
    EXPECT_TRUE(is_over(alice));
    office.call("alice", "78");
    EXPECT_THAT(office.why("SIP/alice-00000003"), HasSubstr("78,1: NoOp(77)"));
}

TEST_F(Written, ADialThatFailsAtOnceDoesNotPileUp) {
    write("[xivo-extrafeatures]\nexten = 77,1,Dial(SIP/nobody)\nsame = n,Goto(1)\n");
    const auto alice = office.call("alice", "77");
    EXPECT_EQ(office.end_of(alice), Cause::ExchangeRoutingError);
    EXPECT_THAT(office.why("SIP/alice-00000001"), HasSubstr("goes in circles in the dialplan"));
}

TEST_F(Written, DigitsAndPasswordsAreAskedFor) {
    write(R"([xivo-extrafeatures]
exten = 77,1,Read(code,enter&code,4,,2,3)
same = n,SayDigits(${code})
same = n,Authenticate(1234)
same = n,Playback(inside)
)");
    const auto alice = office.call("alice", "77");
    EXPECT_THAT(office.hear_all(), ElementsAre("enter", "code"));
    office.pass(3s);
    EXPECT_THAT(office.hear_all(), ElementsAre("enter", "code")) << "it is asked for again";
    type(alice, "12#");
    EXPECT_THAT(office.hear_all(), ElementsAre("digits/1", "digits/2", "password"));
    type(alice, "99#");
    EXPECT_THAT(office.hear_all(), ElementsAre("password-wrong", "password"));
    type(alice, "1234#");
    EXPECT_THAT(office.hear_all(), ElementsAre("inside"));
    EXPECT_TRUE(is_over(alice));
    EXPECT_THAT(office.why("SIP/alice-00000001"), Not(HasSubstr("pressed 1234")));
}

TEST_F(Written, TheLastThingIsDoneForWhoHangsUp) {
    write(R"([xivo-extrafeatures]
exten = 77,1,Answer()
same = n,Wait(60)
exten = h,1,Set(GLOBAL(GONE)=${CALLERID(num)})
same = n,Playback(nobody hears it)
exten = 78,1,NoOp(${GONE})
)");
    const auto alice = office.call("alice", "77");
    office.hang_up(alice);
    office.call("bob", "78");
    EXPECT_THAT(office.why("SIP/bob-00000002"), HasSubstr("78,1: NoOp(1001)"));
}

TEST_F(Written, UnknownApplicationsEndTheCall) {
    auto read = dialplan::read_dialplan({{"a", "[xivo-extrafeatures]\nexten = 77,1,FlyAway(now)\n"}}, {});
    current->set(read.dialplan);
    EXPECT_EQ(office.end_of(office.call("alice", "77")), Cause::SwitchingCongestion);
    EXPECT_THAT(office.why("SIP/alice-00000001"), HasSubstr("there is no application FlyAway"));
}

TEST_F(Written,
       AUsersSubroutineRunsBeforeThePhonesRing) {  // API-206, API-213, INS-137
    write(R"([bobs]
exten = s,1,NoOp(${XIVO_SRCNUM} calls ${XIVO_DSTNUM} ${XIVO_CALLORIGIN} ${XIVO_INTERFACE} ${XIVO_MOBILEPHONENUMBER})
same = n,Set(XIVO_SRCNUM=777)
same = n,Set(XIVO_INTERFACE=SIP/carol)
same = n,Return()
)");
    office.change_user(2, [](model::User& bob) {
        bob.preprocess_subroutine = "bobs";
        bob.mobile_phone_number = "0600";
    });
    office.call("alice", "1002");
    EXPECT_THAT(office.rung(), ElementsAre("carol"));
    EXPECT_EQ(office.phones.invited.back().second.caller.number, "777");
    EXPECT_THAT(office.why("SIP/alice-00000001"), HasSubstr("NoOp(1001 calls 1002 intern SIP/bob 0600)"));
    office.call("bob", "1003");
    EXPECT_THAT(office.rung(), ElementsAre("carol", "carol")) << "who has none is called as ever";
}

TEST_F(Written, ASubroutineMayChangeWhoCalls) {
    write("[bobs]\nexten = s,1,Set(CALLERID(num)=555)\nsame = n,Return()\n");
    office.change_user(2, [](model::User& bob) { bob.preprocess_subroutine = "bobs"; });
    office.call("alice", "1002");
    EXPECT_EQ(office.phones.invited.back().second.caller.number, "555");
}

TEST_F(Written, WhoIsTransferredIntoASubroutineHasArrived) {
    write("[carols]\nexten = s,1,Playback(wait)\nsame = n,Return()\n");
    office.change_user(3, [](model::User& carol) { carol.preprocess_subroutine = "carols"; });
    const auto alice = office.call("alice", "1002");
    const auto bob = office.invited(0);
    office.answer(bob);
    office.transfer(bob, "1003");
    EXPECT_THAT(office.hear_all(), ElementsAre("wait"));
    EXPECT_THAT(office.rung(), ElementsAre("bob", "carol"));
    office.answer(office.invited(1));
    EXPECT_EQ(office.core->bridge_count(), 1U);
    office.hang_up(alice);
}

TEST_F(Written, WhoIsTransferredAwayFromAScriptDoesNotComeBackToIt) {
    write("[xivo-extrafeatures]\nexten = 77,1,Dial(SIP/bob,,g)\nsame = n,Playback(goodbye)\n");
    const auto alice = office.call("alice", "77");
    const auto bob = office.invited(0);
    office.answer(bob);
    office.transfer(bob, "1003");
    office.answer(office.invited(1));
    office.hang_up(office.invited(1));
    EXPECT_TRUE(is_over(alice));
}

TEST_F(Written, ARedirectionOutsideIsNotFollowed) {
    write("[xivo-extrafeatures]\nexten = 77,1,Dial(SIP/bob&SIP/carol,20)\nsame = n,Busy()\n");
    office.configure([](model::SnapshotBuilder& builder) {
        model::Group group;
        group.id = model::GroupId{1};
        group.name = "sales";
        builder.put(group);
        model::Extension extension{model::ExtensionId{91}, "3000", "default"};
        extension.leads_to = {&model::declaration_of<model::Group>(), 1};
        builder.put(extension);
    });
    const auto alice = office.call("alice", "77");
    office.redirect(office.invited(0), "3000");
    EXPECT_FALSE(office.phones.ended.contains(office.invited(1))) << "the other one rings on";
    office.refuse(office.invited(1), Cause::CallRejected, Refusal::OfPerson);
    EXPECT_EQ(office.end_of(alice), Cause::UserBusy);
}

TEST_F(Written, OnePersonDeclinesForItself) {
    write("[xivo-extrafeatures]\nexten = 77,1,Dial(SIP/bob&SIP/carol,20)\n");
    office.call("alice", "77");
    office.refuse(office.invited(0), Cause::CallRejected, Refusal::OfPerson);
    EXPECT_FALSE(office.phones.ended.contains(office.invited(1)));
}

TEST_F(Written, UnknownApplicationsEndTheCallOfWhoWasAnsweredToo) {
    auto read = dialplan::read_dialplan(
        {{"a", "[xivo-extrafeatures]\nexten = 77,1,Answer()\nsame = n,FlyAway(now)\n"}}, {});
    current->set(read.dialplan);
    const auto alice = office.call("alice", "77");
    EXPECT_EQ(office.played(), "a tone");
    office.hang_up(alice);
}

TEST_F(Written, ASubroutineMayTakeItsTimeAndTheCallGoesOn) {  // API-208
    write("[bobs]\nexten = s,1,Playback(wait)\nsame = n,Return()\n");
    office.change_user(2, [](model::User& bob) { bob.preprocess_subroutine = "bobs"; });
    const auto alice = office.call("alice", "1002");
    EXPECT_THAT(office.rung(), IsEmpty());
    EXPECT_THAT(office.hear_all(), ElementsAre("wait"));
    EXPECT_THAT(office.rung(), ElementsAre("bob"));
    office.answer(office.invited(0));
    office.hang_up(alice);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Written, ASubroutineMaySendTheCallElsewhere) {  // API-208
    write("[bobs]\nexten = s,1,Goto(default,1003,1)\n");
    office.change_user(2, [](model::User& bob) { bob.preprocess_subroutine = "bobs"; });
    office.call("alice", "1002");
    EXPECT_THAT(office.rung(), ElementsAre("carol"));
}

TEST_F(Written, OneForAllRunsFirstWhereItIsSwitchedOn) {  // API-209
    const std::string subroutines =
        "[xivo-subrgbl-user]\nexten = s,1,Set(X=all)\nsame = n,Return()\n"
        "[bobs]\nexten = s,1,Set(CALLERID(name)=${X} then bob)\nsame = n,Return()\n";
    const std::string globals =
        "XIVO_PRESUBR_GLOBAL_ENABLE = 1\nXIVO_PRESUBR_GLOBAL_USER = xivo-subrgbl-user\n"
        "XIVO_PRESUBR_GLOBAL_GROUP = xivo-subrgbl-group\n";
    office.change_user(2, [](model::User& bob) { bob.preprocess_subroutine = "bobs"; });
    write(globals + subroutines);
    office.call("alice", "1002");
    EXPECT_EQ(office.phones.invited.back().second.caller.name, "all then bob");
    write("XIVO_PRESUBR_GLOBAL_ENABLE = 0\n" + subroutines);
    office.call("alice", "1002");
    EXPECT_EQ(office.phones.invited.back().second.caller.name, " then bob");
    // One that nobody has written is no mistake.
    write(globals + "[other]\nexten = s,1,Return()\n");
    office.call("alice", "1003");
    EXPECT_EQ(office.phones.invited.back().second.endpoint, "carol");
}

TEST_F(Written, AGroupsSubroutineKnowsItsName) {  // API-214
    write("[grp]\nexten = s,1,Set(CALLERID(name)=for ${XIVO_GROUPNAME})\nsame = n,Return()\n");
    office.configure([](model::SnapshotBuilder& builder) {
        model::Group group;
        group.id = model::GroupId{1};
        group.name = "sales";
        group.users = {model::UserId{2}};
        group.preprocess_subroutine = "grp";
        builder.put(group);
        model::Extension extension{model::ExtensionId{91}, "3000", "default"};
        extension.leads_to = {&model::declaration_of<model::Group>(), 1};
        builder.put(extension);
    });
    office.call("alice", "3000");
    EXPECT_EQ(office.phones.invited.back().second.caller.name, "for sales");
}

TEST_F(Written, NumbersOfTheConfigurationGoFirst) {  // ADB-039
    write(
        "[default]\nexten = 1002,1,Busy()\nexten = _5XX,1,Goto(default,1003,1)\ninclude = more\n"
        "[more]\nexten = 600,1,Goto(default,1003,1)\n");
    office.call("alice", "1002");
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob"));
    office.call("alice", "555");
    EXPECT_THAT(office.newly_rung(), ElementsAre("carol"));
    office.call("alice", "600");
    EXPECT_THAT(office.newly_rung(), ElementsAre("carol"));
}

}  // namespace
}  // namespace almon::pbx
