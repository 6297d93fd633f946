// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/command_line/command.hpp"

#include <optional>
#include <sstream>

#include <gmock/gmock.h>

#include "support/manager_desk_fixture.hpp"

namespace almon::services {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;

class CommandTest : public ManagerDeskTest {
protected:
    CommandTest() {
        desk.why = [this](std::string_view call) { return office.core->why(call); };
        desk.provider_accounts = [this] { return accounts; };
        desk.ailments = [this] { return ailments; };
    }
    Result<Shown> give(const std::string& text, CommandRights rights = CommandRights::Change) {
        std::istringstream stream(text);
        std::vector<std::string> words;
        for (std::string word; stream >> word;)
            words.push_back(word);
        publish();
        auto shown = perform(desk, words, rights);
        publish();
        return shown;
    }
    Shown shown(const std::string& text) {
        auto given = give(text);
        EXPECT_TRUE(given) << given.error().reason;
        return given.value_or(Shown{});
    }
    static std::string id_of(const json::value& listed) { return listed.at("id").as_string().c_str(); }
    Error refused(const std::string& text) {
        const auto given = give(text);
        EXPECT_FALSE(given) << text;
        return given ? Error{} : given.error();
    }

    Result<std::vector<pbx::OutwardRegistrations::Shown>> accounts{};
    std::vector<Ailment> ailments;
};

TEST_F(CommandTest, TheLongestWordsThatFitAreMeant) {
    const auto words_of = [](std::vector<std::string> words) {
        const auto given = command_in(words);
        return given.command == nullptr ? "" : std::string(given.command->words);
    };
    EXPECT_EQ(words_of({"core", "show", "channels"}), "channels");
    EXPECT_EQ(words_of({"core", "show", "channels", "count"}), "core show channels count");
    EXPECT_EQ(words_of({"sip", "show", "registry"}), "sip show registry");
    EXPECT_EQ(words_of({"registrations"}), "sip show registry");
    EXPECT_EQ(words_of({"core", "show"}), "");
    EXPECT_EQ(words_of({}), "");
}

TEST_F(CommandTest, ArgumentsAreCounted) {
    EXPECT_EQ(refused("call 1001").reason, "'call' takes <from> <to>");
    EXPECT_EQ(refused("why 1 2").reason, "'why' takes [<call>]");
    EXPECT_EQ(refused("status now").reason, "'status' takes no argument");
    EXPECT_EQ(refused("core restart").code, ErrorCode::NotFound);
    EXPECT_EQ(command_in(std::vector<std::string>{"call"}).command->takes().size(), 2u);
}

TEST_F(CommandTest, WhoMayOnlyLookChangesNothing) {  // INS-130
    for (const auto* command : {"call 1001 1002", "hangup 1.1", "channel request hangup 1.1"}) {
        const auto given = give(command, CommandRights::Look);
        ASSERT_FALSE(given);
        EXPECT_THAT(given.error().reason, HasSubstr("No such command"));
    }
    EXPECT_EQ(office.core->channel_count(), 0u);
    const auto help = shown("core show help");
    for (const auto& line : help.lines)
        EXPECT_THAT(line, testing::Not(testing::StartsWith("call ")));
}

TEST_F(CommandTest, ChannelsAreShownToPeopleAndPrograms) {  // CTR-003, CTR-006
    talk();
    const auto all = shown("channels");
    EXPECT_EQ(all.lines.size(), 5u);
    EXPECT_EQ(all.lines.back(), "1 active call");
    const auto& list = all.json.as_array();
    ASSERT_EQ(list.size(), 2u);
    EXPECT_EQ(list[0].at("number"), "1002");
    EXPECT_EQ(list[0].at("state"), "Up");
    EXPECT_EQ(list[0].at("caller_number"), "1001");
    EXPECT_EQ(list[1].at("linked_id"), list[0].at("id"));
    EXPECT_EQ(shown("core show channels count").json, (json::value{{"channels", 2}, {"calls", 1}}));
}

TEST_F(CommandTest, ACallIsMadeAndEnded) {
    const auto made = shown("call 1001 1002");
    const auto id = id_of(made.json);
    EXPECT_THAT(made.lines,
                ElementsAre(id + ": the phone of 1001 rings, and calls 1002 once it is answered"));
    EXPECT_EQ(office.core->channel_count(), 1u);
    EXPECT_EQ(id_of(shown("channels").json.at(0)), id);
    shown("hangup " + id);
    EXPECT_EQ(office.core->channel_count(), 0u);
    EXPECT_EQ(refused("hangup " + id).reason, id + " is not up");
}

TEST_F(CommandTest, WhoCallsIsNamedByNumberContextOrAccount) {
    for (const auto* from : {"alice", "SIP/alice", "1001@default"}) {
        const auto id = id_of(shown(std::string("call ") + from + " 1002").json);
        EXPECT_THAT(shown("channels").json.at(0).at("name").as_string().c_str(), HasSubstr("alice"));
        shown("hangup " + id);
    }
    EXPECT_EQ(refused("call 4711 1002").field, "from");
    EXPECT_EQ(refused("call SIP/nobody 1002").reason, "SIP/nobody is no line");
    EXPECT_EQ(refused("call 1001@nowhere 1002").reason, "1001@nowhere is no line");
}

TEST_F(CommandTest, ACallExplainsItself) {
    talk();
    const auto id = id_of(shown("channels").json.at(0));
    const auto why = shown("why " + id);
    EXPECT_THAT(why.lines, testing::Contains(HasSubstr("1002")));
    EXPECT_EQ(why.json.as_array().size(), why.lines.size());
    EXPECT_EQ(refused("why 4711.1").code, ErrorCode::NotFound);
}

TEST_F(CommandTest, TheDialplanIsShownAndLookedUp) {
    const auto all = shown("dialplan show");
    EXPECT_THAT(all.lines, testing::Contains(HasSubstr("(Bob Durand)")));
    EXPECT_EQ(all.json.at(0).at("context"), "default");
    const auto one = shown("dialplan show annex");
    ASSERT_EQ(one.json.as_array().size(), 1u);
    EXPECT_THAT(one.lines, testing::Contains(HasSubstr("2001")));
    const auto found = shown("dialplan show 1002@default");
    EXPECT_EQ(found.json.at("found"), true);
    EXPECT_THAT(found.lines.back(), HasSubstr("user"));
    EXPECT_EQ(shown("dialplan show 4711@default").json.at("found"), false);
    EXPECT_EQ(refused("dialplan show nowhere").reason, "nowhere does not exist");
}

TEST_F(CommandTest, PeersAndAccountsAtProvidersAreShown) {
    EXPECT_EQ(shown("sip show peers").json.as_array().size(), 4u);
    EXPECT_THAT(shown("registrations").lines, ElementsAre("No account at a provider is configured."));
    using enum pbx::OutwardRegistrations::State;
    accounts->push_back({"me@provider.example", Registered, "", 60s});
    accounts->push_back({"me@other.example", Refused, "403 Forbidden", 0s});
    const auto registry = shown("sip show registry");
    EXPECT_THAT(registry.lines, ElementsAre(HasSubstr("60 s"), HasSubstr("403 Forbidden")));
    EXPECT_EQ(registry.json.at(1).at("state"), "refused");
}

TEST_F(CommandTest, TheStatusSaysWhatDoesNotWork) {  // CTR-003
    talk();
    auto status = shown("status");
    EXPECT_THAT(status.lines, testing::Contains("Health:    all is well"));
    EXPECT_EQ(status.json.at("status"), "ok");
    EXPECT_EQ(status.json.at("channels"), 2);
    EXPECT_EQ(status.json.at("calls"), 1);
    EXPECT_EQ(status.json.at("phones").at("accounts"), 4);
    ailments = {{"database", "does not answer"}};
    status = shown("status");
    EXPECT_EQ(status.lines.back(), "FAILING:   database: does not answer");
    EXPECT_EQ(status.json.at("failing").at(0).at("part"), "database");
}

}  // namespace
}  // namespace almon::services
