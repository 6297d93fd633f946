// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What an administrator configures, as plain values. Names and meanings follow the documented REST resources;
// each file declares its kind beside the struct (declaration.hpp).

#include "model/administrator.hpp"
#include "model/call_filter.hpp"
#include "model/call_pickup.hpp"
#include "model/conference.hpp"
#include "model/context.hpp"
#include "model/endpoint_custom.hpp"
#include "model/endpoint_sccp.hpp"
#include "model/endpoint_sip.hpp"
#include "model/entity.hpp"
#include "model/extension.hpp"
#include "model/feature_code.hpp"
#include "model/group.hpp"
#include "model/incall.hpp"
#include "model/installation.hpp"
#include "model/ivr.hpp"
#include "model/line.hpp"
#include "model/moh.hpp"
#include "model/outcall.hpp"
#include "model/paging.hpp"
#include "model/parking_lot.hpp"
#include "model/queue.hpp"
#include "model/registration.hpp"
#include "model/schedule.hpp"
#include "model/settings.hpp"
#include "model/trunk.hpp"
#include "model/user.hpp"
#include "model/web_service.hpp"
