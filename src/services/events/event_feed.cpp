// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/events/event_feed.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <pthread.h>

#include "base/log.hpp"
#include "base/overload.hpp"
#include "model/user.hpp"
#include "services/events/call_view.hpp"
#include "services/events/configuration_events.hpp"
#include "services/events/event_catalogue.hpp"
#include "services/events/voicemail_view.hpp"

namespace almon::services {

namespace {

namespace json = boost::json;

/// What one step of a call tells comes together then, and wakes the feed once: well below what programs
/// notice.
constexpr std::chrono::milliseconds kGathering{2};

const EventType& type_of(CallChange change) noexcept {
    switch (change) {
        case CallChange::Created:
            return events::kCallCreated;
        case CallChange::Updated:
            return events::kCallUpdated;
        case CallChange::Ended:
            return events::kCallEnded;
        case CallChange::Held:
            return events::kCallHeld;
        case CallChange::Resumed:
            return events::kCallResumed;
    }
    return events::kCallUpdated;
}

const EventType& type_of(bus::TransferChange change) noexcept {
    switch (change) {
        case bus::TransferChange::Created:
            return events::kTransferCreated;
        case bus::TransferChange::Updated:
            return events::kTransferUpdated;
        case bus::TransferChange::Answered:
            return events::kTransferAnswered;
        case bus::TransferChange::Cancelled:
            return events::kTransferCancelled;
        case bus::TransferChange::Completed:
            return events::kTransferCompleted;
        case bus::TransferChange::Abandoned:
            return events::kTransferAbandoned;
        case bus::TransferChange::Ended:
            return events::kTransferEnded;
    }
    return events::kTransferUpdated;
}

const EventType& type_of(bus::MessageChange change) noexcept {
    switch (change) {
        case bus::MessageChange::Created:
            return events::kVoiceMessageCreated;
        case bus::MessageChange::Updated:
            return events::kVoiceMessageUpdated;
        case bus::MessageChange::Deleted:
            return events::kVoiceMessageDeleted;
    }
    return events::kVoiceMessageUpdated;
}

/// What an ACL has in place of the uuid of nobody's.
std::string_view acl_word(const json::value& uuid) {
    return uuid.is_null() ? "none" : std::string_view(uuid.get_string());
}

}  // namespace

LineStatus LiveView::status_of(const model::Line& line) const {
    const auto* endpoint = configuration.endpoint_sip(line.endpoint_sip);
    const bool reachable = endpoint != nullptr && contacts.contains(endpoint->username);
    return line_status(calls.of_line(line.id), reachable);
}

EventFeed::EventFeed(Settings settings, std::shared_ptr<const model::Snapshot> configuration)
    : settings_(std::move(settings)), configuration_(std::move(configuration)) {}

EventFeed::~EventFeed() {
    stop();
}

void EventFeed::know_contacts(const std::vector<bus::StoredContact>& contacts) {
    for (const auto& contact : contacts)
        contacts_[contact.username].insert_or_assign(contact.uri, contact.remote);
    configuration_->for_each<model::Line>([&](const model::Line& line) {
        const auto* endpoint = configuration_->endpoint_sip(line.endpoint_sip);
        if (endpoint == nullptr) return;
        line_statuses_[line.id] = line_status({}, contacts_.contains(endpoint->username));
    });
}

void EventFeed::start(bus::EventBus& bus) {
    queue_ = bus.subscribe(
        bus::EventKinds::of<bus::CallEvent, bus::HoldChanged, bus::ContactBound, bus::ContactRemoved,
                            bus::TransferChanged, bus::VoiceMessageChanged>(),
        settings_.most_waiting, [this] { wake(); });
    thread_ = std::thread([this] {
        ::pthread_setname_np(::pthread_self(), "events");
        run();
    });
}

void EventFeed::stop() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        waiting_.stop = true;
    }
    woken_.notify_one();
    thread_.join();
    queue_.reset();
}

void EventFeed::wake() {
    {
        const std::lock_guard lock(mutex_);
        waiting_.calls = true;
    }
    woken_.notify_one();
}

void EventFeed::configuration_changed(std::shared_ptr<const model::Snapshot> snapshot,
                                      const model::Change& change) {
    auto messages = messages_of(change, settings_.installation_uuid);
    {
        const std::lock_guard lock(mutex_);
        waiting_.configuration = std::move(snapshot);
        std::ranges::move(messages, std::back_inserter(waiting_.messages));
    }
    woken_.notify_one();
}

