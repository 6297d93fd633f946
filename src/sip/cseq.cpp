// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/cseq.hpp"

#include "sip/syntax.hpp"

namespace almon::sip {

Result<CSeq> CSeq::parse(std::string_view value) {
    value = trim(value);
    std::size_t digits = 0;
    while (digits < value.size() && is_digit(value[digits]))
        ++digits;
    // RFC 3261 8.1.1.5: the sequence number is less than 2**31.
    const auto number = parse_number<std::uint32_t>(value.substr(0, digits), 0x7fffffffU);
    if (!number) return refuse(ErrorCode::Malformed, "CSeq", "the number is missing or too large");
    const std::string_view name = trim(value.substr(digits));
    if (!is_token(name) || name.data() == value.data() + digits) {
        return refuse(ErrorCode::Malformed, "CSeq", "no method");
    }
    return CSeq{*number, method_of(name), name};
}

std::string CSeq::text() const {
    std::string out = std::to_string(number);
    out += ' ';
    out += method_name.empty() ? name_of(method) : method_name;
    return out;
}

}  // namespace almon::sip
