// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/queue.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

constexpr auto kOptions = std::to_array<std::string_view>({"announce",
                                                           "context",
                                                           "timeout",
                                                           "monitor-type",
                                                           "monitor-format",
                                                           "queue-youarenext",
                                                           "queue-thereare",
                                                           "queue-callswaiting",
                                                           "queue-holdtime",
                                                           "queue-minutes",
                                                           "queue-seconds",
                                                           "queue-thankyou",
                                                           "queue-reporthold",
                                                           "periodic-announce",
                                                           "announce-frequency",
                                                           "periodic-announce-frequency",
                                                           "announce-round-seconds",
                                                           "announce-holdtime",
                                                           "retry",
                                                           "wrapuptime",
                                                           "maxlen",
                                                           "servicelevel",
                                                           "strategy",
                                                           "joinempty",
                                                           "leavewhenempty",
                                                           "ringinuse",
                                                           "reportholdtime",
                                                           "memberdelay",
                                                           "weight",
                                                           "timeoutrestart",
                                                           "timeoutpriority",
                                                           "autofill",
                                                           "autopause",
                                                           "setinterfacevar",
                                                           "setqueueentryvar",
                                                           "setqueuevar",
                                                           "membermacro",
                                                           "min-announce-frequency",
                                                           "random-periodic-announce",
                                                           "announce-position",
                                                           "announce-position-limit",
                                                           "defaultrule"});

Result<void> fits(const Queue& queue, const Queue*, const Snapshot&) {
    for (const auto& [name, value] : queue.options) {
        if (std::find(kOptions.begin(), kOptions.end(), name) == kOptions.end())
            return refuse(ErrorCode::InvalidArgument, "options",
                          "has '" + name + "', which queues do not have");
    }
    return {};
}

void write_members(std::string& out, const Queue& queue, const Snapshot& snapshot) {
    std::vector<const QueueUser*> links;
    snapshot.for_each_naming<QueueUser>(queue.id, [&](const QueueUser& link) { links.push_back(&link); });
    std::stable_sort(links.begin(), links.end(),
                     [](const auto* a, const auto* b) { return a->priority < b->priority; });
    JsonObject members(out);
    {
        JsonList users(members.name("users"));
        for (const auto* link : links) {
            const auto* user = snapshot.user(link->user);
            if (user == nullptr) continue;
            JsonObject(users.entry())
                .member("uuid", user->uuid)
                .member("firstname", user->firstname)
                .member("lastname", user->lastname)
                .member("priority", link->priority);
        }
    }
}

json::object members_schema() {
    auto user = relations::user_schema();
    user["properties"].as_object()["priority"] = {{"type", "integer"}};
    return {{"type", "object"}, {"properties", {{"users", relations::list_of(std::move(user))}}}};
}

void write_schedules(std::string& out, const Queue& queue, const Snapshot& snapshot) {
    relations::write_schedule_of(out, queue.schedule, snapshot);
}

}  // namespace

json::object FieldCodec<SkillRuleLine>::schema() {
    return {{"type", "object"}, {"properties", {{"definition", {{"type", "string"}}}}}};
}
json::value FieldCodec<SkillRuleLine>::to_json(const SkillRuleLine& line) {
    return {{"definition", line.definition}};
}
Result<void> FieldCodec<SkillRuleLine>::from_json(const json::value& value, SkillRuleLine& line) {
    const auto object = codec::object(value);
    if (!object) return refuse(object);
    auto definition = codec::member(**object, "definition", true);
    if (!definition) return refuse(definition);
    if (definition->empty() || definition->size() > 1000)
        return refuse(ErrorCode::InvalidArgument, "",
                      "has a 'definition' that must have 1 to 1000 characters");
    line.definition = *std::move(definition);
    return {};
}

