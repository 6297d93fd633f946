// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/function_key.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestExten = 40;
constexpr std::size_t kLongestLabel = 128;

tl::unexpected<Error> wrong(std::string reason) {
    return refuse(ErrorCode::InvalidArgument, "", std::move(reason));
}

/// A type of destination and what is said with it.
struct Shape {
    std::string_view type;
    std::string_view id_name = {};  ///< "user_id"
    std::string_view kind = {};     ///< Of what the id names, as declared.
    std::string_view collection = {};
    std::string_view word_name = {};
    std::vector<std::string_view> words = {};
    bool takes_exten = false;
    bool needs_exten = false;
};

const std::vector<Shape>& shapes() {
    static const std::vector<Shape> all = {
        {.type = "agent", .id_name = "agent_id", .kind = "agent", .collection = "/agents"},
        {.type = "bsfilter",
         .id_name = "filter_member_id",
         .kind = "call_filter_member",
         .collection = "/callfilters"},
        {.type = "conference",
         .id_name = "conference_id",
         .kind = "conference",
         .collection = "/conferences"},
        {.type = "custom", .takes_exten = true, .needs_exten = true},
        {.type = "forward",
         .word_name = "forward",
         .words = {"busy", "noanswer", "unconditional"},
         .takes_exten = true},
        {.type = "group", .id_name = "group_id", .kind = "group", .collection = "/groups"},
        {.type = "onlinerec"},
        {.type = "paging", .id_name = "paging_id", .kind = "paging", .collection = "/pagings"},
        {.type = "park"},
        {.type = "park_position", .word_name = "position"},
        {.type = "queue", .id_name = "queue_id", .kind = "queue", .collection = "/queues"},
        {.type = "service",
         .word_name = "service",
         .words = {"phonestatus", "recsnd", "callrecord", "incallfilter", "enablednd", "pickup",
                   "calllistening", "directoryaccess", "fwdundoall", "enablevm", "vmusermsg", "vmuserpurge"}},
        {.type = "transfer", .word_name = "transfer", .words = {"blind", "attended"}},
        {.type = "user", .id_name = "user_id", .kind = "user", .collection = "/users"},
    };
    return all;
}

const Shape* shape_of(std::string_view type) {
    const auto found = std::find_if(shapes().begin(), shapes().end(),
                                    [&](const Shape& shape) { return shape.type == type; });
    return found == shapes().end() ? nullptr : &*found;
}

Result<void> take_id(const Shape& shape, const json::object& given, KeyDestination& destination) {
    const auto* value = given.if_contains(shape.id_name);
    if (value == nullptr) return wrong(fmt::format("is without '{}'", shape.id_name));
    const auto id = codec::integer(*value);
    if (!id) return wrong(fmt::format("has a '{}' that {}", shape.id_name, id.error().reason));
    if (*id <= 0 || *id > std::numeric_limits<std::int32_t>::max())
        return wrong(fmt::format("has a '{}' that is no id", shape.id_name));
    const auto* kind = declaration_named(shape.kind);
    if (kind == nullptr) return wrong(fmt::format("is of the type '{}', which is not there", shape.type));
    destination.to = {kind, static_cast<std::uint64_t>(*id)};
    return {};
}

Result<void> take_word(const Shape& shape, const json::object& given, KeyDestination& destination) {
    // A parking place is a text of digits; a number means the same.
    const auto* value = given.if_contains(shape.word_name);
    if (shape.words.empty() && value != nullptr && value->is_int64()) {
        destination.word = std::to_string(value->get_int64());
    } else {
        auto word = codec::member(given, shape.word_name, true);
        if (!word) return refuse(word);
        destination.word = *std::move(word);
    }
    if (shape.words.empty()) {
        if (destination.word.empty() || destination.word.size() > kLongestExten ||
            !is_digits_and(destination.word))
            return wrong(fmt::format("has a '{}' that must be digits", shape.word_name));
    } else if (std::find(shape.words.begin(), shape.words.end(), destination.word) == shape.words.end()) {
        return wrong(
            fmt::format("has a '{}' that must be one of {}", shape.word_name, fmt::join(shape.words, ", ")));
    }
    return {};
}

