// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/sip_lamps.hpp"

#include <algorithm>
#include <utility>

namespace almon::pbx {

SipLamps::SipLamps(sip::NotifierSettings settings, const StepClock& clock, sip::UserAgent& user_agent)
    : clock_(clock), user_agent_(user_agent), notifier_(settings, user_agent) {}

std::optional<sip::SubscriptionId> SipLamps::subscribe(const sip::IncomingRequest& event, LampSubject subject,
                                                       std::string entity, std::string host) {
    const auto subscribed = notifier_.on_subscribe(event, {kPackage}, clock_.now);
    if (!subscribed) return std::nullopt;
    auto& watch = watches_[subscribed->subscription];
    watch.subject = subject;
    watch.entity = std::move(entity);
    watch.host = std::move(host);
    watch.is_over = subscribed->is_over;
    watchers_[std::move(subject)].insert(subscribed->subscription);
    return subscribed->subscription;
}

std::optional<sip::SubscriptionId> SipLamps::refresh(const sip::IncomingRequest& event) {
    const auto subscribed = notifier_.on_subscribe(event, {kPackage}, clock_.now);
    if (!subscribed) return std::nullopt;
    const auto watch = watches_.find(subscribed->subscription);
    if (watch == watches_.end()) return std::nullopt;
    watch->second.is_over = subscribed->is_over;
    return subscribed->subscription;
}

void SipLamps::refuse(const sip::IncomingRequest& event) {
    user_agent_.respond(event.request_id, 489, {}, {{"Allow-Events", "dialog, message-summary"}}, {},
                        clock_.now);
}

LampSubject SipLamps::subject_of(sip::SubscriptionId subscription) const {
    const auto watch = watches_.find(subscription);
    return watch == watches_.end() ? LampSubject{} : watch->second.subject;
}

std::vector<LampSubject> SipLamps::watched_services() const {
    std::vector<LampSubject> services;
    for (const auto& [subject, watchers] : watchers_) {
        if (!subject.code.empty() && !subject.lot) services.push_back(subject);
    }
    return services;
}

void SipLamps::tell_whole(sip::SubscriptionId subscription, const std::vector<WatchedDialog>& dialogs) {
    const auto watch = watches_.find(subscription);
    if (watch == watches_.end()) return;
    watch->second.told.clear();
    watch->second.refused = false;
    for (const auto& dialog : dialogs)
        watch->second.told[dialog.id] = {std::string(dialog.state), dialog.other, dialog.is_called};
    notify(subscription, watch->second, true, dialogs);
}

void SipLamps::tell_changes(const LampSubject& subject, const std::vector<WatchedDialog>& dialogs) {
    const auto watchers = watchers_.find(subject);
    if (watchers == watchers_.end()) return;
    for (const auto id : watchers->second) {
        auto& watch = watches_.at(id);
        // RFC 4235 4.3: each version is one more than the last, so none may be skipped.
        if (notifier_.is_notifying(id)) {
            watch.missed = true;
            continue;
        }
        std::vector<WatchedDialog> changes;
        auto before = std::exchange(watch.told, {});
        for (const auto& dialog : dialogs) {
            const Told now{std::string(dialog.state), dialog.other, dialog.is_called};
            watch.told[dialog.id] = now;
            const auto known = before.extract(dialog.id);
            if (known.empty() || known.mapped().state != now.state || known.mapped().other != now.other)
                changes.push_back(dialog);
        }
        for (auto& [gone, told] : before)
            changes.push_back({gone, told.is_called, "terminated", std::nullopt, std::move(told.other)});
        if (changes.empty()) continue;
        const bool whole = std::exchange(watch.refused, false);
        notify(id, watch, whole, whole ? dialogs : changes);
    }
    forget_ended();
}

void SipLamps::notify(sip::SubscriptionId id, Watch& watch, bool whole,
                      const std::vector<WatchedDialog>& dialogs) {
    const auto body = dialog_info_of(watch.entity, watch.host, watch.version++, whole, dialogs);
    if (watch.is_over) {
        notifier_.end(id, "timeout", body, clock_.now);
    } else {
        notifier_.notify(id, body, clock_.now);
    }
}

bool SipLamps::on_completed(const sip::RequestCompleted& event) {
    const auto notified = notifier_.on_completed(event, clock_.now);
    if (!notified) return false;
    if (const auto watch = watches_.find(notified->subscription); watch != watches_.end())
        watch->second.refused = !notified->was_taken && !notifier_.is_notifying(notified->subscription);
    forget_ended();
    return true;
}

std::vector<LampSubject> SipLamps::take_missed() {
    std::vector<LampSubject> missed;
    for (auto& [id, watch] : watches_) {
        if (!watch.missed || notifier_.is_notifying(id)) continue;
        watch.missed = false;
        if (std::ranges::find(missed, watch.subject) == missed.end()) missed.push_back(watch.subject);
    }
    return missed;
}

std::vector<SipLamps::Seen> SipLamps::seen() const {
    std::vector<Seen> all;
    for (const auto& [id, watch] : watches_) {
        const auto* dialog = notifier_.dialog_of(id);
        all.push_back({dialog == nullptr ? std::string_view{} : std::string_view(dialog->call_id), watch,
                       !watch.refused && !notifier_.is_notifying(id)});
    }
    return all;
}

void SipLamps::advance() {
    notifier_.advance(clock_.now);
    forget_ended();
}

void SipLamps::forget_ended() {
    for (const auto id : notifier_.take_ended()) {
        const auto watch = watches_.find(id);
        if (watch == watches_.end()) continue;
        const auto watchers = watchers_.find(watch->second.subject);
        watchers->second.erase(id);
        if (watchers->second.empty()) watchers_.erase(watchers);
        watches_.erase(watch);
    }
}

void SipLamps::save(Archive& archive) const {
    archive.put(notifier_);
    archive.put(watches_);
}

void SipLamps::restore(ArchiveReader& reader) {
    reader.get(notifier_);
    reader.get(watches_);
    watchers_.clear();
    for (const auto& [id, watch] : watches_)
        watchers_[watch.subject].insert(id);
}

}  // namespace almon::pbx
