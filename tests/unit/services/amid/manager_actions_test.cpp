// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/amid/manager_actions.hpp"

#include <condition_variable>
#include <optional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/amid/amid.hpp"
#include "support/manager_desk_fixture.hpp"

namespace almon::services {
namespace {

using ami::Message;
using ami::Reply;

using ManagerActionsTest = ManagerDeskTest;

TEST_F(ManagerActionsTest, AreFoundByNameWhateverItsCase) {
    std::set<std::string_view> names;
    for (const auto& action : manager_actions()) {
        EXPECT_TRUE(names.insert(action.name).second) << action.name;
        EXPECT_FALSE(action.summary.empty());
        EXPECT_EQ(manager_action(action.name), &action);
    }
    EXPECT_EQ(manager_action("coreshowchannels")->name, "CoreShowChannels");
    EXPECT_EQ(manager_action("CoreShowChannel"), nullptr);
}

TEST_F(ManagerActionsTest, SayWhatTheSystemIs) {
    const auto settings = ask({{"Action", "CoreSettings"}}).response;
    EXPECT_EQ(settings.find("AsteriskVersion"), "Almon 9.9");
    EXPECT_EQ(settings.find("SystemName"), "office");
    EXPECT_EQ(settings.find("CoreMaxCalls"), "50");
    talk();
    EXPECT_EQ(ask({{"Action", "CoreStatus"}}).response.find("CoreCurrentCalls"), "2");
    EXPECT_EQ(ask({{"Action", "Ping"}}).response.find("Ping"), "Pong");
}

TEST_F(ManagerActionsTest, ListChannelsWithTheirPeers) {
    talk();
    const auto list = ask({{"Action", "CoreShowChannels"}});
    EXPECT_EQ(list.response.find("EventList"), "start");
    ASSERT_EQ(list.events.size(), 3u);
    const auto& alice = list.events[0];
    EXPECT_EQ(alice.find("Event"), "CoreShowChannel");
    EXPECT_EQ(alice.find("CallerIDNum"), "1001");
    EXPECT_EQ(alice.find("ConnectedLineNum"), "1002");
    EXPECT_EQ(alice.find("Application"), "Dial");
    EXPECT_EQ(alice.find("Context"), "default");
    EXPECT_EQ(list.events[1].find("Linkedid"), alice.find("Uniqueid"));
    EXPECT_EQ(list.events[2].find("Event"), "CoreShowChannelsComplete");
    EXPECT_EQ(list.events[2].find("ListItems"), "2");
    const auto one = ask({{"Action", "Status"}, {"Channel", std::string(alice.find("Channel"))}});
    ASSERT_EQ(one.events.size(), 2u);
    EXPECT_EQ(one.events[0].find("Uniqueid"), alice.find("Uniqueid"));
    EXPECT_EQ(message_of({{"Action", "Status"}, {"Channel", "SIP/nobody-1"}}), "No such channel");
}

TEST_F(ManagerActionsTest, TellACallFromItsBeginningToItsEnd) {  // API-005
    const auto alice = office.call("alice", "1002");
    EXPECT_THAT(names_heard(), testing::IsSupersetOf({"Newchannel", "Newstate", "Newexten", "DialBegin"}));
    office.answer(office.invited(0));
    EXPECT_THAT(names_heard(), testing::IsSupersetOf({"DialEnd", "Newstate", "BridgeCreate", "BridgeEnter"}));
    office.hang_up(alice);
    std::vector<std::string> names;
    for (const auto& event : take_heard()) {
        if (event.name != "DeviceStateChange" && event.name != "ExtensionStatus") names.push_back(event.name);
        if (event.name == "Hangup") {
            EXPECT_EQ(event.fields.find("Cause"), "16");
        }
    }
    EXPECT_THAT(names,
                testing::ElementsAre("BridgeLeave", "BridgeLeave", "BridgeDestroy", "Hangup", "Hangup"));
}

TEST_F(ManagerActionsTest, HangUpWhatIsNamed) {
    talk();
    const auto list = ask({{"Action", "CoreShowChannels"}});
    const std::string channel(list.events.at(1).find("Channel"));
    EXPECT_EQ(message_of({{"Action", "Hangup"}}), "No channel specified");
    EXPECT_EQ(message_of({{"Action", "Hangup"}, {"Channel", channel}}), "Channel Hungup");
    EXPECT_EQ(message_of({{"Action", "Hangup"}, {"Channel", channel}}), "No such channel");
    EXPECT_EQ(office.core->channel_count(), 0u);
}

TEST_F(ManagerActionsTest, OriginateAnswersWhenThePhoneDoes) {
    begin({{"Action", "Originate"},
           {"Channel", "SIP/alice"},
           {"Exten", "1002"},
           {"Context", "default"},
           {"Timeout", "5000"},
           {"CallerID", "Shop <77>"},
           {"Variable", "A=1,B=2,3"},
           {"Variable", "C=x"},
           {"Account", "sales"}});
    EXPECT_TRUE(answers.empty()) << "it rings";
    const auto rung = take_heard();
    ASSERT_FALSE(rung.empty());
    const std::string channel(rung.front().fields.find("Channel"));
    const auto value = [&](std::string name) {
        const auto got = ask({{"Action", "Getvar"}, {"Channel", channel}, {"Variable", std::move(name)}});
        return std::string(got.response.find("Value"));
    };
    EXPECT_EQ(value("A"), "1");
    EXPECT_EQ(value("B"), "2,3") << "what is no assignment belongs to the value";
    EXPECT_EQ(value("C"), "x");
    EXPECT_EQ(value("CHANNEL(accountcode)"), "sales");
    office.answer(office.invited(0));
    settle();
    ASSERT_EQ(answers.size(), 1u);
    EXPECT_EQ(answers[0].response.find("Message"), "Originate successfully queued");
}

TEST_F(ManagerActionsTest, OriginateFailsWhereNobodyAnswersInTime) {
    begin({{"Action", "Originate"},
           {"Channel", "Local/1001@default/n"},
           {"Exten", "1002"},
           {"Context", "default"},
           {"Timeout", "5000"}});
    office.pass(std::chrono::milliseconds(4900));
    settle();
    EXPECT_TRUE(answers.empty());
    office.pass(std::chrono::milliseconds(200));
    settle();
    ASSERT_EQ(answers.size(), 1u);
    EXPECT_EQ(answers[0].response.find("Message"), "Originate failed");
    answers.clear();
    EXPECT_EQ(message_of({{"Action", "Originate"},
                          {"ActionID", "x7"},
                          {"Channel", "SIP/alice"},
                          {"Exten", "1002"},
                          {"Async", "true"}}),
              "Originate successfully queued");
    take_heard();
    office.refuse(office.invited(1), pbx::Cause::UserBusy);
    settle();
    const auto told = take_heard();
    const auto response = std::ranges::find(told, "OriginateResponse", &ami::Event::name);
    ASSERT_NE(response, told.end());
    EXPECT_EQ(response->fields.find("ActionID"), "x7");
    EXPECT_EQ(response->fields.find("Response"), "Failure");
    EXPECT_EQ(response->fields.find("Reason"), "5");
}

TEST_F(ManagerActionsTest, OriginateRefusesWhatItCannotDo) {
    const auto refused = [&](const char* name, const char* value) {
        Message order{{"Action", "Originate"}};
        order.add(name, value);
        order.add("Channel", "SIP/alice").add("Exten", "1002").add("Context", "default");
        return message_of(order);
    };
    EXPECT_EQ(refused("Channel", "SIP/nobody"), "Channel is no line of a user");
    EXPECT_EQ(refused("Channel", "PJSIP/alice"), "Channel is no line of a user");
    EXPECT_EQ(refused("Exten", "1999"), "extension leads nowhere in context default");
    EXPECT_EQ(refused("Context", "nowhere"), "context is no context");
    EXPECT_EQ(refused("Timeout", "0"), "Timeout must be a number of milliseconds from 1 to 3600000");
    EXPECT_EQ(refused("Variable", "=1"), "Variable must be name=value");
    EXPECT_EQ(refused("Priority", "n"), "Priority must be 1");
    EXPECT_EQ(refused("Application", "Wait"), "Application is not supported: give Exten and Context");
    EXPECT_EQ(office.core->channel_count(), 0u);
}

TEST_F(ManagerActionsTest, RedirectSendsAPartyAway) {
    talk();
    const auto list = ask({{"Action", "CoreShowChannels"}});
    const std::string alice(list.events.at(0).find("Channel"));
    EXPECT_EQ(message_of({{"Action", "Redirect"}, {"Channel", alice}}), "Exten is missing");
    EXPECT_EQ(message_of({{"Action", "Redirect"}, {"Channel", alice}, {"Exten", "1003"}}),
              "Redirect successful");
    ASSERT_EQ(office.phones.invited.size(), 2u);
    office.answer(office.invited(1));
    EXPECT_THAT(names_heard(), testing::IsSupersetOf({"BlindTransfer", "BridgeEnter"}));
    EXPECT_EQ(office.core->channel_count(), 2u);
}

TEST_F(ManagerActionsTest, VariablesAreSetOnCalls) {
    talk();
    const std::string channel(ask({{"Action", "CoreShowChannels"}}).events.at(0).find("Channel"));
    const auto set = [&](std::string name, std::string value) {
        return message_of({{"Action", "Setvar"},
                           {"Channel", channel},
                           {"Variable", std::move(name)},
                           {"Value", std::move(value)}});
    };
    EXPECT_EQ(set("A", "1"), "Variable Set");
    EXPECT_EQ(set("A", "2"), "Variable Set");
    EXPECT_EQ(set("EXTEN", "2"), "EXTEN cannot be set");
    EXPECT_EQ(set("", "2"), "No variable specified");
    EXPECT_EQ(ask({{"Action", "Getvar"}, {"Channel", channel}, {"Variable", "A"}}).response.find("Value"),
              "2");
    EXPECT_EQ(ask({{"Action", "Getvar"}, {"Channel", channel}, {"Variable", "EXTEN"}}).response.find("Value"),
              "1002");
    std::string refused;
    for (int number = 0; number < 1000 && refused.empty(); ++number)
        if (const auto told = set("V" + std::to_string(number), "x"); told != "Variable Set") refused = told;
    EXPECT_EQ(refused, "variable is one too many for this call");
}

TEST_F(ManagerActionsTest, ShowTheStateOfNumbersAndPhones) {
    const auto state = [&](std::string exten) {
        return std::string(
            ask({{"Action", "ExtensionState"}, {"Exten", std::move(exten)}, {"Context", "default"}})
                .response.find("Status"));
    };
    EXPECT_EQ(state("1002"), "4") << "no phone has registered with the feed";
    EXPECT_EQ(state("1999"), "-1");
    const auto ringing = office.call("alice", "1002");
    EXPECT_EQ(state("1001"), "1");
    EXPECT_EQ(state("1002"), "8");
    office.hang_up(ringing);
    EXPECT_EQ(ask({{"Action", "ExtensionStateList"}}).events.size(), 5u);
    EXPECT_EQ(ask({{"Action", "DeviceStateList"}}).events.size(), 5u);
    bus::StoredContact contact;
    contact.username = "bob";
    contact.uri = "sip:bob@192.0.2.7";
    contact.remote = *NetAddress::parse("192.0.2.7", 5070);
    bus.emit(bus::ContactBound{contact});
    const auto told = take_heard();
    ASSERT_FALSE(told.empty());
    const auto registered = std::ranges::find(told, "PeerStatus", &ami::Event::name);
    ASSERT_NE(registered, told.end());
    EXPECT_EQ(registered->fields.find("Address"), "192.0.2.7:5070");
    const auto bob = ask({{"Action", "SIPshowpeer"}, {"Peer", "bob"}}).response;
    EXPECT_EQ(bob.find("IPaddress"), "192.0.2.7");
    EXPECT_EQ(bob.find("DeviceState"), "NOT_INUSE");
    EXPECT_EQ(message_of({{"Action", "SIPshowpeer"}, {"Peer", "zoe"}}), "Peer zoe not found.");
    EXPECT_EQ(message_of({{"Action", "MailboxCount"}, {"Mailbox", "1001"}}), "No such mailbox");
}

TEST_F(ManagerActionsTest, CommandShowsAndChangesNothing) {  // INS-130
    talk();
    const auto output = [&](std::string command) {
        std::vector<std::string> lines;
        const auto reply = ask({{"Action", "Command"}, {"Command", std::move(command)}});
        for (const auto line : reply.response.all("Output"))
            lines.emplace_back(line);
        return lines;
    };
    EXPECT_THAT(output("core show version"), testing::ElementsAre("Almon 9.9"));
    EXPECT_THAT(output(" core\tshow  channels count "),
                testing::ElementsAre("2 active channels", "1 active call"));
    EXPECT_EQ(output("core show channels").size(), 5u);
    EXPECT_EQ(output("core show channels concise").size(), 2u);
    EXPECT_EQ(output("core show hints").back(), "4 hints registered");
    EXPECT_EQ(output("sip show peers").back(), "4 sip peers");
    EXPECT_THAT(output("core restart now").front(), testing::HasSubstr("No such command 'core restart now'"));
    EXPECT_EQ(office.core->channel_count(), 2u);
}

TEST(AmidBody, BecomesAMessage) {
    const auto message =
        action_message("Originate", R"({"Action":"Hangup","ActionID":"1","Async":true,"Timeout":500,)"
                                    R"("Variable":["A=1","B=2"],"Account":null,"CallerID":"Zoë <7>"})");
    ASSERT_TRUE(message);
    EXPECT_EQ(message->text(),
              "Action: Originate\r\nAsync: true\r\nTimeout: 500\r\nVariable: A=1\r\nVariable: B=2\r\n"
              "CallerID: Zoë <7>\r\n\r\n");
    EXPECT_TRUE(action_message("Ping", ""));
    EXPECT_EQ(action_message("Ping", "[]").error().code, ErrorCode::Malformed);
    EXPECT_EQ(action_message("Ping", R"({"A":{}})").error().field, "A");
    EXPECT_EQ(action_message("Ping", R"({"A":[[]]})").error().code, ErrorCode::InvalidArgument);
}

TEST_F(ManagerActionsTest, PassOnWhatProgramsTellEachOther) {
    EXPECT_EQ(message_of({{"Action", "UserEvent"}}), "UserEvent is missing");
    EXPECT_EQ(
        message_of({{"Action", "UserEvent"}, {"UserEvent", "Door"}, {"Who", "Carol"}, {"Event", "Hangup"}}),
        "Event Sent");
    const auto told = take_heard();
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0].message().text(),
              "Event: UserEvent\r\nPrivilege: user,all\r\nUserEvent: Door\r\nWho: Carol\r\n\r\n");
}

}  // namespace
}  // namespace almon::services
