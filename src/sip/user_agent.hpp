// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "base/archive.hpp"
#include "base/id.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "sip/digest_client.hpp"
#include "sip/flow.hpp"
#include "sip/message.hpp"
#include "sip/session_timer.hpp"
#include "sip/transport.hpp"

namespace almon::sip {

struct SessionTag;
/// One INVITE usage of a dialog (or, before it exists, of the early dialogs of one INVITE).
using SessionId = Id<SessionTag>;
struct RequestTag;
/// A received request that waits for its final response.
using RequestId = Id<RequestTag>;
struct ClientRequestTag;
/// A request of ours outside INVITE usages (OPTIONS, NOTIFY, MESSAGE, REGISTER ...) whose final response will
/// be told.
using ClientRequestId = Id<ClientRequestTag>;

/// Bytes that SIP carries without understanding them.
struct Body {
    std::string content_type;
    std::string bytes;
    [[nodiscard]] bool empty() const noexcept { return bytes.empty(); }
};
BOOST_DESCRIBE_STRUCT(Body, (), (content_type, bytes))

struct ExtraHeader {
    std::string name;
    std::string value;
};
BOOST_DESCRIBE_STRUCT(ExtraHeader, (), (name, value))
using ExtraHeaders = std::vector<ExtraHeader>;

/// What identifies a dialog (RFC 3261 12), as we see it.
struct DialogName {
    std::string call_id;
    std::string local_tag;
    std::string remote_tag;

