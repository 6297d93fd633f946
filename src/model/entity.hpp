// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// A company, or part of one, that users belong to.
struct Entity {
    EntityId id;
    std::string name;
    std::string display_name;
};
template <>
Declaration declare<Entity>();

}  // namespace almon::model
