// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"
#include "http/websocket.hpp"
#include "services/auth/caller.hpp"
#include "services/events/message.hpp"

namespace almon::services {

/// Why the server ends a connection of the event service (API-218..API-221).
enum class EventClose : std::uint16_t {
    NoToken = 4001,
    TokenRefused = 4002,
    TokenEnded = 4003,
    NotUnderstood = 4004,
};

/// What a client asks for: `{"op": "subscribe", "data": {"event_name": "call_created"}}` or `{"op": "start"}`
/// (API-222, API-225, API-227).
struct EventRequest {
    enum class Operation { Subscribe, Start };
    Operation operation = Operation::Start;
    std::string event_name;

    /// Malformed: no JSON, no such operation, an argument is missing.
    [[nodiscard]] static Result<EventRequest> parse(std::string_view text);
};

/// Who is connected to the event service and what each wants to hear. Any thread.
class EventClients final {
public:
    /// One connection: its IO thread calls it, and so may deliver() and end() on others.
    class Client {
    public:
        Client(std::shared_ptr<http::WebSocketSession> way, std::shared_ptr<const Token> shown)
            : session(std::move(way)), token(std::move(shown)) {}

        const std::shared_ptr<http::WebSocketSession> session;
        const std::shared_ptr<const Token> token;

    private:
        friend class EventClients;
        bool started_ = false;
        std::set<std::string, std::less<>> names_;
    };

    void add(const std::shared_ptr<Client>& client);
    void remove(const std::shared_ptr<Client>& client);
    /// Events of this name, or all where it is "*" (API-226), are delivered once the client has started.
    /// @return whether that is to be confirmed: before the start it is, afterwards not (API-228).
    bool subscribe(const std::shared_ptr<Client>& client, const std::string& event_name);
    /// @return as subscribe().
    bool start(const std::shared_ptr<Client>& client);

    /// To all who have subscribed to its name and may hear it (API-229).
    void deliver(const Message& message);
    /// Whether deliver() would find anybody.
    [[nodiscard]] bool anybody_listens() const;
    /// Disconnects whoever came with this token (API-220).
    void end(const Token& token);
    [[nodiscard]] std::size_t size() const;

private:
    using Clients = std::set<std::shared_ptr<Client>>;

    mutable std::mutex mutex_;
    Clients all_;
    std::unordered_map<std::string, Clients> by_name_;   ///< Of those who have started.
    std::unordered_map<std::string, Clients> by_token_;  ///< By Token::digest().
};

}  // namespace almon::services
