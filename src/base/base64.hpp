// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace almon {

/// RFC 4648 section 4, with padding.
[[nodiscard]] std::string base64_encode(std::string_view bytes);
/// Nothing for what is not base64 with its padding.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

}  // namespace almon
