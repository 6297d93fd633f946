// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "bus/event.hpp"

namespace almon::bus {

/// Appends the event as the journal keeps it: a kind, the number of its fields, the fields in the order in
/// which the struct describes them. Fields may be added at the end of a struct; an older record leaves them
/// at their default.
void encode(const Event& event, std::string& bytes);

/// Reads what encode() wrote. Unsupported where the kind is of a newer version; Malformed where it is no
/// event.
[[nodiscard]] Result<Event> decode(std::string_view bytes);

}  // namespace almon::bus