void EventFeed::publish(Message message) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.messages.push_back(std::move(message));
    }
    woken_.notify_one();
}

void EventFeed::publish(ami::Event event) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.manager_events.push_back(std::move(event));
    }
    woken_.notify_one();
}

Result<void> EventFeed::ask(std::function<void(const LiveView&)> question) {
    const auto answer = put(std::move(question));
    if (!answer) return refuse(ErrorCode::Unavailable, "", "the server is stopping");
    answer->wait();
    return {};
}

Result<void> EventFeed::look(std::function<void(const LiveView&)> question,
                             std::chrono::milliseconds patience) {
    const auto answer = put(std::move(question));
    if (!answer) return refuse(ErrorCode::Unavailable, "", "the server is stopping");
    if (answer->wait_for(patience) != std::future_status::ready)
        return refuse(ErrorCode::Unavailable, "", "do not answer");
    return {};
}

std::optional<std::future<void>> EventFeed::put(std::function<void(const LiveView&)> question) {
    auto answered = std::make_shared<std::promise<void>>();
    auto answer = answered->get_future();
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.stop) return std::nullopt;
        waiting_.questions.push_back(
            [answered = std::move(answered), question = std::move(question)](const LiveView& view) {
                question(view);
                answered->set_value();
            });
    }
    woken_.notify_one();
    return answer;
}

void EventFeed::run() {
    while (true) {
        Waiting now;
        {
            std::unique_lock lock(mutex_);
            woken_.wait(lock, [this] {
                return waiting_.calls || waiting_.stop || waiting_.configuration ||
                       !waiting_.messages.empty() || !waiting_.manager_events.empty() ||
                       !waiting_.questions.empty();
            });
            woken_.wait_for(lock, kGathering,
                            [this] { return waiting_.stop || !waiting_.questions.empty(); });
            now.stop = waiting_.stop;
            std::swap(now, waiting_);
            waiting_.stop = now.stop;
        }
        if (now.configuration) configuration_ = std::move(now.configuration);
        for (const auto& message : now.messages)
            tell(message);
        for (auto& event : now.manager_events)
            tell_managers(std::move(event));
        if (const auto lost = queue_->take_dropped(); lost != 0) {
            lost_ += lost;
            log_warning("events: {} of calls came too fast and were not told", lost);
        }
        for (const auto& event : queue_->take())
            take(event);
        tell_updated();
        for (const auto& question : now.questions)
            question({calls_, *configuration_, contacts_, figures_});
        if (now.stop) return;
    }
}

void EventFeed::take(const bus::Event& event) {
    std::visit(Overload{[this](const bus::CallEvent& call) {
                            // Whom one talked to is told even where it was for a moment only.
                            if (call.type == bus::CallEventType::BridgeExit) tell_updated();
                            figures_.take(call);
                            const auto change = calls_.take(call);
                            if (any_manager_listens()) tell_manager(call, calls_, tell_managers_);
                            if (change) take(*change);
                            answers_.take(call);
                        },
                        [this](const bus::HoldChanged& hold) {
                            const auto change = calls_.take(hold);
                            if (!change) return;
                            if (any_manager_listens()) tell_manager(*change, calls_, tell_managers_);
                            take(*change);
                        },
                        [this](const bus::ContactBound& bound) {
                            contact(bound.contact.username, bound.contact.uri, &bound.contact.remote);
                        },
                        [this](const bus::ContactRemoved& removed) {
                            contact(removed.username, removed.uri, nullptr);
                        },
                        [this](const bus::TransferChanged& transfer) {
                            if (!anybody_listens()) return;
                            tell_updated();
                            const auto data = transfer_json(transfer, *configuration_);
                            tell(make_message(type_of(transfer.change), data, settings_.installation_uuid,
                                              {{"user_uuid", acl_word(data.at("initiator_uuid"))}}));
                        },
                        [this](const bus::VoiceMessageChanged& changed) { tell_message(changed); }},
               event);
}

