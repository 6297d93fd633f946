// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/session/session_service.hpp"

#include <string>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "base/random.hpp"
#include "http/site.hpp"
#include "model/user.hpp"
#include "store/database.hpp"
#include "support/files.hpp"

namespace almon::services {
namespace {

using http::Method;
using http::Response;
namespace json = boost::json;

constexpr std::chrono::seconds kLifetime{30 * 86400};

/// The service as it is mounted, asked without a socket by Alice's browser.
class SessionServiceTest : public testing::Test {
protected:
    SessionServiceTest() {
        EXPECT_TRUE(store::prepare_database(location));
        publish();
        Authentication::Settings settings;
        settings.database = location;
        settings.attempts = {.burst = 3, .recovery = 10s, .addresses = 64};
        auto made = Authentication::open(
            settings, publisher,
            [this] {
                return Now{now, UtcTime{now.time_since_epoch() / 1us * 1us}};
            },
            std::make_unique<SeededRandom>(1));
        EXPECT_TRUE(made);
        authentication = *std::move(made);
        site.emplace(
            std::vector<http::Mount>{{"/api/session", make_session_service(*authentication, kLifetime)}});
        token = authentication->tokens().issue(account(), 3600s)->text;
    }

    void publish() {
        model::SnapshotBuilder builder(*publisher.current());
        builder.put(alice);
        publisher.publish(builder.build(publisher.current()->change() + 1));
    }

    Caller::Account account() {
        return *authentication->backends()
                    .find("xivo_user")
                    ->verify("alice", "opensesame", *publisher.current());
    }

    int ask(Method method, const std::string& path, const std::string& body = {},
            const std::vector<std::pair<std::string, std::string>>& fields = {}) {
        http::Request request;
        request.method = method;
        EXPECT_TRUE(request.set_target("/api/session/0.1" + path));
        request.remote = *NetAddress::parse("192.0.2.1", 1000);
        request.body = body;
        for (const auto& [name, value] : fields)
            request.headers.add(name, value);
        if (!cookie.empty()) request.headers.add("Cookie", "theme=dark; " + cookie + "; a=b");
        http::Site::Goal goal;
        auto early = site->receive(request, goal);
        answer = early ? *std::move(early) : site->answer(request, goal);
        if (const auto set = answer.headers.find("Set-Cookie")) cookie = set->substr(0, set->find(';'));
        return answer.status;
    }
    int begin(const std::string& body = R"({"stay": true})") {
        return ask(Method::Post, "/sessions", body, {{"X-Auth-Token", token}});
    }
    std::string shown(const char* name) {
        return json::value_to<std::string>(json::parse(answer.body).at(name));
    }
    bool valid(const std::string& text) { return authentication->tokens().find(text) != nullptr; }

