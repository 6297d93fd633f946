// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/context.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

tl::unexpected<Error> wrong(std::string field, std::string reason) {
    return refuse(ErrorCode::InvalidArgument, std::move(field), std::move(reason));
}

bool is_number(std::string_view text) {
    return !text.empty() && is_digits_and(text);
}

Result<void> check_name(const json::value& value) {
    if (!is_word_and(value.get_string(), "-_")) return wrong("", "may have letters, digits, - and _ only");
    return {};
}

bool holds(const ExtensionRange& range, std::string_view exten) {
    return exten.size() == range.start.size() && range.start <= exten && exten <= range.end;
}
bool holds(const IncallRange& range, std::string_view exten) {
    const auto length = static_cast<std::size_t>(range.did_length);
    if (length > 0 && exten.size() > length) exten = exten.substr(exten.size() - length);
    return holds(static_cast<const ExtensionRange&>(range), exten);
}

template <class Range>
bool any_holds(const std::vector<Range>& ranges, std::string_view exten) {
    return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) { return holds(range, exten); });
}

Result<void> fits(const Context& context, const Context*, const Snapshot& snapshot) {
    for (const auto& name : context.includes) {
        if (name == context.name) return wrong("includes", "cannot hold the context itself");
        if (snapshot.context(name) == nullptr)
            return wrong("includes", "names '" + name + "', which does not exist");
    }
    return {};
}

Result<void> may_go(const Context& context, const Snapshot& snapshot) {
    for (const Context* other : snapshot.all<Context>()) {
        if (std::find(other->includes.begin(), other->includes.end(), context.name) != other->includes.end())
            return refuse(ErrorCode::Conflict, "context",
                          "is still used by the context " + other->name + ", which includes it");
    }
    return {};
}

}  // namespace

Result<void> check_number_in(const Context& context, const std::string& exten) {
    bool inside = true;
    if (context.type == "internal") {
        inside = any_holds(context.user_ranges, exten) || any_holds(context.group_ranges, exten) ||
                 any_holds(context.queue_ranges, exten) || any_holds(context.conference_room_ranges, exten);
    } else if (context.type == "incall") {
        inside = any_holds(context.incall_ranges, exten);
    }
    if (inside) return {};
    return wrong("exten",
                 fmt::format("'{}' is outside of the ranges of the context '{}'", exten, context.name));
}

Result<void> check_number_for(const Context& context, const std::string& exten, std::string_view kind) {
    const std::string_view type = kind == "incall" ? "incall" : "internal";
    if (context.type != type)
        return wrong("context", fmt::format("'{}' is no {} context", context.name, type));
    const auto* ranges = kind == "group"        ? &context.group_ranges
                         : kind == "queue"      ? &context.queue_ranges
                         : kind == "conference" ? &context.conference_room_ranges
                                                : nullptr;
    if (ranges == nullptr || any_holds(*ranges, exten)) return {};
    return wrong("exten", fmt::format("'{}' is outside of the {} ranges of the context '{}'", exten, kind,
                                      context.name));
}

json::object FieldCodec<ExtensionRange>::schema() {
    return {{"type", "object"},
            {"required", json::array{"start"}},
            {"properties",
             {{"start", {{"type", "string"}}}, {"end", {{"type", "string"}, {"default", "<start>"}}}}}};
}

json::value FieldCodec<ExtensionRange>::to_json(const ExtensionRange& range) {
    return {{"start", range.start}, {"end", range.end}};
}

Result<void> FieldCodec<ExtensionRange>::from_json(const json::value& value, ExtensionRange& range) {
    const auto object = codec::object(value);
    if (!object) return refuse(object);
    auto start = codec::member(**object, "start", true);
    if (!start) return refuse(start);
    auto end = codec::member(**object, "end", false);
    if (!end) return refuse(end);
    if (end->empty()) *end = *start;
    if (!is_number(*start) || !is_number(*end) || start->size() > 40)
        return wrong("", "has a 'start' or 'end' that is no number");
    if (start->size() != end->size()) return wrong("", "has a 'start' and an 'end' of different lengths");
    if (*start > *end) return wrong("", "ends before it starts");
    range.start = *std::move(start);
    range.end = *std::move(end);
    return {};
}

json::object FieldCodec<IncallRange>::schema() {
    auto schema = FieldCodec<ExtensionRange>::schema();
    schema["properties"].as_object()["did_length"] = {{"type", "integer"}, {"default", 0}};
    return schema;
}

json::value FieldCodec<IncallRange>::to_json(const IncallRange& range) {
    return {{"start", range.start}, {"end", range.end}, {"did_length", range.did_length}};
}

Result<void> FieldCodec<IncallRange>::from_json(const json::value& value, IncallRange& range) {
    if (const auto sound = FieldCodec<ExtensionRange>::from_json(value, range); !sound) return sound;
    const auto* length = value.get_object().if_contains("did_length");
    if (length == nullptr || length->is_null()) return {};
    const auto taken = codec::integer(*length);
    if (!taken || *taken < 0 || *taken > 40) return wrong("", "has a 'did_length' that is not from 0 to 40");
    range.did_length = static_cast<int>(*taken);
    return {};
}

template <>
Declaration declare<Context>() {
    Declaration made;
    made.kind = "context";
    made.title = "Context";
    made.table = "contexts";
    made.collection = "/contexts";
    made.id_name = "context_id";
    made.fields = {
        field("id", &Context::id).key().sortable().says("Number of the context"),
        field("name", &Context::name)
            .required()
            .fixed()
            .unique()
            .length(1, 39)
            .searched()
            .sortable()
            .checked_by(check_name)
            .says("Name of the context, set once"),
        field("label", &Context::label).length(0, 128).searched().sortable().says("Name shown to people"),
        field("type", &Context::type)
            .one_of({"internal", "incall", "outcall", "services", "others"})
            .searched()
            .sortable()
            .says("What the context is for"),
        field("user_ranges", &Context::user_ranges).says("Numbers of users"),
        field("group_ranges", &Context::group_ranges).says("Numbers of groups"),
        field("queue_ranges", &Context::queue_ranges).says("Numbers of queues"),
        field("conference_room_ranges", &Context::conference_room_ranges).says("Numbers of conference rooms"),
        field("incall_ranges", &Context::incall_ranges).says("Numbers that calls from outside come in by"),
        field("includes", &Context::includes).says("Contexts looked into after this one, in order"),
        field("description", &Context::description).length(0, 1000).searched().sortable().says("Notes"),
        field("enabled", &Context::enabled).sortable().says("Whether calls may use it"),
    };
    made.fits = declaring::fits<Context, fits>;
    made.may_go = declaring::may_go<Context, may_go>;
    return made;
}

}  // namespace almon::model
