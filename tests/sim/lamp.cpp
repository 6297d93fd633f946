// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lamp.hpp"

#include <charconv>
#include <utility>

#include "sip/event.hpp"

namespace almon::simulation {

namespace {

/// The text between `before` and `after`; `rest` goes on behind it.
std::string_view between(std::string_view& rest, std::string_view before, std::string_view after) {
    const auto begin = rest.find(before);
    if (begin == std::string_view::npos) return {};
    rest.remove_prefix(begin + before.size());
    const auto text = rest.substr(0, rest.find(after));
    rest.remove_prefix(text.size());
    return text;
}

}  // namespace

Lamp::Lamp(std::string own, std::string number, std::string domain, std::string call_id)
    : own_(std::move(own) + ";tag=" + call_id), call_id_(std::move(call_id)) {
    target_ = "sip:" + number + "@" + domain;
    remote_ = "<" + target_ + ">";
}

sip::RequestSettings Lamp::subscribe(std::uint32_t expires) {
    sip::RequestSettings settings;
    settings.method = "SUBSCRIBE";
    settings.request_uri = target_;
    settings.from = own_;
    settings.to = remote_;
    settings.call_id = call_id_;
    settings.cseq = cseq_ += 2;
    settings.headers = {{"Event", "dialog"}, {"Expires", std::to_string(expires)}};
    return settings;
}

void Lamp::on_subscribed(const sip::Message& response) {
    if (response.status() >= 300) {
        over_ = true;
        return;
    }
    if (const auto to = response.to())
        remote_ = "<" + std::string(to->uri) + ">;tag=" + std::string(to->tag());
    if (const auto contacts = response.contacts(); contacts && !contacts->empty())
        target_ = std::string(contacts->front().uri);
}

bool Lamp::is_told_by(const sip::Message& notify) const {
    return !over_ && notify.call_id() == call_id_;
}

std::optional<std::string> Lamp::take(const sip::Message& notify) {
    const auto state = sip::SubscriptionState::parse(
        notify.header(sip::HeaderName::SubscriptionState).value_or(std::string_view{}));
    if (!state) return "a NOTIFY without Subscription-State";
    if (state->state == sip::SubscriptionState::State::Terminated) over_ = true;
    // RFC 6665 4.4.1: the NOTIFY may come before the response to SUBSCRIBE, and makes the dialog then.
    if (const auto from = notify.from())
        remote_ = "<" + std::string(from->uri) + ">;tag=" + std::string(from->tag());
    if (const auto contacts = notify.contacts(); contacts && !contacts->empty())
        target_ = std::string(contacts->front().uri);
    std::string_view body = notify.body();
    if (body.empty()) return std::nullopt;

    std::uint32_t version = 0;
    (void)between(body, "<dialog-info", " ");
    const auto number = between(body, " version=\"", "\"");
    std::from_chars(number.data(), number.data() + number.size(), version);
    const bool whole = between(body, " state=\"", "\"") == "full";
    if (whole) shown_.clear();
    if (!whole && (!knows_ || version != version_))
        return "version " + std::to_string(version) + " tells changes where " + std::to_string(version_) +
               " was due" + (knows_ ? "" : " with all there is");
    knows_ = true;
    version_ = version + 1;
    for (auto id = between(body, "<dialog id=\"", "\""); !id.empty();
         id = between(body, "<dialog id=\"", "\"")) {
        const auto now = between(body, "<state>", "</state>");
        if (now == "terminated") {
            if (shown_.erase(std::string(id)) == 0) return "a dialog is over that never was";
        } else {
            shown_[std::string(id)] = now;
        }
    }
    return std::nullopt;
}

}  // namespace almon::simulation
