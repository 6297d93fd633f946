// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "base/timer_queue.hpp"
#include "model/ids.hpp"
#include "pbx/cause.hpp"
#include "pbx/ids.hpp"

namespace almon::pbx {

/// Redirections that one dial follows before it takes them for a loop.
inline constexpr unsigned kMostRedirects = 10;

/// One device that a dial rings.
struct DialAttempt {
    ChannelId channel;
    std::string endpoint;  ///< "SIP/bob"
    std::string target;    ///< The technology's name for the contact.
};
BOOST_DESCRIBE_STRUCT(DialAttempt, (), (channel, endpoint, target))

/// An attempt to reach a user for a caller: all devices ring at once, the first answer wins. Ends when one
/// answers, when none is left, when the ring time is over or when the caller gives up.
struct Dial {
    DialId id;
    ChannelId caller;
    model::UserId user;   ///< Who was dialled.
    std::string context;  ///< Of the called line: where redirections are resolved.
    std::vector<DialAttempt> ringing;
    unsigned attempts = 0;  ///< All that were made.
    unsigned redirects = 0;
    Cause failure = Cause::Unknown;  ///< The best of the attempts that failed; Unknown: none did.
    TimerId ring_time;

    void forget(ChannelId channel);
    /// Remembers why an attempt failed.
    void failed(Cause cause) noexcept;
};
BOOST_DESCRIBE_STRUCT(Dial, (), (id, caller, user, context, ringing, attempts, redirects, failure, ring_time))

/// Which of two reasons tells the caller more about the person who was called. A decision of the person first
/// (rejected), then what a device that rang or talks can say (no answer, busy), then why devices could not be
/// used (no common codec, no circuit, out of order ...), last that none was there.
[[nodiscard]] Cause better_cause(Cause first, Cause second) noexcept;

}  // namespace almon::pbx
