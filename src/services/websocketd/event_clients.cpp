// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/websocketd/event_clients.hpp"

#include <vector>

#include <boost/json.hpp>

namespace almon::services {

namespace {

namespace json = boost::json;

constexpr std::string_view kAllEvents = "*";

Result<EventRequest> not_understood(std::string reason) {
    return refuse(ErrorCode::Malformed, "", std::move(reason));
}

template <class Index, class Clients>
void forget(Index& index, const std::string& key, const Clients& client) {
    const auto found = index.find(key);
    if (found == index.end()) return;
    found->second.erase(client);
    if (found->second.empty()) index.erase(found);
}

}  // namespace

Result<EventRequest> EventRequest::parse(std::string_view text) {
    json::error_code error;
    const auto parsed = json::parse(text, error);
    if (error) return not_understood("not JSON");
    const auto* request = parsed.if_object();
    const auto* operation = request != nullptr ? request->if_contains("op") : nullptr;
    const auto* name = operation != nullptr ? operation->if_string() : nullptr;
    if (name == nullptr) return not_understood("op is missing");
    if (*name == "start") return EventRequest{Operation::Start, {}};
    if (*name != "subscribe") return not_understood("unknown op");
    const auto* data = request->if_contains("data");
    const auto* arguments = data != nullptr ? data->if_object() : nullptr;
    const auto* event = arguments != nullptr ? arguments->if_contains("event_name") : nullptr;
    if (event == nullptr || !event->is_string()) return not_understood("data.event_name is missing");
    return EventRequest{Operation::Subscribe, std::string(event->get_string())};
}

void EventClients::add(const std::shared_ptr<Client>& client) {
    const std::lock_guard lock(mutex_);
    all_.insert(client);
    by_token_[client->token->digest()].insert(client);
}

void EventClients::remove(const std::shared_ptr<Client>& client) {
    const std::lock_guard lock(mutex_);
    if (all_.erase(client) == 0) return;
    forget(by_token_, client->token->digest(), client);
    for (const auto& name : client->names_)
        forget(by_name_, name, client);
}

bool EventClients::subscribe(const std::shared_ptr<Client>& client, const std::string& event_name) {
    const std::lock_guard lock(mutex_);
    client->names_.insert(event_name);
    if (client->started_ && all_.contains(client)) by_name_[event_name].insert(client);
    return !client->started_;
}

bool EventClients::start(const std::shared_ptr<Client>& client) {
    const std::lock_guard lock(mutex_);
    if (client->started_ || !all_.contains(client)) return false;
    client->started_ = true;
    for (const auto& name : client->names_)
        by_name_[name].insert(client);
    return true;
}

void EventClients::deliver(const Message& message) {
    if (message.audience == Audience::BusOnly) return;
    const auto words = http::acl_words(message.required_acl);
    const std::lock_guard lock(mutex_);
    const auto to = [&](const Client& client) {
        if (message.audience == Audience::Everybody || client.token->acl().grants(words))
            client.session->send_text(message.body);
    };
    const auto everything = by_name_.find(std::string(kAllEvents));
    if (everything != by_name_.end()) {
        for (const auto& client : everything->second)
            to(*client);
    }
    const auto named = by_name_.find(message.name);
    if (named == by_name_.end()) return;
    for (const auto& client : named->second) {
        if (!client->names_.contains(kAllEvents)) to(*client);
    }
}

bool EventClients::anybody_listens() const {
    const std::lock_guard lock(mutex_);
    return !by_name_.empty();
}

void EventClients::end(const Token& token) {
    std::vector<std::shared_ptr<Client>> ended;
    {
        const std::lock_guard lock(mutex_);
        const auto found = by_token_.find(token.digest());
        if (found == by_token_.end()) return;
        ended.assign(found->second.begin(), found->second.end());
    }
    for (const auto& client : ended) {
        remove(client);
        client->session->close(static_cast<http::CloseCode>(EventClose::TokenEnded),
                               "authentication expired");
    }
}

std::size_t EventClients::size() const {
    const std::lock_guard lock(mutex_);
    return all_.size();
}

}  // namespace almon::services
