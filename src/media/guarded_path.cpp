// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/guarded_path.hpp"

#include <utility>

namespace almon::media {
namespace {

/// A browser needs a second or two; who has not begun by then has no way to us, or never wanted.
constexpr Duration kHandshakePatience = 15s;

}  // namespace

void GuardedPath::configure(const ConfigureLeg& command, const std::shared_ptr<const DtlsIdentity>& identity,
                            Instant now) {
    using Protection = LegSecurity::Protection;
    mux_ = command.rtcp_mux;
    for (auto& ice : ice_) {
        if (!command.ice) {
            ice.reset();
        } else if (!ice || ice->settings() != *command.ice) {
            // A restart (RFC 8445 section 9): what was checked before counts no more.
            ice.emplace(*command.ice);
        }
    }
    if (command.security == security_) return;
    security_ = command.security;
    since_ = now;
    reason_.clear();
    told_established_ = told_failed_ = false;
    for (auto& part : parts_) {
        part.session.reset();
        part.dtls.reset();
    }
    if (security_.protection == Protection::Keys) {
        auto made = SrtpSession::make(security_.keys);
        if (made) {
            parts_[kRtp].session.emplace(*std::move(made));
        } else {
            reason_ = made.error().reason;
        }
    } else if (security_.protection == Protection::Dtls) {
        if (!identity) {
            reason_ = "there is no certificate for DTLS";
            return;
        }
        for (auto& part : parts_)
            part.dtls =
                std::make_unique<DtlsAssociation>(identity, security_.dtls_client, security_.fingerprint);
    }
}

GuardedPath::Reaction GuardedPath::on_stun(Component component, std::span<const std::uint8_t> packet,
                                           const SocketAddress& source) {
    Reaction reaction;
    if (!ice_[component]) return reaction;
    if (auto answer = ice_[component]->answer(packet, source)) {
        reaction.nominated = answer->nominated;
        reaction.replies.push_back(std::move(answer->bytes));
    }
    return reaction;
}

GuardedPath::Reaction GuardedPath::on_dtls(Component component, std::span<const std::uint8_t> packet) {
    Reaction reaction;
    auto& dtls = parts_[component].dtls;
    if (!dtls) return reaction;
    dtls->receive(packet);
    take_up(component, reaction);
    return reaction;
}

GuardedPath::Reaction GuardedPath::advance(Component component, bool can_send, Instant now) {
    Reaction reaction;
    if (told_failed_) return reaction;
    if (!reason_.empty()) {
        fail(std::exchange(reason_, {}), reaction);
        return reaction;
    }
    if (security_.protection == LegSecurity::Protection::Keys && !std::exchange(told_established_, true))
        reaction.established = true;
    auto& dtls = parts_[component].dtls;
    if (!dtls || (component == kRtcp && mux_)) return reaction;
    if (can_send) dtls->begin();
    dtls->check_timer();
    take_up(component, reaction);
    if (component == kRtp && blocked(kRtp) && now - since_ >= kHandshakePatience)
        fail("no DTLS handshake came to an end", reaction);
    return reaction;
}

void GuardedPath::take_up(Component component, Reaction& reaction) {
    auto& part = parts_[component];
    for (auto& datagram : part.dtls->take_outgoing())
        reaction.replies.push_back(std::move(datagram));
    if (part.dtls->state() == DtlsAssociation::State::Failed) {
        // Some phones shake hands for RTP alone; their RTCP is then lost and the call is not.
        if (component == kRtp) fail(part.dtls->reason(), reaction);
    } else if (part.dtls->state() == DtlsAssociation::State::Established && !part.session) {
        auto made = SrtpSession::make(part.dtls->keys());
        if (!made) return fail(made.error().reason, reaction);
        part.session.emplace(*std::move(made));
        reaction.established = component == kRtp && !std::exchange(told_established_, true);
    }
}

void GuardedPath::fail(std::string reason, Reaction& reaction) {
    if (std::exchange(told_failed_, true)) return;
    reason_ = std::move(reason);
    reaction.failed = true;
}

std::size_t GuardedPath::protect_rtp(std::uint8_t* packet, std::size_t size) noexcept {
    if (security_.protection == LegSecurity::Protection::None) return size;
    auto* const keys = session(kRtp);
    return keys == nullptr ? 0 : keys->protect_rtp(packet, size);
}

std::size_t GuardedPath::protect_rtcp(Component component, std::uint8_t* packet, std::size_t size) noexcept {
    if (security_.protection == LegSecurity::Protection::None) return size;
    auto* const keys = session(component);
    return keys == nullptr ? 0 : keys->protect_rtcp(packet, size);
}

std::size_t GuardedPath::unprotect_rtp(std::span<std::uint8_t> packet) noexcept {
    if (security_.protection == LegSecurity::Protection::None) return packet.size();
    auto* const keys = session(kRtp);
    return keys == nullptr ? 0 : keys->unprotect_rtp(packet);
}

std::size_t GuardedPath::unprotect_rtcp(Component component, std::span<std::uint8_t> packet) noexcept {
    if (security_.protection == LegSecurity::Protection::None) return packet.size();
    auto* const keys = session(component);
    return keys == nullptr ? 0 : keys->unprotect_rtcp(packet);
}

std::string GuardedPath::description() const {
    if (security_.protection == LegSecurity::Protection::Keys) return "SRTP with " + security_.keys.suite;
    if (security_.protection == LegSecurity::Protection::Dtls && parts_[kRtp].dtls)
        return "DTLS-SRTP with " + parts_[kRtp].dtls->keys().suite;
    return "not at all";
}

}  // namespace almon::media
