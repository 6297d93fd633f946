// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

namespace almon::sip {

/// Walks over a comma-separated field value; commas inside quotes and angle brackets do not separate.
class CommaList final {
public:
    explicit CommaList(std::string_view value) noexcept : rest_(value) {}
    /// The next element, trimmed; may be empty where commas stand together. Nothing at the end.
    [[nodiscard]] std::optional<std::string_view> next() noexcept;
    /// What follows the elements taken so far.
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

private:
    std::string_view rest_;
    bool ended_ = false;
};

}  // namespace almon::sip
