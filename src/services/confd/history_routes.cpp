// SPDX-License-Identifier: GPL-3.0-or-later
// What was changed, when and by whom; what differs; taking a change back.

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "base/whole_number.hpp"
#include "services/confd/confd_api.hpp"
#include "store/timestamp.hpp"

namespace almon::services {

namespace json = boost::json;
using model::Snapshot;
using store::ChangeLogLine;

namespace {

constexpr std::size_t kPage = 100;
constexpr std::size_t kMostCompared = 10'000;
constexpr const char* kHidden = "********";

/// A row of the change log as people may see it.
json::value readable(const model::Declaration* declaration, const std::optional<std::string>& row) {
    if (!row) return nullptr;
    auto value = json::parse(*row);
    if (declaration == nullptr || !value.is_object()) return value;
    for (const auto& field : declaration->fields) {
        auto* member = value.get_object().if_contains(field.column);
        if (member == nullptr || (!field.is_secret && !field.is_hashed)) continue;
        if (member->is_string() && !member->get_string().empty()) *member = kHidden;
    }
    return value;
}

/// The members that differ. Secrets that differ show as such, not what they were.
json::array differences(const model::Declaration* declaration, const std::optional<std::string>& before,
                        const std::optional<std::string>& after) {
    json::array list;
    const auto old_row = before ? json::parse(*before) : json::value(json::object{});
    const auto new_row = after ? json::parse(*after) : json::value(json::object{});
    const auto old_shown = before ? readable(declaration, before) : json::value(json::object{});
    const auto new_shown = after ? readable(declaration, after) : json::value(json::object{});
    const auto member = [](const json::value& row, std::string_view name) -> json::value {
        const auto* found = row.get_object().if_contains(name);
        return found != nullptr ? *found : json::value(nullptr);
    };
    const auto& names = after ? new_row.get_object() : old_row.get_object();
    for (const auto& [name, value] : names) {
        if (member(old_row, name) == member(new_row, name)) continue;
        list.push_back(json::object{
            {"field", name}, {"before", member(old_shown, name)}, {"after", member(new_shown, name)}});
    }
    return list;
}

json::object shown(const ChangeLogLine& line) {
    const auto* declaration = model::declaration_named(line.kind);
    return {{"kind", line.kind},
            {"id", line.object},
            {"action", !line.before  ? "created"
                       : !line.after ? "deleted"
                                     : "updated"},
            {"differences", differences(declaration, line.before, line.after)},
            {"before", readable(declaration, line.before)},
            {"after", readable(declaration, line.after)}};
}

/// Lines of one change after the other, as changes.
json::array changes_of(const std::vector<ChangeLogLine>& lines) {
    json::array changes;
    std::uint64_t last = 0;
    for (const auto& line : lines) {
        if (changes.empty() || line.number != last) {
            changes.push_back(json::object{{"number", line.number},
                                           {"time", store::timestamp_text(line.time)},
                                           {"who", line.who},
                                           {"operations", json::array{}}});
            last = line.number;
        }
        changes.back().get_object()["operations"].get_array().push_back(shown(line));
    }
    return changes;
}

Result<std::uint64_t> number_in(std::string_view text, const char* name) {
    const auto number = whole_number<std::uint64_t>(text);
    if (!number || *number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return refuse(ErrorCode::InvalidArgument, name, "must be a number");
    return *number;
}

Result<store::ChangeLogQuery> query_of(const http::Query& query) {
    store::ChangeLogQuery wanted;
    wanted.limit = kPage;
    for (const auto& [name, value] : query.parameters()) {
        if (name == "kind") wanted.kind = value;
        if (name == "id") wanted.object = value;
        if (name == "who") wanted.who = value;
        if (name != "from" && name != "to" && name != "limit" && name != "offset") continue;
        const auto number = number_in(value, name.c_str());
        if (!number) return refuse(number);
        if (name == "from") wanted.first = *number;
        if (name == "to") wanted.last = *number;
        if (name == "offset") wanted.offset = *number;
        if (name == "limit") wanted.limit = std::clamp<std::size_t>(*number, 1, 1000);
    }
    return wanted;
}

std::vector<json::object> history_parameters() {
    std::vector<json::object> parameters;
    for (const auto* name : {"kind", "id", "who"})
        parameters.push_back({{"name", name}, {"in", "query"}, {"required", false}, {"type", "string"}});
    for (const auto* name : {"from", "to", "limit", "offset"})
        parameters.push_back({{"name", name}, {"in", "query"}, {"required", false}, {"type", "integer"}});
    return parameters;
}

/// What lies between two changes, object by object: what it was before the first and is after the last.
json::array net_differences(const std::vector<ChangeLogLine>& lines) {
    std::map<std::pair<std::string, std::string>,
             std::pair<std::optional<std::string>, std::optional<std::string>>>
        net;
    std::vector<std::pair<std::string, std::string>> order;
    for (const auto& line : lines) {
        const std::pair key{line.kind, line.object};
        const auto [entry, is_new] = net.try_emplace(key, line.before, line.after);
        if (is_new)
            order.push_back(key);
        else
            entry->second.second = line.after;
    }
    json::array list;
    for (const auto& key : order) {
        const auto& [before, after] = net.at(key);
        if (!before && !after) continue;
        auto changed = differences(model::declaration_named(key.first), before, after);
        if (before && after && changed.empty()) continue;
        list.push_back(json::object{{"kind", key.first},
                                    {"id", key.second},
                                    {"action", !before  ? "created"
                                               : !after ? "deleted"
                                                        : "updated"},
                                    {"differences", std::move(changed)}});
    }
    return list;
}

}  // namespace

void add_history_routes(ConfdApi& confd) {
    auto& api = confd.api();
    auto& store = confd.parts().store;
    const json::object object{{"type", "object"}};
    api.define("Change", {{"type", "object"},
                          {"properties",
                           {{"number", {{"type", "integer"}}},
                            {"time", {{"type", "string"}, {"format", "date-time"}}},
                            {"who", {{"type", "string"}}},
                            {"operations", {{"type", "array"}, {"items", object}}}}}});
    api.define("ChangeItems", {{"type", "object"},
                               {"required", json::array{"total"}},
                               {"properties",
                                {{"total", {{"type", "integer"}}},
                                 {"items", {{"type", "array"}, {"items", reference_to("Change")}}}}}});

    confd.read_slowly("/history",
                      {.id = "list_changes",
                       .summary = "Changes of the configuration, the last first",
                       .tag = "history",
                       .responses = {{200, reference_to("ChangeItems")}, {400, {}}},
                       .parameters = history_parameters()},
                      [&store](const http::Request& request) -> Result<http::Response> {
                          auto query = query_of(request.query);
                          if (!query) return refuse(query);
                          const auto found = store.find_changes(*query);
                          if (!found) return refuse(found);
                          return http::Response::json(200, json::object{{"total", found->total},
                                                                        {"items", changes_of(found->lines)}});
                      });
    confd.read_slowly(
        "/history/differences",
        {.id = "compare_changes",
         .summary = "What the changes from one number to another have made different",
         .tag = "history",
         .responses = {{200, object}, {400, {}}},
         .parameters = history_parameters()},
        [&store](const http::Request& request) -> Result<http::Response> {
            auto query = query_of(request.query);
            if (!query) return refuse(query);
            query->newest_first = false;
            query->limit = kMostCompared;
            query->offset = 0;
            const auto found = store.find_changes(*query);
            if (!found) return refuse(found);
            if (found->total > kMostCompared)
                return refuse(ErrorCode::InvalidArgument, "to", "is more than 10000 changes away");
            return http::Response::json(200, json::object{{"items", net_differences(found->lines)}});
        });
    confd.read_slowly("/history/{change_number}",
                      {.id = "get_change",
                       .summary = "A change of the configuration",
                       .tag = "history",
                       .responses = {{200, reference_to("Change")}, {404, {}}}},
                      [&store](const http::Request& request) -> Result<http::Response> {
                          const auto number =
                              number_in(request.path_parameter("change_number"), "change_number");
                          store::ChangeLogQuery query;
                          query.first = query.last = number.value_or(0);
                          const auto found = store.find_changes(query);
                          if (!found) return refuse(found);
                          if (found->lines.empty())
                              return refuse(ErrorCode::NotFound, "Change", "was not found");
                          return http::Response::json(200, changes_of(found->lines).front());
                      });
    confd.write(http::Method::Post, "/history/{change_number}/undo",
                {.id = "undo_change",
                 .summary = "Take a change back, unless what it touched was changed again",
                 .tag = "history",
                 .responses = {{201, object}, {400, {}}, {404, {}}}},
                [&store](const http::Request& request, const Snapshot&) -> tl::expected<Plan, Errors> {
                    const auto number = number_in(request.path_parameter("change_number"), "change_number");
                    if (!number) return refused(ErrorCode::NotFound, "Change", "was not found");
                    auto operations = store.undo_of(*number);
                    if (!operations) return refused(operations.error());
                    Plan plan;
                    plan.operations = *std::move(operations);
                    plan.answer = [](const Snapshot& after) {
                        return http::Response::json(201, json::object{{"number", after.change()}});
                    };
                    return plan;
                });
}

}  // namespace almon::services
