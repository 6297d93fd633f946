// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace almon::dialplan {

/// What is handed to an application or a function, at its commas. Those in quotes or brackets divide nothing,
/// nor does one behind a backslash; such quotes and backslashes go. Spaces around are no part of it.
/// @param most the last of so many has all commas that follow; 0: as many as there are.
[[nodiscard]] std::vector<std::string> split_arguments(std::string_view text, std::size_t most = 0);

/// What stands at `at`; empty where nothing does.
[[nodiscard]] inline std::string_view argument(const std::vector<std::string>& arguments,
                                               std::size_t at) noexcept {
    return at < arguments.size() ? std::string_view(arguments[at]) : std::string_view();
}

[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

/// `condition?this:that`, at the first question mark that stands in no ${...} or $[...], and the first colon
/// behind it that stands in no brackets either.
struct Choice {
    std::string_view condition;
    std::string_view if_true;
    std::string_view if_false;
};
[[nodiscard]] Choice split_choice(std::string_view text) noexcept;

}  // namespace almon::dialplan
