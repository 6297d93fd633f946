// SPDX-License-Identifier: GPL-3.0-or-later
// RTCP of a leg: ours and theirs end here, since each leg has a network of its own; only feedback about
// pictures passes.
#include <algorithm>
#include <chrono>
#include <cstring>

#include <sys/socket.h>

#include "media/leg.hpp"
#include "media/voice_quality.hpp"

namespace almon::media {
namespace {

/// Seconds since 1900 with 32 bits of fraction.
std::uint64_t ntp_time() noexcept {
    constexpr std::uint64_t kFrom1900To1970 = 2'208'988'800U;
    const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
    const auto nanoseconds =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(since_1970).count());
    const std::uint64_t fraction = (nanoseconds % 1'000'000'000U << 32U) / 1'000'000'000U;
    return (nanoseconds / 1'000'000'000U + kFrom1900To1970) << 32U | fraction;
}

std::uint32_t middle(std::uint64_t ntp) noexcept {
    return static_cast<std::uint32_t>(ntp >> 16U);
}

bool is_feedback(const RtcpPacket& packet) noexcept {
    return packet.type == RtcpType::TransportFeedback || packet.type == RtcpType::PayloadFeedback;
}

}  // namespace

bool Leg::receive_rtcp(Buffer& buffer, const Step& step) {
    SocketAddress source;
    source.length = sizeof(source.v6);
    const auto size = ::recvfrom(ports_.rtcp.get(), buffer.data(), buffer.size(), MSG_DONTWAIT | MSG_TRUNC,
                                 &source.any, &source.length);
    if (size < 0) return false;
    if (static_cast<std::size_t>(size) > buffer.size() || !configured_) return true;
    std::span<std::uint8_t> compound(buffer.data(), static_cast<std::size_t>(size));
    if (guard_) {
        if (take_path_message(GuardedPath::kRtcp, compound, source, step)) return true;
        compound = compound.first(guard_->unprotect_rtcp(GuardedPath::kRtcp, compound));
    }
    // The same host as the media; the port is its router's choice.
    const bool own = source.same_host(latch_.destination()) || (signalled_rtcp_ && source == signalled_rtcp_);
    if (!own || compound.empty()) {
        ++refused_;
        return true;
    }
    if (!RtcpReader(compound).valid()) return true;
    heard_rtcp_ = source;
    accept_rtcp(compound, step);
    return true;
}

void Leg::accept_rtcp(std::span<const std::uint8_t> compound, const Step& step) {
    RtcpReader reader(compound);
    if (!reader.valid()) return;
    heard_at_ = step.now;
    RtcpWriter feedback;
    bool any_feedback = false;
    while (const auto packet = reader.next()) {
        if (packet->type == RtcpType::SenderReport || packet->type == RtcpType::ReceiverReport) {
            take_reports(*packet, step);
        } else if (video_ && peer_ && is_feedback(*packet) && packet->bytes.size() >= 12) {
            // RFC 4585 3.1: feedback travels behind a report.
            if (!any_feedback) feedback.report(packet->sender_ssrc(), std::nullopt, std::nullopt);
            any_feedback = feedback.copy(*packet) || any_feedback;
        }
    }
    if (any_feedback) peer_->pass_feedback(feedback);
}

void Leg::take_reports(const RtcpPacket& packet, const Step& step) noexcept {
    if (const auto sender = packet.sender_information()) {
        remote_report_ = middle(sender->ntp_time);
        remote_report_at_ = step.now;
    }
    for (std::size_t i = 0; i < packet.count; ++i) {
        const auto block = packet.report(i);
        if (!block) return;
        if (!out_.started() || block->ssrc != out_.ssrc()) continue;
        lost_remote_ = static_cast<std::uint64_t>(std::max(0, block->cumulative_lost));
        jitter_remote_ms_ = static_cast<double>(block->jitter) * 1000.0 / out_.clock_rate();
        if (block->last_report == 0) continue;
        const auto elapsed =
            static_cast<std::int32_t>(middle(ntp_time()) - block->last_report - block->delay);
        constexpr std::int32_t kImplausible = 30 << 16;
        if (elapsed >= 0 && elapsed < kImplausible) round_trip_ms_ = elapsed * 1000.0 / 65536.0;
    }
}

void Leg::schedule_report(const Step& step, bool first) noexcept {
    // RFC 3550 6.3.1: spread over half to one and a half of the interval, and sooner the first time.
    const auto interval = std::chrono::duration_cast<Duration>(step.report_interval) / (first ? 2 : 1);
    const auto spread =
        static_cast<std::int64_t>(step.random.below(static_cast<std::uint64_t>(interval.count()) + 1));
    next_report_ = step.now + interval / 2 + Duration(spread);
}

void Leg::send_report(const Step& step) {
    const auto destination = rtcp_destination();
    // RFC 3264 8.4: on hold RTCP goes on; without any stream there is nothing to say.
    if (!destination || (!out_.started() && received_.packets() == 0)) return;
    std::optional<SenderInformation> sender;
    if (out_.packets() != packets_at_report_) {
        sender.emplace();
        sender->ntp_time = ntp_time();
        sender->rtp_timestamp = out_.timestamp_at(step.now);
        sender->packets = static_cast<std::uint32_t>(out_.packets());
        sender->octets = static_cast<std::uint32_t>(out_.bytes());
    }
    packets_at_report_ = out_.packets();
    auto block = received_.take_report();
    if (block && remote_report_ != 0) {
        block->last_report = remote_report_;
        const auto since =
            std::chrono::duration_cast<std::chrono::microseconds>(step.now - remote_report_at_).count();
        block->delay = static_cast<std::uint32_t>(since * 65536 / 1'000'000);
    }
    const auto ssrc = out_.started() ? out_.ssrc() : static_cast<std::uint32_t>(id_.value * 2654435761U) | 1U;
    RtcpWriter report;
    report.report(ssrc, sender, block);
    report.source_description(ssrc, step.cname);
    send_rtcp(report.bytes());
}

void Leg::pass_feedback(const RtcpWriter& feedback) {
    send_rtcp(feedback.bytes());
}

SocketAddress Leg::rtcp_destination() const noexcept {
    const auto& rtp = latch_.destination();
    if (rtcp_on_rtp_port_) return rtp;
    if (heard_rtcp_) return heard_rtcp_;
    // What was signalled holds only while the party really sends from where it said.
    if (signalled_rtcp_ && (!latch_.latched() || signalled_rtcp_.same_host(rtp))) return signalled_rtcp_;
    return rtp ? rtp.with_port(static_cast<std::uint16_t>(rtp.port() + 1)) : rtp;
}

void Leg::send_rtcp(std::span<const std::uint8_t> bytes) noexcept {
    const auto destination = rtcp_destination();
    if (!destination) return;
    const auto& socket = rtcp_on_rtp_port_ ? ports_.rtp : ports_.rtcp;
    Buffer secret;
    if (guard_) {
        if (bytes.size() + SrtpSession::kMostOverhead > secret.size()) return;
        std::memcpy(secret.data(), bytes.data(), bytes.size());
        bytes = std::span(secret).first(guard_->protect_rtcp(rtcp_component(), secret.data(), bytes.size()));
        if (bytes.empty()) return;
    }
    ::sendto(socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT, &destination.any, destination.length);
}

LegStatistics Leg::statistics() const noexcept {
    LegStatistics statistics;
    statistics.packets_received = received_.packets();
    statistics.bytes_received = received_.bytes();
    statistics.packets_sent = out_.packets();
    statistics.bytes_sent = out_.bytes();
    statistics.packets_lost = received_.lost();
    statistics.packets_lost_remote = lost_remote_;
    statistics.packets_refused = refused_;
    statistics.jitter_ms = received_.jitter_ms();
    statistics.jitter_remote_ms = jitter_remote_ms_;
    statistics.round_trip_ms = round_trip_ms_;
    if (!video_ && received_.packets() > 0 && last_format_ < formats_.size()) {
        // Half the round trip, one packet, and a jitter buffer of twice the jitter at the far end.
        const double delay = std::max(0.0, round_trip_ms_) / 2 + 20.0 + 2 * received_.jitter_ms();
        const double loss = static_cast<double>(received_.lost()) / static_cast<double>(received_.expected());
        statistics.mos = mean_opinion_score(codec_impairment(formats_[last_format_].encoding), loss, delay);
    }
    return statistics;
}

void Leg::count_into(Traffic& traffic) noexcept {
    const auto count = [](std::atomic<std::uint64_t>& total, std::uint64_t& counted, std::uint64_t now) {
        // A packet that was lost may come after all; what was told is not taken back.
        if (now <= counted) return;
        total.fetch_add(now - counted, std::memory_order_relaxed);
        counted = now;
    };
    count(traffic.received, counted_.received, received_.packets());
    count(traffic.sent, counted_.sent, out_.packets());
    count(traffic.lost, counted_.lost, received_.lost());
    count(traffic.lost_remote, counted_.lost_remote, lost_remote_);
    count(traffic.refused, counted_.refused, refused_);
}

}  // namespace almon::media
