// SPDX-License-Identifier: GPL-3.0-or-later
// New offers within a dialog from both sides: re-INVITE (RFC 3261 14), UPDATE (RFC 3311), and what RFC 6337
// says of their collisions.
#include <algorithm>
#include <functional>
#include <utility>

#include "sip/rack.hpp"
#include "sip/syntax.hpp"
#include "sip/user_agent_state.hpp"

namespace almon::sip {

namespace {

/// Times that one offer is tried again after 491 or 500.
constexpr int kMaximumTries = 6;

bool through_proxies(const Message& request) {
    return std::ranges::count(request.fields(), HeaderName::Via, &HeaderField::name) > 1;
}

ExtraHeaders retry_after(Random& random) {
    // RFC 3261 14.2, RFC 3311 5.2: chosen between 0 and 10 seconds.
    return {{"Retry-After", std::to_string(random.below(11))}};
}

std::optional<std::chrono::seconds> retry_after_of(const Message* response) {
    if (response == nullptr) return std::nullopt;
    const auto value = response->header(HeaderName::RetryAfter);
    if (!value) return std::nullopt;
    // Seconds, perhaps with a comment and parameters (RFC 3261 20.33).
    const auto seconds =
        parse_number<std::uint32_t>(trim(value->substr(0, value->find_first_of("(;"))), 3600U);
    if (!seconds) return std::nullopt;
    return std::chrono::seconds(*seconds);
}

}  // namespace

std::uint64_t hash_of(const Body& description) {
    return std::hash<std::string_view>{}(description.bytes);
}

void UserAgent::State::on_request_in_session(Session& session, SessionDialog& dialog,
                                             ServerTransactionId transaction, const Flow& flow,
                                             const Message& request) {
    const auto cseq = request.cseq();
    // RFC 3261 12.2.2
    if (!cseq || !dialog.dialog.take_cseq(cseq->number)) return respond_plainly(transaction, 500);
    const Method method = request.method();
    if (method == Method::Bye) return on_bye(session, dialog, transaction, request);
    if (session.silent && method != Method::Prack) return respond_plainly(transaction, 481);
    if (method == Method::Invite || method == Method::Update) dialog.dialog.refresh_target(request);
    // A phone that came back on another connection or port is followed.
    dialog.dialog.choose_flow(flow, through_proxies(request));
    switch (method) {
        case Method::Invite:
            return on_reinvite(session, dialog, transaction, request);
        case Method::Update:
            return on_update(session, dialog, transaction, request);
        case Method::Prack:
            return on_prack(session, dialog, transaction, request);
        case Method::Options:
            return tell(session, IncomingRequest{RequestId{transaction.value}, flow, request});
        default:
            return tell(session, SessionRequest{session.id, RequestId{transaction.value}, request});
    }
}

// The peer offers

void UserAgent::State::on_reinvite(Session& session, SessionDialog& dialog, ServerTransactionId transaction,
                                   const Message& request) {
    // RFC 3261 14.2
    if (session.own_invite || session.outgoing || session.stage == Session::Stage::Answered) {
        return respond_plainly(transaction, 491);
    }
    if (session.incoming || (session.peer_offer && session.peer_offer->method == Method::Invite)) {
        return respond_plainly(transaction, 500, {}, retry_after(random));
    }
    const Body description = session_description(request);
    switch (judge_offer(dialog.exchange)) {
        case OfferVerdict::Glare:
            return respond_plainly(transaction, 491);
        case OfferVerdict::Busy:
            return respond_plainly(transaction, 500, {}, retry_after(random));
        case OfferVerdict::Take:
            break;
    }
    const TimerAnswer timer = answer_session_timer(session.timers, timer_request(request));
    if (timer.too_small) {
        return respond_plainly(transaction, 422, {},
                               {{"Min-SE", std::to_string(session.timers.minimum.count())}});
    }
    if (request.header(HeaderName::Allow))
        dialog.peer_updates = request.has_token(HeaderName::Allow, "UPDATE");
    const auto id = session.id;
    session.peer_offer = PeerOffer{.transaction = transaction,
                                   .method = Method::Invite,
                                   .asks_for_offer = description.empty(),
                                   .cseq = *dialog.dialog.remote_cseq,
                                   .timer = timer};
    if (!description.empty()) {
        dialog.exchange.offer_received(OfferIn::Invite);
        session.remote_description = hash_of(description);
    }
    if (session.success) {
        // Whoever goes on has seen our 2xx; its ACK was lost or is late.
        const bool initial = session.success->initial;
        timers.stop(session.success->retransmission.timer);
        session.success.reset();
        session.stage = Session::Stage::Confirmed;
        if (initial) tell(session, SessionConfirmed{id});
    }
    if (const Session* still = find(id)) {
        tell(*still, SessionOffered{id, request, description.empty() ? nullptr : &description});
    }
}

void UserAgent::State::on_update(Session& session, SessionDialog& dialog, ServerTransactionId transaction,
                                 const Message& request) {
    const TimerAnswer timer =
        session.established() ? answer_session_timer(session.timers, timer_request(request)) : TimerAnswer{};
    if (timer.too_small) {
        return respond_plainly(transaction, 422, {},
                               {{"Min-SE", std::to_string(session.timers.minimum.count())}});
    }
    const Body description = session_description(request);
    if (description.empty()) {
        // RFC 4028 7.4: it only keeps the session alive (and refreshes the target).
        return answer_update(session, transaction, timer, {});
    }
    if (session.stage == Session::Stage::Answered || dialog.exchange.state == OfferAnswer::State::Nothing) {
        return respond_plainly(transaction, 491);
    }
    switch (judge_offer(dialog.exchange)) {
        case OfferVerdict::Glare:
            return respond_plainly(transaction, 491);
        case OfferVerdict::Busy:
            return respond_plainly(transaction, 500, {}, retry_after(random));
        case OfferVerdict::Take:
            break;
    }
    if (session.peer_offer) return respond_plainly(transaction, 500, {}, retry_after(random));
    session.current_dialog = static_cast<std::uint32_t>(&dialog - session.dialogs.data());
    dialog.exchange.offer_received(OfferIn::Update);
    if (!session.established()) dialog.early_answer = description;
    session.told_answer_of = dialog.dialog.remote_tag;
    session.remote_description = hash_of(description);
    session.peer_offer = PeerOffer{.transaction = transaction, .method = Method::Update, .timer = timer};
    tell(session, SessionOffered{session.id, request, &description});
}

void UserAgent::State::answer_update(Session& session, ServerTransactionId transaction,
                                     const TimerAnswer& timer, const Body& body) {
    const auto record = server_requests.find(transaction);
    if (record == server_requests.end() || !record->second.message) return;
    auto writer = begin_response(record->second, 200, {});
    writer.add(HeaderName::Contact, identity(record->second.flow).contact)
        .add(HeaderName::Allow, allow)
        .add(HeaderName::Supported, supported);
    if (timer.expires) writer.add(HeaderName::SessionExpires, timer.expires->text());
    if (timer.require) writer.add(HeaderName::Require, "timer");
    if (timer.timer.runs()) start_session_timers(session, timer.timer);
    finish_response(transaction, 200, writer.finish(body.content_type, body.bytes));
}

void UserAgent::State::answer_offer(Session& session, const Body& answer) {
    if (session.silent) return;
    if (session.stage == Session::Stage::Answered) {
        SessionDialog& dialog = session.dialogs.front();
        dialog.exchange.answered();
        session.local_description = answer;
        session.stage = Session::Stage::Confirmed;
        send_ack(session, dialog, session.answered_cseq, answer);
        return pump_offer(session);
    }
    if (session.peer_offer) {
        const PeerOffer offered = *std::exchange(session.peer_offer, std::nullopt);
        SessionDialog* dialog = session.current();
        session.local_description = answer;
        if (dialog != nullptr) {
            if (offered.asks_for_offer) {
                dialog->exchange.offer_sent(OfferIn::Success);
            } else {
                dialog->exchange.answered();
            }
        }
        switch (offered.method) {
            case Method::Invite:
                send_success(session, offered.transaction, offered.cseq, false, offered.timer, answer, {});
                break;
            case Method::Update:
                answer_update(session, offered.transaction, offered.timer, answer);
                break;
            default:
                answer_update(session, offered.transaction, {}, answer);
                break;
        }
        return pump_offer(session);
    }
    for (auto& dialog : session.dialogs) {
        if (dialog.exchange.state != OfferAnswer::State::Received ||
            dialog.exchange.offer_in != OfferIn::Provisional) {
            continue;
        }
        dialog.exchange.answered();
        session.local_description = answer;
        return send_prack(session, dialog, std::exchange(dialog.unanswered_rseq, 0),
                          session.outgoing ? session.outgoing->cseq : 0, answer);
    }
}

void UserAgent::State::refuse_offer(Session& session, int status) {
    if (session.silent) return;
    // An offer in a 2xx cannot be refused but by ending (RFC 3261 13.2.2.4), nor one in a reliable 1xx.
    if (session.stage == Session::Stage::Answered) return end(session, {});
    if (session.peer_offer) {
        const PeerOffer offered = *std::exchange(session.peer_offer, std::nullopt);
        SessionDialog* dialog = session.current();
        if (dialog != nullptr && !offered.asks_for_offer) dialog->exchange.refused();
        respond_plainly(offered.transaction, status < 300 ? 488 : status);
        return pump_offer(session);
    }
    for (auto& dialog : session.dialogs) {
        if (dialog.exchange.state != OfferAnswer::State::Received ||
            dialog.exchange.offer_in != OfferIn::Provisional) {
            continue;
        }
        dialog.exchange.refused();
        send_prack(session, dialog, std::exchange(dialog.unanswered_rseq, 0),
                   session.outgoing ? session.outgoing->cseq : 0, {});
        return end(session, {});
    }
}

// We offer

void UserAgent::State::offer(Session& session, const Body& body, bool update) {
    if (session.silent || body.empty()) return;
    OwnOffer wanted{.body = body, .by_update = update};
    if (!session.own_offer) {
        session.own_offer = std::move(wanted);
    } else if (session.own_offer->stage == OwnOffer::Stage::Sent) {
        session.next_offer = std::move(wanted);
        return;
    } else {
        session.own_offer->body = body;
        session.own_offer->by_update = update;
        session.own_offer->refresh = false;
    }
    pump_offer(session);
}

void UserAgent::State::pump_offer(Session& session) {
    if (session.silent) return;
    if (!session.own_offer && session.next_offer)
        session.own_offer = std::exchange(session.next_offer, std::nullopt);
    if (!session.own_offer || session.own_offer->stage != OwnOffer::Stage::Waiting) return;
    SessionDialog* dialog = session.current();
    if (dialog == nullptr || dialog->exchange.open() || session.peer_offer || session.own_invite) return;
    if (session.stage == Session::Stage::Confirmed) {
        // RFC 3261 14.1: no re-INVITE while an INVITE transaction is in progress either way.
        if (!session.success) send_own_offer(session, *dialog);
        return;
    }
    const bool early =
        session.stage == Session::Stage::Proceeding || session.stage == Session::Stage::Ringing;
    const bool unacknowledged = session.incoming && session.incoming->unacknowledged;
    if (early && session.own_offer->by_update && dialog->peer_updates && dialog->exchange.may_offer() &&
        !unacknowledged) {
        send_own_offer(session, *dialog);
    }
}

void UserAgent::State::send_own_offer(Session& session, SessionDialog& dialog) {
    OwnOffer& own = *session.own_offer;
    own.stage = OwnOffer::Stage::Sent;
    ++own.attempts;
    const Body body = own.body;
    if (own.by_update && dialog.peer_updates) {
        dialog.exchange.offer_sent(OfferIn::Update);
        send_in_dialog(session, dialog, Method::Update, "UPDATE",
                       {.kind = ClientUse::Kind::Update, .with_offer = true}, body, {});
    } else {
        dialog.exchange.offer_sent(OfferIn::Invite);
        dialog.provisional_order = {};
        session.own_invite =
            send_in_dialog(session, dialog, Method::Invite, "INVITE",
                           {.kind = ClientUse::Kind::Reinvite, .with_offer = true}, body, {});
    }
}

void UserAgent::State::on_reinvite_response(Session& session, const ClientUse& use, const Message& response) {
    SessionDialog* dialog = session.dialog_with(use.remote_tag);
    if (dialog == nullptr) return;
    const int status = response.status();
    const auto id = session.id;
    if (status < 200) {
        const auto value = response.header(HeaderName::RSeq);
        const auto rseq = parse_rseq(value.value_or("0"));
        if (!rseq || !response.has_token(HeaderName::Require, "100rel") ||
            !dialog->provisional_order.take(*rseq)) {
            return;
        }
        send_prack(session, *dialog, *rseq, use.cseq, {});
        const Body description = session_description(response);
        if (!description.empty() && dialog->exchange.state == OfferAnswer::State::Sent) {
            settle_own_offer(id, use, description);
        }
        return;
    }
    session.own_invite = {};
    if (status >= 300) return on_offer_refused(id, use, status, &response);
    dialog->dialog.refresh_target(response);
    dialog->dialog.choose_flow(dialog->dialog.flow, false);
    send_ack(session, *dialog, use.cseq, {});
    if (session.stage == Session::Stage::Ending) return;
    if (response.header(HeaderName::Allow))
        dialog->peer_updates = response.has_token(HeaderName::Allow, "UPDATE");
    take_session_expires(session, response);
    if (dialog->exchange.state == OfferAnswer::State::Sent) {
        settle_own_offer(id, use, session_description(response));
    } else {
        pump_offer(session);
    }
}

void UserAgent::State::on_update_response(Session& session, const ClientUse& use, const Message& response) {
    SessionDialog* dialog = session.dialog_with(use.remote_tag);
    if (dialog == nullptr || session.stage == Session::Stage::Ending) return;
    const int status = response.status();
    const auto id = session.id;
    if (status < 300) {
        dialog->dialog.refresh_target(response);
        dialog->dialog.choose_flow(dialog->dialog.flow, false);
        if (session.established()) take_session_expires(session, response);
        if (use.with_offer) settle_own_offer(id, use, session_description(response));
        return;
    }
    if (use.with_offer) return on_offer_refused(id, use, status, &response);
    // A refresh (RFC 4028 7.4, 10).
    if (status == 481 || status == 408) return lose_session(session, SessionEnd::DialogLost);
    if (status == 422 && raise_session_interval(session, response)) return refresh(session);
    if (status == 405 || status == 501) {
        dialog->peer_updates = false;
        return refresh(session);
    }
    timers.stop(session.refresh_timer);
    session.refresh_timer =
        timers.start(now.instant + std::chrono::seconds(10), {UserAgentTimer::Kind::Refresh, id, {}});
}

void UserAgent::State::settle_own_offer(SessionId id, const ClientUse& use, const Body& answer) {
    Session* session = find(id);
    SessionDialog* dialog = session == nullptr ? nullptr : session->dialog_with(use.remote_tag);
    if (dialog == nullptr) return;
    // Success without an answer leaves nothing agreed.
    if (answer.empty()) return on_offer_refused(id, use, 488, nullptr);
    dialog->exchange.answered();
    bool quiet = false;
    if (session->own_offer) {
        session->local_description = session->own_offer->body;
        quiet = session->own_offer->refresh && session->remote_description == hash_of(answer);
        session->own_offer.reset();
    }
    if (!session->established()) dialog->early_answer = answer;
    if (!quiet) tell_answer(id, use.remote_tag, answer);
    if (Session* still = find(id)) pump_offer(*still);
}

void UserAgent::State::on_offer_refused(SessionId id, const ClientUse& use, int status,
                                        const Message* response) {
    Session* session = find(id);
    SessionDialog* dialog = session == nullptr ? nullptr : session->dialog_with(use.remote_tag);
    if (dialog == nullptr || session->stage == Session::Stage::Ending) return;
    if (dialog->exchange.state == OfferAnswer::State::Sent) dialog->exchange.refused();
    if ((status == 481 || status == 408) && session->established() && response != nullptr) {
        // RFC 3261 14.1, RFC 5057 5.1: the dialog is gone.
        return lose_session(*session, SessionEnd::DialogLost);
    }
    if (!session->own_offer) return pump_offer(*session);
    OwnOffer& own = *session->own_offer;
    const auto later = retry_after_of(response);
    if (own.attempts < kMaximumTries) {
        if (status == 491) {
            // RFC 3261 14.1: whoever made the Call-ID waits longer, so that the two do not meet again.
            return try_offer_later(*session, session->caller
                                                 ? std::chrono::milliseconds(2100 + 10 * random.below(191))
                                                 : std::chrono::milliseconds(10 * random.below(201)));
        }
        if (status == 500 && later && *later <= std::chrono::seconds(30))
            return try_offer_later(*session, *later);
        if (status == 422 && response != nullptr && raise_session_interval(*session, *response)) {
            own.stage = OwnOffer::Stage::Waiting;
            return pump_offer(*session);
        }
        if (use.kind == ClientUse::Kind::Update && (status == 405 || status == 501)) {
            dialog->peer_updates = false;
            own.stage = OwnOffer::Stage::Waiting;
            return pump_offer(*session);
        }
    }
    const bool quiet = own.refresh;
    session->own_offer.reset();
    if (!quiet) tell(*session, OfferRefused{id, status});
    if (Session* still = find(id)) pump_offer(*still);
}

void UserAgent::State::try_offer_later(Session& session, Duration delay) {
    session.own_offer->stage = OwnOffer::Stage::Delayed;
    session.own_offer->timer =
        timers.start(now.instant + delay, {UserAgentTimer::Kind::TryOfferAgain, session.id, {}});
}

void UserAgent::State::take_answer(SessionId id, std::string_view remote_tag, const Body& answer) {
    const Session* session = find(id);
    if (session == nullptr || answer.empty()) return;
    if (session->told_answer_of == remote_tag && session->remote_description == hash_of(answer)) return;
    tell_answer(id, remote_tag, answer);
}

void UserAgent::State::tell_answer(SessionId id, std::string_view remote_tag, const Body& answer) {
    Session* session = find(id);
    if (session == nullptr) return;
    session->told_answer_of = remote_tag;
    session->remote_description = hash_of(answer);
    tell(*session, SessionAnswer{id, answer});
}

}  // namespace almon::sip
