// SPDX-License-Identifier: GPL-3.0-or-later
// CANCEL and BYE from both sides (RFC 3261 9, 15).
#include <utility>

#include "sip/user_agent_state.hpp"

namespace almon::sip {

void UserAgent::State::end(Session& session, const ExtraHeaders& headers) {
    if (session.silent) return;
    switch (session.stage) {
        case Session::Stage::Calling:
        case Session::Stage::Proceeding:
            session.silent = true;
            session.end_headers = headers;
            if (session.stage == Session::Stage::Proceeding) send_cancel(session);
            return;
        case Session::Stage::Ringing:
            return reject(session, 487, {}, headers);
        case Session::Stage::Answered: {
            // The 2xx brought an offer that nobody answers: ACK all the same, then BYE (RFC 3261 13.2.2.4).
            session.silent = true;
            SessionDialog& dialog = session.dialogs.front();
            send_ack(session, dialog, session.answered_cseq, {});
            return send_bye(session, headers);
        }
        case Session::Stage::Accepted:
            // RFC 3261 15: the callee's BYE waits for the ACK, or for the end of the wait for it.
            session.silent = true;
            session.end_headers = headers;
            return;
        case Session::Stage::Confirmed:
            session.silent = true;
            return send_bye(session, headers);
        case Session::Stage::Ending:
            return;
    }
}

void UserAgent::State::send_bye(Session& session, const ExtraHeaders& headers) {
    session.silent = true;
    session.stage = Session::Stage::Ending;
    timers.stop(session.refresh_timer);
    timers.stop(session.expiry_timer);
    if (session.success) {
        timers.stop(session.success->retransmission.timer);
        session.success.reset();
    }
    if (session.own_offer) {
        timers.stop(session.own_offer->timer);
        session.own_offer.reset();
    }
    if (session.peer_offer) {
        const auto transaction = session.peer_offer->transaction;
        session.peer_offer.reset();
        respond_plainly(transaction, 487);
    }
    SessionDialog* dialog = session.current();
    if (dialog == nullptr) {
        take_session(session.id);
        return;
    }
    send_in_dialog(session, *dialog, Method::Bye, "BYE", {.kind = ClientUse::Kind::Bye}, {}, headers);
}

void UserAgent::State::on_bye(Session& session, SessionDialog& dialog, ServerTransactionId transaction,
                              const Message& bye) {
    respond_plainly(transaction, 200);
    // Ours crossed it: the session lasts until that one is answered.
    if (session.stage == Session::Stage::Ending) return;
    if (session.caller && !session.established()) {
        // A callee may not do this; the fork is gone, the INVITE still gets its final response.
        const auto index = static_cast<std::size_t>(&dialog - session.dialogs.data());
        session.dialogs.erase(session.dialogs.begin() + static_cast<std::ptrdiff_t>(index));
        session.current_dialog = 0;
        return;
    }
    // RFC 3261 15.1.2: what the peer still waits for is answered with 487.
    if (session.incoming) respond_plainly(session.incoming->transaction, 487);
    if (session.peer_offer) respond_plainly(session.peer_offer->transaction, 487);
    const Session ended = take_session(session.id);
    tell(ended, SessionEnded{ended.id, SessionEnd::Bye, &bye});
}

void UserAgent::State::lose_session(Session& session, SessionEnd why) {
    const auto id = session.id;
    const bool was_silent = session.silent;
    send_bye(session, session.end_headers);
    if (!was_silent) listener.on_user_agent(SessionEnded{id, why, nullptr});
}

}  // namespace almon::sip
