// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/uuid.hpp"

#include <fmt/format.h>

namespace almon {

std::string random_uuid(Random& random) {
    const auto high = (random.next() & ~0xf000ULL) | 0x4000ULL;
    const auto low = (random.next() & ~(3ULL << 62U)) | (2ULL << 62U);
    return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32U, (high >> 16U) & 0xffffU, high & 0xffffU, low >> 48U,
                       low & 0xffffffffffffULL);
}

}  // namespace almon