    test::TemporaryFolder folder;
    store::DatabaseLocation location =
        *store::DatabaseLocation::parse("sqlite://" + (folder.path() / "almon.db").string());
    Instant now{1'800'000'000s};
    model::SnapshotPublisher publisher;
    model::User alice = [] {
        model::User made;
        made.id = model::UserId{17};
        made.uuid = "6a1f0c1e-0000-4000-8000-000000000001";
        made.username = "alice";
        made.password = "opensesame";
        return made;
    }();
    std::unique_ptr<Authentication> authentication;
    std::optional<http::Site> site;
    const std::string session = "xivo_user." + alice.uuid;
    const std::string renewal = "/sessions/" + session + "/token";
    std::string token;
    std::string cookie;
    Response answer;
};

TEST_F(SessionServiceTest, ACookieThatNoScriptReadsGivesTheNextToken) {
    ASSERT_EQ(begin(), 200) << answer.body;
    const auto set = std::string(answer.headers.get("Set-Cookie"));
    EXPECT_EQ(set.substr(set.find(';')),
              "; Path=/api/session; Secure; HttpOnly; SameSite=Strict; Max-Age=2592000");
    EXPECT_EQ(shown("token"), token);
    ASSERT_EQ(ask(Method::Post, renewal), 200) << answer.body;
    EXPECT_EQ(answer.headers.get("Cache-Control"), "no-store");
    EXPECT_EQ(shown("user_uuid"), alice.uuid);
    EXPECT_EQ(shown("username"), "alice");
    EXPECT_NE(shown("token"), token);
    EXPECT_TRUE(valid(shown("token")));
    EXPECT_EQ(json::parse(answer.body).at("expires_in"), 3600);
}

TEST_F(SessionServiceTest, WhoDoesNotStayIsForgottenWithTheBrowser) {
    ASSERT_EQ(begin("{}"), 200);
    EXPECT_EQ(answer.headers.get("Set-Cookie").find("Max-Age"), std::string_view::npos);
    EXPECT_EQ(ask(Method::Post, renewal), 200);
}

TEST_F(SessionServiceTest, ATokenThatWasFoundSomewhereBeginsNoSession) {
    now += 61s;
    EXPECT_EQ(begin(), 401);
    EXPECT_TRUE(cookie.empty());
}

TEST_F(SessionServiceTest, SigningOutRevokesTheCookie) {
    ASSERT_EQ(begin(), 200);
    const auto held = cookie;
    ASSERT_EQ(ask(Method::Delete, "/sessions/" + session), 204);
    EXPECT_NE(answer.headers.get("Set-Cookie").find("Max-Age=0"), std::string_view::npos);
    EXPECT_EQ(ask(Method::Post, renewal), 401);
    cookie = held;
    EXPECT_EQ(ask(Method::Post, renewal), 401);
}

TEST_F(SessionServiceTest, ItEndsWithItsTimeAndWithThePassword) {
    ASSERT_EQ(begin(), 200);
    alice.password = "another one";
    auto before = publisher.current();
    publish();
    model::Change change{"test", {}};
    change.put(alice);
    change.operations.front().expected = std::shared_ptr<const void>(before, before->find(alice.id));
    authentication->follow(change, *publisher.current());
    EXPECT_EQ(ask(Method::Post, renewal), 401);
    alice.password = "opensesame";
    publish();
    token = authentication->tokens().issue(account(), 3600s)->text;
    cookie.clear();
    ASSERT_EQ(begin(), 200);
    now += kLifetime;
    EXPECT_EQ(ask(Method::Post, renewal), 401);
}

TEST_F(SessionServiceTest, BadInputIsRefused) {
    for (const auto* body : {"", "[]", "{\"stay\": 1}", "{\"stay\"", "null"})
        EXPECT_EQ(begin(body), 400) << body;
    EXPECT_EQ(ask(Method::Post, "/sessions", "{}"), 401);
    EXPECT_EQ(ask(Method::Post, renewal), 401);
    for (const auto* wrong :
         {"__Secure-almon", "__Secure-almon=", "__Secure-almon=;;=", "__Secure-almonx=1"}) {
        cookie = wrong;
        EXPECT_EQ(ask(Method::Post, renewal), 401) << wrong;
    }
}

TEST_F(SessionServiceTest, NobodysCookieOpensTheSessionOfAnother) {
    ASSERT_EQ(begin(), 200);
    const auto value = cookie.substr(cookie.find('='));
    cookie = "__Secure-almon-xivo_admin.1" + value;
    EXPECT_EQ(ask(Method::Post, "/sessions/xivo_admin.1/token"), 401);
    EXPECT_EQ(ask(Method::Post, renewal), 401);
    EXPECT_EQ(ask(Method::Delete, "/sessions/x%3D1%3B%20Path%3D%2F"), 404) << "would make another cookie";
}

TEST_F(SessionServiceTest, WhoGuessesHasToWait) {
    int status = 401;
    for (int attempt = 0; attempt < 6 && status == 401; ++attempt) {
        cookie =
            "__Secure-almon-" + session + "=6a1f0c1e-0000-4000-8000-00000000000" + std::to_string(attempt);
        status = ask(Method::Post, renewal);
    }
    EXPECT_EQ(status, 429);
}

}  // namespace
}  // namespace almon::services
