// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/sheet.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <memory>

#include <fmt/format.h>

#include "model/common_fields.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {
namespace {

constexpr std::size_t kLongestAction = 1000;
constexpr auto kEvents =
    std::to_array<std::string_view>({"dial", "link", "unlink", "incoming_did", "hangup"});

tl::unexpected<Error> wrong(const char* field, std::string reason) {
    return refuse(ErrorCode::InvalidArgument, field, std::move(reason));
}

Result<void> check_types(const char* field, const std::vector<SheetField>& fields,
                         std::initializer_list<std::string_view> types) {
    for (const auto& line : fields) {
        if (std::find(types.begin(), types.end(), line.type) == types.end())
            return wrong(field, fmt::format("have the type '{}', which must be one of {}", line.type,
                                            fmt::join(types, ", ")));
    }
    return {};
}

Result<void> fits(const Sheet& sheet, const Sheet*, const Snapshot& snapshot) {
    if (auto sound =
            check_types("fields", sheet.fields, {"title", "text", "url", "urlx", "phone", "form", "picture"});
        !sound)
        return sound;
    if (auto sound = check_types("systray", sheet.systray, {"title", "body"}); !sound) return sound;
    for (const auto& action : sheet.actions) {
        if (action.empty() || action.size() > kLongestAction)
            return wrong("actions", "must have 1 to 1000 bytes each");
    }
    if (auto single = checks::once("events", sheet.events); !single) return single;
    for (const auto& event : sheet.events) {
        if (std::find(kEvents.begin(), kEvents.end(), event) == kEvents.end())
            return wrong("events",
                         fmt::format("have '{}', which is none of {}", event, fmt::join(kEvents, ", ")));
        Result<void> free;
        snapshot.for_each<Sheet>([&](const Sheet& other) {
            if (other.id != sheet.id &&
                std::find(other.events.begin(), other.events.end(), event) != other.events.end())
                free = refuse(ErrorCode::Conflict, "events",
                              fmt::format("have '{}', which raises the sheet {}", event, other.id.value));
        });
        if (!free) return free;
    }
    return {};
}

}  // namespace

template <>
Declaration declare<Sheet>() {
    Declaration made;
    made.kind = "sheet";
    made.title = "Sheet";
    made.table = "sheets";
    made.collection = "/sheets";
    made.id_name = "sheet_id";
    made.fields = {
        field("id", &Sheet::id).key().sortable().says("Number of the sheet"),
        common_fields::name(&Sheet::name),
        common_fields::description(&Sheet::description),
        field("enabled", &Sheet::enabled).sortable().says("Whether it is shown"),
        field("focus", &Sheet::focus).says("Whether a hidden client comes up with it"),
        field("qt_interface", &Sheet::qt_interface)
            .length(0, 512)
            .says("Address of the .ui file of a field of the type form"),
        field("fields", &Sheet::fields)
            .says(
                "Its lines, of the types title, text, url, urlx, phone, form and picture; {xivo-calleridnum} "
                "and the like stand for what is known of the call"),
        field("systray", &Sheet::systray).says("What pops up beside the clock, of the types title and body"),
        field("actions", &Sheet::actions).says("Addresses that the client opens with it"),
        field("events", &Sheet::events).says("What raises it: dial, link, unlink, incoming_did, hangup"),
    };
    made.fits = declaring::fits<Sheet, fits>;
    // ADA-108
    made.shipped = {std::make_shared<const Sheet>(Sheet{SheetId{1},
                                                        "XiVO",
                                                        "",
                                                        true,
                                                        false,
                                                        "",
                                                        {{"Nom", "title", "", "{xivo-calleridname}"},
                                                         {"Numéro", "text", "", "{xivo-calleridnum}"},
                                                         {"Origine", "text", "", "{xivo-origin}"}},
                                                        {{"Nom", "title", "", "{xivo-calledidname}"},
                                                         {"Numéro", "body", "", "{xivo-calleridnum}"},
                                                         {"Origine", "body", "", "{xivo-origin}"}},
                                                        {},
                                                        {}})};
    return made;
}

}  // namespace almon::model
