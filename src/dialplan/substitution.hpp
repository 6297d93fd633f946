// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "dialplan/values.hpp"

namespace almon::dialplan {

/// A text with ${NAME}, ${NAME:offset:length}, ${FUNCTION(arguments)} and $[expression] in it, each of which
/// may contain others. Read once, filled in as often as a call comes by.
class Substitution final {
public:
    Substitution() = default;
    /// Refused where a bracket is not closed, or more than 32 stand in each other.
    [[nodiscard]] static Result<Substitution> parse(std::string_view text);

    /// What cannot be found out is empty, and told to `values` as a mistake.
    [[nodiscard]] std::string fill_in(Values& values) const;

    /// Whether one of the characters stands in it outside of all brackets.
    [[nodiscard]] bool says(std::string_view characters) const noexcept;

private:
    enum class Kind : std::uint8_t { Text, Variable, Expression };
    struct Piece {
        Kind kind = Kind::Text;
        std::string text{};
        std::vector<Piece> inside{};
    };
    class Reading;

    static void append(std::string& out, const std::vector<Piece>& pieces, Values& values);

    std::vector<Piece> pieces_;
};

/// What ${...} stands for, once what is in it was filled in.
[[nodiscard]] std::string value_of(std::string_view reference, Values& values);

}  // namespace almon::dialplan
