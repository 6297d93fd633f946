// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace almon::sip {

/// Replaces (RFC 3891 6.1): the dialog whose place a new INVITE takes. The tags are as the one who receives
/// the INVITE sees them: its own is to_tag. Views into the text it was parsed from.
struct Replaces {
    std::string_view call_id;
    std::string_view to_tag;
    std::string_view from_tag;
    bool early_only = false;

    /// From a header field; out of a Refer-To URI it has to be unescaped first (SipUri::header).
    [[nodiscard]] static Result<Replaces> parse(std::string_view value);
    [[nodiscard]] std::string text() const;
};

}  // namespace almon::sip
