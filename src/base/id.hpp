// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace almon {

/// A number that names one thing of one kind; ids of different kinds cannot be swapped. Zero names nothing.
template <class Tag>
struct Id {
    std::uint64_t value = 0;

    constexpr Id() noexcept = default;
    constexpr explicit Id(std::uint64_t number) noexcept : value(number) {}

    [[nodiscard]] constexpr explicit operator bool() const noexcept { return value != 0; }
    friend constexpr auto operator<=>(Id, Id) noexcept = default;
};

}  // namespace almon

template <class Tag>
struct std::hash<almon::Id<Tag>> {
    std::size_t operator()(almon::Id<Tag> id) const noexcept { return std::hash<std::uint64_t>{}(id.value); }
};
