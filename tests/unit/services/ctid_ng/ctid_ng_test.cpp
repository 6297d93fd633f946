// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctid_ng/ctid_ng.hpp"

#include <map>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/system_clock.hpp"
#include "bus/event_bus.hpp"
#include "http/status.hpp"
#include "model/cti_profile.hpp"
#include "model/status_group.hpp"
#include "services/auth/caller.hpp"
#include "support/call_office.hpp"
#include "support/files.hpp"

namespace almon::services {
namespace {

namespace json = boost::json;

class NoJournal final : public bus::EventSink {
public:
    void emit(bus::Event) override {}
};

const std::string kAlice = "aaaaaaaa-0000-4000-8000-000000000001";
const std::string kBob = "bbbbbbbb-0000-4000-8000-000000000002";
const std::string kInstallation = "11111111-2222-4333-8444-555555555555";

/// The service over the call core of a small office, asked without a socket by whoever `asks`.
class CtidNgTest : public testing::Test {
protected:
    CtidNgTest() : bus(journal), feed({kInstallation}, nullptr) {
        const auto location =
            *store::DatabaseLocation::parse("sqlite://" + (folder.path() / "almon.db").string());
        EXPECT_TRUE(store::prepare_database(location));
        presences = *Presences::open(location);
        chats.emplace(location);
        office.configure([&](model::SnapshotBuilder& builder) {
            for (const auto& [id, uuid] : {std::pair(1, kAlice), std::pair(2, kBob)}) {
                auto user = office.user(static_cast<std::uint64_t>(id));
                user.uuid = uuid;
                builder.put(user);
            }
        });
        feed.configuration_changed(office.snapshot, {});
        feed.listen(
            [this](const Message& message) {
                const std::lock_guard lock(mutex);
                heard.push_back(*message.body);
            },
            [] { return true; });
        feed.start(bus);
        service = make_ctid_ng_service(
            {feed,
             [this](const std::function<void(pbx::CallCore&)>& what) -> Result<void> {
                 office.order([&](pbx::CallCore& core) {
                     what(core);
                     return 0;
                 });
                 publish();
                 return {};
             },
             [this] { return office.snapshot; }, [] { return system_now().utc; }, *presences, *chats,
             [this](std::string_view uuid, bool on, const std::string&) -> Result<void> {
                 undisturbed[std::string(uuid)] = on;
                 return {};
             },
             [this](http::Request& request, const http::Route&) {
                 request.caller = std::make_shared<const Caller>(
                     Caller::Account{"xivo_user", "someone", "1", asks, {"#"}});
                 return std::optional<http::Response>();
             }});
    }
    ~CtidNgTest() override { feed.stop(); }

    /// What has happened in the office goes to the bus.
    void publish() {
        for (; published < office.events.events.size(); ++published)
            bus.emit(office.events.events[published]);
    }

    struct Answer {
        int status = 0;
        json::value body;
    };
    Answer ask(http::Method method, const std::string& target, const std::string& body = {}) {
        publish();
        http::Request request;
        request.method = method;
        EXPECT_TRUE(request.set_target(target));
        request.body = body;
        const auto match = service->router.match(method, request.raw_path(), request.path_parameters);
        if (match.route == nullptr) return {404, nullptr};
        service->before(request, *match.route);
        const auto handled = match.route->handler(request);
        const auto response =
            handled ? *handled : service->dialect(http::status_of(handled.error().code), handled.error());
        json::error_code empty;
        return {response.status, json::parse(response.body, empty)};
    }
    Answer get(const std::string& target) { return ask(http::Method::Get, target); }
    Answer post(const std::string& target, const std::string& body) {
        return ask(http::Method::Post, target, body);
    }
    /// The id of the first call of who asks.
    std::string own_call() {
        const auto listed = get("/users/me/calls");
        const auto& items = listed.body.at("items").as_array();
        return items.empty() ? "" : std::string(items.front().at("call_id").as_string());
    }
    /// Alice talks to Bob, whom she has called.
    void talk() {
        office.call("alice", "1002");
        office.answer(office.invited(0));
    }

