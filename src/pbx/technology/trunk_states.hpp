// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "pbx/technology/outward_registrations.hpp"
#include "pbx/technology/sip_peers.hpp"

namespace almon::pbx {

/// What is known at this moment of the ways to other systems (ADB-019, ADB-021).
struct TrunkStates {
    std::vector<OutwardRegistrations::Shown> registrations;
    std::vector<SipPeers::Shown> peers;
};

}  // namespace almon::pbx
