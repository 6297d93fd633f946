// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/call_filter.hpp"

#include <algorithm>

#include "model/feature_code.hpp"
#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {

namespace json = boost::json;

std::vector<const CallFilterMember*> members_of(const CallFilter& filter, bool recipients,
                                                const Snapshot& snapshot) {
    std::vector<const CallFilterMember*> members;
    snapshot.for_each_naming<CallFilterMember>(filter.id, [&](const CallFilterMember& member) {
        if (member.is_recipient == recipients) members.push_back(&member);
    });
    std::sort(members.begin(), members.end(),
              [](const auto* a, const auto* b) { return a->position < b->position; });
    return members;
}

namespace {

void write_recipients(std::string& out, const CallFilter& filter, const Snapshot& snapshot) {
    JsonObject recipients(out);
    JsonList list(recipients.name("users"));
    for (const auto* member : members_of(filter, true, snapshot)) {
        const auto* user = snapshot.user(member->user);
        if (user == nullptr) continue;
        JsonObject entry(list.entry());
        entry.member("uuid", user->uuid)
            .member("firstname", user->firstname)
            .member("lastname", user->lastname);
        member->timeout ? entry.member("timeout", *member->timeout) : entry.member("timeout", nullptr);
    }
}

void write_surrogates(std::string& out, const CallFilter& filter, const Snapshot& snapshot) {
    std::string code;
    snapshot.for_each<FeatureCode>([&](const FeatureCode& each) {
        if (each.feature == "bsfilter") code = fixed_part(each);
    });
    JsonObject surrogates(out);
    JsonList list(surrogates.name("users"));
    for (const auto* member : members_of(filter, false, snapshot)) {
        const auto* user = snapshot.user(member->user);
        if (user == nullptr) continue;
        JsonObject(list.entry())
            .member("uuid", user->uuid)
            .member("firstname", user->firstname)
            .member("lastname", user->lastname)
            .member("member_id", member->id)
            .member("exten", code + std::to_string(member->id.value));
    }
}

json::object members_schema(json::object more) {
    auto user = relations::user_schema();
    for (auto& [name, schema] : more)
        user["properties"].as_object()[name] = schema;
    return {{"type", "object"}, {"properties", {{"users", relations::list_of(std::move(user))}}}};
}

}  // namespace

template <>
Declaration declare<CallFilter>() {
    Declaration made;
    made.kind = "call_filter";
    made.title = "CallFilter";
    made.table = "call_filters";
    made.collection = "/callfilters";
    made.id_name = "callfilter_id";
    made.fields = {
        field("id", &CallFilter::id).key().sortable().says("Number of the call filter"),
        field("name", &CallFilter::name)
            .required()
            .unique()
            .length(1, 128)
            .searched()
            .sortable()
            .says("Name of the call filter, unique"),
        field("source", &CallFilter::source)
            .required()
            .one_of({"internal", "external", "all"})
            .sortable()
            .says("Whose calls are filtered"),
        field("strategy", &CallFilter::strategy)
            .required()
            .one_of({"all-recipients-then-linear-surrogates", "all-recipients-then-all-surrogates",
                     "all-surrogates-then-all-recipients", "linear-surrogates-then-all-recipients", "all"})
            .sortable()
            .says("Who rings when"),
        field("surrogates_timeout", &CallFilter::surrogates_timeout)
            .range(0, 10'800)
            .sortable()
            .says("Seconds that secretaries ring"),
        field("caller_id_mode", &CallFilter::caller_id_mode)
            .one_of({"prepend", "overwrite", "append"})
            .sortable()
            .says("What is done with the caller's name"),
        field("caller_id_name", &CallFilter::caller_id_name)
            .length(0, 80)
            .searched()
            .sortable()
            .says("What it is done with"),
        field("description", &CallFilter::description).length(0, 1000).searched().sortable().says("Notes"),
        field("enabled", &CallFilter::enabled).sortable().says("Whether it filters"),
        field("noanswer_destination", &CallFilter::noanswer_destination).hidden().cleared(),
    };
    made.relations = {
        {"recipients", members_schema({{"timeout", {{"type", "integer"}}}}),
         declaring::writes<CallFilter, write_recipients>},
        {"surrogates",
         members_schema({{"member_id", {{"type", "integer"}}}, {"exten", {{"type", "string"}}}}),
         declaring::writes<CallFilter, write_surrogates>},
    };
    return made;
}

template <>
Declaration declare<CallFilterMember>() {
    Declaration made;
    made.kind = "call_filter_member";
    made.title = "CallFilterMember";
    made.table = "call_filter_members";
    made.fields = {
        field("id", &CallFilterMember::id).key(),
        field("filter_id", &CallFilterMember::filter).follows(),
        field("user_id", &CallFilterMember::user).follows(),
        field("is_recipient", &CallFilterMember::is_recipient),
        field("position", &CallFilterMember::position),
        field("timeout", &CallFilterMember::timeout).range(0, 10'800),
        field("is_active", &CallFilterMember::is_active),
    };
    return made;
}

}  // namespace almon::model
