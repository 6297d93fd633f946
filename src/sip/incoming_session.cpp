// SPDX-License-Identifier: GPL-3.0-or-later
// The callee's side from INVITE to ACK (RFC 3261 13.3, RFC 3262 3).
#include <algorithm>
#include <utility>

#include "sip/rack.hpp"
#include "sip/transaction_step.hpp"
#include "sip/user_agent_state.hpp"

namespace almon::sip {

namespace {

std::string number_text(std::uint32_t number) {
    return std::to_string(number);
}

}  // namespace

void UserAgent::State::on_initial_invite(ServerTransactionId transaction, ServerRequest& record) {
    const auto kept = record.message;
    const Message& request = *kept;
    const auto contacts = request.contacts();
    // RFC 3261 8.1.1.8: without a Contact no dialog can stand, except that RFC 2543, whose branches lack the
    // magic cookie, then means the address in From (RFC 4475 3.4.1).
    const auto via = request.via();
    const bool is_old = via && !via->has_magic_cookie();
    if (!contacts || contacts->size() > 1 || (contacts->empty() && !is_old) ||
        (!contacts->empty() && !contacts->front().sip_uri())) {
        return refuse_stranger(transaction, 400, "Bad Contact");
    }
    const TimerRequest timer = timer_request(request);
    if (answer_session_timer(settings.timers, timer).too_small) {
        return refuse_stranger(transaction, 422, {},
                               {{"Min-SE", std::to_string(settings.timers.minimum.count())}});
    }

    Session made;
    made.caller = false;
    made.stage = Session::Stage::Ringing;
    made.call_id = request.call_id();
    made.local_tag = record.to_tag;
    made.timers = settings.timers;
    SessionDialog& dialog = made.dialogs.emplace_back();
    dialog.dialog = Dialog::of_callee(request, record.flow, record.to_tag);
    dialog.peer_updates = request.has_token(HeaderName::Allow, "UPDATE");
    const Body description = session_description(request);
    if (!description.empty()) {
        dialog.exchange.offer_received(OfferIn::Invite);
        made.remote_description = hash_of(description);
    }
    IncomingInviteState& incoming = made.incoming.emplace();
    incoming.transaction = transaction;
    incoming.cseq = *dialog.dialog.remote_cseq;
    incoming.requires_reliable = request.has_token(HeaderName::Require, "100rel");
    incoming.supports_reliable =
        incoming.requires_reliable || request.has_token(HeaderName::Supported, "100rel");
    incoming.timer = timer;
    const Flow flow = record.flow;
    Session& session = add_session(std::move(made));
    record.session = session.id;
    tell(session, IncomingInvite{session.id, flow, request, !description.empty(),
                                 description.empty() ? nullptr : &description});
}

void UserAgent::State::progress(Session& session, int status, const Body& body, Reliability reliability,
                                const ExtraHeaders& headers) {
    if (session.stage != Session::Stage::Ringing || status <= 100 || status >= 200) return;
    IncomingInviteState& incoming = *session.incoming;
    const bool reliable =
        incoming.requires_reliable || (incoming.supports_reliable && reliability == Reliability::IfSupported);
    // RFC 3262 3: the next reliable one waits for the PRACK of the one before.
    if (reliable && (incoming.unacknowledged || !incoming.waiting.empty())) {
        incoming.waiting.push_back({status, true, body, headers});
        return;
    }
    send_provisional(session, status, reliable, body, headers);
}

void UserAgent::State::send_provisional(Session& session, int status, bool reliable, const Body& body,
                                        const ExtraHeaders& headers) {
    IncomingInviteState& incoming = *session.incoming;
    SessionDialog& dialog = session.dialogs.front();
    const auto record = server_requests.find(incoming.transaction);
    if (record == server_requests.end() || !record->second.message) return;

    // A description goes out as answer to the offer of the INVITE; unreliable it is a preview of the answer.
    // As offer it needs PRACK to bring the answer (RFC 3262 5).
    bool with_body = false;
    if (!body.empty()) {
        switch (dialog.exchange.state) {
            case OfferAnswer::State::Received:
                with_body = true;
                if (reliable) dialog.exchange.answered();
                break;
            case OfferAnswer::State::Nothing:
                with_body = reliable;
                if (reliable) dialog.exchange.offer_sent(OfferIn::Provisional);
                break;
            default:
                break;
        }
    }
    if (with_body) session.local_description = body;

    auto writer = begin_response(record->second, status, {});
    writer.add(HeaderName::Contact, identity(record->second.flow).contact)
        .add(HeaderName::Allow, allow)
        .add(HeaderName::Supported, supported);
    if (reliable) {
        // RFC 3262 3: the first value is drawn from 1 to 2^31 - 1.
        incoming.last_rseq = incoming.last_rseq == 0
                                 ? static_cast<std::uint32_t>(1 + random.below(0x7ffffffeU))
                                 : incoming.last_rseq + 1;
        writer.add(HeaderName::Require, "100rel").add(HeaderName::RSeq, number_text(incoming.last_rseq));
    }
    add_all(writer, headers);
    auto bytes = with_body ? writer.finish(body.content_type, body.bytes) : writer.finish();
    if (reliable) {
        UnacknowledgedProvisional unacknowledged;
        unacknowledged.rseq = incoming.last_rseq;
        unacknowledged.status = status;
        unacknowledged.has_body = with_body;
        unacknowledged.retransmission.bytes = bytes;
        unacknowledged.retransmission.interval = kT1;
        unacknowledged.retransmission.give_up = now.instant + 64 * kT1;
        unacknowledged.retransmission.timer =
            timers.start(now.instant + kT1, {UserAgentTimer::Kind::RepeatProvisional, session.id, {}});
        incoming.unacknowledged = std::move(unacknowledged);
    }
    finish_response(incoming.transaction, status, std::move(bytes));
}

void UserAgent::State::repeat_provisional(Session& session) {
    if (!session.incoming || !session.incoming->unacknowledged) return;
    UnacknowledgedProvisional& unacknowledged = *session.incoming->unacknowledged;
    Retransmission& again = unacknowledged.retransmission;
    if (now.instant >= again.give_up) {
        // RFC 3262 3: refuse the INVITE with a 5xx.
        const auto transaction = session.incoming->transaction;
        const Session ended = take_session(session.id);
        respond_plainly(transaction, 504);
        return tell(ended, SessionEnded{ended.id, SessionEnd::NoAcknowledgement, nullptr});
    }
    transactions.respond(session.incoming->transaction, unacknowledged.status, again.bytes, now);
    again.interval *= 2;
    again.timer = timers.start(std::min(now.instant + again.interval, again.give_up),
                               {UserAgentTimer::Kind::RepeatProvisional, session.id, {}});
}

void UserAgent::State::on_prack(Session& session, SessionDialog& dialog, ServerTransactionId transaction,
                                const Message& prack) {
    const auto rack = RAck::parse(prack.header(HeaderName::RAck).value_or(""));
    if (!rack) return respond_plainly(transaction, 400, "Bad RAck");
    const bool matches = session.incoming && session.incoming->unacknowledged &&
                         session.incoming->unacknowledged->rseq == rack->rseq &&
                         session.incoming->cseq == rack->cseq.number && rack->cseq.method == Method::Invite;
    // RFC 3262 3: PRACK that acknowledges nothing.
    if (!matches) return respond_plainly(transaction, 481);
    timers.stop(session.incoming->unacknowledged->retransmission.timer);
    session.incoming->unacknowledged.reset();

    const auto id = session.id;
    const Body description = session_description(prack);
    const bool answers =
        dialog.exchange.state == OfferAnswer::State::Sent && dialog.exchange.offer_in == OfferIn::Provisional;
    if (!description.empty() && dialog.exchange.state == OfferAnswer::State::Agreed) {
        dialog.exchange.offer_received(OfferIn::Prack);
        session.peer_offer = PeerOffer{.transaction = transaction, .method = Method::Prack};
        tell(session, SessionOffered{id, prack, &description});
        return send_waiting_responses(id);
    }
    respond_plainly(transaction, 200);
    if (answers && !description.empty()) {
        dialog.exchange.answered();
        tell_answer(id, dialog.dialog.remote_tag, description);
    } else if (answers) {
        dialog.exchange.refused();
    }
    send_waiting_responses(id);
    if (Session* still = find(id)) pump_offer(*still);
}

void UserAgent::State::send_waiting_responses(SessionId id) {
    Session* session = find(id);
    if (session == nullptr || !session->incoming || session->incoming->unacknowledged) return;
    auto& waiting = session->incoming->waiting;
    if (waiting.empty()) return;
    const WaitingResponse next = std::move(waiting.front());
    waiting.erase(waiting.begin());
    if (next.status >= 200) return accept(*session, next.body, next.headers);
    send_provisional(*session, next.status, next.reliable, next.body, next.headers);
}

void UserAgent::State::accept(Session& session, const Body& body, const ExtraHeaders& headers) {
    if (session.stage != Session::Stage::Ringing) return;
    IncomingInviteState& incoming = *session.incoming;
    // What was still to be said before the answer is void, but RFC 3262 3: a description in a reliable
    // response has to be acknowledged before the 2xx.
    incoming.waiting.clear();
    if (incoming.unacknowledged) {
        if (incoming.unacknowledged->has_body) {
            incoming.waiting.push_back({200, false, body, headers});
            return;
        }
        timers.stop(incoming.unacknowledged->retransmission.timer);
    }
    SessionDialog& dialog = session.dialogs.front();
    const bool answers =
        dialog.exchange.state == OfferAnswer::State::Received && dialog.exchange.offer_in == OfferIn::Invite;
    const bool offers = dialog.exchange.state == OfferAnswer::State::Nothing && !body.empty();
    if (answers) dialog.exchange.answered();
    if (offers) dialog.exchange.offer_sent(OfferIn::Success);
    if (answers || offers) session.local_description = body;

    const auto transaction = incoming.transaction;
    const auto cseq = incoming.cseq;
    const TimerAnswer timer = answer_session_timer(session.timers, incoming.timer);
    session.incoming.reset();
    dialog.dialog.confirmed = true;
    session.stage = Session::Stage::Accepted;
    send_success(session, transaction, cseq, true, timer, answers || offers ? body : Body{}, headers);
}

void UserAgent::State::send_success(Session& session, ServerTransactionId transaction, std::uint32_t cseq,
                                    bool initial, const TimerAnswer& timer, const Body& body,
                                    const ExtraHeaders& headers) {
    const auto record = server_requests.find(transaction);
    if (record == server_requests.end() || !record->second.message) return;
    auto writer = begin_response(record->second, 200, {});
    writer.add(HeaderName::Contact, identity(record->second.flow).contact)
        .add(HeaderName::Allow, allow)
        .add(HeaderName::Supported, supported);
    if (timer.expires) writer.add(HeaderName::SessionExpires, timer.expires->text());
    if (timer.require) writer.add(HeaderName::Require, "timer");
    add_all(writer, headers);
    auto bytes = writer.finish(body.content_type, body.bytes);

    if (session.success) timers.stop(session.success->retransmission.timer);
    UnacknowledgedSuccess success;
    success.transaction = transaction;
    success.cseq = cseq;
    success.initial = initial;
    success.retransmission.bytes = bytes;
    success.retransmission.interval = kT1;
    success.retransmission.give_up = now.instant + 64 * kT1;
    success.retransmission.timer =
        timers.start(now.instant + kT1, {UserAgentTimer::Kind::RepeatSuccess, session.id, {}});
    session.success = std::move(success);
    start_session_timers(session, timer.timer);
    finish_response(transaction, 200, std::move(bytes));
}

void UserAgent::State::repeat_success(Session& session) {
    if (!session.success) return;
    Retransmission& again = session.success->retransmission;
    if (now.instant >= again.give_up) {
        // RFC 3261 13.3.1.4: no ACK within 64*T1. BYE may go out now (RFC 3261 15).
        session.success.reset();
        session.stage = Session::Stage::Confirmed;
        return lose_session(session, SessionEnd::NoAcknowledgement);
    }
    // Over reliable transports too: a hop in between may be unreliable.
    transactions.respond(session.success->transaction, 200, again.bytes, now);
    again.interval = std::min(again.interval * 2, Duration(kT2));
    again.timer = timers.start(std::min(now.instant + again.interval, again.give_up),
                               {UserAgentTimer::Kind::RepeatSuccess, session.id, {}});
}

void UserAgent::State::on_ack(const Flow& /*flow*/, const Message& ack) {
    const auto to = ack.to();
    const auto from = ack.from();
    const auto cseq = ack.cseq();
    if (!to || !from || !cseq) return;
    Session* session = find_by_local_tag(to->tag(), ack.call_id());
    if (session == nullptr || !session->success || session->success->cseq != cseq->number) return;
    SessionDialog* dialog = session->dialog_with(from->tag());
    if (dialog == nullptr) return;
    const bool initial = session->success->initial;
    timers.stop(session->success->retransmission.timer);
    session->success.reset();
    if (session->stage == Session::Stage::Accepted) session->stage = Session::Stage::Confirmed;

    const auto id = session->id;
    if (dialog->exchange.state == OfferAnswer::State::Sent && dialog->exchange.offer_in == OfferIn::Success) {
        const Body answer = session_description(ack);
        if (answer.empty()) {
            dialog->exchange.refused();
            tell(*session, OfferRefused{id, 488});
        } else {
            dialog->exchange.answered();
            tell_answer(id, dialog->dialog.remote_tag, answer);
        }
    }
    session = find(id);
    if (session == nullptr) return;
    if (session->silent) {
        // end() waited for this ACK (RFC 3261 15).
        if (session->stage == Session::Stage::Confirmed) send_bye(*session, session->end_headers);
        return;
    }
    if (initial) {
        tell(*session, SessionConfirmed{id});
        session = find(id);
    }
    if (session != nullptr) pump_offer(*session);
}

void UserAgent::State::reject(Session& session, int status, std::string_view reason,
                              const ExtraHeaders& headers) {
    if (session.stage != Session::Stage::Ringing || status < 300) return;
    const auto transaction = session.incoming->transaction;
    take_session(session.id);
    respond_plainly(transaction, status, reason, headers);
}

}  // namespace almon::sip
