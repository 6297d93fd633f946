// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/declaration.hpp"
#include "model/destination.hpp"
#include "model/ids.hpp"
#include "model/key.hpp"

namespace almon::model {

/// Callers wait in order until one of the members is free (ADB-168).
struct Queue {
    QueueId id;
    std::string name;  ///< Set once.
    std::string label;
    bool data_quality = false;
    bool dtmf_hangup_callee_enabled = false;
    bool dtmf_hangup_caller_enabled = false;
    bool dtmf_transfer_callee_enabled = false;
    bool dtmf_transfer_caller_enabled = false;
    bool dtmf_record_callee_enabled = false;
    bool dtmf_record_caller_enabled = false;
    bool dtmf_record_toggle = false;
    bool retry_on_timeout = true;
    bool ring_on_hold = false;
    bool announce_hold_time_on_entry = false;
    bool ignore_forward = false;
    bool mark_answered_elsewhere = true;
    bool enabled = true;
    std::optional<int> timeout;  ///< Seconds until the call goes elsewhere.
    std::string preprocess_subroutine;
    std::string music_on_hold;
    std::string caller_id_mode;
    std::string caller_id_name;
    std::optional<int> wait_time_threshold;   ///< Seconds.
    std::optional<int> wait_ratio_threshold;  ///< Waiting calls for each agent, in percent.
    Destination wait_time_destination;
    Destination wait_ratio_destination;
    std::vector<std::pair<std::string, std::string>> options;
    Destination noanswer_destination;
    Destination busy_destination;
    Destination congestion_destination;
    Destination fail_destination;
    ScheduleId schedule;
};
template <>
Declaration declare<Queue>();

/// A user who takes calls of a queue without signing in.
struct QueueUser {
    QueueId queue;
    UserId user;
    int priority = 0;  ///< Of the strategy "linear": who is called first.

    [[nodiscard]] Key key() const noexcept { return {queue.value, user.value}; }
};
template <>
Declaration declare<QueueUser>();

/// One line of a skill rule, like "WT < 60, english > 50".
struct SkillRuleLine {
    std::string definition;
};
template <>
struct FieldCodec<SkillRuleLine> {
    static boost::json::object schema();
    static boost::json::value to_json(const SkillRuleLine& line);
    static Result<void> from_json(const boost::json::value& json, SkillRuleLine& line);
};

/// What skills a caller asks for, as agents sign in or callers lose patience.
struct SkillRule {
    SkillRuleId id;
    std::string name;
    std::vector<SkillRuleLine> rules;
};
template <>
Declaration declare<SkillRule>();

}  // namespace almon::model
