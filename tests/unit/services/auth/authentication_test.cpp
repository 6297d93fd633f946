// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/auth/authentication.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/digest_hash.hpp"
#include "base/random.hpp"
#include "http/query.hpp"
#include "model/web_service.hpp"
#include "services/auth/caller.hpp"
#include "store/password_hash.hpp"
#include "support/files.hpp"

namespace almon::services {
namespace {

using http::Method;
using http::Response;

constexpr const char* kUuid = "6a1f0c1e-0000-4000-8000-000000000001";

Response plain(int status, const Error& error) {
    return Response::text(status, "text/plain", error.reason);
}

/// A filter in front of routes as confd has them, on a configuration of three accounts.
class AuthenticationTest : public testing::Test {
protected:
    AuthenticationTest() {
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
        router.add(Method::Get, "/users", nullptr, {.acl = "confd.users.read"});
        router.add(Method::Get, "/users/{user_id}", nullptr, {.acl = "confd.users.{user_id}.read"});
        router.add(Method::Put, "/users/{user_id}/lines/{line_id}", nullptr);
        router.add(Method::Get, "/api/api.yml", nullptr, {.is_public = true});
        tokens_only = authenticated(*authentication, {"confd", plain});
        legacy = authenticated(*authentication, {"confd", plain, true});
    }

    void publish() {
        model::SnapshotBuilder builder(*publisher.current());
        builder.put(user);
        builder.put(service);
        builder.put(robot);
        publisher.publish(builder.build(publisher.current()->change() + 1));
    }

    std::string token_of(std::string_view backend, std::string_view login, std::string_view password) {
        auto account =
            authentication->backends().find(backend)->verify(login, password, *publisher.current());
        if (!account) return {};
        return authentication->tokens().issue(*account, 60s)->text;
    }

    /// The status of the filter's answer; 0: the request was let in.
    int ask(const http::BeforeFilter& filter, Method method, const std::string& target,
            std::vector<std::pair<std::string, std::string>> fields = {},
            std::string_view from = "192.0.2.1") {
        request.clear();
        request.path_parameters.clear();
        request.caller = nullptr;
        request.method = method;
        EXPECT_TRUE(request.set_target(target));
        request.remote = *NetAddress::parse(from, 1000);
        for (const auto& [name, value] : fields)
            request.headers.add(name, value);
        const auto match = router.match(method, request.raw_path(), request.path_parameters);
        EXPECT_NE(match.route, nullptr) << target;
        answer = filter(request, *match.route);
        return answer ? answer->status : 0;
    }
    int ask(const std::string& token, Method method, const std::string& target) {
        return ask(tokens_only, method, target, {{"X-Auth-Token", token}});
    }

