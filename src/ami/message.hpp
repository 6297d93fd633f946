// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace almon::ami {

/// What goes over the manager's connection in either direction: lines "Name: value", ended by an empty one. A
/// name may come several times (Variable, Output). Names are compared whatever their case.
class Message final {
public:
    using Header = std::pair<std::string, std::string>;

    Message() = default;
    Message(std::initializer_list<Header> headers) : headers_(headers) {}

    Message& add(std::string_view name, std::string_view value);
    /// Puts it where it belongs when it is known last: behind `place` others.
    void insert(std::size_t place, std::string_view name, std::string_view value);

    /// The first of that name; empty: there is none, or it says nothing.
    [[nodiscard]] std::string_view find(std::string_view name) const noexcept;
    [[nodiscard]] bool has(std::string_view name) const noexcept;
    /// All of that name, in their order.
    [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;
    [[nodiscard]] const std::vector<Header>& headers() const noexcept { return headers_; }

    /// As it is sent, with the empty line. What would end a line early in a name or value is left out.
    [[nodiscard]] std::string text() const;

private:
    std::vector<Header> headers_;
};

/// The same letters, whatever their case (ASCII).
[[nodiscard]] bool same_name(std::string_view a, std::string_view b) noexcept;
/// "yes", "true", "on", "1" and the like, as clients write it.
[[nodiscard]] bool is_true(std::string_view value) noexcept;

}  // namespace almon::ami