    friend bool operator==(const DialogName&, const DialogName&) = default;
};
BOOST_DESCRIBE_STRUCT(DialogName, (), (call_id, local_tag, remote_tag))

struct InviteSettings {
    Flow flow;                ///< First hop.
    std::string request_uri;  ///< The remote target, e.g. the registered contact's URI.
    std::string from;         ///< name-addr without tag.
    std::string to;           ///< name-addr without tag.
    std::vector<std::string>
        route;             ///< Pre-loaded route (Path of a registration, outbound proxy), name-addrs.
    ExtraHeaders headers;  ///< P-Asserted-Identity, Diversion, Alert-Info ...
    Body offer;            ///< Empty: the other side makes the offer.
    SessionTimers timers;
    std::optional<Credentials> credentials;
    std::uint8_t max_forwards = 70;  ///< For a call that came in: one less than it had (RFC 7332).
    /// Without offer: that an offer in a reliable provisional response will be answered by answer_offer(). If
    /// not, 100rel is not named in Supported, so that the offer comes in the 2xx.
    bool answers_early_offer = false;
};
BOOST_DESCRIBE_STRUCT(InviteSettings, (),
                      (flow, request_uri, from, to, route, headers, offer, timers, credentials, max_forwards,
                       answers_early_offer))

enum class Reliability : std::uint8_t {
    IfRequired,   ///< Provisional responses are reliable only where the caller requires 100rel (RFC 3262).
    IfSupported,  ///< ... also where it only supports it.
};

/// Why a session is over.
enum class SessionEnd : std::uint8_t {
    Bye,                ///< The other side sent BYE.
    Cancelled,          ///< The caller cancelled before the final response.
    NoAcknowledgement,  ///< No ACK for our 2xx, or no PRACK (RFC 3261 13.3.1.4, RFC 3262 3): BYE was sent.
    Expired,            ///< The session timer ran out (RFC 4028): BYE was sent.
    DialogLost,         ///< 481 or 408 to a request within the dialog.
    FlowLost,           ///< Its connection broke and nothing reaches the peer.
};

// What the user agent tells. Views and references are valid during the call only.

/// A new INVITE outside a dialog (or with a Replaces header). 100 Trying has been sent.
struct IncomingInvite {
    SessionId session;
    const Flow& flow;
    const Message& request;
    bool has_offer = false;
    const Body* offer = nullptr;  ///< Taken out of a multipart body where needed; null without offer.
};
/// Any other request outside a dialog, and OPTIONS anywhere: answer it with respond(). SUBSCRIBE and NOTIFY
/// come here too when their To tag names no session: such dialogs are kept by the listener.
struct IncomingRequest {
    RequestId request_id;
    const Flow& flow;
    const Message& request;
};
/// INFO, REFER, NOTIFY, MESSAGE ... within a session's dialog: answer it with respond().
struct SessionRequest {
    SessionId session;
    RequestId request_id;
    const Message& request;
};
/// A provisional response above 100 to our INVITE. Where `reliable`, it is acknowledged by PRACK on its own,
/// unless it brings an offer (we sent none): then answer with answer_offer(). Where it brings the answer to
/// our offer reliably, SessionAnswer was told just before; a description in an unreliable one is a preview
/// (early media).
struct SessionProgress {
    SessionId session;
    const Message& response;
    bool reliable = false;
    const Body* description = nullptr;  ///< Null without one.
};
/// 2xx to our INVITE. ACK goes out on its own, unless it brings an offer (we sent none): then answer with
/// answer_offer(). The answer to our own offer was told just before by SessionAnswer; a peer that gave none
/// in any response is told without. A 2xx of a second fork is acknowledged and ended with BYE without being
/// told.
struct SessionAnswered {
    SessionId session;
    const Message& response;
    const Body* offer = nullptr;  ///< Null unless answer_offer() is owed.
};
/// Our INVITE failed: the final response, or 408 after no answer, 503 where nothing could be sent (then
/// `response` is null). Redirections (3xx) come here too. The session is over.
struct SessionFailed {
    SessionId session;
    int status = 0;
    const Message* response = nullptr;
};
/// The peer offers anew: re-INVITE or UPDATE with a body; or a re-INVITE without one (`offer` null), which
/// asks us to offer. Answer with answer_offer() (in the latter case its body is our offer) or refuse_offer().
struct SessionOffered {
    SessionId session;
    const Message& request;
    const Body* offer = nullptr;
};
/// The answer to the offer we made by invite() (in a reliable provisional or in the 2xx), offer(), or
/// answer_offer() without offer. Comes again when another fork answers than the one that rang.
struct SessionAnswer {
    SessionId session;
    Body answer;
};
/// The peer refused the offer that we made by offer(); the session goes on as before. 491 is tried again on
/// its own (RFC 3261 14.1) and told only when it fails for good.
struct OfferRefused {
    SessionId session;
    int status = 0;
};
/// ACK for our 2xx to the first INVITE arrived.
struct SessionConfirmed {
    SessionId session;
};
struct SessionEnded {
    SessionId session;
    SessionEnd end = SessionEnd::Bye;
    const Message* request = nullptr;  ///< The BYE or CANCEL, for its Reason header.
};
/// The final response to request(); null: none came (timer F) or the flow is lost.
struct RequestCompleted {
    ClientRequestId request;
    const Message* response = nullptr;
};

using UserAgentEvent = std::variant<IncomingInvite, IncomingRequest, SessionRequest, SessionProgress,
                                    SessionAnswered, SessionFailed, SessionOffered, SessionAnswer,
                                    OfferRefused, SessionConfirmed, SessionEnded, RequestCompleted>;

class UserAgentListener {
public:
    virtual ~UserAgentListener() = default;
    /// May call the user agent's actions from within.
    virtual void on_user_agent(const UserAgentEvent& event) = 0;
};

/// What to send to ask for something outside INVITE usages.
struct RequestSettings {
    Flow flow;
    std::string method;  ///< "OPTIONS", "NOTIFY", "MESSAGE" ...
    std::string request_uri;
    std::string
        from;        ///< name-addr; gets a tag unless it has one (a dialog kept by the caller of request()).
    std::string to;  ///< name-addr, with the peer's tag within such a dialog.
    std::vector<std::string> route;
    ExtraHeaders headers;
    Body body;
    std::string call_id;  ///< Empty: a new one.
    std::uint32_t cseq = 1;
    std::optional<Credentials> credentials;
};
BOOST_DESCRIBE_STRUCT(RequestSettings, (),
                      (flow, method, request_uri, from, to, route, headers, body, call_id, cseq, credentials))

/// Identity of this user agent on the wire.
struct UserAgentSettings {
    std::string product = "Almon";  ///< User-Agent and Server.
    SessionTimers timers;
    /// Stands in Via and Contact for listening addresses that are unspecified (0.0.0.0).
    std::string advertised_host;
    /// Supported; a Require of anything else gets 420 (RFC 3261 8.2.2.3).
    std::vector<std::string> extensions = {"100rel", "norefersub", "replaces", "timer"};
    /// Methods that are answered at all; anything else gets 405 with Allow (RFC 3261 8.2.1).
    /// INVITE, ACK, BYE, CANCEL, PRACK, UPDATE are handled inside.
    std::vector<std::string> methods = {"INVITE",    "ACK",    "BYE",    "CANCEL", "OPTIONS",
                                        "REGISTER",  "PRACK",  "UPDATE", "INFO",   "REFER",
                                        "SUBSCRIBE", "NOTIFY", "MESSAGE"};
};

/// The SIP user agent core: transactions, dialogs and INVITE sessions (RFC 3261 with 6026, 3262, 3264's
/// exchange rules, 3311, 4028, 3891's matching). Deterministic and pure: time and randomness are handed in,
/// bytes leave through Wire. Runs on the signalling loop. It moves bodies without reading them.
class UserAgent final {
public:
    UserAgent(UserAgentSettings settings, Random& random, Wire& wire, UserAgentListener& listener);
    ~UserAgent();

