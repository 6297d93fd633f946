// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>

namespace almon::model {

/// What names a resource among those of its kind: its id; of an association the ids of what it joins.
struct Key {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    friend constexpr auto operator<=>(const Key&, const Key&) noexcept = default;
};

}  // namespace almon::model
