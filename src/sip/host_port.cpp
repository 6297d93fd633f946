// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/host_port.hpp"

#include "sip/syntax.hpp"

namespace almon::sip {

namespace {

bool is_name(std::string_view host) noexcept {
    for (const char c : host) {
        if (!syntax::is(c, syntax::kHostCharacter)) return false;
    }
    return !host.empty();
}

bool is_bracketed(std::string_view host) noexcept {
    if (host.size() < 4) return false;
    for (const char c : host.substr(1, host.size() - 2)) {
        if (!is_hex_digit(c) && c != ':' && c != '.') return false;
    }
    return true;
}

}  // namespace

std::optional<HostPort> HostPort::parse(std::string_view text) noexcept {
    text = trim(text);
    HostPort parsed;
    std::size_t length = 0;
    if (!text.empty() && text.front() == '[') {
        const std::size_t bracket = text.find(']');
        if (bracket == std::string_view::npos) return std::nullopt;
        length = bracket + 1;
        if (!is_bracketed(text.substr(0, length))) return std::nullopt;
        parsed.host = text.substr(0, length);
    } else {
        length = text.find(':');
        if (length == std::string_view::npos) length = text.size();
        parsed.host = trim(text.substr(0, length));
        if (!is_name(parsed.host)) return std::nullopt;
    }
    std::string_view rest = trim_left(text.substr(length));
    if (rest.empty()) return parsed;
    if (rest.front() != ':') return std::nullopt;
    const auto port = parse_number<std::uint16_t>(trim(rest.substr(1)));
    if (!port || *port == 0) return std::nullopt;
    parsed.port = *port;
    return parsed;
}

}  // namespace almon::sip
