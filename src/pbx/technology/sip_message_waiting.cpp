// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/sip_message_waiting.hpp"

#include <utility>

#include <fmt/format.h>

namespace almon::pbx {

sip::Body message_summary(std::string_view account, MessageCounts counts) {
    return {"application/simple-message-summary",
            fmt::format("Messages-Waiting: {}\r\nMessage-Account: {}\r\nVoice-Message: {}/{} (0/0)\r\n",
                        counts.fresh > 0 ? "yes" : "no", account, counts.fresh, counts.old)};
}

SipMessageWaiting::SipMessageWaiting(sip::NotifierSettings settings, const StepClock& clock,
                                     sip::UserAgent& user_agent)
    : clock_(clock), notifier_(settings, user_agent) {}

void SipMessageWaiting::subscribe(const sip::IncomingRequest& event, model::VoicemailId voicemail,
                                  std::string account, const TechnologyListener& calls) {
    const auto subscribed = notifier_.on_subscribe(event, {kPackage}, clock_.now);
    if (!subscribed) return;
    if (subscribed->is_new) watches_[subscribed->subscription] = {voicemail, std::move(account)};
    const auto watch = watches_.find(subscribed->subscription);
    if (watch == watches_.end()) return;
    const auto state = message_summary(watch->second.account, calls.messages_of(watch->second.voicemail));
    if (subscribed->is_over) {
        notifier_.end(subscribed->subscription, "timeout", state, clock_.now);
    } else {
        notifier_.notify(subscribed->subscription, state, clock_.now);
    }
    forget_ended();
}

void SipMessageWaiting::tell(model::VoicemailId voicemail, const TechnologyListener& calls) {
    for (const auto& [id, watch] : watches_) {
        if (watch.voicemail == voicemail)
            notifier_.notify(id, message_summary(watch.account, calls.messages_of(voicemail)), clock_.now);
    }
    forget_ended();
}

bool SipMessageWaiting::on_completed(const sip::RequestCompleted& event) {
    if (!notifier_.on_completed(event, clock_.now)) return false;
    forget_ended();
    return true;
}

void SipMessageWaiting::advance() {
    notifier_.advance(clock_.now);
    forget_ended();
}

void SipMessageWaiting::forget_ended() {
    for (const auto id : notifier_.take_ended())
        watches_.erase(id);
}

void SipMessageWaiting::save(Archive& archive) const {
    archive.put(notifier_);
    archive.put(watches_);
}

void SipMessageWaiting::restore(ArchiveReader& reader) {
    reader.get(notifier_);
    reader.get(watches_);
}

}  // namespace almon::pbx
