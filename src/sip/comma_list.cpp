// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/comma_list.hpp"

#include "sip/syntax.hpp"

namespace almon::sip {

std::optional<std::string_view> CommaList::next() noexcept {
    if (ended_) return std::nullopt;
    bool in_angles = false;
    // Most values are lists of one.
    const std::size_t end = rest_.find(',') == std::string_view::npos ? 0 : rest_.size();
    for (std::size_t i = 0; i < end; ++i) {
        const char c = rest_[i];
        if (!syntax::is(c, syntax::kListSyntax)) continue;
        if (c == '"' && !in_angles) {
            const std::size_t length = quoted_length(rest_.substr(i));
            if (length == 0) break;  // unbalanced: the rest is one element, and its parser refuses it
            i += length - 1;
        } else if (c == '<') {
            in_angles = true;
        } else if (c == '>') {
            in_angles = false;
        } else if (c == ',' && !in_angles) {
            const std::string_view element = rest_.substr(0, i);
            rest_.remove_prefix(i + 1);
            return trim(element);
        }
    }
    ended_ = true;
    const std::string_view element = rest_;
    rest_ = {};
    return trim(element);
}

}  // namespace almon::sip
