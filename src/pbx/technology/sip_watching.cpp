// SPDX-License-Identifier: GPL-3.0-or-later
// SUBSCRIBE to a colleague's dialogs: who may watch whom, and what there is to see (RFC 6665, RFC 4235).
#include <utility>

#include "model/call_filter.hpp"
#include "model/feature_code.hpp"
#include "model/voicemail.hpp"
#include "pbx/resolver.hpp"
#include "pbx/service_change.hpp"
#include "pbx/technology/sip_technology.hpp"
#include "sip/event.hpp"
#include "sip/uri.hpp"

namespace almon::pbx {
namespace {

std::string_view state_of(ShownCall::Stage stage) noexcept {
    switch (stage) {
        case ShownCall::Stage::Trying:
            return "trying";
        case ShownCall::Stage::Ringing:
            return "early";
        case ShownCall::Stage::Talking:
            return "confirmed";
    }
    return "trying";
}

}  // namespace

void SipTechnology::handle_subscribe(const sip::IncomingRequest& event) {
    const auto refuse = [&](int status, const sip::ExtraHeaders& headers = {}) {
        user_agent_.respond(event.request_id, status, {}, headers, {}, clock_.now);
    };
    const auto identity = authenticator_.identify(*snapshot_, event.request, event.flow);
    if (!identity) return refuse(identity.error().status, identity.error().headers);
    const auto package = sip::Event::parse(event.request.header(sip::HeaderName::Event).value_or(""));
    const auto* line = snapshot_->line_of_endpoint((*identity)->id);
    if (package && package->package == SipMessageWaiting::kPackage) return watch_mailbox(event, line);
    const auto to = event.request.to();
    if (to && !to->tag().empty()) {
        if (const auto refreshed = lamps_.refresh(event))
            lamps_.tell_whole(*refreshed, dialogs_of(lamps_.subject_of(*refreshed)));
        return;
    }
    if (line == nullptr) return refuse(403);
    if (package && package->package != SipLamps::kPackage) return lamps_.refuse(event);
    const auto uri = sip::SipUri::parse(event.request.request_uri());
    if (!uri) return refuse(416);
    const auto exten = uri->unescaped_user();
    const auto subject = lamp_subject(*line, exten);
    if (!subject) return refuse(404);
    const auto host = host_of(event.flow);
    const auto subscription =
        lamps_.subscribe(event, *subject, "sip:" + sip::escape_user(exten) + "@" + host, host);
    if (subscription) lamps_.tell_whole(*subscription, dialogs_of(*subject));
}

/// Everybody watches his own.
void SipTechnology::watch_mailbox(const sip::IncomingRequest& event, const model::Line* line) {
    const auto to = event.request.to();
    const auto* user = line == nullptr || snapshot_->users_of_line(line->id).empty()
                           ? nullptr
                           : snapshot_->user(snapshot_->users_of_line(line->id).front());
    const auto* voicemail = user == nullptr ? nullptr : snapshot_->find(user->voicemail);
    if (voicemail == nullptr && (!to || to->tag().empty()))
        return user_agent_.respond(event.request_id, 404, {}, {}, {}, clock_.now);
    // Where a telephone calls when its light is pressed.
    const auto* code =
        snapshot_->find(model::FeatureCodeId{snapshot_->id_by<model::FeatureCode>("feature", "vmusermsg")});
    const auto account = sip::escape_user(code != nullptr ? code->exten : "") + "@" + host_of(event.flow);
    waiting_messages_.subscribe(event, voicemail != nullptr ? voicemail->id : model::VoicemailId{},
                                "sip:" + account, calls_);
}

void SipTechnology::mailbox_changed(model::VoicemailId voicemail) {
    waiting_messages_.tell(voicemail, calls_);
}

std::optional<LampSubject> SipTechnology::lamp_subject(const model::Line& line, const std::string& exten) {
    const auto destination = resolve(*snapshot_, line.context, exten, {});
    // Whoever may call a number may watch it; of services everybody watches those of his own.
    if (const auto* watched = std::get_if<UserDestination>(&destination))
        return LampSubject{watched->user->id};
    if (const auto* parked = std::get_if<ParkedDestination>(&destination))
        return LampSubject{{}, parked->place, parked->lot->id};
    const auto* code = std::get_if<FeatureDestination>(&destination);
    const auto& users = snapshot_->users_of_line(line.id);
    const auto* user = users.empty() ? nullptr : snapshot_->user(users.front());
    if (code == nullptr || user == nullptr || !is_lit(code->code->feature, code->argument, *user, *snapshot_))
        return std::nullopt;
    return LampSubject{user->id, exten};
}

void SipTechnology::calls_changed(model::UserId user) {
    const LampSubject subject{user};
    if (lamps_.is_watched(subject)) lamps_.tell_changes(subject, dialogs_of(subject));
}

void SipTechnology::parking_changed(model::ParkingLotId lot, std::string_view place) {
    const LampSubject subject{{}, std::string(place), lot};
    if (lamps_.is_watched(subject)) lamps_.tell_changes(subject, dialogs_of(subject));
}

void SipTechnology::show_services(const model::Snapshot& before) {
    for (const auto& subject : lamps_.watched_services()) {
        // Lamps are many, and a change is about one user; or about a filter, which several watch.
        const bool may_differ = before.user(subject.user) != snapshot_->user(subject.user) ||
                                snapshot_->first_naming<model::CallFilterMember>(subject.user) != nullptr;
        if (may_differ) lamps_.tell_changes(subject, dialogs_of(subject));
    }
}

std::vector<WatchedDialog> SipTechnology::dialogs_of(const LampSubject& subject) {
    if (subject.lot) return parked_as_dialog(subject);
    return subject.code.empty() ? dialogs_of(subject.user) : service_as_dialog(subject);
}

std::vector<WatchedDialog> SipTechnology::service_as_dialog(const LampSubject& subject) const {
    const auto* user = snapshot_->user(subject.user);
    const auto code = code_dialled(*snapshot_, subject.code);
    if (user == nullptr || !code ||
        !is_lit(code->code->feature, code->argument, *user, *snapshot_).value_or(false))
        return {};
    WatchedDialog dialog;
    dialog.id = "service";
    dialog.state = state_of(ShownCall::Stage::Talking);
    return {std::move(dialog)};
}

std::vector<WatchedDialog> SipTechnology::parked_as_dialog(const LampSubject& subject) const {
    const auto waits = calls_.parked_at(subject.lot, subject.code);
    if (!waits) return {};
    WatchedDialog dialog;
    dialog.id = "parked";
    dialog.state = state_of(ShownCall::Stage::Talking);
    dialog.other = *waits;
    return {std::move(dialog)};
}

std::vector<WatchedDialog> SipTechnology::dialogs_of(model::UserId user) {
    std::vector<WatchedDialog> dialogs;
    for (auto& shown : calls_.calls_of(user)) {
        WatchedDialog dialog;
        dialog.id = std::to_string(shown.channel.value);
        dialog.is_called = shown.is_called;
        dialog.state = state_of(shown.stage);
        dialog.other = std::move(shown.other);
        if (const Call* call = call_of(shown.channel)) dialog.name = user_agent_.dialog_name(call->session);
        dialogs.push_back(std::move(dialog));
    }
    return dialogs;
}

}  // namespace almon::pbx
