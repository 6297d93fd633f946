// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/events/call_figures.hpp"

#include <boost/json.hpp>

#include "pbx/cause.hpp"

namespace almon::services {

namespace {

namespace json = boost::json;

/// Of a call that nobody answered, by what its first channel has left.
CallOutcome outcome_of(const bus::CallEvent& hung_up) {
    json::error_code error;
    const auto extra = json::parse(hung_up.extra, error);
    const auto* fields = error ? nullptr : extra.if_object();
    if (fields == nullptr) return CallOutcome::Failed;
    std::string_view status;
    if (const auto* said = fields->if_contains("dialstatus"); said != nullptr && said->is_string())
        status = said->get_string();
    // It dialled nobody: the phone of who shall be called first has not answered.
    const auto* cause = fields->if_contains("hangupcause");
    if (status.empty() && cause != nullptr && cause->is_int64())
        status = pbx::dial_status_of(static_cast<pbx::Cause>(cause->get_int64()));
    if (status == "BUSY") return CallOutcome::Busy;
    if (status == "NOANSWER") return CallOutcome::NoAnswer;
    if (status == "CANCEL") return CallOutcome::Cancelled;
    if (status == "CHANUNAVAIL") return CallOutcome::Unreachable;
    return CallOutcome::Failed;
}

}  // namespace

std::string_view name_of(CallOutcome outcome) noexcept {
    static constexpr std::array<std::string_view, kCallOutcomes> kNames{
        "answered", "busy", "no_answer", "cancelled", "unreachable", "failed", "transferred"};
    return kNames[static_cast<std::size_t>(outcome)];
}

void CallFigures::take(const bus::CallEvent& event) {
    using enum bus::CallEventType;
    if (event.type == ChannelStart) {
        if (event.unique_id != event.linked_id) return;
        ++begun_;
        open_.insert_or_assign(event.linked_id, CallOutcome::Transferred);
        return;
    }
    if (event.type != Answer && event.type != HangUp && event.type != LinkedIdEnd) return;
    const auto call = open_.find(event.linked_id);
    if (call == open_.end()) return;
    auto& outcome = call->second;
    if (event.type == LinkedIdEnd) {
        ++ended_[static_cast<std::size_t>(outcome)];
        open_.erase(call);
    } else if (event.type == Answer) {
        outcome = CallOutcome::Answered;
    } else if (event.unique_id == event.linked_id && outcome != CallOutcome::Answered) {
        outcome = outcome_of(event);
    }
}

}  // namespace almon::services