    // Inputs
    void receive(const Flow& flow, Message message, Now now);
    void flow_lost(const Flow& flow, Now now);
    /// Fires what is due. Call at next_deadline().
    void advance(Now now);
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    // Sessions: calls that we make
    SessionId invite(const InviteSettings& settings, Now now);
    // Sessions: calls that we receive
    /// 180, 183, 181, 182 ... with or without an answer (early media).
    void progress(SessionId session, int status, const Body& body, Reliability reliability,
                  const ExtraHeaders& headers, Now now);
    /// 200 OK; `body` is the answer, or our offer where the INVITE had none. It is left out where a reliable
    /// provisional response has brought the answer already.
    void accept(SessionId session, const Body& body, const ExtraHeaders& headers, Now now);
    /// Any final refusal or redirection. Ends the session.
    void reject(SessionId session, int status, std::string_view reason, const ExtraHeaders& headers, Now now);

    // Both
    /// Offers anew. `update` prefers UPDATE (needed before the answer); else re-INVITE. While another offer
    /// is open it waits for it; an offer that still waits is replaced by a newer one.
    void offer(SessionId session, const Body& offer, bool update, Now now);
    void answer_offer(SessionId session, const Body& answer, Now now);
    void refuse_offer(SessionId session, int status, Now now);
    /// CANCEL, BYE or 487-like refusal: whatever ends the session in its state. `reason` becomes a Reason
    /// header (RFC 3326) if any. Nothing more is told about the session.
    void end(SessionId session, const ExtraHeaders& headers, Now now);
    /// A request within the dialog (INFO, NOTIFY, REFER, MESSAGE).
    ClientRequestId request_in(SessionId session, std::string_view method, const Body& body,
                               const ExtraHeaders& headers, Now now);

    // Requests outside sessions
    ClientRequestId request(const RequestSettings& settings, Now now);
    void respond(RequestId request, int status, std::string_view reason, const ExtraHeaders& headers,
                 const Body& body, Now now);

    /// The To tag that respond() uses, e.g. to make the dialog of a subscription; empty when there is no such
    /// request.
    [[nodiscard]] std::string_view local_tag(RequestId request) const;

    /// The session whose place an INVITE with this Replaces header may take; else how to answer it (RFC 3891
    /// 3): 400 malformed, 481 no such dialog or an early one of our callee, 486 answered though early-only,
    /// 603 over.
    [[nodiscard]] tl::expected<SessionId, int> find_replaced(std::string_view replaces) const;
    /// The session whose dialog a Replaces value names, whatever its state, as a REFER for it means (RFC 5589
    /// 7).
    [[nodiscard]] std::optional<SessionId> find_dialog(std::string_view replaces) const;
    /// How the dialog of a session is called: what Replaces and lamps name it by. The fork that spoke last,
    /// while several ring; without a remote tag until the peer has given one. Nothing for a session that is
    /// no more.
    [[nodiscard]] std::optional<DialogName> dialog_name(SessionId session) const;
    /// The peer's current flow, e.g. to see whether a session uses a given connection.
    [[nodiscard]] const Flow* flow_of(SessionId session) const;

    [[nodiscard]] std::size_t session_count() const noexcept;
    [[nodiscard]] std::size_t transaction_count() const noexcept;

    void save(Archive& archive) const;
    void restore(ArchiveReader& reader);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace almon::sip
