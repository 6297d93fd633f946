// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/net_address.hpp"

namespace almon::server {

/// `listening` as others can reach it: itself, or for an unspecified address that of the interface towards
/// the default route, or loopback where there is none. Nothing is sent.
[[nodiscard]] NetAddress outward_address(const std::string& listening);

}  // namespace almon::server
