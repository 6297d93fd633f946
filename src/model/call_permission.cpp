// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/call_permission.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "model/group.hpp"
#include "model/incall.hpp"
#include "model/outcall.hpp"
#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestPattern = 40;

Result<void> check_extensions(const json::value& value) {
    const auto list = codec::list(value);
    if (!list) return refuse(list);
    for (const auto& entry : **list) {
        const auto text = codec::text(entry);
        if (!text) return refuse(text);
        if (text->empty() || text->size() > kLongestPattern || !is_word_and(*text, "_*#+!.[]-"))
            return refuse(
                ErrorCode::InvalidArgument, "",
                fmt::format("holds '{}', which is neither a number nor a pattern like _1[2-9]XX.", *text));
    }
    return {};
}

void complete(CallPermission& permission, const CallPermission*, const Snapshot&, Random&) {
    // What is listed twice forbids nothing more.
    std::vector<std::string> once;
    for (auto& extension : permission.extensions) {
        if (std::find(once.begin(), once.end(), extension) == once.end()) once.push_back(extension);
    }
    permission.extensions = std::move(once);
}

}  // namespace

template <>
Declaration declare<CallPermission>() {
    Declaration made;
    made.kind = "call_permission";
    made.title = "CallPermission";
    made.table = "call_permissions";
    made.collection = "/callpermissions";
    made.id_name = "callpermission_id";
    made.fields = {
        field("id", &CallPermission::id).key().sortable().says("Number of the call permission"),
        field("name", &CallPermission::name)
            .required()
            .length(1, 128)
            .unique()
            .searched()
            .sortable()
            .says("What it is called"),
        field("password", &CallPermission::password)
            .secret()
            .length(0, 40)
            .checked_by(checks::phone_number)
            .says("Digits that open what it forbids"),
        field("mode", &CallPermission::mode)
            .one_of({"allow", "deny"})
            .sortable()
            .says("Whether its numbers may or may not be dialled"),
        field("enabled", &CallPermission::enabled).sortable().says("Whether it is in force"),
        field("description", &CallPermission::description)
            .length(0, 1000)
            .searched()
            .sortable()
            .says("Notes"),
        field("extensions", &CallPermission::extensions)
            .checked_by(check_extensions)
            .says("Numbers and patterns that it is about"),
    };
    made.relations = {
        {"users", relations::list_of(relations::user_schema()),
         relations::writes_all_naming<CallPermission, User, relations::write_user>},
        {"groups", relations::list_of(relations::id_and_name_schema()),
         relations::writes_all_naming<CallPermission, Group, relations::write_id_and_name<Group>>},
        {"outcalls", relations::list_of(relations::id_and_name_schema()),
         relations::writes_all_naming<CallPermission, Outcall, relations::write_id_and_name<Outcall>>},
        {"incalls", relations::list_of(relations::id_schema()),
         relations::writes_ids_naming<CallPermission, Incall>},
    };
    made.complete = declaring::completes<CallPermission, complete>;
    return made;
}

}  // namespace almon::model
