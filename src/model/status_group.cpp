// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/status_group.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>

#include "model/common_fields.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {
namespace {

tl::unexpected<Error> wrong(const char* field, std::string reason) {
    return refuse(ErrorCode::InvalidArgument, field, std::move(reason));
}

bool is_color(std::string_view text) {
    return text.size() == 7 && text.front() == '#' &&
           text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}

Result<void> check_action(const PresenceAction& action) {
    constexpr auto kActions =
        std::to_array<std::string_view>({"enable_dnd", "queuepause_all", "queueunpause_all", "agentlogoff"});
    if (std::find(kActions.begin(), kActions.end(), action.name) == kActions.end())
        return wrong("presences",
                     fmt::format("have an action '{}', which is none of enable_dnd, queuepause_all, "
                                 "queueunpause_all and agentlogoff",
                                 action.name));
    if (action.name == "enable_dnd" && action.parameter != "true" && action.parameter != "false")
        return wrong("presences", "have an action enable_dnd without true or false as its parameter");
    return {};
}

Result<void> presences_fit(const PresenceGroup& group, const PresenceGroup*, const Snapshot&) {
    std::vector<std::string> names;
    for (const auto& presence : group.presences)
        names.push_back(presence.name);
    if (auto single = checks::once("presences", names); !single) return single;
    for (const auto& presence : group.presences) {
        if (presence.name.empty() || !is_word_and(presence.name, "-_"))
            return wrong("presences", "must be named by letters, digits, - and _");
        if (presence.label.empty())
            return wrong("presences", fmt::format("lack the label of '{}'", presence.name));
        if (!is_color(presence.color))
            return wrong("presences",
                         fmt::format("must have a color like #0099FF; '{}' has none", presence.name));
        for (const auto& other : presence.reachable) {
            if (std::find(names.begin(), names.end(), other) == names.end())
                return wrong("presences",
                             fmt::format("lack '{}', which '{}' leads to", other, presence.name));
        }
        for (const auto& action : presence.actions) {
            if (auto sound = check_action(action); !sound) return sound;
        }
    }
    return {};
}

Result<void> hints_fit(const PhoneHintGroup& group, const PhoneHintGroup*, const Snapshot&) {
    std::vector<int> states;
    for (const auto& hint : group.hints) {
        states.push_back(hint.status);
        if (hint.status < -2 || hint.status > 31)
            return wrong("hints", "have a status that is not from -2 to 31");
        if (hint.label.empty()) return wrong("hints", "lack a label");
        if (!is_color(hint.color)) return wrong("hints", "must have colors like #0099FF");
    }
    return checks::once("hints", std::move(states));
}

/// ADA-097: the states that a new system has, in two languages.
PresenceGroup shipped_presences(std::uint64_t id, const char* name,
                                const std::array<const char*, 6>& labels) {
    constexpr auto kNames = std::to_array<const char*>(
        {"available", "away", "berightback", "disconnected", "donotdisturb", "outtolunch"});
    constexpr auto kColors =
        std::to_array<const char*>({"#08FD20", "#FDE50A", "#FFB545", "#9E9E9E", "#FF032D", "#001AFF"});
    PresenceGroup group{PresenceGroupId{id}, name, "", {}};
    for (std::size_t index = 0; index < kNames.size(); ++index) {
        Presence presence{kNames[index], labels[index], kColors[index], {}, {}};
        for (const auto* other : kNames) {
            if (other != kNames[index]) presence.reachable.emplace_back(other);
        }
        if (presence.name == "available") presence.actions.push_back({"enable_dnd", "false"});
        if (presence.name == "donotdisturb") presence.actions.push_back({"enable_dnd", "true"});
        group.presences.push_back(std::move(presence));
    }
    return group;
}

}  // namespace

template <>
Declaration declare<PresenceGroup>() {
    Declaration made;
    made.kind = "presence_group";
    made.title = "PresenceGroup";
    made.table = "presence_groups";
    made.collection = "/presence_groups";
    made.id_name = "presence_group_id";
    made.fields = {
        field("id", &PresenceGroup::id).key().sortable().says("Number of the group"),
        common_fields::name(&PresenceGroup::name),
        common_fields::description(&PresenceGroup::description),
        field("presences", &PresenceGroup::presences)
            .says("What a user can be, with the actions enable_dnd, queuepause_all, queueunpause_all and "
                  "agentlogoff when he chooses it"),
    };
    made.fits = declaring::fits<PresenceGroup, presences_fit>;
    made.shipped = {
        std::make_shared<const PresenceGroup>(shipped_presences(
            1, "francais",
            {"Disponible", "Sorti", "Bientôt de retour", "Déconnecté", "Ne pas déranger", "Parti manger"})),
        std::make_shared<const PresenceGroup>(shipped_presences(
            2, "english",
            {"Available", "Away", "Be right back", "Disconnected", "Do not disturb", "Out to lunch"})),
    };
    return made;
}

template <>
Declaration declare<PhoneHintGroup>() {
    Declaration made;
    made.kind = "phone_hint_group";
    made.title = "PhoneHintGroup";
    made.table = "phone_hint_groups";
    made.collection = "/phone_hint_groups";
    made.id_name = "phone_hint_group_id";
    made.fields = {
        field("id", &PhoneHintGroup::id).key().sortable().says("Number of the group"),
        common_fields::name(&PhoneHintGroup::name),
        common_fields::description(&PhoneHintGroup::description),
        field("hints", &PhoneHintGroup::hints).says("Label and color of each state of a phone"),
    };
    made.fits = declaring::fits<PhoneHintGroup, hints_fit>;
    made.shipped = {
        std::make_shared<const PhoneHintGroup>(PhoneHintGroup{PhoneHintGroupId{1},
                                                              "xivo",
                                                              "",
                                                              {{-2, "Unknown", "#030303"},
                                                               {-1, "Switched off", "#000000"},
                                                               {0, "Available", "#0DFF25"},
                                                               {1, "In use or calling", "#FF032D"},
                                                               {2, "Busy", "#FF0008"},
                                                               {4, "Unavailable", "#FFFFFF"},
                                                               {8, "Ringing", "#1B0AFF"},
                                                               {9, "In use and ringing", "#FF0526"},
                                                               {16, "On hold", "#F7FF05"}}})};
    return made;
}

}  // namespace almon::model
