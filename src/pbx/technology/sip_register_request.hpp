// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "pbx/technology/registrar.hpp"
#include "sip/message.hpp"

namespace almon::pbx {

/// A REGISTER as the registrar's values. Refusals: Malformed (400), Forbidden (403: registers somebody else's
/// address of record).
[[nodiscard]] Result<RegisterRequest> register_request_of(const sip::Message& message, const sip::Flow& flow,
                                                          std::string_view username);

}  // namespace almon::pbx