    test::TemporaryFolder folder;
    std::unique_ptr<Presences> presences;
    std::optional<store::ChatTable> chats;
    std::map<std::string, bool> undisturbed;
    test::CallOffice office;
    NoJournal journal;
    bus::EventBus bus;
    EventFeed feed;
    std::size_t published = 0;
    std::mutex mutex;
    std::vector<std::string> heard;
    std::shared_ptr<const http::Service> service;
    std::string asks = kAlice;
};

TEST_F(CtidNgTest, CallsAreListedAsTheirPartiesSeeThem) {  // API-135
    talk();
    const auto listed = get("/calls");
    ASSERT_EQ(listed.status, 200);
    const auto& items = listed.body.at("items").as_array();
    ASSERT_EQ(items.size(), 2u);
    const auto& alice = items[0].as_object();
    const auto& bob = items[1].as_object();
    EXPECT_EQ(alice.at("user_uuid"), json::string(kAlice));
    EXPECT_EQ(alice.at("status"), "Up");
    EXPECT_EQ(alice.at("caller_id_number"), "1001");
    EXPECT_EQ(alice.at("peer_caller_id_number"), "1002");
    EXPECT_EQ(alice.at("peer_caller_id_name"), "Bob Durand");
    EXPECT_EQ(alice.at("on_hold"), false);
    EXPECT_EQ(alice.at("talking_to").as_object().at(bob.at("call_id").as_string()), json::string(kBob));
    EXPECT_EQ(alice.at("bridges"), bob.at("bridges"));
    const auto one = get("/calls/" + std::string(bob.at("call_id").as_string()));
    EXPECT_EQ(one.status, 200);
    EXPECT_EQ(one.body, json::value(bob));
}

TEST_F(CtidNgTest, WhoIsRungSeesWhoCalls_AndWhoCallsWhatHeDialled) {
    office.call("alice", "1002");
    office.ringing(office.invited(0));
    const auto items = get("/calls").body.at("items").as_array();
    EXPECT_EQ(items.at(0).at("status"), "Ring");
    EXPECT_EQ(items.at(0).at("peer_caller_id_number"), "1002");
    EXPECT_EQ(items.at(1).at("status"), "Ringing");
    EXPECT_EQ(items.at(1).at("peer_caller_id_number"), "1001");
    EXPECT_EQ(get("/calls?application=Dial").body.at("items").as_array().size(), 1u);
    EXPECT_EQ(
        get("/calls?application=Dial&application_instance=SIP/bob,30").body.at("items").as_array().size(),
        1u);
    EXPECT_EQ(get("/calls?application=switchboard").body.at("items").as_array().size(), 0u);
}

TEST_F(CtidNgTest, ACallIsMadeForAUser) {  // API-135
    const auto made = post("/calls", R"({"source":{"user":")" + kAlice +
                                         R"("},"destination":{"extension":"1002","context":"default",)"
                                         R"("priority":1},"variables":{"A":"b"}})");
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string id(made.body.at("call_id").as_string());
    const auto call = get("/calls/" + id);
    ASSERT_EQ(call.status, 200) << "who has made it can look at it at once";
    EXPECT_EQ(call.body.at("status"), "Ringing");
    EXPECT_EQ(call.body.at("user_uuid"), json::string(kAlice));
    office.answer(office.invited(0));
    EXPECT_EQ(get("/calls/" + id).body.at("peer_caller_id_number"), "1002");
    EXPECT_EQ(ask(http::Method::Delete, "/calls/" + id).status, 204);
    const auto gone = get("/calls/" + id);
    EXPECT_EQ(gone.status, 404);
    EXPECT_EQ(gone.body.at("error_id"), "no-such-call");
    EXPECT_TRUE(gone.body.at("timestamp").is_number());
    EXPECT_EQ(ask(http::Method::Delete, "/calls/" + id).status, 404);
}

