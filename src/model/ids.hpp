// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/id.hpp"

namespace almon::model {

struct Administrator;
struct Agent;
struct CallFilter;
struct CallFilterMember;
struct CallPermission;
struct CallPickup;
struct Conference;
struct Context;
struct CtiProfile;
struct Device;
struct EndpointCustom;
struct EndpointSccp;
struct EndpointSip;
struct Entity;
struct Extension;
struct FeatureCode;
struct FunctionKeyTemplate;
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
struct Skill;
struct SkillRule;
struct Trunk;
struct User;
struct Voicemail;
struct WebService;
using AdministratorId = Id<Administrator>;
using AgentId = Id<Agent>;
using CallFilterId = Id<CallFilter>;
using CallFilterMemberId = Id<CallFilterMember>;
using CallPermissionId = Id<CallPermission>;
using CallPickupId = Id<CallPickup>;
using ConferenceId = Id<Conference>;
using ContextId = Id<Context>;
using CtiProfileId = Id<CtiProfile>;
using DeviceId = Id<Device>;
using EndpointCustomId = Id<EndpointCustom>;
using EndpointSccpId = Id<EndpointSccp>;
using EndpointSipId = Id<EndpointSip>;
using EntityId = Id<Entity>;
using ExtensionId = Id<Extension>;
using FeatureCodeId = Id<FeatureCode>;
using FunctionKeyTemplateId = Id<FunctionKeyTemplate>;
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
using SkillId = Id<Skill>;
using SkillRuleId = Id<SkillRule>;
using TrunkId = Id<Trunk>;
using UserId = Id<User>;
using VoicemailId = Id<Voicemail>;
using WebServiceId = Id<WebService>;

}  // namespace almon::model
