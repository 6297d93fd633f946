// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace almon::http {

enum class PlusSign { Literal, Space };

/// Appends `text` with %XX undone. Refused (Malformed): a % without two digits behind it, what is not UTF-8
/// afterwards, and the character NUL, none of which any text of ours could hold.
[[nodiscard]] Result<void> percent_decode(std::string_view text, PlusSign plus, std::string& into);
/// Everything but letters, digits and -._~ as %XX (RFC 3986 section 2.3).
[[nodiscard]] std::string percent_encode(std::string_view text);

/// The parameters behind the question mark, decoded, in their order; a name may occur several times.
class Query final {
public:
    struct Parameter {
        std::string name;
        std::string value;

        friend bool operator==(const Parameter&, const Parameter&) = default;
    };

    /// `text` is what stands behind the question mark: name=value joined by &, + is a space. Refused as
    /// percent_decode() refuses. On refusal nothing is kept.
    [[nodiscard]] Result<void> assign(std::string_view text);
    /// The first of that name.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
    [[nodiscard]] const std::vector<Parameter>& parameters() const noexcept { return parameters_; }
    void clear() noexcept { parameters_.clear(); }

private:
    std::vector<Parameter> parameters_;
};

}  // namespace almon::http