TEST_F(CtidNgTest, WhatCannotBeCalledIsTheClientsMistake) {
    const auto refused = [&](const std::string& source, const std::string& destination) {
        const auto answer =
            post("/calls", R"({"source":{)" + source + R"(},"destination":{)" + destination + "}}");
        EXPECT_EQ(answer.status, 400) << answer.body;
        return std::string(answer.body.at("error_id").as_string());
    };
    const auto alice = R"("user":")" + kAlice + '"';
    EXPECT_EQ(refused(alice, R"("extension":"1999")"), "invalid-extension");
    EXPECT_EQ(refused(alice, R"("extension":"1002","context":"nowhere")"), "invalid-context");
    EXPECT_EQ(refused(alice + R"(,"line_id":2)", R"("extension":"1002")"), "invalid-line-id");
    EXPECT_EQ(refused(R"("user":"nobody")", R"("extension":"1002")"), "invalid-user");
    EXPECT_EQ(refused(alice, R"("priority":1)"), "invalid-extension");
    EXPECT_EQ(refused(alice, R"("extension":"1002","priority":2)"), "invalid-priority");
    EXPECT_EQ(post("/calls", "{").status, 400);
    EXPECT_EQ(post("/calls", "[]").status, 400);
    EXPECT_EQ(post("/calls", "{}").body.at("error_id"), "invalid-source");
    EXPECT_TRUE(office.phones.invited.empty());
}

TEST_F(CtidNgTest, OnesOwnCalls) {  // API-136
    EXPECT_EQ(own_call(), "");
    talk();
    const auto alices = own_call();
    asks = kBob;
    const auto bobs = own_call();
    EXPECT_NE(bobs, alices);
    EXPECT_EQ(ask(http::Method::Delete, "/users/me/calls/" + alices).status, 403);
    EXPECT_EQ(ask(http::Method::Delete, "/users/me/calls/1.99").status, 404);
    EXPECT_EQ(ask(http::Method::Delete, "/users/me/calls/" + bobs).status, 204);
    EXPECT_EQ(own_call(), "");
    EXPECT_EQ(post("/users/me/calls", R"({"extension":"1001"})").status, 201);
    EXPECT_EQ(office.phones.invited.back().second.endpoint, "bob");
    asks = "";
    EXPECT_EQ(get("/users/me/calls").status, 400) << "the token is nobody's";
    EXPECT_EQ(post("/users/me/calls", R"({"extension":"1001"})").status, 400);
}

TEST_F(CtidNgTest, ATransferFromItsBeginToItsEnd) {  // API-137
    talk();
    const auto begun = post(
        "/transfers", R"({"initiator_call":")" + own_call() + R"(","exten":"1003","context":"default"})");
    ASSERT_EQ(begun.status, 201) << begun.body;
    EXPECT_EQ(begun.body.at("status"), "starting");
    EXPECT_EQ(begun.body.at("flow"), "attended");
    EXPECT_EQ(begun.body.at("initiator_uuid"), json::string(kAlice));
    EXPECT_TRUE(begun.body.at("recipient_call").is_null());
    const auto path = "/transfers/" + std::string(begun.body.at("id").as_string());
    office.ringing(office.invited(1));
    EXPECT_EQ(get(path).body.at("status"), "ringback");
    office.answer(office.invited(1));
    EXPECT_EQ(get(path).body.at("status"), "answered");
    EXPECT_EQ(ask(http::Method::Put, path + "/complete").status, 204);
    const auto over = get(path);
    EXPECT_EQ(over.status, 404);
    EXPECT_EQ(over.body.at("error_id"), "no-such-transfer-id");
    EXPECT_EQ(ask(http::Method::Put, path + "/complete").status, 404);
    EXPECT_EQ(ask(http::Method::Delete, path).status, 404);
    EXPECT_EQ(own_call(), "") << "the initiator is free";
}

