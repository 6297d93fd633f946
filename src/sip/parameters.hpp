// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace almon::sip {

struct Parameter {
    std::string_view name;
    std::string_view value;  ///< As written, a quoted-string with its quotes; empty for a flag.
};

/// The parameters behind a header field value or in a URI, `;name=value;flag`: a view, looked up by scanning,
/// since there are seldom more than five.
class Parameters final {
public:
    Parameters() = default;
    /// `text` is empty or begins with ';'. Unchecked: what is not a parameter is passed over.
    explicit Parameters(std::string_view text) noexcept : text_(text) {}
    /// Checks the grammar of generic-param (RFC 3261 25.1). `field` names the header in the refusal.
    [[nodiscard]] static Result<Parameters> parse(std::string_view text, std::string_view field);

    /// The value, without quotes but not unescaped; empty for a flag. Names are case-insensitive.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
    [[nodiscard]] bool has(std::string_view name) const noexcept { return find(name).has_value(); }
    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

    class Iterator {
    public:
        using value_type = Parameter;
        using difference_type = std::ptrdiff_t;
        explicit Iterator(std::string_view rest) noexcept : rest_(rest) { ++*this; }
        Parameter operator*() const noexcept { return current_; }
        Iterator& operator++() noexcept;
        void operator++(int) noexcept { ++*this; }
        bool operator==(std::default_sentinel_t) const noexcept { return ended_; }

    private:
        std::string_view rest_;
        Parameter current_;
        bool ended_ = false;
    };
    [[nodiscard]] Iterator begin() const noexcept { return Iterator(text_); }
    [[nodiscard]] static std::default_sentinel_t end() noexcept { return {}; }

private:
    std::string_view text_;
};

}  // namespace almon::sip
