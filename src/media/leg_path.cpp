// SPDX-License-Identifier: GPL-3.0-or-later
// What reaches a leg besides media where its packets are protected: checks of ICE and the handshake of DTLS.
#include <sys/socket.h>

#include "media/leg.hpp"
#include "media/stun_message.hpp"

namespace almon::media {

void Leg::configure_path(const ConfigureLeg& command, const Step& step) {
    if (command.rtcp_mux) rtcp_on_rtp_port_ = true;
    const bool plain = command.security.protection == LegSecurity::Protection::None && !command.ice;
    if (plain) {
        guard_.reset();
        return;
    }
    if (!guard_) guard_ = std::make_unique<GuardedPath>();
    guard_->configure(command, step.identity, step.now);
    advance_path(step);
}

void Leg::advance_path(const Step& step) {
    const auto& rtp = latch_.destination();
    react(GuardedPath::kRtp, guard_->advance(GuardedPath::kRtp, static_cast<bool>(rtp), step.now), rtp, step);
    if (rtcp_on_rtp_port_) return;
    const auto rtcp = rtcp_destination();
    react(GuardedPath::kRtcp, guard_->advance(GuardedPath::kRtcp, static_cast<bool>(rtcp), step.now), rtcp,
          step);
}

/// True where the packet was no media.
bool Leg::take_path_message(GuardedPath::Component component, std::span<const std::uint8_t> packet,
                            const SocketAddress& source, const Step& step) {
    if (looks_like_stun(packet)) {
        const auto reaction = guard_->on_stun(component, packet, source);
        if (reaction.replies.empty()) ++refused_;
        react(component, reaction, source, step);
        if (reaction.nominated) advance_path(step);
        return true;
    }
    if (!looks_like_dtls(packet)) return packet.empty() || packet[0] < 128;
    const bool admitted = guard_->admits(component, source) &&
                          (component == GuardedPath::kRtcp ||
                           latch_.judge(source, step.now, relatch_after_) != SourceLatch::Verdict::Refused);
    if (!admitted) {
        ++refused_;
        return true;
    }
    react(component, guard_->on_dtls(component, packet), source, step);
    return true;
}

void Leg::react(GuardedPath::Component component, const GuardedPath::Reaction& reaction,
                const SocketAddress& source, const Step& step) {
    const auto& socket = component == GuardedPath::kRtp ? ports_.rtp : ports_.rtcp;
    if (source) {
        for (const auto& reply : reaction.replies)
            ::sendto(socket.get(), reply.data(), reply.size(), MSG_DONTWAIT, &source.any, source.length);
    }
    if (reaction.nominated) {
        if (component == GuardedPath::kRtp) {
            latch_.signal(source, step.now);
        } else {
            signalled_rtcp_ = source;
        }
    }
    if (reaction.established) step.events.emplace_back(MediaProtected{id_, guard_->description()});
    if (reaction.failed) step.events.emplace_back(ProtectionFailed{id_, guard_->reason()});
}

}  // namespace almon::media
