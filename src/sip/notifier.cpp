// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/notifier.hpp"

#include <algorithm>
#include <utility>

#include "sip/numeric_headers.hpp"

namespace almon::sip {

namespace {

std::string joined(const std::vector<std::string_view>& packages) {
    std::string text;
    for (const auto package : packages) {
        if (!text.empty()) text += ", ";
        text += package;
    }
    return text;
}

std::string event_value(const Event& event) {
    std::string value(event.package);
    if (!event.id().empty()) value.append(";id=").append(event.id());
    return value;
}

}  // namespace

Notifier::Notifier(NotifierSettings settings, UserAgent& user_agent)
    : settings_(settings), user_agent_(user_agent) {}

std::optional<Notifier::Subscribed> Notifier::on_subscribe(const IncomingRequest& incoming,
                                                           const std::vector<std::string_view>& offered,
                                                           Now now) {
    const Message& request = incoming.request;
    const auto refuse_with = [&](int status, const ExtraHeaders& headers) {
        user_agent_.respond(incoming.request_id, status, {}, headers, {}, now);
        return std::nullopt;
    };
    const auto value = request.header(HeaderName::Event);
    // RFC 6665 8.2.1: without an Event there is nothing to subscribe to.
    if (!value) return refuse_with(400, {});
    const auto event = Event::parse(*value);
    if (!event) return refuse_with(400, {});
    if (std::ranges::find(offered, event->package) == offered.end()) {
        return refuse_with(489, {{"Allow-Events", joined(offered)}});
    }
    const auto wanted = sip::expires(request);
    const auto expires = std::min(wanted.value_or(settings_.default_expiry), settings_.maximum_expiry);
    // RFC 6665 4.2.1.1: an hour or more is never too brief.
    if (expires > std::chrono::seconds(0) && expires < settings_.minimum_expiry) {
        return refuse_with(423, {{"Min-Expires", std::to_string(settings_.minimum_expiry.count())}});
    }
    const auto to = request.to();
    if (!to) return refuse_with(400, {});
    if (!to->tag().empty()) return refresh(incoming, to->tag(), expires, now);
    if (subscriptions_.size() >= settings_.subscriptions) return refuse_with(503, {{"Retry-After", "60"}});

    const SubscriptionId id{++last_};
    Subscription subscription;
    subscription.event = event_value(*event);
    subscription.dialog =
        Dialog::of_callee(request, incoming.flow, std::string(user_agent_.local_tag(incoming.request_id)));
    subscription.dialog.confirmed = true;
    by_local_tag_.emplace(subscription.dialog.local_tag, id);
    auto& kept = subscriptions_.emplace(id, std::move(subscription)).first->second;
    if (expires > std::chrono::seconds(0)) set_expiry(id, kept, expires, now);
    accept(incoming.request_id, expires, now);
    return Subscribed{id, true, expires == std::chrono::seconds(0)};
}

std::optional<Notifier::Subscribed> Notifier::refresh(const IncomingRequest& incoming, std::string_view tag,
                                                      std::chrono::seconds expires, Now now) {
    const auto known = by_local_tag_.find(std::string(tag));
    const auto found =
        known == by_local_tag_.end() ? subscriptions_.end() : subscriptions_.find(known->second);
    const auto from = incoming.request.from();
    if (found == subscriptions_.end() || found->second.dialog.call_id != incoming.request.call_id() ||
        !from || from->tag() != found->second.dialog.remote_tag || !found->second.ending.empty()) {
        user_agent_.respond(incoming.request_id, 481, {}, {}, {}, now);
        return std::nullopt;
    }
    auto& subscription = found->second;
    const auto cseq = incoming.request.cseq();
    if (!cseq || !subscription.dialog.take_cseq(cseq->number)) {
        user_agent_.respond(incoming.request_id, 500, {}, {}, {}, now);
        return std::nullopt;
    }
    subscription.dialog.refresh_target(incoming.request);
    subscription.dialog.choose_flow(incoming.flow, !subscription.dialog.route_set.empty());
    timers_.stop(subscription.expiry);
    if (expires > std::chrono::seconds(0)) set_expiry(found->first, subscription, expires, now);
    accept(incoming.request_id, expires, now);
    return Subscribed{found->first, false, expires == std::chrono::seconds(0)};
}

void Notifier::set_expiry(SubscriptionId id, Subscription& subscription, std::chrono::seconds expires,
                          Now now) {
    subscription.expires = now.instant + expires;
    subscription.expiry = timers_.start(subscription.expires, id);
}

void Notifier::accept(RequestId request, std::chrono::seconds expires, Now now) {
    user_agent_.respond(request, 200, {}, {{"Expires", std::to_string(expires.count())}}, {}, now);
}

const Dialog* Notifier::dialog_of(SubscriptionId id) const {
    const auto found = subscriptions_.find(id);
    return found == subscriptions_.end() ? nullptr : &found->second.dialog;
}

bool Notifier::is_notifying(SubscriptionId id) const {
    const auto found = subscriptions_.find(id);
    return found != subscriptions_.end() && found->second.in_flight != 0;
}

void Notifier::notify(SubscriptionId id, const Body& state, Now now) {
    const auto found = subscriptions_.find(id);
    if (found == subscriptions_.end() || !found->second.ending.empty()) return;
    if (found->second.in_flight != 0) {
        found->second.waiting = state;
        return;
    }
    send(id, found->second, state, now);
}

void Notifier::end(SubscriptionId id, std::string_view reason, const Body& state, Now now) {
    const auto found = subscriptions_.find(id);
    if (found == subscriptions_.end() || !found->second.ending.empty()) return;
    timers_.stop(found->second.expiry);
    found->second.ending = reason;
    if (found->second.in_flight != 0) {
        found->second.waiting = state;
        return;
    }
    send(id, found->second, state, now);
}

void Notifier::send(SubscriptionId id, Subscription& subscription, const Body& state, Now now) {
    auto& dialog = subscription.dialog;
    auto path = dialog.path();
    SubscriptionState value;
    if (subscription.ending.empty()) {
        value.state = SubscriptionState::State::Active;
        value.expires =
            std::chrono::ceil<std::chrono::seconds>(std::max(subscription.expires - now.instant, Duration{}));
    } else {
        value.state = SubscriptionState::State::Terminated;
        value.reason = subscription.ending;
    }
    RequestSettings settings;
    settings.flow = dialog.flow;
    settings.method = "NOTIFY";
    settings.request_uri = std::move(path.request_uri);
    settings.route = std::move(path.route);
    settings.from = dialog.local;
    settings.to = dialog.remote;
    settings.call_id = dialog.call_id;
    settings.cseq = ++dialog.local_cseq;
    settings.headers = {{"Event", subscription.event}, {"Subscription-State", value.text()}};
    settings.body = state;
    const auto request = user_agent_.request(settings, now);
    subscription.in_flight = request.value;
    notifies_.emplace(request, id);
}

std::optional<Notifier::Notified> Notifier::on_completed(const RequestCompleted& event, Now now) {
    const auto notify = notifies_.find(event.request);
    if (notify == notifies_.end()) return std::nullopt;
    const SubscriptionId id = notify->second;
    notifies_.erase(notify);
    const auto found = subscriptions_.find(id);
    // RFC 6665 4.2.2: no answer or a refusal that will not pass ends the subscription; 5xx may pass.
    const int status = event.response == nullptr ? 408 : event.response->status();
    const Notified notified{id, status < 300};
    if (found == subscriptions_.end()) return notified;
    auto& subscription = found->second;
    subscription.in_flight = 0;
    const bool gone = status == 408 || (status >= 400 && status < 500);
    if (gone) {
        forget(id);
    } else if (auto waiting = std::exchange(subscription.waiting, std::nullopt)) {
        send(id, subscription, *waiting, now);
    } else if (!subscription.ending.empty()) {
        forget(id);
    }
    return notified;
}

void Notifier::advance(Now now) {
    while (const auto due = timers_.take_due(now.instant))
        end(due->second, "timeout", {}, now);
}

void Notifier::forget(SubscriptionId id) {
    const auto found = subscriptions_.find(id);
    timers_.stop(found->second.expiry);
    by_local_tag_.erase(found->second.dialog.local_tag);
    subscriptions_.erase(found);
    ended_.push_back(id);
}

std::vector<SubscriptionId> Notifier::take_ended() {
    return std::exchange(ended_, {});
}

void Notifier::save(Archive& archive) const {
    archive.put(subscriptions_);
    archive.put(notifies_);
    archive.put(timers_);
    archive.put(ended_);
    archive.put(last_);
}

void Notifier::restore(ArchiveReader& reader) {
    reader.get(subscriptions_);
    reader.get(notifies_);
    reader.get(timers_);
    reader.get(ended_);
    reader.get(last_);
    by_local_tag_.clear();
    for (const auto& [id, subscription] : subscriptions_)
        by_local_tag_.emplace(subscription.dialog.local_tag, id);
}

}  // namespace almon::sip