template <>
Declaration declare<Queue>() {
    const auto flag = [](const char* name, bool Queue::*member, const char* help) {
        return field(name, member).sortable().says(help);
    };
    const auto destination = [](const char* name, Destination Queue::*member) {
        return field(name, member).hidden().cleared();
    };
    Declaration made;
    made.kind = "queue";
    made.title = "Queue";
    made.table = "queues";
    made.collection = "/queues";
    made.id_name = "queue_id";
    made.fields = {
        field("id", &Queue::id).key().sortable().says("Number of the queue"),
        field("name", &Queue::name)
            .required()
            .fixed()
            .unique()
            .length(1, 128)
            .checked_by(checks::word)
            .searched()
            .sortable()
            .says("Name of the queue, set once"),
        field("label", &Queue::label).length(0, 128).searched().sortable().says("Shown to people"),
        flag("data_quality", &Queue::data_quality, "Whether calls are for modems"),
        flag("dtmf_hangup_callee_enabled", &Queue::dtmf_hangup_callee_enabled,
             "Whether members may hang up by keys"),
        flag("dtmf_hangup_caller_enabled", &Queue::dtmf_hangup_caller_enabled,
             "Whether callers may hang up by keys"),
        flag("dtmf_transfer_callee_enabled", &Queue::dtmf_transfer_callee_enabled,
             "Whether members may transfer by keys"),
        flag("dtmf_transfer_caller_enabled", &Queue::dtmf_transfer_caller_enabled,
             "Whether callers may transfer by keys"),
        flag("dtmf_record_callee_enabled", &Queue::dtmf_record_callee_enabled,
             "Whether members may record by keys"),
        flag("dtmf_record_caller_enabled", &Queue::dtmf_record_caller_enabled,
             "Whether callers may record by keys"),
        flag("dtmf_record_toggle", &Queue::dtmf_record_toggle, "Whether the same keys end the recording"),
        flag("retry_on_timeout", &Queue::retry_on_timeout,
             "Whether members ring again after a time without answer"),
        flag("ring_on_hold", &Queue::ring_on_hold, "Whether callers hear ringing instead of music"),
        flag("announce_hold_time_on_entry", &Queue::announce_hold_time_on_entry,
             "Whether the waiting time is told first"),
        flag("ignore_forward", &Queue::ignore_forward, "Whether forwards of members do not count"),
        flag("mark_answered_elsewhere", &Queue::mark_answered_elsewhere,
             "Whether phones show no missed call when another took it"),
        flag("enabled", &Queue::enabled, "Whether it can be called"),
        field("timeout", &Queue::timeout)
            .range(0, 86'400)
            .sortable()
            .says("Seconds until the call goes elsewhere; null: as long as the caller waits"),
        field("preprocess_subroutine", &Queue::preprocess_subroutine)
            .length(0, 79)
            .checked_by(checks::word)
            .sortable()
            .says("Subroutine that runs first"),
        field("music_on_hold", &Queue::music_on_hold)
            .length(0, 128)
            .checked_by(checks::word)
            .sortable()
            .says("Music that waiting callers hear"),
        field("caller_id_mode", &Queue::caller_id_mode)
            .one_of({"prepend", "overwrite", "append"})
            .sortable()
            .says("What is done with the caller's name"),
        field("caller_id_name", &Queue::caller_id_name)
            .length(0, 80)
            .searched()
            .sortable()
            .says("What it is done with"),
        field("wait_time_threshold", &Queue::wait_time_threshold)
            .range(0, 86'400)
            .says("Expected seconds of waiting from which calls go to wait_time_destination"),
        field("wait_time_destination", &Queue::wait_time_destination)
            .cleared()
            .written_by(writes_destination<Queue, &Queue::wait_time_destination>)
            .says("Where calls go that would wait too long"),
        field("wait_ratio_threshold", &Queue::wait_ratio_threshold)
            .range(0, 100'000)
            .says("Waiting calls for each agent from which calls go to wait_ratio_destination"),
        field("wait_ratio_destination", &Queue::wait_ratio_destination)
            .cleared()
            .written_by(writes_destination<Queue, &Queue::wait_ratio_destination>)
            .says("Where calls go when too many wait"),
        field("options", &Queue::options).says("Further options as [[\"name\", \"value\"], ...]"),
        destination("noanswer_destination", &Queue::noanswer_destination),
        destination("busy_destination", &Queue::busy_destination),
        destination("congestion_destination", &Queue::congestion_destination),
        destination("fail_destination", &Queue::fail_destination),
        field("schedule_id", &Queue::schedule).hidden().cleared(),
    };
    made.relations = {
        {"extensions", relations::list_of(relations::extension_schema()),
         relations::writes_extensions_to<Queue>},
        {"incalls", relations::list_of(relations::incall_schema()), relations::writes_incalls_to<Queue>},
        {"schedules", relations::list_of(relations::id_and_name_schema()),
         declaring::writes<Queue, write_schedules>},
        {"members", members_schema(), declaring::writes<Queue, write_members>},
    };
    made.fits = declaring::fits<Queue, fits>;
    return made;
}

template <>
Declaration declare<QueueUser>() {
    Declaration made;
    made.kind = "queue_user";
    made.title = "QueueMemberUser";
    made.table = "queue_user";
    made.fields = {
        field("queue_id", &QueueUser::queue).key(),
        field("user_id", &QueueUser::user).key(),
        field("priority", &QueueUser::priority).range(0, 1000).says("Who is called first, when in order"),
    };
    return made;
}

template <>
Declaration declare<SkillRule>() {
    Declaration made;
    made.kind = "skill_rule";
    made.title = "SkillRule";
    made.table = "skill_rules";
    made.collection = "/queues/skillrules";
    made.id_name = "skillrule_id";
    made.fields = {
        field("id", &SkillRule::id).key().sortable().says("Number of the rule"),
        field("name", &SkillRule::name)
            .required()
            .unique()
            .length(1, 64)
            .checked_by(checks::word)
            .searched()
            .sortable()
            .says("Name of the rule, unique"),
        field("rules", &SkillRule::rules).says("Lines of the rule, like \"WT < 60, english > 50\""),
    };
    return made;
}

}  // namespace almon::model
