// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "sip/method.hpp"

namespace almon::sip {

/// CSeq (RFC 3261 20.16). A view into the text it was parsed from.
struct CSeq {
    std::uint32_t number = 0;  ///< Below 2^31.
    Method method = Method::Other;
    std::string_view method_name;

    [[nodiscard]] static Result<CSeq> parse(std::string_view value);
    [[nodiscard]] std::string text() const;
};

}  // namespace almon::sip