Result<void> take_exten(const Shape& shape, const json::object& given, KeyDestination& destination) {
    auto exten = codec::member(given, "exten", shape.needs_exten);
    if (!exten) return refuse(exten);
    if (shape.needs_exten && exten->empty()) return wrong("has an empty 'exten'");
    if (exten->size() > kLongestExten) return wrong("has an 'exten' of more than 40 characters");
    if (!is_word_and(*exten, "*#+_-.@")) return wrong("has an 'exten' that cannot be dialled");
    destination.exten = *std::move(exten);
    return {};
}

Result<KeyDestination> destination_of(const json::value& value) {
    const auto object = codec::object(value);
    if (!object) return refuse(object);
    const auto& given = **object;
    const auto type = codec::member(given, "type", true);
    if (!type) return refuse(type);
    const auto* shape = shape_of(*type);
    if (shape == nullptr) return wrong("has a 'type' that is not known: '" + *type + "'");
    for (const auto& [name, unused] : given) {
        const bool is_known = name == "type" || name == "href" || (name == shape->id_name) ||
                              (name == shape->word_name) || (name == "exten" && shape->takes_exten);
        if (!is_known)
            return wrong(fmt::format("has a '{}', which the type '{}' does not have", std::string_view(name),
                                     shape->type));
    }
    KeyDestination destination;
    destination.type = *type;
    if (!shape->id_name.empty()) {
        if (const auto taken = take_id(*shape, given, destination); !taken) return refuse(taken);
    }
    if (!shape->word_name.empty()) {
        if (const auto taken = take_word(*shape, given, destination); !taken) return refuse(taken);
    }
    if (shape->takes_exten) {
        if (const auto taken = take_exten(*shape, given, destination); !taken) return refuse(taken);
    }
    return destination;
}

json::object to_json(const KeyDestination& destination) {
    json::object made{{"type", destination.type}};
    const auto* shape = shape_of(destination.type);
    if (shape == nullptr) return made;
    if (!shape->id_name.empty()) made[shape->id_name] = destination.to.id;
    if (!shape->word_name.empty()) made[shape->word_name] = destination.word;
    if (shape->takes_exten)
        made["exten"] = destination.exten.empty() ? json::value(nullptr) : json::value(destination.exten);
    return made;
}

Result<void> fits(const FunctionKeyTemplate& made, const FunctionKeyTemplate*, const Snapshot&) {
    return made.keys.check_doubles();
}

}  // namespace

const FunctionKey* FunctionKeys::at(int position) const noexcept {
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [&](const FunctionKey& key) { return key.position == position; });
    return found == keys.end() ? nullptr : &*found;
}

void FunctionKeys::erase(int position) {
    std::erase_if(keys, [&](const FunctionKey& key) { return key.position == position; });
}

void FunctionKeys::put(FunctionKey key) {
    erase(key.position);
    const auto after = std::find_if(keys.begin(), keys.end(),
                                    [&](const FunctionKey& other) { return other.position > key.position; });
    keys.insert(after, std::move(key));
}

Result<void> FunctionKeys::check_doubles() const {
    for (std::size_t place = 0; place < keys.size(); ++place) {
        for (std::size_t earlier = 0; earlier < place; ++earlier) {
            if (keys[earlier].destination == keys[place].destination)
                return refuse(
                    ErrorCode::Conflict, "keys",
                    fmt::format("{} does the same as {}", keys[place].position, keys[earlier].position));
        }
    }
    return {};
}

json::array function_key_destinations() {
    json::array all;
    for (const auto& shape : shapes()) {
        json::array parameters;
        const auto add = [&](std::string_view name, json::value collection, json::value values) {
            parameters.push_back(json::object{
                {"name", name}, {"collection", std::move(collection)}, {"values", std::move(values)}});
        };
        if (!shape.id_name.empty())
            add(shape.id_name, json::value("/1.1" + std::string(shape.collection)), nullptr);
        if (!shape.word_name.empty()) {
            add(shape.word_name, nullptr,
                shape.words.empty() ? json::value(nullptr)
                                    : json::value(json::array(shape.words.begin(), shape.words.end())));
        }
        if (shape.takes_exten) add("exten", nullptr, nullptr);
        all.push_back(json::object{{"type", shape.type}, {"parameters", std::move(parameters)}});
    }
    return all;
}

