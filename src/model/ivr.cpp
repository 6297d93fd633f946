// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/ivr.hpp"

#include <utility>

#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

Result<void> fits(const Ivr& ivr, const Ivr*, const Snapshot&) {
    std::vector<std::string> extens;
    for (const auto& choice : ivr.choices)
        extens.push_back(choice.exten);
    return checks::once("choices", extens);
}

void write_choices(std::string& out, const Ivr& ivr, const Snapshot& snapshot) {
    JsonList list(out);
    for (const auto& choice : ivr.choices) {
        JsonObject entry(list.entry());
        entry.member("exten", choice.exten);
        write_destination(entry.name("destination"), choice.destination, snapshot);
    }
}

}  // namespace

json::object FieldCodec<IvrChoice>::schema() {
    return {{"type", "object"},
            {"required", {"destination", "exten"}},
            {"properties",
             {{"exten", {{"type", "string"}, {"maxLength", 40}}},
              {"destination", FieldCodec<Destination>::schema()}}}};
}

json::value FieldCodec<IvrChoice>::to_json(const IvrChoice& choice) {
    return {{"exten", choice.exten}, {"destination", FieldCodec<Destination>::to_json(choice.destination)}};
}

Result<void> FieldCodec<IvrChoice>::from_json(const json::value& value, IvrChoice& choice) {
    const auto object = codec::object(value);
    if (!object) return refuse(object);
    for (const auto& [name, unused] : **object) {
        if (name != "exten" && name != "destination")
            return refuse(ErrorCode::InvalidArgument, "",
                          "has a '" + std::string(name) + "', which choices do not have");
    }
    auto exten = codec::member(**object, "exten", true);
    if (!exten) return refuse(exten);
    if (exten->empty() || exten->size() > 40 || !is_digits_and(*exten, "*#+_XZN.![]-ABCDabcdit"))
        return refuse(ErrorCode::InvalidArgument, "",
                      "has an 'exten' that must be 1 to 40 digits, *, # and pattern letters");
    const auto* destination = (*object)->if_contains("destination");
    if (destination == nullptr || destination->is_null())
        return refuse(ErrorCode::InvalidArgument, "", "lacks 'destination'");
    if (const auto taken = FieldCodec<Destination>::from_json(*destination, choice.destination); !taken)
        return refuse(taken.error().code, "", "has a 'destination' that " + taken.error().reason);
    choice.exten = *std::move(exten);
    return {};
}

template <>
Declaration declare<Ivr>() {
    const auto sound = [](const char* name, std::string Ivr::*member, const char* help) {
        return field(name, member).length(0, 255).checked_by(checks::sound).sortable().says(help);
    };
    Declaration made;
    made.kind = "ivr";
    made.title = "IVR";
    made.table = "ivrs";
    made.collection = "/ivr";
    made.id_name = "ivr_id";
    made.fields = {
        field("id", &Ivr::id).key().sortable().says("Number of the menu"),
        field("name", &Ivr::name).required().length(1, 128).searched().sortable().says("Name of the menu"),
        field("description", &Ivr::description).length(0, 1000).searched().sortable().says("Notes"),
        sound("greeting_sound", &Ivr::greeting_sound, "Played first"),
        sound("menu_sound", &Ivr::menu_sound, "Played to ask for a key").required(),
        sound("invalid_sound", &Ivr::invalid_sound, "Played after a key that means nothing"),
        sound("abort_sound", &Ivr::abort_sound, "Played when there were too many tries"),
        field("timeout", &Ivr::timeout)
            .range(0, 3600)
            .sortable()
            .says("Seconds to wait for a key after the menu was played"),
        field("max_tries", &Ivr::max_tries).range(1, 1000).sortable().says("So many tries"),
        field("invalid_destination", &Ivr::invalid_destination)
            .cleared()
            .written_by(writes_destination<Ivr, &Ivr::invalid_destination>)
            .says("Where a key leads that means nothing; null: the menu is played again"),
        field("timeout_destination", &Ivr::timeout_destination)
            .cleared()
            .written_by(writes_destination<Ivr, &Ivr::timeout_destination>)
            .says("Where silence leads; null: the menu is played again"),
        field("abort_destination", &Ivr::abort_destination)
            .cleared()
            .written_by(writes_destination<Ivr, &Ivr::abort_destination>)
            .says("Where too many tries lead; null: the call ends after abort_sound"),
        field("choices", &Ivr::choices)
            .cleared()
            .written_by(declaring::writes<Ivr, write_choices>)
            .says("What can be dialled"),
    };
    made.relations = {
        {"incalls", relations::list_of(relations::incall_schema()), relations::writes_incalls_to<Ivr>},
    };
    made.fits = declaring::fits<Ivr, fits>;
    return made;
}

}  // namespace almon::model
