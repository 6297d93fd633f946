// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/destination.hpp"

#include <algorithm>
#include <string_view>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "model/json_text.hpp"
#include "model/snapshot.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

using Member = std::variant<std::string Destination::*, std::optional<double> Destination::*,
                            std::optional<int> Destination::*, bool Destination::*>;

struct Parameter {
    std::string_view name;
    Member member;
    bool is_required = false;
    std::vector<std::string_view> choices = {};
};

/// One type of destination, or one action of a type.
struct Shape {
    std::string_view type;
    std::string_view action_name = {};  ///< "cause", "application"
    std::string_view action = {};
    std::string_view kind = {};     ///< Of what it leads to, as declared.
    std::string_view id_name = {};  ///< "user_id"
    std::vector<Parameter> parameters = {};
};

const std::vector<Shape>& shapes() {
    using D = Destination;
    static const Parameter kRingTime{"ring_time", &D::ring_time};
    static const Parameter kTimeout{"timeout", &D::timeout};
    static const Parameter kPin{"pin", &D::pin};
    static const Parameter kContext{"context", &D::context, true};
    static const std::vector<Shape> all = {
        {.type = "none"},
        {.type = "user", .kind = "user", .id_name = "user_id", .parameters = {kRingTime}},
        {.type = "group", .kind = "group", .id_name = "group_id", .parameters = {kRingTime}},
        {.type = "queue", .kind = "queue", .id_name = "queue_id", .parameters = {kRingTime}},
        {.type = "meetme", .kind = "conference", .id_name = "conference_id"},
        {.type = "ivr", .kind = "ivr", .id_name = "ivr_id"},
        {.type = "voicemail",
         .kind = "voicemail",
         .id_name = "voicemail_id",
         .parameters = {{"skip_instructions", &D::skip_instructions},
                        {"greeting", &D::greeting, false, {"busy", "unavailable"}}}},
        {.type = "outcall",
         .kind = "outcall",
         .id_name = "outcall_id",
         .parameters = {{"exten", &D::exten, true}}},
        {.type = "extension", .parameters = {{"exten", &D::exten, true}, kContext}},
        {.type = "custom", .parameters = {{"command", &D::command, true}}},
        {.type = "sound",
         .parameters = {{"filename", &D::filename, true}, {"skip", &D::skip}, {"no_answer", &D::no_answer}}},
        {.type = "hangup", .action_name = "cause", .action = "normal"},
        {.type = "hangup", .action_name = "cause", .action = "busy", .parameters = {kTimeout}},
        {.type = "hangup", .action_name = "cause", .action = "congestion", .parameters = {kTimeout}},
        {.type = "application",
         .action_name = "application",
         .action = "callback_disa",
         .parameters = {kContext, kPin}},
        {.type = "application",
         .action_name = "application",
         .action = "disa",
         .parameters = {kContext, kPin}},
        {.type = "application",
         .action_name = "application",
         .action = "directory",
         .parameters = {kContext}},
        {.type = "application",
         .action_name = "application",
         .action = "voicemail",
         .parameters = {kContext}},
        {.type = "application",
         .action_name = "application",
         .action = "fax_to_mail",
         .parameters = {{"email", &D::email, true}}},
    };
    return all;
}

/// What the API shows of the resource it leads to, beside its id.
struct ShownName {
    std::string_view name;
    std::string_view field;
};
std::vector<ShownName> names_shown(std::string_view type) {
    if (type == "user") return {{"user_firstname", "firstname"}, {"user_lastname", "lastname"}};
    if (type == "ivr") return {{"ivr_name", "name"}};
    if (type == "voicemail") return {{"voicemail_name", "name"}};
    return {};
}

tl::unexpected<Error> wrong(std::string reason) {
    return refuse(ErrorCode::InvalidArgument, "", std::move(reason));
}

const Shape* shape_of(std::string_view type, std::string_view action) {
    const auto found = std::find_if(shapes().begin(), shapes().end(), [&](const Shape& shape) {
        return shape.type == type && shape.action == action;
    });
    return found == shapes().end() ? nullptr : &*found;
}

json::value value_of(const Destination& destination, const Member& member) {
    return std::visit(
        [&](auto pointer) -> json::value {
            const auto& value = destination.*pointer;
            using Value = std::remove_cvref_t<decltype(value)>;
            if constexpr (std::is_same_v<Value, std::string>)
                return value.empty() ? json::value(nullptr) : json::value(value);
            else if constexpr (std::is_same_v<Value, bool>)
                return value;
            else
                return value ? json::value(*value) : json::value(nullptr);
        },
        member);
}

constexpr double kLongestTime = 10'800;
constexpr std::size_t kLongestText = 255;

Result<void> take_value(const json::value& given, std::string& value) {
    auto text = codec::text(given);
    if (!text) return refuse(text);
    if (text->size() > kLongestText) return wrong("must have at most 255 characters");
    value = *std::move(text);
    return {};
}
Result<void> take_value(const json::value& given, bool& value) {
    return codec::boolean(given).map([&](bool taken) { value = taken; });
}
template <class Number>
Result<void> take_value(const json::value& given, std::optional<Number>& value) {
    if (!given.is_number() || (std::is_integral_v<Number> && given.is_double()))
        return wrong("must be a number");
    const auto number = given.to_number<double>();
    if (number < 0 || number > kLongestTime) return wrong("must be from 0 to 10800");
    value = static_cast<Number>(number);
    return {};
}

