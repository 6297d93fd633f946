// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/timer_queue.hpp"
#include "sip/message_writer.hpp"
#include "sip/session.hpp"
#include "sip/user_agent.hpp"

namespace almon::sip {

/// A request that we received, kept until its final response, so that the response can repeat its fields.
struct ServerRequest {
    std::shared_ptr<const Message> message;
    Flow flow;
    std::string to_tag;  ///< What we add to To.
    SessionId session;

    void save(Archive& archive) const;
    void restore(ArchiveReader& reader);
};

/// What one of our client transactions is for.
struct ClientUse {
    enum class Kind : std::uint8_t { Invite, Reinvite, Update, Prack, Cancel, Bye, InSession, Outside };
    Kind kind = Kind::Outside;
    SessionId session{};
    std::string remote_tag{};  ///< The dialog of the session.
    ClientRequestId request{};
    bool with_offer = false;
    bool authorized = false;  ///< Repeated with credentials already.
    /// INFO, MESSAGE ...: its failure ends the session; NOTIFY and REFER have a usage of their own (RFC 5057
    /// 5).
    bool of_invite_usage = false;
    std::uint32_t cseq = 0;
    // To repeat it with credentials; kept only where there are any.
    std::string method{};
    Body body{};
    ExtraHeaders headers{};
};
BOOST_DESCRIBE_STRUCT(ClientUse, (),
                      (kind, session, remote_tag, request, with_offer, authorized, of_invite_usage, cseq,
                       method, body, headers))

/// A request of ours outside sessions that can be repeated with credentials.
struct OutsideRequest {
    RequestSettings settings;
    DigestClient digest;
    std::string from_tag;
    int attempts = 0;
};
BOOST_DESCRIBE_STRUCT(OutsideRequest, (), (settings, digest, from_tag, attempts))

/// What a timer of the user agent means.
struct UserAgentTimer {
    enum class Kind : std::uint8_t {
        RepeatSuccess,
        RepeatProvisional,
        AbandonInvite,
        TryOfferAgain,
        Refresh,
        Expire,
        FailRequest,
    };
    Kind kind = Kind::Expire;
    SessionId session{};
    ClientRequestId request{};
};
BOOST_DESCRIBE_STRUCT(UserAgentTimer, (), (kind, session, request))

/// How we name ourselves on a listening address.
struct LocalIdentity {
    TransportKind transport = TransportKind::Udp;
    NetAddress local;
    std::string sent_by;
    std::string contact;
};
BOOST_DESCRIBE_STRUCT(LocalIdentity, (), (transport, local, sent_by, contact))

/// Everything behind UserAgent. One class, whose member functions stand in the file of what happens:
/// outgoing_session.cpp, incoming_session.cpp, renegotiation.cpp, session_end.cpp, outside_request.cpp.
///
/// A session may vanish whenever something is told, since the listener acts from within: after tell(), find
/// it anew.
struct UserAgent::State final : TransactionUser {
    State(UserAgentSettings user_agent_settings, Random& random_source, Wire& lent_wire,
          UserAgentListener& lent_listener);

    // TransactionUser
    void on_request(ServerTransactionId transaction, const Flow& flow, const Message& request) override;
    void on_ack(const Flow& flow, const Message& ack) override;
    void on_cancel(ServerTransactionId invite, const Message& cancel) override;
    void on_response(ClientTransactionId transaction, const Flow& flow, const Message& response) override;
    void on_stray_response(const Flow& flow, const Message& response) override;
    void on_failure(ClientTransactionId transaction, Failure failure) override;
    void on_terminated(ServerTransactionId transaction) override;

    // user_agent.cpp: tables
    Session* find(SessionId id) noexcept;
    Session* find_by_local_tag(std::string_view local_tag, std::string_view call_id) noexcept;
    Session& add_session(Session session);
    /// Out of all tables, its timers stopped.
    Session take_session(SessionId id);
    void tell(const Session& session, const UserAgentEvent& event);
    void tell(const UserAgentEvent& event) { listener.on_user_agent(event); }
    const LocalIdentity& identity(const Flow& flow);
    void fire(const UserAgentTimer& timer);
    void save(Archive& archive) const;
    void restore(ArchiveReader& reader);
    void index_all();

