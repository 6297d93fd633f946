// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "sip/cseq.hpp"

namespace almon::sip {

/// RAck (RFC 3262 7.2): which reliable provisional response a PRACK acknowledges.
struct RAck {
    std::uint32_t rseq = 0;
    CSeq cseq;

    [[nodiscard]] static Result<RAck> parse(std::string_view value);
    [[nodiscard]] std::string text() const;
};

/// RSeq (RFC 3262 7.1): 1 to 2^32 - 1.
[[nodiscard]] Result<std::uint32_t> parse_rseq(std::string_view value);

}  // namespace almon::sip
