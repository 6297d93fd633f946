// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/local_technology.hpp"

#include <utility>

namespace almon::pbx {

std::vector<Target> LocalTechnology::targets(std::string_view endpoint) const {
    const auto at = endpoint.rfind('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == endpoint.size()) return {};
    return {{std::string(endpoint), "Local/" + std::string(endpoint)}};
}

std::vector<std::string> LocalTechnology::allowed_codecs(std::string_view) const {
    return {};
}

void LocalTechnology::invite(ChannelId channel, const OutgoingCall& call) {
    const auto at = call.target.rfind('@');
    if (at == std::string::npos)
        return listener_.refused(channel, Cause::InvalidNumberFormat, Refusal::OfDevice);
    const auto incoming = listener_.new_channel_id();
    halves_[channel] = {incoming, true, false};
    halves_[incoming] = {channel, false, false};
    IncomingCall arriving;
    arriving.technology = name();
    arriving.endpoint = call.endpoint;
    arriving.exten = call.target.substr(0, at);
    arriving.context = call.target.substr(at + 1);
    arriving.claimed = call.caller;
    arriving.offer = call.offer;
    arriving.hops = call.hops;
    arriving.origin = channel;
    listener_.incoming(incoming, *this, std::move(arriving));
}

void LocalTechnology::ring(ChannelId channel) {
    if (const auto* routed = half(channel)) listener_.ringing(routed->other);
}

void LocalTechnology::progress(ChannelId channel, const sdp::SessionDescription& answer) {
    if (const auto* routed = half(channel)) listener_.progressed(routed->other, answer);
}

void LocalTechnology::answer(ChannelId channel, const sdp::SessionDescription& description) {
    auto* routed = half(channel);
    if (routed == nullptr) return;
    const auto placed = routed->other;
    routed->answered = true;
    halves_.at(placed).answered = true;
    listener_.answered(placed, description);
}

void LocalTechnology::hang_up(ChannelId channel, Cause cause) {
    const auto node = halves_.extract(channel);
    if (node.empty()) return;
    const auto& ended = node.mapped();
    const auto other = halves_.extract(ended.other);
    if (other.empty()) return;
    if (other.mapped().placed && !other.mapped().answered)
        return listener_.refused(ended.other, cause, Refusal::OfDevice);
    listener_.hung_up(ended.other, cause);
}

void LocalTechnology::offer(ChannelId channel, const sdp::SessionDescription& offer) {
    if (const auto* offering = half(channel)) listener_.offered(offering->other, offer);
}

void LocalTechnology::answer_offer(ChannelId channel, const sdp::SessionDescription& answer) {
    if (const auto* answering = half(channel)) listener_.offer_answered(answering->other, answer);
}

void LocalTechnology::refuse_offer(ChannelId channel, Cause cause) {
    if (const auto* refusing = half(channel)) listener_.offer_refused(refusing->other, cause);
}

void LocalTechnology::hold(ChannelId, bool) {
    // The core has silenced the media towards the other half already.
}

bool LocalTechnology::send_digit(ChannelId channel, char digit, std::chrono::milliseconds duration, bool) {
    const auto* pressed = half(channel);
    if (pressed == nullptr) return false;
    listener_.digit(pressed->other, digit, duration);
    return true;
}

void LocalTechnology::redirect(ChannelId channel, std::string_view exten) {
    const auto* routed = half(channel);
    if (routed == nullptr || routed->placed || routed->answered) return;
    const auto placed = routed->other;
    halves_.erase(placed);
    halves_.erase(channel);
    listener_.redirected(placed, std::string(exten));
}

void LocalTechnology::tell_transfer(ChannelId, TransferStage, Cause) {
    // Its halves are ourselves: they ask for no transfer.
}

void LocalTechnology::update_identity(ChannelId, const CallerId&) {
    // Who answered is shown to the caller once parties can be told of each other across bridges.
}

void LocalTechnology::calls_changed(model::UserId) {
    // Nobody watches from here.
}

LocalTechnology::Half* LocalTechnology::half(ChannelId channel) noexcept {
    const auto found = halves_.find(channel);
    return found == halves_.end() ? nullptr : &found->second;
}

}  // namespace almon::pbx
