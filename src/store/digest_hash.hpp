// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace almon::store {

/// A1 of RFC 7616 section 3.4.2, H(username ":" realm ":" password), in lower-case hexadecimal digits.
[[nodiscard]] std::string a1_md5(std::string_view username, std::string_view realm,
                                 std::string_view password);
[[nodiscard]] std::string a1_sha256(std::string_view username, std::string_view realm,
                                    std::string_view password);

}  // namespace almon::store
