// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/random.hpp"

namespace almon {

/// A random UUID (version 4, RFC 4122 section 4.4): 36 characters, 122 bits that nobody can guess.
[[nodiscard]] std::string random_uuid(Random& random);

}  // namespace almon
