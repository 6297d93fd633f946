// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "base/time.hpp"
#include "base/timer_queue.hpp"
#include "sip/dialog.hpp"
#include "sip/digest_client.hpp"
#include "sip/offer_answer.hpp"
#include "sip/reliable_provisional.hpp"
#include "sip/session_timer.hpp"
#include "sip/transaction_layer.hpp"
#include "sip/user_agent.hpp"

namespace almon::sip {

/// A dialog of a session with what belongs to it alone. A caller has several while forks ring.
struct SessionDialog {
    Dialog dialog;
    OfferAnswer exchange;
    ProvisionalOrder provisional_order;
    /// Caller: the description that this fork answered with so far, told again when this fork wins.
    Body early_answer;
    std::uint32_t unanswered_rseq =
        0;                      ///< Caller: of the reliable response whose offer waits for our answer.
    bool peer_updates = false;  ///< UPDATE stands in its Allow.
};
BOOST_DESCRIBE_STRUCT(SessionDialog, (),
                      (dialog, exchange, provisional_order, early_answer, unanswered_rseq, peer_updates))

/// Sends something again and again, each time after twice the interval, until it is acknowledged.
struct Retransmission {
    std::string bytes;
    Duration interval{};
    Instant give_up{};
    TimerId timer;
};
BOOST_DESCRIBE_STRUCT(Retransmission, (), (bytes, interval, give_up, timer))

/// Our 2xx to an INVITE, until its ACK arrives (RFC 3261 13.3.1.4).
struct UnacknowledgedSuccess {
    ServerTransactionId transaction;
    std::uint32_t cseq = 0;
    bool initial = false;  ///< Of the INVITE that made the session.
    Retransmission retransmission;
};
BOOST_DESCRIBE_STRUCT(UnacknowledgedSuccess, (), (transaction, cseq, initial, retransmission))

/// Our reliable provisional response, until its PRACK arrives (RFC 3262 3).
struct UnacknowledgedProvisional {
    std::uint32_t rseq = 0;
    int status = 0;
    bool has_body = false;
    Retransmission retransmission;
};
BOOST_DESCRIBE_STRUCT(UnacknowledgedProvisional, (), (rseq, status, has_body, retransmission))

/// A response that waits until the reliable one before it is acknowledged.
struct WaitingResponse {
    int status = 0;
    bool reliable = false;
    Body body{};
    ExtraHeaders headers{};
};
BOOST_DESCRIBE_STRUCT(WaitingResponse, (), (status, reliable, body, headers))

/// An offer that we want to make, from the call of offer() until its answer.
struct OwnOffer {
    enum class Stage : std::uint8_t {
        Waiting,  ///< For the dialog to be free.
        Sent,
        Delayed,  ///< Refused with 491 or 500: `timer` runs until it is tried again.
    };
    Stage stage = Stage::Waiting;
    Body body{};
    bool by_update = false;
    bool refresh = false;  ///< Made by the session timer; not told when it fails.
    int attempts = 0;
    TimerId timer{};
};
BOOST_DESCRIBE_STRUCT(OwnOffer, (), (stage, body, by_update, refresh, attempts, timer))

/// A request of the peer within the dialog that waits for our description.
struct PeerOffer {
    ServerTransactionId transaction{};
    Method method = Method::Invite;  ///< INVITE, UPDATE or PRACK.
    bool asks_for_offer = false;     ///< A re-INVITE without a body.
    std::uint32_t cseq = 0;
    TimerAnswer timer{};
};
BOOST_DESCRIBE_STRUCT(TimerAnswer, (), (too_small, expires, require, timer))
BOOST_DESCRIBE_STRUCT(PeerOffer, (), (transaction, method, asks_for_offer, cseq, timer))

/// The INVITE that we sent, until its final response.
struct OutgoingInvite {
    InviteSettings settings;
    ClientTransactionId transaction;
    std::string branch;
    std::uint32_t cseq = 0;
    int attempts = 0;        ///< Repeated with credentials or a longer interval.
    bool cancelled = false;  ///< CANCEL has been sent.
    TimerId abandon_timer;   ///< No final response 64*T1 after CANCEL (RFC 3261 9.1).
};
BOOST_DESCRIBE_STRUCT(OutgoingInvite, (),
                      (settings, transaction, branch, cseq, attempts, cancelled, abandon_timer))

/// The INVITE that we received, until our final response.
struct IncomingInviteState {
    ServerTransactionId transaction;
    std::uint32_t cseq = 0;
    bool requires_reliable = false;
    bool supports_reliable = false;
    std::uint32_t last_rseq = 0;  ///< 0: none was sent.
    std::optional<UnacknowledgedProvisional> unacknowledged;
    std::vector<WaitingResponse> waiting;
    TimerRequest timer;
};
BOOST_DESCRIBE_STRUCT(TimerRequest, (), (supported, expires, minimum))
BOOST_DESCRIBE_STRUCT(IncomingInviteState, (),
                      (transaction, cseq, requires_reliable, supports_reliable, last_rseq, unacknowledged,
                       waiting, timer))

/// One INVITE usage from the first INVITE to the end of BYE: a plain value.
struct Session {
    enum class Stage : std::uint8_t {
        Calling,     ///< Caller: nothing came back; CANCEL has to wait (RFC 3261 9.1).
        Proceeding,  ///< Caller: a provisional response came.
        Ringing,     ///< Callee: no final response yet.
        Answered,    ///< Caller: the 2xx brings an offer, our ACK waits for the answer to it.
        Accepted,    ///< Callee: 2xx sent, ACK has not come.
        Confirmed,
        Ending,  ///< BYE sent.
    };

