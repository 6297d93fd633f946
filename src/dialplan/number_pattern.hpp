// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bitset>
#include <compare>
#include <cstdint>
#include <string_view>
#include <vector>

namespace almon::dialplan {

/// A pattern of numbers (ADB-004, ADB-029, ADB-047), with or without the leading underscore: X is any digit,
/// Z one from 1 to 9, N one from 2 to 9, [1-37] one of those listed, `.` at the end one or more characters
/// and
/// `!` none or more; everything else stands for itself.
class NumberPattern final {
public:
    /// Whether a configured number is a pattern rather than a number.
    [[nodiscard]] static bool is_pattern(std::string_view text) noexcept;
    /// Never refuses: a bracket that is not closed lists what follows it.
    explicit NumberPattern(std::string_view text);

    [[nodiscard]] bool matches(std::string_view number) const noexcept;
    /// Whether there are longer numbers that begin so and match.
    [[nodiscard]] bool may_go_on(std::string_view number) const noexcept;
    /// Where several patterns match a number, the one counts that is less: from the left, the first place at
    /// which one allows fewer characters decides.
    [[nodiscard]] std::strong_ordering operator<=>(const NumberPattern& other) const noexcept;
    [[nodiscard]] bool operator==(const NumberPattern& other) const noexcept {
        return (*this <=> other) == 0;
    }

private:
    using Characters = std::bitset<128>;
    /// What follows the listed places.
    enum class Rest : std::uint8_t { Nothing, Something, Anything };

    [[nodiscard]] bool allows(std::string_view number) const noexcept;
    [[nodiscard]] std::size_t width_at(std::size_t place) const noexcept;

    std::vector<Characters> places_;
    Rest rest_ = Rest::Nothing;
};

}  // namespace almon::dialplan
