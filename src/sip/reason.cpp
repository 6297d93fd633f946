// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/reason.hpp"

#include <algorithm>
#include <utility>

#include "sip/message.hpp"
#include "sip/syntax.hpp"

namespace almon::sip {

Result<Reason> Reason::parse(std::string_view value) {
    const std::size_t semicolon = std::min(value.find(';'), value.size());
    Reason reason;
    reason.protocol = trim(value.substr(0, semicolon));
    if (!is_token(reason.protocol)) return refuse(ErrorCode::Malformed, "Reason", "names no protocol");
    const auto parameters = Parameters::parse(value.substr(semicolon), "Reason");
    if (!parameters) return refuse(parameters);
    if (const auto cause = parameters->find("cause")) {
        reason.cause = parse_number<std::uint16_t>(*cause);
        if (!reason.cause) return refuse(ErrorCode::Malformed, "Reason", "has a cause that is not a number");
    }
    if (const auto text = parameters->find("text")) reason.text = unescape_quoted(*text);
    return reason;
}

std::optional<Reason> Reason::of(const Message& message, std::string_view protocol) {
    for (const std::string_view value : message.list(HeaderName::Reason)) {
        if (auto reason = parse(value); reason && equal_ignoring_case(reason->protocol, protocol)) {
            return std::move(*reason);
        }
    }
    return std::nullopt;
}

std::string Reason::header_value() const {
    std::string out = protocol;
    if (cause) out += ";cause=" + std::to_string(*cause);
    if (!text.empty()) out += ";text=" + quote(text);
    return out;
}

}  // namespace almon::sip
