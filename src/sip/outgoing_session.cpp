// SPDX-License-Identifier: GPL-3.0-or-later
// The caller's side from INVITE to ACK (RFC 3261 13.2, 9.1; RFC 3262 4).
#include <algorithm>
#include <utility>

#include "sip/rack.hpp"
#include "sip/transaction_step.hpp"
#include "sip/user_agent_state.hpp"

namespace almon::sip {

namespace {

/// Early dialogs that one INVITE may make: a bound on what a forking proxy can make us keep.
constexpr std::size_t kMaximumForks = 32;
/// Times that one INVITE is sent again with credentials or a longer session interval.
constexpr int kMaximumAttempts = 4;

std::string_view tag_of_to(const Message& response) {
    const auto to = response.to();
    return to ? to->tag() : std::string_view{};
}

void note_peer_methods(SessionDialog& dialog, const Message& message) {
    if (message.header(HeaderName::Allow))
        dialog.peer_updates = message.has_token(HeaderName::Allow, "UPDATE");
}

}  // namespace

SessionId UserAgent::State::invite(const InviteSettings& invite_settings) {
    Session made;
    made.caller = true;
    made.stage = Session::Stage::Calling;
    made.call_id = random.token(24);
    made.local_tag = random.token(16);
    made.timers = invite_settings.timers;
    made.digest.credentials = invite_settings.credentials;
    made.local_description = invite_settings.offer;
    made.outgoing.emplace().settings = invite_settings;
    Session& session = add_session(std::move(made));
    send_invite(session);
    return session.id;
}

void UserAgent::State::send_invite(Session& session) {
    OutgoingInvite& outgoing = *session.outgoing;
    const InviteSettings& wanted = outgoing.settings;
    outgoing.branch = transactions.new_branch() + '.' + loop_mark(wanted.request_uri);
    ++outgoing.cseq;
    const LocalIdentity& self = identity(wanted.flow);
    const bool reliable = !wanted.offer.empty() || wanted.answers_early_offer;
    auto writer = MessageWriter::request(Method::Invite, wanted.request_uri);
    writer.add_via(via_name(wanted.flow.transport), self.sent_by, outgoing.branch)
        .add_number(HeaderName::MaxForwards, wanted.max_forwards);
    for (const auto& hop : wanted.route)
        writer.add(HeaderName::Route, hop);
    writer.add(HeaderName::From, wanted.from + ";tag=" + session.local_tag)
        .add(HeaderName::To, wanted.to)
        .add(HeaderName::CallId, session.call_id)
        .add_cseq(outgoing.cseq, "INVITE")
        .add(HeaderName::Contact, self.contact)
        .add(HeaderName::UserAgent, settings.product)
        .add(HeaderName::Allow, allow)
        .add(HeaderName::Supported, reliable ? supported : supported_unreliable);
    session.digest.add_to(writer, "INVITE", wanted.request_uri, random);
    add_session_expires(writer, session);
    add_all(writer, wanted.headers);
    outgoing.transaction =
        transactions.send(wanted.flow, Method::Invite, "INVITE", outgoing.branch,
                          writer.finish(wanted.offer.content_type, wanted.offer.bytes), now);
    client_uses.insert_or_assign(
        outgoing.transaction,
        ClientUse{.kind = ClientUse::Kind::Invite, .session = session.id, .cseq = outgoing.cseq});
}

void UserAgent::State::on_invite_response(Session& session, const Flow& flow, const Message& response) {
    const int status = response.status();
    if (status >= 300) return on_invite_refusal(session, response);
    if (status >= 200) {
        if (session.outgoing) return on_invite_success(session, response);
        return on_further_success(flow, response, true);
    }
    on_invite_provisional(session, response);
}

SessionDialog& UserAgent::State::early_dialog(Session& session, const Message& response) {
    const auto tag = tag_of_to(response);
    SessionDialog* known = session.dialog_with(tag);
    if (known == nullptr) {
        const OutgoingInvite& outgoing = *session.outgoing;
        SessionDialog made;
        made.dialog = Dialog::of_caller(response, outgoing.settings.flow,
                                        outgoing.settings.from + ";tag=" + session.local_tag,
                                        session.local_tag, outgoing.settings.request_uri, outgoing.cseq);
        made.dialog.choose_flow(outgoing.settings.flow, !outgoing.settings.route.empty());
        if (!outgoing.settings.offer.empty()) made.exchange.offer_sent(OfferIn::Invite);
        session.dialogs.push_back(std::move(made));
        known = &session.dialogs.back();
    }
    session.current_dialog = static_cast<std::uint32_t>(known - session.dialogs.data());
    return *known;
}

void UserAgent::State::on_invite_provisional(Session& session, const Message& response) {
    if (!session.outgoing) return;
    if (session.stage == Session::Stage::Calling) session.stage = Session::Stage::Proceeding;
    if (session.silent) return send_cancel(session);
    if (response.status() == 100) return;

    const auto tag = tag_of_to(response);
    const bool makes_dialog =
        !tag.empty() && (session.dialog_with(tag) != nullptr || session.dialogs.size() < kMaximumForks);
    if (!makes_dialog) return tell(session, SessionProgress{session.id, response});

    SessionDialog& dialog = early_dialog(session, response);
    note_peer_methods(dialog, response);
    dialog.dialog.refresh_target(response);
    const auto rseq = parse_rseq(response.header(HeaderName::RSeq).value_or("0"));
    const bool reliable = rseq && response.has_token(HeaderName::Require, "100rel");
    // RFC 3262 4: repeated or out of order.
    if (reliable && !dialog.provisional_order.take(*rseq)) return;

    const Body description = session_description(response);
    const Body* told = description.empty() ? nullptr : &description;
    const auto id = session.id;
    if (reliable) {
        const bool is_offer = told != nullptr && dialog.exchange.state == OfferAnswer::State::Nothing;
        const bool is_answer = told != nullptr && dialog.exchange.state == OfferAnswer::State::Sent;
        if (is_offer) {
            dialog.exchange.offer_received(OfferIn::Provisional);
            dialog.unanswered_rseq = *rseq;
        } else {
            send_prack(session, dialog, *rseq, session.outgoing->cseq, {});
        }
        if (is_answer) {
            dialog.exchange.answered();
            dialog.early_answer = description;
            take_answer(id, std::string(tag), description);
        }
    } else if (told != nullptr && dialog.exchange.state == OfferAnswer::State::Sent) {
        dialog.early_answer = description;
    }
    if (Session* still = find(id)) {
        pump_offer(*still);
        tell(*still, SessionProgress{id, response, reliable, told});
    }
}

void UserAgent::State::send_prack(Session& session, SessionDialog& dialog, std::uint32_t rseq,
                                  std::uint32_t invite_cseq, const Body& body) {
    send_in_dialog(session, dialog, Method::Prack, "PRACK", {.kind = ClientUse::Kind::Prack}, body,
                   {{"RAck", RAck{rseq, {invite_cseq, Method::Invite, "INVITE"}}.text()}});
}

void UserAgent::State::send_ack(Session& session, SessionDialog& dialog, std::uint32_t cseq,
                                const Body& body) {
    // RFC 3261 13.2.2.4: straight to the transport, with the INVITE's CSeq number and credentials.
    auto writer = begin_in_dialog(dialog.dialog, "ACK", cseq, transactions.new_branch(), &session.digest);
    session.ack = writer.finish(body.content_type, body.bytes);
    session.ack_cseq = cseq;
    wire.send(dialog.dialog.flow, session.ack);
}

void UserAgent::State::on_invite_success(Session& session, const Message& response) {
    SessionDialog won = std::move(early_dialog(session, response));
    const std::uint32_t cseq = session.outgoing->cseq;
    timers.stop(session.outgoing->abandon_timer);
    session.digest.accepted();
    const bool through_proxies = !session.outgoing->settings.route.empty();
    const Flow first_hop = session.outgoing->settings.flow;
    session.outgoing.reset();
    won.dialog.confirm(response);
    won.dialog.choose_flow(first_hop, through_proxies);
    note_peer_methods(won, response);
    session.dialogs.clear();
    session.dialogs.push_back(std::move(won));
    session.current_dialog = 0;
    SessionDialog& dialog = session.dialogs.front();

    if (session.silent) {
        // CANCEL came too late (RFC 3261 9.1).
        send_ack(session, dialog, cseq, {});
        return send_bye(session, session.end_headers);
    }

    take_session_expires(session, response);

    const Body description = session_description(response);
    const auto id = session.id;
    const std::string tag = dialog.dialog.remote_tag;
    if (dialog.exchange.state == OfferAnswer::State::Nothing && !description.empty()) {
        dialog.exchange.offer_received(OfferIn::Success);
        session.stage = Session::Stage::Answered;
        session.answered_cseq = cseq;
        return tell(session, SessionAnswered{id, response, &description});
    }
    session.stage = Session::Stage::Confirmed;
    send_ack(session, dialog, cseq, {});
    if (dialog.exchange.state == OfferAnswer::State::Sent && dialog.exchange.offer_in == OfferIn::Invite) {
        dialog.exchange.answered();
        // Some peers describe themselves in an unreliable 183 only; it is what they mean.
        take_answer(id, tag, description.empty() ? dialog.early_answer : description);
    } else if (session.told_answer_of != tag) {
        // Another fork was heard last.
        take_answer(id, tag, dialog.early_answer);
    }
    if (Session* still = find(id)) {
        if (auto* confirmed = still->current()) confirmed->early_answer = {};
        tell(*still, SessionAnswered{id, response});
    }
    if (Session* still = find(id)) pump_offer(*still);
}

void UserAgent::State::on_invite_refusal(Session& session, const Message& response) {
    OutgoingInvite& outgoing = *session.outgoing;
    const int status = response.status();
    if (!session.silent && outgoing.attempts < kMaximumAttempts) {
        const bool again = (status == 401 || status == 407) ? session.digest.take(response)
                           : status == 422                  ? raise_session_interval(session, response)
                                                            : false;
        if (again) {
            ++outgoing.attempts;
            session.stage = Session::Stage::Calling;
            session.dialogs.clear();
            session.current_dialog = 0;
            return send_invite(session);
        }
    }
    const Session ended = take_session(session.id);
    tell(ended, SessionFailed{ended.id, status, &response});
}

void UserAgent::State::on_further_success(const Flow& flow, const Message& response, bool ours) {
    const auto from = response.from();
    const auto to = response.to();
    const auto cseq = response.cseq();
    if (!from || !to || !cseq) return;
    Session* session = find_by_local_tag(from->tag(), response.call_id());
    if (session != nullptr && session->dialog_with(to->tag()) != nullptr) {
        // RFC 3261 13.2.2.4: each 2xx that comes again is acknowledged again.
        if (session->ack_cseq == cseq->number && !session->ack.empty()) {
            wire.send(session->dialog_with(to->tag())->dialog.flow, session->ack);
        }
        return;
    }
    if (!ours) return;
    // Another fork answered too, or the session is over: ACK, then BYE (RFC 3261 13.2.2.4).
    Dialog dialog = Dialog::of_caller(response, flow, response.header(HeaderName::From).value_or(""),
                                      from->tag(), to->uri, cseq->number);
    DigestClient* digest = session != nullptr ? &session->digest : nullptr;
    wire.send(flow, begin_in_dialog(dialog, "ACK", cseq->number, transactions.new_branch(), digest).finish());
    auto branch = transactions.new_branch();
    auto bye = begin_in_dialog(dialog, "BYE", cseq->number + 1, branch, nullptr);
    transactions.send(flow, Method::Bye, "BYE", std::move(branch), bye.finish(), now);
}

void UserAgent::State::send_cancel(Session& session) {
    OutgoingInvite& outgoing = *session.outgoing;
    if (outgoing.cancelled) return;
    outgoing.cancelled = true;
    const InviteSettings& wanted = outgoing.settings;
    // RFC 3261 9.1: Request-URI, Call-ID, To, From, Route, CSeq number and topmost Via as in the INVITE.
    auto writer = MessageWriter::request(Method::Cancel, wanted.request_uri);
    writer.add_via(via_name(wanted.flow.transport), identity(wanted.flow).sent_by, outgoing.branch)
        .add(HeaderName::MaxForwards, "70");
    for (const auto& hop : wanted.route)
        writer.add(HeaderName::Route, hop);
    writer.add(HeaderName::From, wanted.from + ";tag=" + session.local_tag)
        .add(HeaderName::To, wanted.to)
        .add(HeaderName::CallId, session.call_id)
        .add_cseq(outgoing.cseq, "CANCEL")
        .add(HeaderName::UserAgent, settings.product);
    add_all(writer, session.end_headers);
    const auto transaction =
        transactions.send(wanted.flow, Method::Cancel, "CANCEL", outgoing.branch, writer.finish(), now);
    client_uses.insert_or_assign(transaction,
                                 ClientUse{.kind = ClientUse::Kind::Cancel, .session = session.id});
    outgoing.abandon_timer =
        timers.start(now.instant + 64 * kT1, {UserAgentTimer::Kind::AbandonInvite, session.id, {}});
}

}  // namespace almon::sip
