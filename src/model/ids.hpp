// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/id.hpp"

namespace almon::model {

struct Administrator;
struct CallFilter;
struct CallFilterMember;
struct CallPickup;
struct Conference;
struct Context;
struct EndpointCustom;
struct EndpointSccp;
struct EndpointSip;
struct Entity;
struct Extension;
struct FeatureCode;
struct Group;
struct Incall;
struct Installation;
struct Ivr;
struct Line;
struct Moh;
struct Outcall;
struct Paging;
struct ParkingLot;
struct Queue;
struct RegisterIax;
struct RegisterSip;
struct Schedule;
struct Settings;
struct SkillRule;
struct Trunk;
struct User;
struct WebService;
using AdministratorId = Id<Administrator>;
using CallFilterId = Id<CallFilter>;
using CallFilterMemberId = Id<CallFilterMember>;
using CallPickupId = Id<CallPickup>;
using ConferenceId = Id<Conference>;
using ContextId = Id<Context>;
using EndpointCustomId = Id<EndpointCustom>;
using EndpointSccpId = Id<EndpointSccp>;
using EndpointSipId = Id<EndpointSip>;
using EntityId = Id<Entity>;
using ExtensionId = Id<Extension>;
using FeatureCodeId = Id<FeatureCode>;
using GroupId = Id<Group>;
using IncallId = Id<Incall>;
using InstallationId = Id<Installation>;
using IvrId = Id<Ivr>;
using LineId = Id<Line>;
using MohId = Id<Moh>;
using OutcallId = Id<Outcall>;
using PagingId = Id<Paging>;
using ParkingLotId = Id<ParkingLot>;
using QueueId = Id<Queue>;
using RegisterIaxId = Id<RegisterIax>;
using RegisterSipId = Id<RegisterSip>;
using ScheduleId = Id<Schedule>;
using SettingsId = Id<Settings>;
using SkillRuleId = Id<SkillRule>;
using TrunkId = Id<Trunk>;
using UserId = Id<User>;
using WebServiceId = Id<WebService>;

}  // namespace almon::model
