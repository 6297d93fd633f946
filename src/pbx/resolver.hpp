// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/destination.hpp"
#include "model/snapshot.hpp"
#include "pbx/destination.hpp"
#include "pbx/numbering.hpp"

namespace almon::pbx {

/// Where a routing step is written down; may be empty.
using TraceStep = std::function<void(std::string text)>;

/// The one router: what a number means in a context. A context is an ordered list of providers, its own
/// numbers, its patterns and then the contexts it includes, depth first; each context is looked into once.
/// Reads the snapshot only. Every step goes to `trace` with the data it used.
/// @param patterns null: only numbers that stand there in full are found.
[[nodiscard]] Destination resolve(const model::Snapshot& snapshot, std::string_view context,
                                  std::string_view exten, const TraceStep& trace,
                                  NumberPatterns* patterns = nullptr);

/// The feature code that was dialled, whether it is switched on or not; nothing: it is none. One that stands
/// there in full goes before patterns.
[[nodiscard]] std::optional<FeatureDestination> code_dialled(const model::Snapshot& snapshot,
                                                             std::string_view exten);

/// Where calls of a trunk begin; without a context of its own at the numbers of incoming calls, in
/// "from-extern".
[[nodiscard]] std::string_view context_of(const model::Trunk& trunk) noexcept;

/// The devices of a user's lines, the main line first.
[[nodiscard]] std::vector<DestinationEndpoint> endpoints_of(const model::Snapshot& snapshot,
                                                            model::UserId user);

/// What a configured destination means. One that says nothing, or "none", ends the call.
[[nodiscard]] Destination resolve(const model::Snapshot& snapshot, const model::Destination& configured,
                                  const TraceStep& trace, NumberPatterns& patterns);

}  // namespace almon::pbx
