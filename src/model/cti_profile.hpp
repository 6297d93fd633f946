// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/declaration.hpp"
#include "model/ids.hpp"
#include "model/status_group.hpp"

namespace almon::model {

/// What the client shows and lets do those who sign in with it (API-074).
struct CtiProfile {
    CtiProfileId id;
    std::string name;
    PresenceGroupId presence_group;     ///< What they can be for others (ADA-097).
    PhoneHintGroupId phone_hint_group;  ///< How they are shown states of phones.
};
template <>
Declaration declare<CtiProfile>();

}  // namespace almon::model