    SessionId id;
    bool caller = false;
    Stage stage = Stage::Calling;
    /// end() was called: what still happens is not told.
    bool silent = false;
    ExtraHeaders end_headers;  ///< For the CANCEL or BYE that has to wait.

    std::string call_id;
    std::string local_tag;
    std::vector<SessionDialog> dialogs;  ///< One when confirmed, or when we are the callee.
    std::uint32_t current_dialog = 0;    ///< The fork that spoke last.
    std::string told_answer_of;          ///< Remote tag of the fork whose answer was told last.

    std::optional<OutgoingInvite> outgoing;
    std::optional<IncomingInviteState> incoming;
    std::optional<UnacknowledgedSuccess> success;
    std::string ack;  ///< Our latest ACK to a 2xx, for when that 2xx comes again.
    std::uint32_t ack_cseq = 0;

    ClientTransactionId own_invite;   ///< Our re-INVITE without final response.
    std::uint32_t answered_cseq = 0;  ///< CSeq of the 2xx that our ACK answers (Stage::Answered, re-INVITE).
    std::optional<OwnOffer> own_offer;
    std::optional<OwnOffer> next_offer;  ///< Waits until own_offer is settled.
    std::optional<PeerOffer> peer_offer;
    Body local_description;  ///< Sent last, for a refresh by re-INVITE.
    std::uint64_t remote_description =
        0;  ///< Hash of what the peer sent last: a refresh that changes nothing is quiet.

    SessionTimers timers;  ///< What we want.
    SessionTimer timer;    ///< What was agreed.
    TimerId refresh_timer;
    TimerId expiry_timer;
    DigestClient digest;

    [[nodiscard]] SessionDialog* dialog_with(std::string_view remote_tag) noexcept {
        for (auto& candidate : dialogs) {
            if (candidate.dialog.remote_tag == remote_tag) return &candidate;
        }
        return nullptr;
    }
    [[nodiscard]] SessionDialog* current() noexcept {
        return current_dialog < dialogs.size() ? &dialogs[current_dialog] : nullptr;
    }
    [[nodiscard]] bool established() const noexcept {
        return stage == Stage::Answered || stage == Stage::Accepted || stage == Stage::Confirmed;
    }
};
BOOST_DESCRIBE_STRUCT(Session, (),
                      (id, caller, stage, silent, end_headers, call_id, local_tag, dialogs, current_dialog,
                       told_answer_of, outgoing, incoming, success, ack, ack_cseq, own_invite, answered_cseq,
                       own_offer, next_offer, peer_offer, local_description, remote_description, timers,
                       timer, refresh_timer, expiry_timer, digest))

}  // namespace almon::sip
