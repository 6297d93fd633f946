// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/declaration.hpp"
#include "model/endpoint_iax.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// A way to other telephone systems (API-093): what it is reached by is its one endpoint.
struct Trunk {
    TrunkId id;
    std::string context;  ///< Where its incoming calls start; empty: the default for its kind.
    bool twilio_incoming = false;
    EndpointSipId endpoint_sip;
    EndpointCustomId endpoint_custom;
    EndpointIaxId endpoint_iax;
    RegisterSipId register_sip;
    RegisterIaxId register_iax;
};
template <>
Declaration declare<Trunk>();

}  // namespace almon::model