TEST_F(CtidNgTest, TransfersOfOthersAreNotTouched) {  // API-138
    talk();
    const auto call = own_call();
    const auto body = R"({"initiator_call":")" + call + R"(","exten":"1003"})";
    asks = kBob;
    EXPECT_EQ(post("/users/me/transfers", body).status, 403);
    asks = kAlice;
    const auto begun = post("/users/me/transfers", body);
    ASSERT_EQ(begun.status, 201) << begun.body;
    EXPECT_EQ(post("/users/me/transfers", body).status, 409);
    EXPECT_EQ(get("/users/me/transfers").body, json::value(json::array{begun.body}));
    const auto path = "/users/me/transfers/" + std::string(begun.body.at("id").as_string());
    asks = kBob;
    EXPECT_TRUE(get("/users/me/transfers").body.as_array().empty());
    EXPECT_EQ(ask(http::Method::Delete, path).status, 403);
    EXPECT_EQ(ask(http::Method::Put, path + "/complete").status, 403);
    asks = kAlice;
    EXPECT_EQ(ask(http::Method::Delete, path).status, 204);
    EXPECT_TRUE(get("/users/me/transfers").body.as_array().empty());
    EXPECT_EQ(post("/users/me/transfers", R"({"initiator_call":"1.99","exten":"1003"})").status, 400);
    EXPECT_EQ(post("/users/me/transfers", R"({"exten":"1003"})").body.at("error_id"),
              "invalid-initiator-call");
}

TEST_F(CtidNgTest, AMessageBecomesAnEvent) {  // API-141, API-011
    const auto body = [](const std::string& to) {
        return R"({"to":")" + to + R"(","alias":"Alice","msg":"Lunch?"})";
    };
    EXPECT_EQ(post("/users/me/chats", body(kBob)).status, 204);
    EXPECT_EQ(post("/users/me/chats", body("cccccccc-0000-4000-8000-000000000003")).status, 400);
    EXPECT_EQ(post("/users/me/chats", body("chat.#")).status, 400);
    EXPECT_EQ(post("/chats", body(kBob)).body.at("error_id"), "invalid-from");
    static_cast<void>(feed.ask([](const LiveView&) {}));
    const std::lock_guard lock(mutex);
    ASSERT_EQ(heard.size(), 3u) << "two for the windows of both, one for the message bus";
    const auto event = json::parse(heard.back());
    EXPECT_EQ(event.at("name"), "chat_message_event");
    EXPECT_FALSE(event.as_object().contains("required_acl"));
    EXPECT_EQ(event.at("data"), (json::value{{"alias", "Alice"},
                                             {"to", {kInstallation, kBob}},
                                             {"from", {kInstallation, kAlice}},
                                             {"msg", "Lunch?"}}));
}

TEST_F(CtidNgTest, MessagesAreKeptAndToldToTheWindowsOfBoth) {  // API-141, CLI-042
    const auto says = [](const std::string& to, const std::string& text) {
        return R"({"to":")" + to + R"(","alias":"A","msg":")" + text + R"("})";
    };
    const auto with_bob = std::string("/users/me/chats/") + kBob;
    const auto with_alice = std::string("/users/me/chats/") + kAlice;
    EXPECT_EQ(get("/users/me/chats").body, (json::value{{"total", 0}, {"items", json::array()}}));
    for (const auto* text : {"Lunch?", "At noon", "Or later"})
        ASSERT_EQ(post("/users/me/chats", says(kBob, text)).status, 204);
    asks = kBob;
    auto listed = get("/users/me/chats").body;
    ASSERT_EQ(listed.at("total"), 1);
    EXPECT_EQ(listed.at("items").at(0).at("user_uuid"), json::string(kAlice));
    EXPECT_EQ(listed.at("items").at(0).at("unread"), 3);
    EXPECT_EQ(listed.at("items").at(0).at("last").at("msg"), "Or later");
    auto read = get(with_alice + "?limit=2").body;
    ASSERT_EQ(read.at("items").as_array().size(), 2u);
    EXPECT_EQ(read.at("more"), true);
    EXPECT_EQ(read.at("items").at(0).at("msg"), "At noon");
    EXPECT_EQ(read.at("items").at(0).at("from"), json::string(kAlice));
    const auto id = read.at("items").at(0).at("id").to_number<std::int64_t>();
    read = get(with_alice + "?before=" + std::to_string(id)).body;
    ASSERT_EQ(read.at("items").as_array().size(), 1u);
    EXPECT_EQ(read.at("items").at(0).at("msg"), "Lunch?");
    EXPECT_EQ(read.at("more"), false);
    const auto until = R"({"last":)" + std::to_string(id) + "}";
    EXPECT_EQ(ask(http::Method::Put, with_alice + "/read", until).status, 204);
    EXPECT_EQ(ask(http::Method::Put, with_alice + "/read", until).status, 204) << "which tells nobody";
    EXPECT_EQ(get("/users/me/chats").body.at("items").at(0).at("unread"), 1);
    asks = kAlice;
    EXPECT_EQ(get("/users/me/chats").body.at("items").at(0).at("unread"), 0) << "she wrote them";
    EXPECT_EQ(get(with_bob).body.at("items").as_array().size(), 3u);
    static_cast<void>(feed.ask([](const LiveView&) {}));
    const std::lock_guard lock(mutex);
    ASSERT_EQ(heard.size(), 10u);
    const auto to_bob = json::parse(heard[0]);
    EXPECT_EQ(to_bob.at("name"), "user_chat_message_created");
    EXPECT_EQ(to_bob.at("required_acl"), json::string("events.users." + kBob + ".chats"));
    EXPECT_EQ(to_bob.at("data").at("user_uuid"), json::string(kBob));
    EXPECT_EQ(to_bob.at("data").at("message").at("msg"), "Lunch?");
    EXPECT_EQ(json::parse(heard[1]).at("required_acl"), json::string("events.users." + kAlice + ".chats"));
    const auto seen = json::parse(heard.back());
    EXPECT_EQ(seen.at("name"), "user_chat_read");
    EXPECT_EQ(seen.at("data"), (json::value{{"user_uuid", kBob}, {"with", kAlice}, {"last", id}}));
}

