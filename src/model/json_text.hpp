// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace almon::model {

/// Appends the text as a JSON string, quotes included.
void append_json_text(std::string& out, std::string_view text);

}  // namespace almon::model
