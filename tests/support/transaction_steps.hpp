// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "sip/transaction_step.hpp"

namespace almon::sip {

/// Effects in words, so that tests read as a table: "send request; start A 500ms; start B 32000ms".
[[nodiscard]] std::string in_words(const Effects& effects);

}  // namespace almon::sip
