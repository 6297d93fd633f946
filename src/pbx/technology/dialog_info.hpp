// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pbx/technology.hpp"
#include "sip/user_agent.hpp"

namespace almon::pbx {

/// One dialog of a watched user (RFC 4235 4.1), as seen from the user's phone.
struct WatchedDialog {
    std::string id;
    bool is_called = false;               ///< direction="recipient".
    std::string_view state;               ///< "trying", "early", "confirmed", "terminated".
    std::optional<sip::DialogName> name;  ///< As we see it: the phone's local tag is our remote one.
    CallerId other;                       ///< Whom the user talks to; left out where withheld or unknown.
};

/// A body of application/dialog-info+xml.
/// @param whole all dialogs there are; else only those that have changed since the version before.
/// @param entity the URI that was subscribed to, @param host in the URIs of other parties.
[[nodiscard]] sip::Body dialog_info_of(std::string_view entity, std::string_view host, std::uint32_t version,
                                       bool whole, const std::vector<WatchedDialog>& dialogs);

}  // namespace almon::pbx
