// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/numbering.hpp"

#include <algorithm>

#include "model/outcall.hpp"

namespace almon::pbx {

std::string dialled_pattern(const model::Extension& extension, std::string_view prefix) {
    std::string_view exten = extension.exten;
    if (exten.starts_with('_')) exten.remove_prefix(1);
    std::string pattern = "_";
    pattern += prefix;
    pattern += exten;
    return pattern;
}

const model::Extension* NumberPatterns::find(const model::Snapshot& snapshot, std::string_view context,
                                             std::string_view number) {
    if (read_from_ != &snapshot || change_ != snapshot.change()) read(snapshot);
    const auto found = by_context_.find(context);
    if (found == by_context_.end()) return nullptr;
    for (const auto& [pattern, extension] : found->second) {
        if (pattern.matches(number)) return snapshot.extension(extension);
    }
    return nullptr;
}

void NumberPatterns::read(const model::Snapshot& snapshot) {
    read_from_ = &snapshot;
    change_ = snapshot.change();
    by_context_.clear();
    snapshot.for_each<model::Extension>([&](const model::Extension& extension) {
        const auto* way_out = snapshot.first_naming<model::OutcallExtension>(extension.id);
        const bool has_prefix = way_out != nullptr && !way_out->prefix.empty();
        if (extension.commented || (!has_prefix && !dialplan::NumberPattern::is_pattern(extension.exten)))
            return;
        by_context_[extension.context].emplace_back(
            dialplan::NumberPattern(
                dialled_pattern(extension, has_prefix ? way_out->prefix : std::string_view{})),
            extension.id);
    });
    for (auto& [context, patterns] : by_context_) {
        std::ranges::stable_sort(patterns, [](const Known& a, const Known& b) { return a.first < b.first; });
    }
}

}  // namespace almon::pbx
