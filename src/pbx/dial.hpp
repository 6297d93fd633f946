// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
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

/// What a dial of a group remembers: who rings next.
struct GroupRing {
    model::GroupId group;
    std::vector<model::UserId> next;  ///< Members who are still to ring in this round, in their order.
};
BOOST_DESCRIBE_STRUCT(GroupRing, (), (group, next))

/// Who rings together while calls for a boss are filtered.
struct FilterTurn {
    std::vector<model::UserId> users;
    int seconds = 0;  ///< 0: as long as the caller waits.
};
BOOST_DESCRIBE_STRUCT(FilterTurn, (), (users, seconds))

/// What a dial remembers of a call for a boss that secretaries take, or hear first.
struct FilterRing {
    model::CallFilterId filter;
    model::UserId boss;
    std::vector<FilterTurn> next;  ///< Who is still to ring, in order.
    model::UserId rung{};          ///< The secretary who rang last, of several the first; else the boss.
};
BOOST_DESCRIBE_STRUCT(FilterRing, (), (filter, boss, next, rung))

/// What a dial towards the outside remembers: by which trunk it goes next.
struct WayOut {
    std::vector<model::TrunkId> next;  ///< Trunks that were not tried yet, in their order.
    std::string number;                ///< What the other side is sent.
    std::string caller_id;             ///< Of the number that was dialled; empty: it says nothing.
    bool internal = false;             ///< The other side sees the caller's number inside.
    Cause failure = Cause::Unknown;    ///< The best of the trunks that were tried.
};
BOOST_DESCRIBE_STRUCT(WayOut, (), (next, number, caller_id, internal, failure))

/// An attempt to reach somebody for a caller: a user, whose devices ring all at once; members of a group,
/// together or one after the other; a boss and the secretaries; a trunk, one after the other. The first
/// answer wins. Ends when one answers, when none is left, when the ring time is over or when the caller gives
/// up.
struct Dial {
    DialId id;
    ChannelId caller;
    /// Towards whose simultaneous calls it counts: the user who was dialled, or the members who ring.
    std::vector<model::UserId> users;
    std::string context;  ///< Of the called line: where redirections are resolved.
    std::optional<GroupRing> group{};
    std::optional<FilterRing> filter{};
    std::optional<WayOut> way_out{};
    bool scripted = false;  ///< A script goes on where it comes to nothing.
    std::vector<DialAttempt> ringing{};
    unsigned attempts = 0;  ///< All that were made.
    unsigned redirects = 0;
    Cause failure = Cause::Unknown;  ///< The best of the attempts that failed; Unknown: none did.
    TimerId ring_time{};
    TimerId turn{};  ///< Until those who ring have rung long enough, or a group's next round begins.

    /// Whether several users ring, each for himself: who is called is then not known before the answer.
    [[nodiscard]] bool rings_several() const noexcept { return group.has_value() || filter.has_value(); }
    /// The user who was dialled; none: several, or the outside.
    [[nodiscard]] model::UserId user() const noexcept {
        return rings_several() || way_out || users.empty() ? model::UserId{} : users.front();
    }
    void forget(ChannelId channel);
    /// Remembers why an attempt failed.
    void failed(Cause cause) noexcept;
};
BOOST_DESCRIBE_STRUCT(Dial, (),
                      (id, caller, users, context, group, filter, way_out, scripted, ringing, attempts,
                       redirects, failure, ring_time, turn))

/// Which of two reasons tells the caller more about the person who was called. A decision of the person first
/// (rejected), then what a device that rang or talks can say (no answer, busy), then why devices could not be
/// used (no common codec, no circuit, out of order ...), last that none was there.
[[nodiscard]] Cause better_cause(Cause first, Cause second) noexcept;

}  // namespace almon::pbx
