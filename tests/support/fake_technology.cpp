// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_technology.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace almon::test {

using pbx::ChannelId;

std::vector<pbx::Target> FakeTechnology::targets(std::string_view endpoint) const {
    std::vector<pbx::Target> found;
    if (const auto registered = contacts.find(endpoint); registered != contacts.end()) {
        for (const auto& address : registered->second)
            found.push_back({address, "a phone at " + address});
    }
    return found;
}

std::vector<std::string> FakeTechnology::allowed_codecs(std::string_view endpoint) const {
    const auto found = codecs.find(endpoint);
    return found == codecs.end() ? std::vector<std::string>{} : found->second;
}

void FakeTechnology::note(std::string_view verb, ChannelId channel, std::string_view argument) {
    verbs.push_back(fmt::format("{} {}{}{}", verb, channel.value, argument.empty() ? "" : " ", argument));
}

std::size_t FakeTechnology::count(std::string_view verb) const {
    const auto prefix = std::string(verb) + " ";
    return static_cast<std::size_t>(
        std::ranges::count_if(verbs, [&](const std::string& noted) { return noted.starts_with(prefix); }));
}

void FakeTechnology::invite(ChannelId channel, const pbx::OutgoingCall& call) {
    note("invite", channel, call.target);
    invited.emplace_back(channel, call);
    if (call.offer) told[channel] = *call.offer;
    if (on_invite) on_invite(channel, call);
}

void FakeTechnology::ring(ChannelId channel) {
    note("ring", channel);
}

void FakeTechnology::progress(ChannelId channel, const sdp::SessionDescription& answer) {
    note("progress", channel);
    told[channel] = answer;
}

void FakeTechnology::answer(ChannelId channel, const sdp::SessionDescription& description) {
    note("answer", channel);
    told[channel] = description;
}

void FakeTechnology::hang_up(ChannelId channel, pbx::Cause cause) {
    note("hang_up", channel, pbx::text_of(cause));
    ended[channel] = cause;
}

void FakeTechnology::offer(ChannelId channel, const sdp::SessionDescription& offer) {
    note("offer", channel);
    told[channel] = offer;
}

void FakeTechnology::answer_offer(ChannelId channel, const sdp::SessionDescription& answer) {
    note("answer_offer", channel);
    told[channel] = answer;
}

void FakeTechnology::refuse_offer(ChannelId channel, pbx::Cause cause) {
    note("refuse_offer", channel, pbx::text_of(cause));
}

void FakeTechnology::hold(ChannelId channel, bool is_held) {
    note(is_held ? "hold" : "unhold", channel);
    held[channel] = is_held;
}

bool FakeTechnology::send_digit(ChannelId channel, char digit, std::chrono::milliseconds, bool takes_events) {
    note("send_digit", channel, std::string(1, digit));
    return takes_signalled_digits || !takes_events;
}

void FakeTechnology::redirect(ChannelId channel, std::string_view exten) {
    note("redirect", channel, exten);
}

void FakeTechnology::tell_transfer(ChannelId channel, pbx::TransferStage stage, pbx::Cause cause) {
    switch (stage) {
        case pbx::TransferStage::Trying:
            return note("transfer", channel, "trying");
        case pbx::TransferStage::Ringing:
            return note("transfer", channel, "ringing");
        case pbx::TransferStage::Done:
            return note("transfer", channel, "done");
        case pbx::TransferStage::Failed:
            return note("transfer", channel, "failed " + std::string(pbx::text_of(cause)));
    }
}

void FakeTechnology::update_identity(ChannelId channel, const pbx::CallerId& identity) {
    note("update_identity", channel);
    connected[channel] = identity;
}

}  // namespace almon::test