json::object to_json(const FunctionKey& key) {
    return {{"blf", key.blf},
            {"label", key.label.empty() ? json::value(nullptr) : json::value(key.label)},
            {"destination", to_json(key.destination)}};
}

Result<FunctionKey> function_key_of(const json::value& value, int position) {
    const auto object = codec::object(value);
    if (!object) return refuse(object);
    FunctionKey key;
    key.position = position;
    const json::value* destination = nullptr;
    for (const auto& [name, given] : **object) {
        if (name == "blf") {
            const auto blf = codec::boolean(given);
            if (!blf) return refuse(ErrorCode::InvalidArgument, "blf", blf.error().reason);
            key.blf = *blf;
        } else if (name == "label") {
            if (given.is_null()) continue;
            auto label = codec::text(given);
            if (!label) return refuse(ErrorCode::InvalidArgument, "label", label.error().reason);
            if (label->size() > kLongestLabel)
                return refuse(ErrorCode::InvalidArgument, "label", "must have at most 128 characters");
            key.label = *std::move(label);
        } else if (name == "destination") {
            destination = &given;
        } else if (name != "id" && name != "inherited") {
            return refuse(ErrorCode::InvalidArgument, std::string(name), "is not a field of a function key");
        }
    }
    if (destination == nullptr) return refuse(ErrorCode::InvalidArgument, "destination", "is missing");
    auto taken = destination_of(*destination);
    if (!taken) return refuse(ErrorCode::InvalidArgument, "destination", taken.error().reason);
    key.destination = *std::move(taken);
    return key;
}

json::object function_key_schema() {
    return {{"title", "FuncKey"},
            {"type", "object"},
            {"properties",
             {{"blf", {{"type", "boolean"}}},
              {"label", {{"type", "string"}, {"maxLength", kLongestLabel}, {"x-nullable", true}}},
              {"destination", {{"type", "object"}}}}}};
}

json::value FieldCodec<FunctionKeys>::to_json(const FunctionKeys& keys) {
    json::object made;
    for (const auto& key : keys.keys)
        made[std::to_string(key.position)] = model::to_json(key);
    return made;
}

Result<void> FieldCodec<FunctionKeys>::from_json(const json::value& value, FunctionKeys& keys) {
    const auto object = codec::object(value);
    if (!object) return refuse(object);
    FunctionKeys taken;
    for (const auto& [name, given] : **object) {
        int position = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), position);
        if (error != std::errc() || end != name.data() + name.size() || position < 1 ||
            position > kHighestKeyPosition)
            return wrong(fmt::format("has a position '{}' that is not a number from 1 to {}",
                                     std::string_view(name), kHighestKeyPosition));
        auto key = function_key_of(given, position);
        if (!key)
            return wrong(
                fmt::format("holds a key {} whose '{}' {}", position, key.error().field, key.error().reason));
        taken.put(*std::move(key));
    }
    keys = std::move(taken);
    return {};
}

template <>
Declaration declare<FunctionKeyTemplate>() {
    Declaration made;
    made.kind = "function_key_template";
    made.title = "FuncKeyTemplate";
    made.table = "function_key_templates";
    made.collection = "/funckeys/templates";
    made.id_name = "template_id";
    made.is_updatable = false;
    made.fields = {
        field("id", &FunctionKeyTemplate::id).key().sortable().says("Number of the template"),
        field("name", &FunctionKeyTemplate::name)
            .length(0, 128)
            .searched()
            .sortable()
            .says("What it is called"),
        field("keys", &FunctionKeyTemplate::keys)
            .cleared()
            .says("{\"1\": {\"destination\": {\"type\": \"park\"}}, ...}"),
    };
    made.fits = declaring::fits<FunctionKeyTemplate, fits>;
    return made;
}

}  // namespace almon::model