TEST_F(CtidNgTest, WhoAsksForMessagesWronglyIsTold) {
    const auto with_bob = std::string("/users/me/chats/") + kBob;
    for (const auto* query : {"?before=x", "?before=0", "?limit=0", "?limit=201", "?limit="})
        EXPECT_EQ(get(with_bob + query).status, 400) << query;
    for (const auto* body : {"", "[]", "{}", R"({"last":0})", R"({"last":"1"})", R"({"last":1.5})"})
        EXPECT_EQ(ask(http::Method::Put, with_bob + "/read", body).status, 400) << body;
    EXPECT_EQ(get("/users/me/chats/nobody").body.at("error_id"), "no-such-user-uuid");
    EXPECT_EQ(ask(http::Method::Put, "/users/me/chats/nobody/read", R"({"last":1})").status, 404);
    asks = "";
    EXPECT_EQ(get("/users/me/chats").body.at("error_id"), "invalid-token");
    EXPECT_EQ(get(with_bob).status, 400);
}

TEST_F(CtidNgTest, AUserSaysWhatHeIsForTheOthers) {  // API-139, ADA-099
    office.configure([](model::SnapshotBuilder& builder) {
        builder.put(
            model::PresenceGroup{model::PresenceGroupId{1},
                                 "office",
                                 "",
                                 {{"available", "Available", "#00FF00", {}, {{"enable_dnd", "false"}}},
                                  {"donotdisturb", "Quiet", "#FF0000", {}, {{"enable_dnd", "true"}}},
                                  {"away", "Away", "#0000FF", {}, {}}}});
    });
    const auto own = "/users/me/presences";
    EXPECT_EQ(
        get(own).body,
        (json::value{{"presence", "disconnected"}, {"user_uuid", kAlice}, {"xivo_uuid", kInstallation}}));
    EXPECT_EQ(ask(http::Method::Put, own, R"({"presence":"donotdisturb"})").status, 204);
    EXPECT_TRUE(undisturbed.at(kAlice));
    EXPECT_EQ(ask(http::Method::Put, own, R"({"presence":"donotdisturb"})").status, 204);
    asks = kBob;
    const auto hers = "/users/" + kAlice + "/presences";
    EXPECT_EQ(get(hers).body.at("presence"), "donotdisturb");
    EXPECT_EQ(get(hers + "?xivo_uuid=" + kInstallation).status, 200);
    EXPECT_EQ(get(hers + "?xivo_uuid=22222222").status, 400);
    EXPECT_EQ(get("/users/nobody/presences").status, 404);
    EXPECT_EQ(ask(http::Method::Put, "/users/nobody/presences", R"({"presence":"away"})").status, 404);
    EXPECT_EQ(ask(http::Method::Put, own, R"({"presence":"asleep"})").body.at("error_id"),
              "invalid-presence");
    EXPECT_EQ(ask(http::Method::Put, own, "{}").status, 400);
    EXPECT_EQ(ask(http::Method::Put, hers, R"({"presence":"away"})").status, 204);
    EXPECT_TRUE(undisturbed.at(kAlice)) << "being away says nothing of it";
    static_cast<void>(feed.ask([](const LiveView&) {}));
    const std::lock_guard lock(mutex);
    ASSERT_EQ(heard.size(), 2u) << "what is as before is not told";
    const auto event = json::parse(heard.back());
    EXPECT_EQ(event.at("name"), "user_status_update");
    EXPECT_EQ(event.at("required_acl"), "events.statuses.users");
    EXPECT_EQ(event.at("data"),
              (json::value{{"xivo_id", kInstallation}, {"user_uuid", kAlice}, {"status", "away"}}));
}

