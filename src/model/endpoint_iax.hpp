// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/id.hpp"
#include "model/declaration.hpp"
#include "model/option_list.hpp"

namespace almon::model {

struct EndpointIax;
using EndpointIaxId = Id<EndpointIax>;

/// An account of IAX, the second of the three kinds of trunks (ADB-011). Kept; no call goes by it.
struct EndpointIax {
    EndpointIaxId id;
    std::string name;
    std::string type = "friend";
    std::string host = "dynamic";
    OptionList options;
};
template <>
Declaration declare<EndpointIax>();

}  // namespace almon::model
