// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "model/snapshot.hpp"
#include "pbx/technology.hpp"

namespace almon::pbx {

/// "Alice Miller".
[[nodiscard]] std::string full_name(const model::User& user);

/// A caller's name as it is shown where calls are marked. @param mode "prepend", "append" or "overwrite";
/// empty, as an empty mark: the name stays.
[[nodiscard]] std::string marked_name(std::string_view name, std::string_view mode, std::string_view mark);

/// Reads the documented form of a configured caller ID: `"My Name" <9999>`, `My Name <9999>`, `"My Name"`,
/// `My Name`. The number stays empty where none is given. Never refuses: what is not a number in brackets is
/// name.
[[nodiscard]] CallerId parse_caller_id(std::string_view text);

/// How a user's line is shown to colleagues: name and number each from the line's own caller ID, else from
/// the user's, else from first and last name and the line's main extension.
/// @param user may be null, for a line of nobody.
[[nodiscard]] CallerId internal_caller_id(const model::Snapshot& snapshot, const model::Line& line,
                                          const model::User* user);

/// The account that calls of the line are billed to: option `accountcode` of its SIP account; empty: none.
[[nodiscard]] std::string_view account_code(const model::Snapshot& snapshot,
                                            const model::Line& line) noexcept;

}  // namespace almon::pbx
