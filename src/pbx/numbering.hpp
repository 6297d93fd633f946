// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialplan/number_pattern.hpp"
#include "model/snapshot.hpp"

namespace almon::pbx {

/// The patterns among the numbers of a configuration, by context; what is dialled to get out is one too.
/// Derived from a snapshot when a call first needs it, so that a thousand changes in a row cost nothing.
class NumberPatterns final {
public:
    /// The extension whose pattern says most about the number; null: none matches.
    [[nodiscard]] const model::Extension* find(const model::Snapshot& snapshot, std::string_view context,
                                               std::string_view number);

private:
    void read(const model::Snapshot& snapshot);

    using Known = std::pair<dialplan::NumberPattern, model::ExtensionId>;
    std::map<std::string, std::vector<Known>, std::less<>> by_context_;  ///< The narrowest first.
    const void* read_from_ = nullptr;
    std::uint64_t change_ = 0;
};

/// What is dialled to get out: its own prefix stands before the extension (API-101).
[[nodiscard]] std::string dialled_pattern(const model::Extension& extension, std::string_view prefix);

}  // namespace almon::pbx
