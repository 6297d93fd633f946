// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tuple>

#include "model/resources.hpp"

namespace almon::model {

/// Every kind of resource and association, in the order in which they may be loaded. To add one: its struct
/// and declare<>() in files of its own, and its name here.
using Kinds =
    std::tuple<Installation, MailSettings, NetworkSettings, VoicemailZones, IaxCallLimits, NetworkInterface,
               Certificate, PresenceGroup, PhoneHintGroup, Sheet, LdapServer, LdapFilter, DirectorySource,
               DirectoryDisplay, Context, DirectoryProfile, Entity, Administrator, WebService, Voicemail,
               CallPermission, CtiProfile, Skill, Agent, FunctionKeyTemplate, User, EndpointSip, EndpointSccp,
               EndpointCustom, EndpointIax, Device, Line, RegisterSip, RegisterIax, Trunk, Schedule,
               Conference, Group, Queue, SkillRule, Ivr, Outcall, Incall, Paging, ParkingLot, CallPickup,
               CallFilter, CallFilterMember, Moh, FeatureCode, Settings, Extension, UserLine, LineExtension,
               OutcallExtension, QueueUser, AgentSkill, QueueAgent>;

}  // namespace almon::model
