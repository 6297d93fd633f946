// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// What holds for the whole system; there is one at most, number 1.
struct Installation {
    InstallationId id;
    bool configured = false;  ///< The wizard was passed.
    bool live_reload = true;  ///< Kept for clients that set it: changes are in force at once in any case.
    std::string language = "en_US";
    std::string timezone;
    std::string hostname;
    std::string domain;
};
template <>
Declaration declare<Installation>();

inline constexpr InstallationId kInstallation{1};

}  // namespace almon::model
