// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace almon::media {

/// How often anything in this test program has allocated, on any thread.
[[nodiscard]] std::uint64_t allocations_so_far() noexcept;

}  // namespace almon::media