    test::TemporaryFolder folder;
    store::DatabaseLocation location =
        *store::DatabaseLocation::parse("sqlite://" + (folder.path() / "almon.db").string());
    Instant now{1'800'000'000s};
    model::SnapshotPublisher publisher;
    model::User user = [] {
        model::User made;
        made.id = model::UserId{17};
        made.uuid = kUuid;
        made.username = "alice";
        made.password = "alice-has-a-key";
        return made;
    }();
    model::WebService service{model::WebServiceId{1}, "crm", "crm", "opensesame", "", {}, ""};
    model::WebService robot{model::WebServiceId{2}, "robot", "robot", "opensesame", "192.0.2.9",
                            {"confd.users.*.read"}, ""};
    std::unique_ptr<Authentication> authentication;
    http::Router router;
    http::BeforeFilter tokens_only;
    http::BeforeFilter legacy;
    http::Request request;
    std::optional<Response> answer;
};

TEST_F(AuthenticationTest, WithoutATokenNobodyIsLetIn) {  // API-037
    EXPECT_EQ(ask(tokens_only, Method::Get, "/users"), 401);
    EXPECT_EQ(ask(tokens_only, Method::Get, "/users", {{"X-Auth-Token", ""}}), 401);
    EXPECT_EQ(answer->headers.get("WWW-Authenticate"), "X-Auth-Token");
    EXPECT_EQ(ask(tokens_only, Method::Get, "/users", {{"X-Auth-Token", "nonsense"}}), 401);
    EXPECT_EQ(ask(tokens_only, Method::Get, "/api/api.yml"), 0);
    EXPECT_EQ(request.caller, nullptr);
}

TEST_F(AuthenticationTest, ATokenGrantsWhatItsRulesSay) {  // API-037, API-040
    const auto token = token_of("xivo_user", "alice", "alice-has-a-key");
    ASSERT_FALSE(token.empty());
    EXPECT_EQ(ask(token, Method::Get, std::string("/users/") + kUuid), 0);
    EXPECT_EQ(caller_of(request).name(), "alice");
    EXPECT_EQ(caller_of(request).user_uuid(), kUuid);
    EXPECT_EQ(ask(token, Method::Get, "/users/me"), 0);
    EXPECT_EQ(ask(token, Method::Get, "/users/17"), 401);
    EXPECT_EQ(ask(token, Method::Get, "/users"), 401);
    EXPECT_EQ(request.caller, nullptr);
}

TEST_F(AuthenticationTest, ARouteThatDoesNotSayAsksForItsPathAndWhatIsDone) {  // API-038, API-041
    const auto put = [&](std::vector<std::string> rules) {
        const auto issued =
            authentication->tokens().issue({"xivo_service", "x", "9", "", std::move(rules)}, 60s);
        return ask(issued->text, Method::Put, "/users/17/lines/3");
    };
    EXPECT_EQ(put({"confd.users.17.lines.3.update"}), 0);
    EXPECT_EQ(put({"confd.#"}), 0);
    EXPECT_EQ(put({"confd.users.17.lines.3.read"}), 401);
    EXPECT_EQ(put({"agentd.#"}), 401);
}

TEST_F(AuthenticationTest, OfACallerWhoIsKnownOnlyTheRulesAreAsked) {
    ASSERT_EQ(ask(legacy, Method::Get, "/users/17", {}, "192.0.2.9"), 0);
    const auto robot_himself = request.caller;
    const auto* users = router.match(Method::Get, "/users", request.path_parameters).route;
    request.caller = robot_himself;
    EXPECT_TRUE(tokens_only(request, *users));
    const auto* one = router.match(Method::Get, "/users/18", request.path_parameters).route;
    EXPECT_FALSE(tokens_only(request, *one));
    EXPECT_EQ(request.caller, robot_himself);
}

TEST_F(AuthenticationTest, NoParameterBreaksOutOfItsWord) {
    const auto issued =
        authentication->tokens().issue({"xivo_service", "x", "9", "", {"confd.users.17.lines.3.read"}}, 60s);
    EXPECT_EQ(ask(issued->text, Method::Get, "/users/17.lines.3"), 401);
    EXPECT_EQ(ask(issued->text, Method::Get, "/users/17%2Elines%2E3"), 401);
    EXPECT_EQ(ask(issued->text, Method::Get, "/users/%23"), 401);
}

TEST_F(AuthenticationTest, WrongTokensMakeWaitButTheRightOneDoesNot) {
    const auto token = token_of("xivo_user", "alice", "alice-has-a-key");
    for (int count = 0; count < 3; ++count)
        EXPECT_EQ(ask("wrong", Method::Get, "/users/me"), 401);
    EXPECT_EQ(ask("wrong", Method::Get, "/users/me"), 429);
    EXPECT_EQ(answer->headers.get("Retry-After"), "10");
    EXPECT_EQ(ask(token, Method::Get, "/users/me"), 0);
    now += 10s;
    EXPECT_EQ(ask("wrong", Method::Get, "/users/me"), 401);
}

TEST_F(AuthenticationTest, WhoHasLostHisAccountHasLostHisTokens) {
    const auto token = token_of("xivo_user", "alice", "alice-has-a-key");
    const auto other = token_of("xivo_service", "crm", "opensesame");
    user.enabled = false;
    publish();
    model::Change change{"test", {}};
    change.put(user);
    authentication->follow(change, *publisher.current());
    EXPECT_EQ(ask(token, Method::Get, "/users/me"), 401);
    EXPECT_TRUE(authentication->tokens().find(other));
    EXPECT_EQ(token_of("xivo_user", "alice", "alice-has-a-key"), "");
    service.acl = {"confd.lines.read"};
    publish();
    authentication->follow({}, *publisher.current());  // somebody else changed something
    EXPECT_FALSE(authentication->tokens().find(other));
}

TEST_F(AuthenticationTest, BackendsKnowTheirOwnAccountsOnly) {  // SYS-082, SYS-083
    EXPECT_NE(token_of("xivo_service", "crm", "opensesame"), "");
    EXPECT_EQ(token_of("xivo_service", "crm", "opensesame "), "");
    EXPECT_EQ(token_of("xivo_service", "crm", ""), "");
    EXPECT_EQ(token_of("xivo_service", "alice", "alice-has-a-key"), "");
    EXPECT_EQ(token_of("xivo_user", "crm", "opensesame"), "");
    EXPECT_EQ(token_of("xivo_user", "", ""), "");
    user.password.clear();
    publish();
    EXPECT_EQ(token_of("xivo_user", "alice", ""), "");
}

TEST(PasswordHash, OfNobodyIsAsSlowAsOthersAndFitsNothing) {
    const auto hash = store::hash_password("opensesame");
    ASSERT_TRUE(hash);
    const auto nobody = store::password_hash_of_nobody();
    EXPECT_EQ(nobody.size(), hash->size());
    const auto parameters = hash->substr(0, hash->find('$', hash->find(",p=")));
    EXPECT_TRUE(nobody.starts_with(parameters)) << parameters;
    EXPECT_FALSE(store::verify_password(nobody, "opensesame"));
    EXPECT_FALSE(store::verify_password(nobody, ""));
}

// Programs of old

class DigestTest : public AuthenticationTest {
protected:
    /// What a client answers to the challenge of the last answer.
    std::string proof(const std::string& login, const std::string& password, const std::string& method,
                      const std::string& uri) {
        const std::string challenge(answer->headers.get("WWW-Authenticate"));
        const auto begin = challenge.find("nonce=\"") + 7;
        const std::string nonce = challenge.substr(begin, challenge.find('"', begin) - begin);
        const auto a1 = digest_a1(DigestAlgorithm::Md5, login, "almon", password);
        const auto a2 = hash_joined(DigestAlgorithm::Md5, {method, uri});
        const auto response =
            hash_joined(DigestAlgorithm::Md5, {a1, nonce, "00000001", "xyz", "auth", a2.view()});
        return "Digest username=\"" + login + "\", realm=\"almon\", nonce=\"" + nonce + "\", uri=\"" + uri +
               "\", qop=auth, nc=00000001, cnonce=\"xyz\", response=\"" + std::string(response.view()) + "\"";
    }
    int prove(const std::string& login, const std::string& password, const std::string& uri = "/users") {
        EXPECT_EQ(ask(legacy, Method::Get, "/users"), 401);
        return ask(legacy, Method::Get, "/users", {{"Authorization", proof(login, password, "GET", uri)}});
    }
};

TEST_F(DigestTest, LetsAWebServiceInWithItsPassword) {  // API-043
    EXPECT_EQ(prove("crm", "opensesame"), 0);
    EXPECT_EQ(caller_of(request).name(), "crm");
    EXPECT_TRUE(caller_of(request).may("confd.lines.create"));
    EXPECT_FALSE(caller_of(request).may("agentd.agents.read"));
    EXPECT_EQ(prove("crm", "wrong"), 401);
    EXPECT_EQ(prove("robot", "opensesame"), 401);  // it has an address
    EXPECT_EQ(prove("nobody", ""), 401);
}

TEST_F(DigestTest, HoldsForTheResourceThatItWasMadeFor) {
    EXPECT_EQ(prove("crm", "opensesame", "/users/17"), 401);
    EXPECT_EQ(ask(legacy, Method::Get, "/users"), 401);
    const auto for_get = proof("crm", "opensesame", "GET", "/users/17/lines/3");
    EXPECT_EQ(ask(legacy, Method::Put, "/users/17/lines/3", {{"Authorization", for_get}}), 401);
}

TEST_F(DigestTest, IsProvedAnewWithAFreshNonce) {
    EXPECT_EQ(ask(legacy, Method::Get, "/users"), 401);
    const auto proved = proof("crm", "opensesame", "GET", "/users");
    EXPECT_EQ(ask(legacy, Method::Get, "/users", {{"Authorization", proved}}), 0);
    now += 6min;
    EXPECT_EQ(ask(legacy, Method::Get, "/users", {{"Authorization", proved}}), 401);
    EXPECT_TRUE(std::string(answer->headers.get("WWW-Authenticate")).ends_with("stale=true"));
}

TEST_F(DigestTest, IsForServicesThatAdmitItOnly) {
    EXPECT_EQ(ask(legacy, Method::Get, "/users"), 401);
    const auto proved = proof("crm", "opensesame", "GET", "/users");
    EXPECT_EQ(ask(tokens_only, Method::Get, "/users", {{"Authorization", proved}}), 401);
    EXPECT_EQ(ask(tokens_only, Method::Get, "/users/17", {}, "192.0.2.9"), 401);
}

TEST_F(AuthenticationTest, AnAddressThatAWebServiceNamesNeedsNoPassword) {  // API-042
    EXPECT_EQ(ask(legacy, Method::Get, "/users/17", {}, "192.0.2.9"), 0);
    EXPECT_EQ(caller_of(request).name(), "robot");
    EXPECT_EQ(ask(legacy, Method::Get, "/users", {}, "192.0.2.9"), 401);  // its rules hold
    EXPECT_EQ(ask(legacy, Method::Get, "/users/17", {}, "192.0.2.8"), 401);
    // A token says more precisely who it is.
    EXPECT_EQ(ask(legacy, Method::Get, "/users/17", {{"X-Auth-Token", "wrong"}}, "192.0.2.9"), 401);
}

TEST_F(AuthenticationTest, APortForTheMachineItselfAsksNobody) {
    EXPECT_EQ(ask(trusted("local"), Method::Get, "/users"), 0);
    EXPECT_EQ(caller_of(request).name(), "local");
    EXPECT_TRUE(caller_of(request).may("anything.at.all"));
}

}  // namespace
}  // namespace almon::services
