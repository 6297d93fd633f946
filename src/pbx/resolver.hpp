// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialplan/dialplan.hpp"
#include "model/destination.hpp"
#include "model/snapshot.hpp"
#include "pbx/destination.hpp"
#include "pbx/numbering.hpp"

namespace almon::pbx {

/// Where a routing step is written down; may be empty.
using TraceStep = std::function<void(std::string text)>;

/// The dialplan that administrators have written, and the time by which its includes go.
struct WrittenNumbers {
    std::shared_ptr<const dialplan::Dialplan> dialplan{};  ///< Null: there is none.
    std::tm now{};
};

/// The one router: what a number means in a context. A context is an ordered list of providers, its own
/// numbers, its patterns, what is written of it in the dialplan, and then the contexts it includes, depth
/// first; each context is looked into once. Inside, `xivo-extrafeatures` of the dialplan comes last
/// (ADB-054). Reads the snapshot only. Every step goes to `trace` with the data it used.
/// @param patterns null: only numbers that stand there in full are found.
[[nodiscard]] Destination resolve(const model::Snapshot& snapshot, std::string_view context,
                                  std::string_view exten, const TraceStep& trace,
                                  NumberPatterns* patterns = nullptr, const WrittenNumbers& written = {});

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
                                  const TraceStep& trace, NumberPatterns& patterns,
                                  const WrittenNumbers& written = {});

}  // namespace almon::pbx
