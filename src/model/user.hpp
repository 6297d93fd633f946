// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/destination.hpp"
#include "model/function_key.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// Where calls for a user go instead, while it is enabled.
struct Forward {
    bool enabled = false;
    std::string destination;
};

struct User {
    UserId id;
    std::string uuid;
    std::string firstname;
    std::string lastname;
    std::string caller_id;  ///< `"Alice Martin" <1001>` or a name only; empty: first and last name.
    std::string language;   ///< "fr_FR"; empty: the system's.
    std::chrono::seconds ring_time{30};  ///< 0: as long as the caller waits.
    int simultaneous_calls = 5;
    bool enabled = true;
    std::string outgoing_caller_id = "default";  ///< "default", "anonymous" or as caller_id.
    std::string email;
    std::string timezone;
    std::string mobile_phone_number;
    std::string description;
    std::string userfield;
    std::string music_on_hold;
    std::string preprocess_subroutine;
    std::string username;  ///< To sign in with; empty: the user cannot.
    std::string password;  ///< Clear only in memory, sealed in the database.
    std::string call_permission_password;
    bool supervision_enabled = true;
    bool call_transfer_enabled = false;
    bool call_record_enabled = false;
    bool online_call_record_enabled = false;
    bool dtmf_hangup_enabled = false;
    EntityId entity;
    ScheduleId schedule;
    bool do_not_disturb = false;
    bool incall_filter = false;
    Forward forward_busy;
    Forward forward_noanswer;
    Forward forward_unconditional;
    /// Where a call goes that nobody takes, finds the user busy, too many calls, or cannot reach him.
    Destination fallback_noanswer;
    Destination fallback_busy;
    Destination fallback_congestion;
    Destination fallback_fail;
    VoicemailId voicemail;
    CtiProfileId cti_profile;
    bool cti_enabled = false;
    AgentId agent;
    std::vector<CallPermissionId> call_permissions;
    FunctionKeyTemplateId function_key_template;
    FunctionKeys function_keys;  ///< Beside, and in place of, those of the template.
};
template <>
Declaration declare<User>();

/// A key of a user's phone, and whether it comes from his template.
struct KeyOfUser {
    const FunctionKey* key = nullptr;
    bool inherited = false;
};
/// By position: the user's own take the place of his template's.
[[nodiscard]] std::vector<KeyOfUser> function_keys_of(const User& user, const Snapshot& snapshot);

template <>
struct FieldCodec<Forward> {
    static constexpr auto kKind = FieldKind::Object;
    static boost::json::object schema();
    static boost::json::value to_json(const Forward& forward);
    static Result<void> from_json(const boost::json::value& json, Forward& forward);
};

}  // namespace almon::model
