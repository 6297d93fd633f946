// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "base/id.hpp"
#include "model/declaration.hpp"
#include "model/record.hpp"

namespace almon::model {

struct PresenceGroup;
struct PhoneHintGroup;
using PresenceGroupId = Id<PresenceGroup>;
using PhoneHintGroupId = Id<PhoneHintGroup>;

/// What happens when a user chooses a presence (ADA-099): enable_dnd (parameter true or false),
/// queuepause_all, queueunpause_all, agentlogoff.
struct PresenceAction {
    std::string name;
    std::string parameter;
};
BOOST_DESCRIBE_STRUCT(PresenceAction, (), (name, parameter))

/// What a user can be for the others (ADA-098).
struct Presence {
    std::string name;                    ///< "outtolunch"
    std::string label;                   ///< "Out to lunch"
    std::string color;                   ///< "#001AFF"
    std::vector<std::string> reachable;  ///< Names of those that can be chosen from it.
    std::vector<PresenceAction> actions;
};
BOOST_DESCRIBE_STRUCT(Presence, (), (name, label, color, reachable, actions))

/// A choice of presences (ADA-097).
struct PresenceGroup {
    PresenceGroupId id;
    std::string name;
    std::string description;
    std::vector<Presence> presences;
};
template <>
Declaration declare<PresenceGroup>();

/// How a state of a phone is shown.
struct PhoneHint {
    int status =
        0;  ///< As extensions have it: 0 free, 1 in use, 2 busy, 4 unavailable, 8 rings, 16 on hold, sums.
    std::string label;  ///< "On the phone"
    std::string color;
};
BOOST_DESCRIBE_STRUCT(PhoneHint, (), (status, label, color))

/// How states of phones are shown, one group for some and another for others (ADA-097).
struct PhoneHintGroup {
    PhoneHintGroupId id;
    std::string name;
    std::string description;
    std::vector<PhoneHint> hints;
};
template <>
Declaration declare<PhoneHintGroup>();

template <>
struct FieldCodec<PresenceAction> : RecordCodec<PresenceAction> {};
template <>
struct FieldCodec<Presence> : RecordCodec<Presence> {};
template <>
struct FieldCodec<PhoneHint> : RecordCodec<PhoneHint> {};

}  // namespace almon::model
