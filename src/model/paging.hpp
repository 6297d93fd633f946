// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// Phones that all speak at once to whoever dials *11 and its number (ADB-078 to ADB-080).
struct Paging {
    PagingId id;
    std::string number;
    std::string name;
    bool announce_caller = true;
    std::string announce_sound;
    bool caller_notification = true;
    bool duplex = false;
    bool enabled = true;
    bool ignore_forward = false;
    bool record = false;
    int timeout = 30;  ///< Seconds a phone has to answer.
    std::string description;
    std::vector<UserId> callers;  ///< Who may; nobody: everybody.
    std::vector<UserId> members;
};
template <>
Declaration declare<Paging>();

}  // namespace almon::model
