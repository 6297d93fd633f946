// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/uuid.hpp"

#include <fmt/format.h>

namespace almon {

std::string random_uuid(Random& random) {
    const auto high = random.next();
    const auto low = random.next();
    return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", high >> 32U, high >> 16U & 0xffffU,
                       high & 0xfffU, (low >> 48U & 0x3fffU) | 0x8000U, low & 0xffff'ffff'ffffU);
}

}  // namespace almon
