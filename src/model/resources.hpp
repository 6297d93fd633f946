// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What an administrator configures, as plain values. Names and meanings follow the documented REST resources;
// each file declares its kind beside the struct (declaration.hpp).

#include "model/administrator.hpp"
#include "model/context.hpp"
#include "model/endpoint_custom.hpp"
#include "model/endpoint_sccp.hpp"
#include "model/endpoint_sip.hpp"
#include "model/entity.hpp"
#include "model/extension.hpp"
#include "model/installation.hpp"
#include "model/line.hpp"
#include "model/trunk.hpp"
#include "model/user.hpp"
#include "model/web_service.hpp"