    // request_check.cpp: RFC 3261 8.2
    /// Refuses what must be refused before anybody looks at the meaning; true when refused.
    bool refuse_unfit(ServerTransactionId transaction, ServerRequest& record);
    bool is_loop(const Message& request) const;

    // responses.cpp
    MessageWriter begin_response(const ServerRequest& record, int status, std::string_view reason) const;
    /// Who has proven nothing gets a final response once (TransactionLayer::respond_once).
    enum class Recipient : std::uint8_t { Known, Stranger };
    /// Sends, and forgets the request where `status` is final. A challenge goes to a stranger.
    void finish_response(ServerTransactionId transaction, int status, std::string bytes,
                         Recipient recipient = Recipient::Known);
    void respond_plainly(ServerTransactionId transaction, int status, std::string_view reason = {},
                         const ExtraHeaders& headers = {}, Recipient recipient = Recipient::Known);
    void refuse_stranger(ServerTransactionId transaction, int status, std::string_view reason = {},
                         const ExtraHeaders& headers = {});

    // outgoing_session.cpp
    SessionId invite(const InviteSettings& invite_settings);
    void send_invite(Session& session);
    void on_invite_response(Session& session, const Flow& flow, const Message& response);
    void on_invite_provisional(Session& session, const Message& response);
    void on_invite_success(Session& session, const Message& response);
    void on_invite_refusal(Session& session, const Message& response);
    /// A 2xx that no INVITE waits for: repeated, or of another fork.
    void on_further_success(const Flow& flow, const Message& response, bool ours);
    SessionDialog& early_dialog(Session& session, const Message& response);
    void send_cancel(Session& session);
    void send_prack(Session& session, SessionDialog& dialog, std::uint32_t rseq, std::uint32_t invite_cseq,
                    const Body& body);
    void send_ack(Session& session, SessionDialog& dialog, std::uint32_t cseq, const Body& body);

    // incoming_session.cpp
    void on_initial_invite(ServerTransactionId transaction, ServerRequest& record);
    void progress(Session& session, int status, const Body& body, Reliability reliability,
                  const ExtraHeaders& headers);
    void send_provisional(Session& session, int status, bool reliable, const Body& body,
                          const ExtraHeaders& headers);
    void on_prack(Session& session, SessionDialog& dialog, ServerTransactionId transaction,
                  const Message& prack);
    void send_waiting_responses(SessionId id);
    void accept(Session& session, const Body& body, const ExtraHeaders& headers);
    void send_success(Session& session, ServerTransactionId transaction, std::uint32_t cseq, bool initial,
                      const TimerAnswer& timer, const Body& body, const ExtraHeaders& headers);
    void reject(Session& session, int status, std::string_view reason, const ExtraHeaders& headers);
    void repeat_provisional(Session& session);
    void repeat_success(Session& session);

    // renegotiation.cpp
    void on_request_in_session(Session& session, SessionDialog& dialog, ServerTransactionId transaction,
                               const Flow& flow, const Message& request);
    void on_reinvite(Session& session, SessionDialog& dialog, ServerTransactionId transaction,
                     const Message& request);
    void on_update(Session& session, SessionDialog& dialog, ServerTransactionId transaction,
                   const Message& request);
    void answer_update(Session& session, ServerTransactionId transaction, const TimerAnswer& timer,
                       const Body& body);
    void offer(Session& session, const Body& body, bool update);
    /// Sends what waits for the dialog to be free.
    void pump_offer(Session& session);
    void send_own_offer(Session& session, SessionDialog& dialog);
    void on_reinvite_response(Session& session, const ClientUse& use, const Message& response);
    void on_update_response(Session& session, const ClientUse& use, const Message& response);
    /// The peer agreed to our offer with `answer`.
    void settle_own_offer(SessionId id, const ClientUse& use, const Body& answer);
    void on_offer_refused(SessionId id, const ClientUse& use, int status, const Message* response);
    void answer_offer(Session& session, const Body& answer);
    void refuse_offer(Session& session, int status);
    void try_offer_later(Session& session, Duration delay);
    /// Tells the answer to the offer of our first INVITE, once where it comes again.
    void take_answer(SessionId id, std::string_view remote_tag, const Body& answer);
    /// Tells an answer of the peer.
    void tell_answer(SessionId id, std::string_view remote_tag, const Body& answer);

