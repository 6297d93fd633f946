// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/snapshot.hpp"

namespace almon::pbx {

/// A device to ring for a destination.
struct DestinationEndpoint {
    std::string_view technology;  ///< Name of the Technology.
    std::string_view name;        ///< Its name there; lives as long as the snapshot.
    model::LineId line;
};

/// The number leads to a person: all lines of the user ring.
struct UserDestination {
    const model::User* user = nullptr;
    const model::Line* line = nullptr;  ///< The line that the number belongs to.
    std::vector<DestinationEndpoint> endpoints;
};

/// The number leads nowhere.
struct UnknownDestination {};

using Destination = std::variant<UnknownDestination, UserDestination>;

/// Where a routing step is written down; may be empty.
using TraceStep = std::function<void(std::string text)>;

/// The one router: what a number means in a context. A context is an ordered list of providers, its own
/// extensions and then the contexts it includes, depth first; each context is looked into once. Reads the
/// snapshot only. Every step goes to `trace` with the data it used.
[[nodiscard]] Destination resolve(const model::Snapshot& snapshot, std::string_view context,
                                  std::string_view exten, const TraceStep& trace);

}  // namespace almon::pbx
