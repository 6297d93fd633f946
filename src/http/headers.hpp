// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace almon::http {

/// Header fields in their order. Names are compared without regard to case; a name may occur several times.
/// All text stands in one buffer, and clear() keeps it, so that the requests of a connection share one.
class Headers final {
public:
    struct Field {
        std::string_view name;
        std::string_view value;
    };

    /// Control characters in a value are written as spaces: nobody splits a response.
    void add(std::string_view name, std::string_view value);
    /// Takes away all of that name first.
    void set(std::string_view name, std::string_view value);
    void remove(std::string_view name);
    /// The first of that name, without the white space around it. Valid until the next change.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
    /// find(), or empty.
    [[nodiscard]] std::string_view get(std::string_view name) const noexcept;
    [[nodiscard]] bool contains(std::string_view name) const noexcept { return find(name).has_value(); }
    [[nodiscard]] std::size_t count(std::string_view name) const noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    [[nodiscard]] Field operator[](std::size_t index) const noexcept;
    void clear() noexcept;

private:
    struct Entry {
        std::uint32_t name = 0;
        std::uint32_t name_size = 0;
        std::uint32_t value = 0;
        std::uint32_t value_size = 0;
    };

    std::string text_;
    std::vector<Entry> entries_;
};

/// True where a comma-separated list ("gzip, deflate;q=0.5") names `token` and does not give it a weight of
/// zero; without regard to case.
[[nodiscard]] bool list_admits(std::string_view list, std::string_view token) noexcept;

/// Both without regard to ASCII case.
[[nodiscard]] bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept;
/// Without spaces and tabs at both ends.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

}  // namespace almon::http