    // session_refresh.cpp
    TimerRequest timer_request(const Message& request) const;
    void start_session_timers(Session& session, const SessionTimer& agreed);
    void take_session_expires(Session& session, const Message& response);
    void add_session_expires(MessageWriter& writer, const Session& session) const;
    void refresh(Session& session);
    bool raise_session_interval(Session& session, const Message& response);

    // session_end.cpp
    void end(Session& session, const ExtraHeaders& headers);
    void send_bye(Session& session, const ExtraHeaders& headers);
    void on_bye(Session& session, SessionDialog& dialog, ServerTransactionId transaction, const Message& bye);
    /// BYE to a peer that may not hear it, and the news to the listener.
    void lose_session(Session& session, SessionEnd why);

    // in_dialog_request.cpp
    MessageWriter begin_in_dialog(const Dialog& dialog, std::string_view method, std::uint32_t cseq,
                                  std::string_view branch, DigestClient* digest);
    ClientTransactionId send_in_dialog(Session& session, SessionDialog& dialog, Method method,
                                       std::string_view method_name, ClientUse use, const Body& body,
                                       const ExtraHeaders& headers);
    ClientRequestId request_in(Session& session, std::string_view method, const Body& body,
                               const ExtraHeaders& headers);
    /// Sends a request again after 401 or 407; false where that is of no use.
    bool repeat_with_credentials(Session& session, const ClientUse& use, const Message& response);

    // outside_request.cpp
    ClientRequestId request(const RequestSettings& request_settings);
    void send_outside(ClientRequestId id, const RequestSettings& request_settings,
                      const std::string& from_tag, DigestClient* digest);
    void respond(RequestId request, int status, std::string_view reason, const ExtraHeaders& headers,
                 const Body& body);

    // Lent
    Random& random;
    Wire& wire;
    UserAgentListener& listener;

    // Owned
    UserAgentSettings settings;
    std::string allow;
    std::string supported;
    std::string supported_unreliable;  ///< Without 100rel.
    std::string accepted_types;        ///< Accept of what we take as session description.
    std::vector<LocalIdentity> identities;
    TransactionLayer transactions;

    // State
    Now now{};                               ///< Of this step.
    std::shared_ptr<const Message> current;  ///< The message of this step.
    std::unordered_map<SessionId, Session> sessions;
    std::unordered_map<ServerTransactionId, ServerRequest> server_requests;
    std::unordered_map<ClientTransactionId, ClientUse> client_uses;
    std::unordered_map<ClientRequestId, OutsideRequest> outside_requests;
    TimerQueue<UserAgentTimer> timers;
    std::uint64_t last_session = 0;
    std::uint64_t last_request = 0;

    // Derived from `sessions`
    std::unordered_map<std::string_view, SessionId> by_local_tag;
};

[[nodiscard]] std::uint64_t hash_of(const Body& description);
/// The fields of `headers`, in order.
void add_all(MessageWriter& writer, const ExtraHeaders& headers);
[[nodiscard]] bool contains(const ExtraHeaders& headers, std::string_view name);
/// Ends the branches of our requests outside dialogs, so that one which comes back unchanged is known.
[[nodiscard]] std::string loop_mark(std::string_view request_uri);
/// The session description of a message: its body, or that part of a multipart body; empty when there is
/// none.
[[nodiscard]] Body session_description(const Message& message);

}  // namespace almon::sip
