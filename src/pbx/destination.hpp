// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/conference.hpp"
#include "model/feature_code.hpp"
#include "model/group.hpp"
#include "model/incall.hpp"
#include "model/ivr.hpp"
#include "model/outcall.hpp"
#include "model/parking_lot.hpp"
#include "model/snapshot.hpp"
#include "model/voicemail.hpp"
#include "pbx/cause.hpp"

// Where a call can go, whoever sends it there: a number that was dialled, the destination of an incoming
// call, a fallback, a schedule. What is pointed to lives as long as the snapshot. One more kind of
// destination is a struct here, a line in resolver.cpp and a source of its own with CallCore::State::reach()
// for it.

namespace almon::pbx {

/// A device to ring for a destination.
struct DestinationEndpoint {
    std::string_view technology;  ///< Name of the Technology.
    std::string_view name;        ///< Its name there.
    model::LineId line;
};

/// A person: all lines of the user ring.
struct UserDestination {
    const model::User* user = nullptr;
    std::string_view context;  ///< Of the line that the number belongs to, else of the user's main line.
    std::vector<DestinationEndpoint> endpoints;
    std::optional<std::chrono::milliseconds> ring_time{};  ///< In place of the user's own.
};

/// Several users who ring as the group's strategy says.
struct GroupDestination {
    const model::Group* group = nullptr;
    std::optional<std::chrono::milliseconds> ring_time{};  ///< In place of the group's own.
};

/// A call from outside: what its number is for.
struct IncallDestination {
    const model::Incall* incall = nullptr;
};

/// Outside, by the trunks of a way out.
struct OutcallDestination {
    const model::Outcall* outcall = nullptr;
    const model::OutcallExtension* rule =
        nullptr;  ///< What was dialled; null where none of its patterns was.
    std::string dialled;
    std::string number;  ///< What the other side is sent.
};

/// The call ends. Who was answered already hears the tone for it first, for as long as `tone` says.
struct HangUpDestination {
    Cause cause = Cause::NormalClearing;
    std::optional<std::chrono::seconds> tone{};
};

/// A sound, and then the call ends.
struct SoundDestination {
    std::string_view sound;
    bool only_if_answered = false;  ///< Plays nothing to a caller who has not been answered.
    bool without_answer = false;    ///< Plays before the call is answered.
};

/// A menu that the caller chooses from by keys.
struct MenuDestination {
    const model::Ivr* ivr = nullptr;
};

/// A room where the caller hears all who are in it.
struct ConferenceDestination {
    const model::Conference* conference = nullptr;
};

/// A place to wait at, of a parking lot: for who is transferred there, or whom its caller transfers to it.
struct ParkingDestination {
    const model::ParkingLot* lot = nullptr;
};

/// Who waits at a place of a parking lot.
struct ParkedDestination {
    const model::ParkingLot* lot = nullptr;
    std::string place;
};

/// A mailbox that the caller can leave a message in.
struct VoicemailDestination {
    const model::Voicemail* voicemail = nullptr;
    std::string_view greeting{};  ///< "busy", "unavailable" or none.
    bool skip_instructions = false;
};

/// Any mailbox of a context, to be listened to by whoever knows its number and password (ADB-215).
struct MailboxAccessDestination {
    std::string_view context;
};

/// Dialling as from inside, for whoever knows the PIN (DISA).
struct DialToneDestination {
    std::string_view context;
    std::string_view pin;  ///< Empty: nobody is asked.
};

/// A function of the system for the user who dials it.
struct FeatureDestination {
    const model::FeatureCode* code = nullptr;
    std::string argument;  ///< What was dialled behind the code itself.
};

/// What administrators have written in the dialplan language.
struct ScriptDestination {
    std::string context;
    std::string exten;
    std::string command{};  ///< A single application, in place of an extension (ADB-007).
};

/// Something that is configured but that calls cannot be served by.
struct UnservedDestination {
    std::string what;  ///< "queue 3"
};

/// The number leads nowhere.
struct UnknownDestination {};

using Destination =
    std::variant<UnknownDestination, UserDestination, GroupDestination, IncallDestination, OutcallDestination,
                 HangUpDestination, SoundDestination, MenuDestination, ParkingDestination, ParkedDestination,
                 ConferenceDestination, VoicemailDestination, MailboxAccessDestination, DialToneDestination,
                 FeatureDestination, ScriptDestination, UnservedDestination>;

}  // namespace almon::pbx
