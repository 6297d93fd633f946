// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/rack.hpp"

#include <algorithm>

#include "sip/syntax.hpp"

namespace almon::sip {

Result<RAck> RAck::parse(std::string_view value) {
    value = trim(value);
    const std::size_t space = std::min(value.find_first_of(" \t"), value.size());
    const auto rseq = parse_number<std::uint32_t>(value.substr(0, space));
    const auto cseq = CSeq::parse(value.substr(space));
    if (!rseq || !cseq) return refuse(ErrorCode::Malformed, "RAck", "is not two numbers and a method");
    return RAck{*rseq, *cseq};
}

std::string RAck::text() const {
    return std::to_string(rseq) + ' ' + cseq.text();
}

Result<std::uint32_t> parse_rseq(std::string_view value) {
    const auto number = parse_number<std::uint32_t>(trim(value));
    if (!number || *number == 0) return refuse(ErrorCode::Malformed, "RSeq", "is not a number above zero");
    return *number;
}

}  // namespace almon::sip
