// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// What the client shows and lets do those who sign in with it (API-074).
struct CtiProfile {
    CtiProfileId id;
    std::string name;
};
template <>
Declaration declare<CtiProfile>();

}  // namespace almon::model
