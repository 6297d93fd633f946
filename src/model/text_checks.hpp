// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "base/result.hpp"

namespace almon::model {

/// Made of ASCII digits and the characters of `more` alone; so is the empty text.
[[nodiscard]] bool is_digits_and(std::string_view text, std::string_view more = {}) noexcept;
/// Made of ASCII letters, digits and the characters of `more` alone; so is the empty text.
[[nodiscard]] bool is_word_and(std::string_view text, std::string_view more = {}) noexcept;

/// For Field::checked_by(), and for what declarations check in common.
namespace checks {
/// Names that the dialplan or the disk know: letters, digits, - _ and . only.
[[nodiscard]] Result<void> word(const boost::json::value& value);
[[nodiscard]] Result<void> digits(const boost::json::value& value);
[[nodiscard]] Result<void> email(const boost::json::value& value);
/// Digits, *, # and +.
[[nodiscard]] Result<void> phone_number(const boost::json::value& value);
[[nodiscard]] Result<void> timezone(const boost::json::value& value);
/// A sound's name, with a path where it is no sound of the system; it cannot leave its folder.
[[nodiscard]] Result<void> sound(const boost::json::value& value);

/// Refuses a list that names something twice.
template <class Item>
[[nodiscard]] Result<void> once(std::string field, std::vector<Item> list) {
    std::sort(list.begin(), list.end());
    if (std::adjacent_find(list.begin(), list.end()) == list.end()) return {};
    return refuse(ErrorCode::InvalidArgument, std::move(field), "names one twice");
}
}  // namespace checks

}  // namespace almon::model
