// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/websocketd/event_clients.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace almon::services {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Session final : http::WebSocketSession {
    void send_text(std::string text) override { sent.push_back(std::move(text)); }
    void send_text(std::shared_ptr<const std::string> text) override { sent.push_back(*text); }
    void send_binary(std::string) override {}
    void close(http::CloseCode code, std::string_view) override { closed = static_cast<int>(code); }
    [[nodiscard]] std::size_t queued() const noexcept override { return 0; }
    [[nodiscard]] const NetAddress& remote() const noexcept override { return address; }
    [[nodiscard]] std::string_view subprotocol() const noexcept override { return {}; }

    NetAddress address;
    std::vector<std::string> sent;
    int closed = 0;
};

class EventClientsTest : public testing::Test {
protected:
    struct Connected {
        std::shared_ptr<Session> session = std::make_shared<Session>();
        std::shared_ptr<EventClients::Client> client;
    };
    Connected connect(std::vector<std::string> rules, const std::string& digest = "d") {
        Connected made;
        Caller::Account account{"xivo_user", "alice", "4", "", std::move(rules)};
        made.client = std::make_shared<EventClients::Client>(
            made.session, std::make_shared<const Token>(account, digest, UtcTime{}, UtcTime{}));
        clients.add(made.client);
        return made;
    }
    static Message message(std::string name, std::string acl, Audience audience = Audience::Granted) {
        auto body = std::make_shared<const std::string>(name);
        return {std::move(name), "", audience, std::move(acl), std::move(body)};
    }

    EventClients clients;
};

TEST_F(EventClientsTest, NothingComesBeforeTheStart) {  // API-227
    auto [session, client] = connect({"events.#"});
    EXPECT_TRUE(clients.subscribe(client, "a"));
    clients.deliver(message("a", "events.a"));
    EXPECT_THAT(session->sent, IsEmpty());
    EXPECT_TRUE(clients.start(client));
    clients.deliver(message("a", "events.a"));
    clients.deliver(message("b", "events.b"));
    EXPECT_THAT(session->sent, ElementsAre("a"));
}

TEST_F(EventClientsTest, RulesDecideAtDelivery) {  // API-229
    auto [session, client] = connect({"events.calls.mine"});
    clients.subscribe(client, "*");
    clients.start(client);
    clients.deliver(message("others", "events.calls.others"));
    clients.deliver(message("mine", "events.calls.mine"));
    clients.deliver(message("nobody", "", Audience::BusOnly));
    clients.deliver(message("all", "", Audience::Everybody));
    EXPECT_THAT(session->sent, ElementsAre("mine", "all"));
}

TEST_F(EventClientsTest, ANameAndTheStarTogetherDeliverOnce) {  // API-226
    auto [session, client] = connect({"#"});
    clients.subscribe(client, "a");
    clients.start(client);
    EXPECT_FALSE(clients.subscribe(client, "*"));  // API-228
    clients.deliver(message("a", "events.a"));
    EXPECT_THAT(session->sent, ElementsAre("a"));
}

TEST_F(EventClientsTest, TheEndOfATokenEndsItsConnectionsAlone) {  // API-220
    auto first = connect({"#"}, "first");
    auto second = connect({"#"}, "second");
    for (auto* connected : {&first, &second}) {
        clients.subscribe(connected->client, "*");
        clients.start(connected->client);
    }
    clients.end(*first.client->token);
    EXPECT_EQ(first.session->closed, 4003);
    EXPECT_EQ(second.session->closed, 0);
    clients.deliver(message("a", "events.a"));
    EXPECT_THAT(first.session->sent, IsEmpty());
    EXPECT_THAT(second.session->sent, ElementsAre("a"));
    clients.remove(second.client);
    EXPECT_EQ(clients.size(), 0u);
}

TEST(EventRequest, IsAWordAndAName) {  // API-222
    const auto subscribe = EventRequest::parse(R"({"op":"subscribe","data":{"event_name":"call_created"}})");
    ASSERT_TRUE(subscribe);
    EXPECT_EQ(subscribe->event_name, "call_created");
    EXPECT_EQ(EventRequest::parse(R"({"op":"start","more":1})")->operation, EventRequest::Operation::Start);
    for (const auto* wrong :
         {"", "[]", "{}", R"({"op":1})", R"({"op":"subscribe"})", R"({"op":"subscribe","data":[]})",
          R"({"op":"subscribe","data":{"event_name":1}})", R"({"op":"stop"})"})
        EXPECT_FALSE(EventRequest::parse(wrong)) << wrong;
}

}  // namespace
}  // namespace almon::services
