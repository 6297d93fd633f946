// SPDX-License-Identifier: GPL-3.0-or-later
// Session timers at work (RFC 4028).
#include <algorithm>
#include <utility>

#include "sip/user_agent_state.hpp"

namespace almon::sip {

TimerRequest UserAgent::State::timer_request(const Message& request) const {
    TimerRequest wanted;
    wanted.supported =
        request.has_token(HeaderName::Supported, "timer") || request.has_token(HeaderName::Require, "timer");
    if (const auto value = request.header(HeaderName::SessionExpires)) {
        if (const auto parsed = SessionExpires::parse(*value)) wanted.expires = *parsed;
    }
    if (const auto value = request.header(HeaderName::MinSe)) {
        if (const auto minimum = parse_min_se(*value)) wanted.minimum = *minimum;
    }
    return wanted;
}

void UserAgent::State::start_session_timers(Session& session, const SessionTimer& agreed) {
    timers.stop(session.refresh_timer);
    timers.stop(session.expiry_timer);
    session.timer = agreed;
    if (!agreed.runs()) return;
    if (agreed.we_refresh) {
        session.refresh_timer = timers.start(now.instant + agreed.refresh_after(),
                                             {UserAgentTimer::Kind::Refresh, session.id, {}});
    }
    session.expiry_timer =
        timers.start(now.instant + agreed.expires_after(), {UserAgentTimer::Kind::Expire, session.id, {}});
}

void UserAgent::State::take_session_expires(Session& session, const Message& response) {
    const auto value = response.header(HeaderName::SessionExpires);
    if (!value) return start_session_timers(session, {});
    const auto parsed = SessionExpires::parse(*value);
    start_session_timers(
        session, accepted_session_timer(session.timers, parsed ? std::optional(*parsed) : std::nullopt));
}

void UserAgent::State::add_session_expires(MessageWriter& writer, const Session& session) const {
    if (session.timers.interval.count() <= 0) return;
    const bool initial = session.outgoing && session.dialogs.empty();
    if (!initial && !session.established()) return;
    SessionExpires expires{session.timers.interval, std::nullopt};
    if (session.timer.runs()) {
        expires.interval = session.timer.interval;
        expires.refresher = session.timer.we_refresh ? Refresher::Uac : Refresher::Uas;
    }
    writer.add(HeaderName::SessionExpires, expires.text());
    // RFC 4028 5: 90 is what its absence means.
    if (session.timers.minimum.count() > 90) {
        writer.add_number(HeaderName::MinSe, static_cast<std::uint64_t>(session.timers.minimum.count()));
    }
}

void UserAgent::State::refresh(Session& session) {
    if (session.silent || session.stage != Session::Stage::Confirmed) return;
    SessionDialog* dialog = session.current();
    if (dialog == nullptr) return;
    if (dialog->peer_updates) {
        send_in_dialog(session, *dialog, Method::Update, "UPDATE", {.kind = ClientUse::Kind::Update}, {}, {});
        return;
    }
    if (!session.own_offer && !session.local_description.empty()) {
        session.own_offer = OwnOffer{.body = session.local_description, .refresh = true};
        return pump_offer(session);
    }
    // The offer under way refreshes too, if it succeeds.
    session.refresh_timer =
        timers.start(now.instant + std::chrono::seconds(10), {UserAgentTimer::Kind::Refresh, session.id, {}});
}

bool UserAgent::State::raise_session_interval(Session& session, const Message& response) {
    // RFC 4028 7.3
    const auto value = response.header(HeaderName::MinSe);
    if (!value) return false;
    const auto minimum = parse_min_se(*value);
    const auto interval = session.timer.runs() ? session.timer.interval : session.timers.interval;
    if (!minimum || *minimum <= interval) return false;
    session.timers.minimum = std::max(session.timers.minimum, *minimum);
    session.timers.interval = std::max(session.timers.interval, *minimum);
    if (session.timer.runs()) session.timer.interval = *minimum;
    return true;
}

}  // namespace almon::sip