void EventFeed::take(const CallList::Change& change) {
    const auto& call = change.call;
    switch (change.what) {
        case CallChange::Updated:
            will_tell(call);
            // Who comes to a bridge changes whom the others there talk to.
            for (const auto* other : calls_.talking_to(call))
                will_tell(*other);
            break;
        case CallChange::Held:
        case CallChange::Resumed:
            tell_updated();
            tell(make_message(type_of(change.what), json::object{{"call_id", call.id}},
                              settings_.installation_uuid));
            break;
        case CallChange::Ended:
            std::erase(updated_, call.id);
            [[fallthrough]];
        case CallChange::Created:
            tell_call(type_of(change.what), call);
            break;
    }
    if (call.line) look_at(call.line);
}

void EventFeed::will_tell(const ListedCall& updated) {
    if (std::ranges::find(updated_, updated.id) == updated_.end()) updated_.push_back(updated.id);
}

void EventFeed::tell_updated() {
    for (const auto& id : updated_) {
        if (const auto* call = calls_.find(id)) tell_call(events::kCallUpdated, *call);
    }
    updated_.clear();
}

void EventFeed::tell_call(const EventType& type, const ListedCall& call) {
    if (!anybody_listens()) return;
    const auto data = call_json(call, calls_, *configuration_, &type == &events::kCallEnded);
    tell(make_message(type, data, settings_.installation_uuid,
                      {{"user_uuid", acl_word(data.at("user_uuid"))}}));
}

void EventFeed::tell_message(const bus::VoiceMessageChanged& changed) {
    if (!anybody_listens()) return;
    const pbx::VoiceMessage message{changed.message, changed.caller, changed.time, changed.length};
    configuration_->for_each_naming<model::User>(
        model::VoicemailId{changed.voicemail}, [&](const model::User& user) {
            tell(make_message(type_of(changed.change),
                              json::object{{"user_uuid", user.uuid},
                                           {"voicemail_id", changed.voicemail},
                                           {"message_id", changed.message},
                                           {"message", message_json(message, changed.fresh)}},
                              settings_.installation_uuid, {{"user_uuid", user.uuid}}));
        });
}

void EventFeed::look_at(model::LineId line_id) {
    const auto* line = configuration_->line(line_id);
    if (line == nullptr) {
        line_statuses_.erase(line_id);
        return;
    }
    const auto status = LiveView{calls_, *configuration_, contacts_, figures_}.status_of(*line);
    const auto [told, is_new] = line_statuses_.try_emplace(line_id, LineStatus::Unavailable);
    if (std::exchange(told->second, status) == status && !is_new) return;
    if (any_manager_listens()) tell_manager_of_line(*line, status, *configuration_, tell_managers_);
    if (!anybody_listens()) return;
    tell(make_message(events::kEndpointStatusUpdate,
                      json::object{{"xivo_id", settings_.installation_uuid},
                                   {"endpoint_id", line_id.value},
                                   {"status", static_cast<int>(status)}},
                      settings_.installation_uuid));
}

void EventFeed::contact(const std::string& username, const std::string& uri, const NetAddress* address) {
    bool news = false;
    if (address != nullptr) {
        news = contacts_[username].insert_or_assign(uri, *address).second;
    } else if (const auto found = contacts_.find(username); found != contacts_.end()) {
        found->second.erase(uri);
        news = found->second.empty();
        if (news) contacts_.erase(found);
    }
    if (news && any_manager_listens()) tell_manager_of_phone(username, address, tell_managers_);
    const auto* endpoint = configuration_->endpoint_sip_by_username(username);
    const auto* line = endpoint != nullptr ? configuration_->line_of_endpoint(endpoint->id) : nullptr;
    if (line != nullptr) look_at(line->id);
}

void EventFeed::tell(const Message& message) const {
    for (const auto& listener : listeners_)
        listener.take(message);
}

bool EventFeed::any_manager_listens() const {
    return std::ranges::any_of(managers_, [](const ManagerListener& listener) { return listener.listens(); });
}

void EventFeed::tell_managers(ami::Event event) const {
    const auto shared = std::make_shared<const ami::Event>(std::move(event));
    for (const auto& listener : managers_) {
        if (listener.listens()) listener.take(shared);
    }
}

bool EventFeed::anybody_listens() const {
    return std::ranges::any_of(listeners_, [](const Listener& listener) { return listener.listens(); });
}

}  // namespace almon::services
