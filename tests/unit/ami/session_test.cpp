// SPDX-License-Identifier: GPL-3.0-or-later
#include "ami/session.hpp"

#include <set>

#include <gtest/gtest.h>

#include "base/digest_hash.hpp"

namespace almon::ami {
namespace {

/// Lets in "panel" with "secret words"; knows Echo, which it may, and Hangup, which it may not.
class FakeOffice final : public Office {
public:
    Result<std::shared_ptr<const Account>> let_in(const std::string& username,
                                                  const std::function<bool(std::string_view)>& proves,
                                                  const NetAddress&) override {
        if (shut) return refuse(ErrorCode::Unavailable, "", "try again later");
        if (username != "panel" || !proves("secret words")) return refuse(ErrorCode::Unauthorized, "", "no");
        return std::make_shared<const Account>(
            Account{"1", username, [](std::string_view action) { return action == "Echo"; },
                    [this](std::string_view about) { return heard.contains(about); }});
    }
    std::string_view action_named(std::string_view name) const override {
        for (const auto known : {"Echo", "Hangup"})
            if (same_name(name, known)) return known;
        return {};
    }
    void perform(const Message& action, std::function<void(Reply)> done) override {
        done(
            {{{"Response", "Success"}}, {{{"Event", "Echoed"}, {"Word", std::string(action.find("Word"))}}}});
    }
    std::string challenge() override { return "123456789"; }

    bool shut = false;
    std::set<std::string, std::less<>> heard{"system", "call", "user", "dialplan"};
};

class AmiSession : public testing::Test {
protected:
    Session::Answer ask(Message message) {
        Session::Answer given;
        session.take(message, [&](Session::Answer answer) { given = std::move(answer); });
        return given;
    }
    void log_in() {
        ask({{"Action", "Login"}, {"Username", "panel"}, {"Secret", "secret words"}});
        ASSERT_TRUE(session.logged_in());
    }

    FakeOffice office;
    Session session{office, NetAddress{}};
};

TEST_F(AmiSession, LetsInWhoKnowsThePassword) {
    EXPECT_TRUE(Session::greeting().starts_with("Asterisk Call Manager/"));
    const auto answer =
        ask({{"Action", "login"}, {"ActionID", "a1"}, {"Username", "panel"}, {"Secret", "secret words"}});
    EXPECT_EQ(answer.text,
              "Response: Success\r\nActionID: a1\r\nMessage: Authentication accepted\r\n\r\n"
              "Event: FullyBooted\r\nPrivilege: system,all\r\nStatus: Fully Booted\r\n\r\n");
    EXPECT_FALSE(answer.ends);
    EXPECT_EQ(session.account()->name, "panel");
}

TEST_F(AmiSession, EndsWhereThePasswordIsWrong) {
    for (const auto* secret : {"", "secret", "secret words and more"}) {
        const auto answer = ask({{"Action", "Login"}, {"Username", "panel"}, {"Secret", secret}});
        EXPECT_EQ(answer.text, "Response: Error\r\nMessage: Authentication failed\r\n\r\n");
        EXPECT_TRUE(answer.ends);
    }
    office.shut = true;
    EXPECT_EQ(ask({{"Action", "Login"}, {"Username", "panel"}, {"Secret", "secret words"}}).text,
              "Response: Error\r\nMessage: try again later\r\n\r\n");
    EXPECT_FALSE(session.logged_in());
}

TEST_F(AmiSession, TakesTheAnswerToAChallengeOnce) {
    const auto key = [](std::string_view text) {
        return std::string(hash_joined(DigestAlgorithm::Md5, {text}).view());
    };
    const Message login{{"Action", "Login"},
                        {"AuthType", "MD5"},
                        {"Username", "panel"},
                        {"Key", key("123456789secret words")}};
    EXPECT_TRUE(ask(login).ends) << "nothing was asked";
    EXPECT_EQ(ask({{"Action", "Challenge"}, {"AuthType", "sha"}}).text,
              "Response: Error\r\nMessage: Must specify AuthType\r\n\r\n");
    const Message challenge{{"Action", "Challenge"}, {"AuthType", "md5"}};
    EXPECT_EQ(ask(challenge).text, "Response: Success\r\nChallenge: 123456789\r\n\r\n");
    EXPECT_TRUE(ask({{"Action", "Login"}, {"AuthType", "MD5"}, {"Username", "panel"}, {"Key", "0"}}).ends);
    EXPECT_TRUE(ask(login).ends) << "that challenge is used up";
    ask(challenge);
    EXPECT_FALSE(ask(login).ends);
    EXPECT_TRUE(session.logged_in());
}

TEST_F(AmiSession, DoesNothingForStrangers) {
    for (const auto* action : {"Echo", "Events", "ListCommands", "Nonsense"})
        EXPECT_EQ(ask({{"Action", action}}).text, "Response: Error\r\nMessage: Permission denied\r\n\r\n");
    EXPECT_EQ(ask({{"ActionID", "7"}}).text,
              "Response: Error\r\nActionID: 7\r\nMessage: Missing action in request\r\n\r\n");
    EXPECT_FALSE(session.hears(EventClass::Call));
}

TEST_F(AmiSession, CarriesOutWhatTheAccountMay) {
    log_in();
    EXPECT_EQ(ask({{"Action", "ECHO"}, {"Word", "hello"}, {"ActionID", "7"}}).text,
              "Response: Success\r\nActionID: 7\r\n\r\n"
              "Event: Echoed\r\nActionID: 7\r\nWord: hello\r\n\r\n");
    EXPECT_EQ(ask({{"Action", "Hangup"}}).text, "Response: Error\r\nMessage: Permission denied\r\n\r\n");
    EXPECT_EQ(ask({{"Action", "Nonsense"}}).text,
              "Response: Error\r\nMessage: Invalid/unknown command: Nonsense. Use Action: ListCommands to "
              "show available commands.\r\n\r\n");
    const auto goodbye = ask({{"Action", "Logoff"}});
    EXPECT_EQ(goodbye.text, "Response: Goodbye\r\nMessage: Thanks for all the fish.\r\n\r\n");
    EXPECT_TRUE(goodbye.ends);
}

TEST_F(AmiSession, TellsTheEventsThatWereAskedForAndAreGranted) {
    office.heard = {"call", "user"};
    log_in();
    EXPECT_TRUE(session.hears(EventClass::Call));
    EXPECT_FALSE(session.hears(EventClass::System)) << "was not granted";
    const auto choose = [&](std::string mask) {
        return ask({{"Action", "Events"}, {"EventMask", std::move(mask)}}).text;
    };
    EXPECT_EQ(choose("off"), "Response: Success\r\nEvents: Off\r\n\r\n");
    EXPECT_FALSE(session.hears(EventClass::Call));
    EXPECT_EQ(choose("system, user,agent"), "Response: Success\r\nEvents: On\r\n\r\n");
    EXPECT_TRUE(session.hears(EventClass::User));
    EXPECT_FALSE(session.hears(EventClass::Call));
    EXPECT_EQ(choose("calls"), "Response: Error\r\nMessage: EventMask has no such class: calls\r\n\r\n");
    EXPECT_TRUE(session.hears(EventClass::User)) << "as before";
}

TEST_F(AmiSession, MayLogInWithoutEvents) {
    const auto answer =
        ask({{"Action", "Login"}, {"Username", "panel"}, {"Secret", "secret words"}, {"Events", "off"}});
    EXPECT_EQ(answer.text, "Response: Success\r\nMessage: Authentication accepted\r\n\r\n");
    EXPECT_FALSE(session.hears(EventClass::System));
}

}  // namespace
}  // namespace almon::ami
