// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/ids.hpp"
#include "model/key.hpp"

namespace almon::model {

/// A way out (API-099): calls to its extensions leave by its trunks, the first that works.
struct Outcall {
    OutcallId id;
    std::string name;
    std::string description;
    bool internal_caller_id = false;  ///< The other side sees the caller's number inside.
    std::string preprocess_subroutine;
    std::optional<int> ring_time;  ///< Seconds; nothing: as long as the caller waits.
    bool enabled = true;
    std::vector<TrunkId> trunks;  ///< In the order in which they are tried.
    ScheduleId schedule;
    std::vector<CallPermissionId> call_permissions;
};
template <>
Declaration declare<Outcall>();

/// What is dialled to get out, and what becomes of it (API-101). Dialled is the prefix and then the
/// extension.
struct OutcallExtension {
    OutcallId outcall;
    ExtensionId extension;
    std::string prefix = {};
    std::string external_prefix = {};  ///< Put in front of what is sent.
    int strip_digits = 0;              ///< So many leading digits are not sent.
    std::string caller_id = {};

    [[nodiscard]] Key key() const noexcept { return {outcall.value, extension.value}; }
};
template <>
Declaration declare<OutcallExtension>();

}  // namespace almon::model
