// SPDX-License-Identifier: GPL-3.0-or-later
// SUBSCRIBE to a colleague's dialogs: who may watch whom, and what there is to see (RFC 6665, RFC 4235).
#include <utility>

#include "pbx/resolver.hpp"
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
    const auto to = event.request.to();
    if (to && !to->tag().empty()) {
        if (const auto refreshed = lamps_.refresh(event))
            lamps_.tell_whole(*refreshed, dialogs_of(lamps_.user_of(*refreshed)));
        return;
    }
    const auto* line = snapshot_->line_of_endpoint((*identity)->id);
    if (line == nullptr) return refuse(403);
    const auto package = sip::Event::parse(event.request.header(sip::HeaderName::Event).value_or(""));
    if (package && package->package != SipLamps::kPackage) return lamps_.refuse(event);
    const auto uri = sip::SipUri::parse(event.request.request_uri());
    if (!uri) return refuse(416);
    // Whoever may call a number may watch it.
    const auto exten = uri->unescaped_user();
    const auto destination = resolve(*snapshot_, line->context, exten, {});
    const auto* watched = std::get_if<UserDestination>(&destination);
    if (watched == nullptr) return refuse(404);
    const auto host = host_of(event.flow);
    const auto subscription =
        lamps_.subscribe(event, watched->user->id, "sip:" + sip::escape_user(exten) + "@" + host, host);
    if (subscription) lamps_.tell_whole(*subscription, dialogs_of(watched->user->id));
}

void SipTechnology::calls_changed(model::UserId user) {
    if (lamps_.is_watched(user)) lamps_.tell_changes(user, dialogs_of(user));
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