TEST_F(CtidNgTest, AUserChoosesFromTheGroupOfHisProfile) {  // ADA-097, ADA-098
    const auto own = "/users/me/presences/choices";
    EXPECT_EQ(get(own).body, (json::value{{"total", 0}, {"items", json::array()}}));
    office.configure([this](model::SnapshotBuilder& builder) {
        const auto group = [&](std::uint64_t id, const char* name, std::vector<model::Presence> members) {
            builder.put(model::PresenceGroup{model::PresenceGroupId{id}, name, "", std::move(members)});
        };
        group(7, "field",
              {{"onsite", "On site", "#0000FF", {"back"}, {}}, {"back", "Back", "#00FF00", {}, {}}});
        group(3, "office", {{"away", "Away", "#FF0000", {}, {}}});
        builder.put(model::CtiProfile{model::CtiProfileId{5}, "engineer", model::PresenceGroupId{7}, {}});
        auto bob = office.user(2);
        bob.uuid = kBob;
        bob.cti_profile = model::CtiProfileId{5};
        builder.put(bob);
    });
    EXPECT_EQ(get(own).body.at("items").at(0).at("name"), "away") << "no profile: the first group";
    asks = kBob;
    EXPECT_EQ(
        get(own).body,
        (json::value{
            {"total", 2},
            {"items",
             {{{"name", "onsite"}, {"label", "On site"}, {"color", "#0000FF"}, {"reachable", {"back"}}},
              {{"name", "back"}, {"label", "Back"}, {"color", "#00FF00"}, {"reachable", json::array()}}}}}));
    asks = "";
    EXPECT_EQ(get(own).status, 400);
    asks = "cccccccc-0000-4000-8000-000000000003";
    EXPECT_EQ(get(own).status, 404);
}

TEST_F(CtidNgTest, ALineIsAsItsPhones) {  // API-140
    EXPECT_EQ(get("/lines/1/presences").body,
              (json::value{{"line_id", 1}, {"presence", 4}, {"xivo_uuid", kInstallation}}));
    office.call("alice", "1002");
    EXPECT_EQ(get("/lines/1/presences").body.at("presence"), 1);
    EXPECT_EQ(get("/lines/2/presences").body.at("presence"), 8);
    EXPECT_EQ(get("/lines/99/presences").status, 404);
    EXPECT_EQ(get("/lines/x/presences").status, 404);
}

TEST_F(CtidNgTest, SaysThatItWorks) {  // API-134
    EXPECT_EQ(get("/status").body, (json::value{{"connections", {{"ari", "ok"}, {"bus_consumer", "ok"}}},
                                                {"service_token", "ok"}}));
    EXPECT_EQ(get("/api/api.yml").status, 200);
}

}  // namespace
}  // namespace almon::services
