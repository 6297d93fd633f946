// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace almon::http {

/// `bytes` in the gzip format (RFC 1952), at a level where speed matters more than the last percent. Empty
/// where zlib has no memory. Any thread; each keeps its working memory for the next call.
[[nodiscard]] std::string gzip(std::string_view bytes);

}  // namespace almon::http
