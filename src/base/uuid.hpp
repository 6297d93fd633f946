// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/random.hpp"

namespace almon {

/// A random UUID (RFC 4122 section 4.4): "f81d4fae-7dec-4d0a-a765-00a0c91e6bf6".
[[nodiscard]] std::string random_uuid(Random& random);

}  // namespace almon