Result<void> take(Destination& destination, const Parameter& parameter, const json::object& given) {
    const auto* value = given.if_contains(parameter.name);
    const auto quoted = fmt::format("'{}'", parameter.name);
    if (value == nullptr || value->is_null()) {
        if (parameter.is_required) return wrong("is without " + quoted);
        return {};
    }
    const auto taken =
        std::visit([&](auto member) { return take_value(*value, destination.*member); }, parameter.member);
    if (!taken) return wrong("has a " + quoted + " that " + taken.error().reason);
    if (parameter.is_required && value->is_string() && value->get_string().empty())
        return wrong("has an empty " + quoted);
    if (!parameter.choices.empty() &&
        std::find(parameter.choices.begin(), parameter.choices.end(),
                  std::string_view(value->get_string())) == parameter.choices.end())
        return wrong(
            fmt::format("has a {} that must be one of {}", quoted, fmt::join(parameter.choices, ", ")));
    return {};
}

Result<Reference> take_target(const Shape& shape, const json::object& given) {
    const auto* kind = declaration_named(shape.kind);
    if (kind == nullptr) return wrong(fmt::format("is of the type '{}', which is not there", shape.type));
    const auto* value = given.if_contains(shape.id_name);
    if (value == nullptr) return wrong(fmt::format("is without '{}'", shape.id_name));
    const auto id = codec::integer(*value);
    if (!id) return wrong(fmt::format("has a '{}' that {}", shape.id_name, id.error().reason));
    if (*id <= 0) return wrong(fmt::format("has a '{}' that is no id", shape.id_name));
    return Reference{kind, static_cast<std::uint64_t>(*id)};
}

Result<const Shape*> shape_in(const json::object& given) {
    const auto type = codec::member(given, "type", true);
    if (!type) return refuse(type);
    const auto first = std::find_if(shapes().begin(), shapes().end(),
                                    [&](const Shape& shape) { return shape.type == *type; });
    if (first == shapes().end()) return wrong("has a 'type' that is not known: '" + *type + "'");
    if (first->action_name.empty()) return &*first;
    const auto action = codec::member(given, first->action_name, true);
    if (!action) return refuse(action);
    const auto* shape = shape_of(*type, *action);
    if (shape == nullptr)
        return wrong(fmt::format("has a '{}' that is not known: '{}'", first->action_name, *action));
    return shape;
}

bool is_member(const Shape& shape, std::string_view name) {
    if (name == "type" || name == shape.action_name || name == shape.id_name) return true;
    for (const auto& parameter : shape.parameters) {
        if (parameter.name == name) return true;
    }
    // Shown beside the id, and sent back by those who change what they have read.
    for (const auto& shown : names_shown(shape.type)) {
        if (shown.name == name) return true;
    }
    return false;
}

}  // namespace

json::object FieldCodec<Destination>::schema() {
    std::vector<std::string_view> types;
    for (const auto& shape : shapes()) {
        if (types.empty() || types.back() != shape.type) types.push_back(shape.type);
    }
    return {
        {"type", "object"},
        {"required", json::array{"type"}},
        {"properties", {{"type", {{"type", "string"}, {"enum", json::array(types.begin(), types.end())}}}}}};
}

json::value FieldCodec<Destination>::to_json(const Destination& destination) {
    const auto* shape = shape_of(destination.type, destination.action);
    if (destination.type.empty()) return nullptr;
    json::object made{{"type", destination.type}};
    if (shape == nullptr) return made;
    if (!shape->action_name.empty()) made[shape->action_name] = destination.action;
    if (!shape->id_name.empty()) made[shape->id_name] = destination.to.id;
    for (const auto& parameter : shape->parameters)
        made[parameter.name] = value_of(destination, parameter.member);
    return made;
}

void write_destination(std::string& out, const Destination& destination, const Snapshot& snapshot) {
    auto shown = FieldCodec<Destination>::to_json(destination);
    if (destination.to) {
        const auto resource = snapshot.find(*destination.to.kind, {destination.to.id, 0});
        for (const auto& [name, member] : names_shown(destination.type)) {
            const auto* field = destination.to.kind->find(member);
            shown.get_object()[name] =
                resource && field != nullptr ? field->show(resource.get()) : json::value(nullptr);
        }
    }
    out += json::serialize(shown);
}

Result<void> FieldCodec<Destination>::from_json(const json::value& value, Destination& destination) {
    if (value.is_null()) {
        destination = {};
        return {};
    }
    const auto given = codec::object(value);
    if (!given) return refuse(given);
    const auto shape = shape_in(**given);
    if (!shape) return refuse(shape);
    for (const auto& [name, unused] : **given) {
        if (!is_member(**shape, name))
            return wrong(fmt::format("has a '{}', which the type '{}' does not have", std::string_view(name),
                                     (*shape)->type));
    }
    Destination taken;
    taken.type = (*shape)->type;
    taken.action = (*shape)->action;
    if (!(*shape)->id_name.empty()) {
        const auto to = take_target(**shape, **given);
        if (!to) return refuse(to);
        taken.to = *to;
    }
    for (const auto& parameter : (*shape)->parameters) {
        if (const auto sound = take(taken, parameter, **given); !sound) return sound;
    }
    destination = std::move(taken);
    return {};
}

}  // namespace almon::model
