// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include "model/declaration.hpp"
#include "model/resources.hpp"

namespace almon::model {

/// Every kind of resource and association, in the order in which they may be loaded. To add one: its struct
/// and declare<>() in files of its own, and its name here.
using Kinds = std::tuple<Installation, Context, Entity, Administrator, WebService, Voicemail, CallPermission,
                         CtiProfile, Skill, Agent, FunctionKeyTemplate, User, EndpointSip, EndpointSccp,
                         EndpointCustom, Device, Line, RegisterSip, RegisterIax, Trunk, Schedule, Conference,
                         Group, Queue, SkillRule, Ivr, Outcall, Incall, Paging, ParkingLot, CallPickup,
                         CallFilter, CallFilterMember, Moh, FeatureCode, Settings, Extension, UserLine,
                         LineExtension, OutcallExtension, QueueUser, AgentSkill, QueueAgent>;

namespace kinds_detail {
template <class Resource, class... All>
consteval std::size_t index_of(std::type_identity<std::tuple<All...>>) {
    std::size_t index = 0;
    const bool found = ((std::is_same_v<Resource, All> || (++index, false)) || ...);
    return found ? index : throw "not a kind";
}
}  // namespace kinds_detail

/// Place among declarations().
template <class Resource>
inline constexpr std::size_t kIndexOf = kinds_detail::index_of<Resource>(std::type_identity<Kinds>{});

template <class Resource>
[[nodiscard]] const Declaration& declaration_of() {
    return declarations()[kIndexOf<Resource>];
}

}  // namespace almon::model
