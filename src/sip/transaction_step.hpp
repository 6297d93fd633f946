// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <variant>

#include <boost/container/static_vector.hpp>

#include "base/time.hpp"

/// What the four transaction machines have in common: the timers, the inputs that more than one of them takes
/// and the effects that they ask for.
namespace almon::sip {

/// RFC 3261 17.1.1.1: an estimate of the round-trip time, the longest interval between retransmissions of a
/// non-INVITE request or an INVITE response, and how long a message may stay in the network.
inline constexpr Duration kT1 = 500ms;
inline constexpr Duration kT2 = 4s;
inline constexpr Duration kT4 = 5s;

/// RFC 3261 table 4 without C (it belongs to proxies), and L and M of RFC 6026.
enum class Timer : std::uint8_t {
    A,  ///< INVITE client: retransmits the request.
    B,  ///< INVITE client: no response at all.
    D,  ///< INVITE client: absorbs retransmissions of the refusal.
    E,  ///< Non-INVITE client: retransmits the request.
    F,  ///< Non-INVITE client: no final response.
    G,  ///< INVITE server: retransmits the refusal.
    H,  ///< INVITE server: no ACK.
    I,  ///< INVITE server: absorbs retransmissions of ACK.
    J,  ///< Non-INVITE server: absorbs retransmissions of the request.
    K,  ///< Non-INVITE client: absorbs retransmissions of the response.
    L,  ///< INVITE server: absorbs retransmissions of an accepted INVITE.
    M,  ///< INVITE client: collects 2xx of further forks and retransmitted ones.
};

// Inputs

/// A timer that was asked for by StartTimer has run out.
struct TimerFired {
    Timer timer;
    friend bool operator==(const TimerFired&, const TimerFired&) = default;
};
/// The transport can deliver nothing on this transaction's flow.
struct FlowBroken {
    friend bool operator==(const FlowBroken&, const FlowBroken&) = default;
};

// Effects: each names what to do with the messages that the transaction layer keeps for the machine.

/// Send the request, or send it again.
struct SendRequest {
    friend bool operator==(const SendRequest&, const SendRequest&) = default;
};
/// Build the ACK for the refusal at hand and send it (RFC 3261 17.1.1.3).
struct SendAck {
    friend bool operator==(const SendAck&, const SendAck&) = default;
};
/// Build 100 Trying and send it, unless the user has answered already; it is the latest response from now on.
struct SendTrying {
    friend bool operator==(const SendTrying&, const SendTrying&) = default;
};
/// Send the latest response, or send it again.
struct SendResponse {
    friend bool operator==(const SendResponse&, const SendResponse&) = default;
};
struct PassRequest {
    friend bool operator==(const PassRequest&, const PassRequest&) = default;
};
struct PassAck {
    friend bool operator==(const PassAck&, const PassAck&) = default;
};
struct PassResponse {
    friend bool operator==(const PassResponse&, const PassResponse&) = default;
};
/// Start the timer, or start it anew when it runs.
struct StartTimer {
    Timer timer;
    Duration after;
    friend bool operator==(const StartTimer&, const StartTimer&) = default;
};
struct StopTimer {
    Timer timer;
    friend bool operator==(const StopTimer&, const StopTimer&) = default;
};
/// Tell the transaction user that nothing came in time.
struct ReportTimeout {
    friend bool operator==(const ReportTimeout&, const ReportTimeout&) = default;
};
/// Tell the transaction user that nothing can be delivered.
struct ReportFlowLost {
    friend bool operator==(const ReportFlowLost&, const ReportFlowLost&) = default;
};
/// The transaction is over: forget it, with the timers that it has running.
struct Terminate {
    friend bool operator==(const Terminate&, const Terminate&) = default;
};

using Effect = std::variant<SendRequest, SendAck, SendTrying, SendResponse, PassRequest, PassAck,
                            PassResponse, StartTimer, StopTimer, ReportTimeout, ReportFlowLost, Terminate>;
/// In the order in which to carry them out. No step has more than eight, so none allocates.
using Effects = boost::container::static_vector<Effect, 8>;

}  // namespace almon::sip
