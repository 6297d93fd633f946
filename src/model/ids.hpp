// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/id.hpp"

namespace almon::model {

struct Administrator;
struct Context;
struct EndpointCustom;
struct EndpointSccp;
struct EndpointSip;
struct Entity;
struct Extension;
struct Installation;
struct Line;
struct Trunk;
struct User;
struct WebService;
using AdministratorId = Id<Administrator>;
using ContextId = Id<Context>;
using EndpointCustomId = Id<EndpointCustom>;
using EndpointSccpId = Id<EndpointSccp>;
using EndpointSipId = Id<EndpointSip>;
using EntityId = Id<Entity>;
using ExtensionId = Id<Extension>;
using InstallationId = Id<Installation>;
using LineId = Id<Line>;
using TrunkId = Id<Trunk>;
using UserId = Id<User>;
using WebServiceId = Id<WebService>;

}  // namespace almon::model
