// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/uri.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "sip/host_port.hpp"
#include "sip/syntax.hpp"

namespace almon::sip {

namespace {

tl::unexpected<Error> malformed(const char* reason) {
    return refuse(ErrorCode::Malformed, "URI", reason);
}

bool is_scheme(std::string_view text) noexcept {
    if (text.empty() || to_lower(text.front()) < 'a' || to_lower(text.front()) > 'z') return false;
    return std::ranges::all_of(text, [](char c) {
        return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z') || c == '+' || c == '-' || c == '.';
    });
}

/// Neither white space, control characters, angle brackets or quotes, nor a '%' that escapes nothing.
bool is_clean(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (!syntax::is(c, syntax::kUriCharacter)) return false;
        if (c == '%' && (i + 2 >= text.size() || !is_hex_digit(text[i + 1]) || !is_hex_digit(text[i + 2]))) {
            return false;
        }
    }
    return true;
}

bool is_telephone_number(std::string_view number) noexcept {
    // RFC 3966: global (+ and digits) or local (also A-F, * and #), with visual separators.
    bool digit_seen = false;
    for (std::size_t i = 0; i < number.size(); ++i) {
        const char c = number[i];
        if (is_hex_digit(c) || c == '*' || c == '#') {
            digit_seen = true;
        } else if (!(c == '+' && i == 0) && c != '-' && c != '.' && c != '(' && c != ')') {
            return false;
        }
    }
    return digit_seen;
}

std::string escape(std::string_view text, std::string_view allowed) {
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    static constexpr std::string_view kUnreserved = "-_.!~*'()";
    std::string escaped;
    escaped.reserve(text.size());
    for (const char c : text) {
        const bool alphanumeric = is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z');
        if (alphanumeric || kUnreserved.find(c) != std::string_view::npos ||
            allowed.find(c) != std::string_view::npos) {
            escaped += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            escaped += '%';
            escaped += kHex[byte >> 4U];
            escaped += kHex[byte & 15U];
        }
    }
    return escaped;
}

/// One character at the front of `text`, escape resolved, and whether it was escaped.
std::pair<char, bool> take_character(std::string_view& text) noexcept {
    if (text.size() >= 3 && text[0] == '%' && is_hex_digit(text[1]) && is_hex_digit(text[2])) {
        const char c = static_cast<char>(hex_value(text[1]) << 4U | hex_value(text[2]));
        text.remove_prefix(3);
        return {c, true};
    }
    const char c = text.front();
    text.remove_prefix(1);
    return {c, false};
}

/// RFC 3261 19.1.4: characters equal their escapes, except those of the reserved set (RFC 2396).
bool same_text(std::string_view a, std::string_view b, bool case_sensitive) noexcept {
    static constexpr std::string_view kReserved = ";/?:@&=+$,";
    while (!a.empty() && !b.empty()) {
        const auto [left, left_escaped] = take_character(a);
        const auto [right, right_escaped] = take_character(b);
        if (case_sensitive ? left != right : to_lower(left) != to_lower(right)) return false;
        if (left_escaped != right_escaped && kReserved.find(left) != std::string_view::npos) return false;
    }
    return a.empty() && b.empty();
}

std::optional<std::string_view> find_parameter(const Parameters& parameters, std::string_view name) noexcept {
    for (const Parameter parameter : parameters) {
        if (same_text(parameter.name, name, false)) return without_quotes(parameter.value);
    }
    return std::nullopt;
}

/// The header components in order of name, so that both orders compare equal.
std::vector<std::pair<std::string, std::string>> header_components(std::string_view headers) {
    std::vector<std::pair<std::string, std::string>> components;
    while (!headers.empty()) {
        const std::size_t ampersand = std::min(headers.find('&'), headers.size());
        const std::string_view component = headers.substr(0, ampersand);
        headers.remove_prefix(std::min(ampersand + 1, headers.size()));
        const std::size_t equals = std::min(component.find('='), component.size());
        std::string name = unescape(component.substr(0, equals));
        std::ranges::transform(name, name.begin(), to_lower);
        components.emplace_back(std::move(name),
                                unescape(component.substr(std::min(equals + 1, component.size()))));
    }
    std::ranges::sort(components);
    return components;
}

bool same_parameters(const Parameters& mine, const Parameters& theirs) noexcept {
    // These are never ignored, even when only one side has them (19.1.4 and its examples).
    static constexpr std::array<std::string_view, 5> kSignificant = {"transport", "user", "ttl", "method",
                                                                     "maddr"};
    for (const std::string_view name : kSignificant) {
        if (find_parameter(mine, name).has_value() != find_parameter(theirs, name).has_value()) return false;
    }
    for (const Parameter parameter : mine) {
        // Of a name that comes twice, which the grammar forbids, the first counts on both sides.
        const auto value = find_parameter(mine, parameter.name);
        const auto other = find_parameter(theirs, parameter.name);
        if (other && !same_text(*value, *other, false)) return false;
    }
    return true;
}

}  // namespace

Result<SipUri> SipUri::parse(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || !is_scheme(text.substr(0, colon))) return malformed("no scheme");
    if (!is_clean(text)) return malformed("a character that must be escaped, or a broken escape");
    const std::string_view scheme = text.substr(0, colon);
    std::string_view rest = text.substr(colon + 1);

    SipUri uri;
    if (equal_ignoring_case(scheme, "tel")) {
        uri.scheme = UriScheme::Tel;
        const std::size_t semicolon = std::min(rest.find(';'), rest.size());
        uri.user = rest.substr(0, semicolon);
        uri.parameters = Parameters(rest.substr(semicolon));
        if (!is_telephone_number(uri.user)) return malformed("not a telephone number");
        return uri;
    }
    if (equal_ignoring_case(scheme, "sips")) {
        uri.scheme = UriScheme::Sips;
    } else if (!equal_ignoring_case(scheme, "sip")) {
        return refuse(ErrorCode::Unsupported, "URI", "the scheme is not supported");
    }

    // The user part may hold ';', '?' and '/', so the '@' is looked for first.
    const std::size_t at = rest.find('@');
    if (at != std::string_view::npos) {
        const std::string_view userinfo = rest.substr(0, at);
        const std::size_t password = userinfo.find(':');
        uri.user = userinfo.substr(0, password);
        if (password != std::string_view::npos) uri.password = userinfo.substr(password + 1);
        if (uri.user.empty()) return malformed("nothing before the @");
        rest.remove_prefix(at + 1);
    }
    const std::size_t host_end = std::min(find_first<';', '?'>(rest), rest.size());
    const auto host_port = HostPort::parse(rest.substr(0, host_end));
    if (!host_port) return malformed("not a host with an optional port");
    uri.host = host_port->host;
    uri.port = host_port->port;
    rest.remove_prefix(host_end);
    const std::size_t question = rest.find('?');
    uri.parameters = Parameters(rest.substr(0, question));
    if (question != std::string_view::npos) uri.headers = rest.substr(question + 1);
    return uri;
}

std::string SipUri::unescaped_user() const {
    return unescape(user);
}

std::optional<std::string_view> SipUri::parameter(std::string_view name) const noexcept {
    return find_parameter(parameters, name);
}

std::optional<std::string> SipUri::header(std::string_view name) const {
    std::string_view rest = headers;
    while (!rest.empty()) {
        const std::size_t ampersand = std::min(rest.find('&'), rest.size());
        const std::string_view component = rest.substr(0, ampersand);
        rest.remove_prefix(std::min(ampersand + 1, rest.size()));
        const std::size_t equals = std::min(component.find('='), component.size());
        if (equal_ignoring_case(unescape(component.substr(0, equals)), name)) {
            return unescape(component.substr(std::min(equals + 1, component.size())));
        }
    }
    return std::nullopt;
}

std::uint16_t SipUri::effective_port() const noexcept {
    if (port != 0) return port;
    return scheme == UriScheme::Sips || equal_ignoring_case(transport(), "tls") ? 5061 : 5060;
}

std::string SipUri::text() const {
    std::string out;
    out.reserve(16 + user.size() + password.size() + host.size() + parameters.text().size() + headers.size());
    if (scheme == UriScheme::Tel) {
        out += "tel:";
        out += user;
        out += parameters.text();
        return out;
    }
    out += scheme == UriScheme::Sips ? "sips:" : "sip:";
    if (!user.empty()) {
        out += user;
        if (!password.empty()) {
            out += ':';
            out += password;
        }
        out += '@';
    }
    out += host;
    if (port != 0) {
        out += ':';
        out += std::to_string(port);
    }
    out += parameters.text();
    if (!headers.empty()) {
        out += '?';
        out += headers;
    }
    return out;
}

bool SipUri::equivalent(const SipUri& other) const {
    if (scheme != other.scheme) return false;
    if (scheme == UriScheme::Tel) {
        // RFC 3966 5: visual separators do not count.
        const auto digits = [](std::string_view number) {
            std::string kept;
            for (const char c : number) {
                if (std::string_view("-.()").find(c) == std::string_view::npos) kept += to_lower(c);
            }
            return kept;
        };
        return digits(user) == digits(other.user) && same_parameters(parameters, other.parameters);
    }
    return same_text(user, other.user, true) && same_text(password, other.password, true) &&
           equal_ignoring_case(host, other.host) && port == other.port &&
           same_parameters(parameters, other.parameters) &&
           (headers == other.headers || header_components(headers) == header_components(other.headers));
}

std::string escape_user(std::string_view user) {
    return escape(user, "&=+$,;?/");
}

std::string escape_uri_header(std::string_view value) {
    return escape(value, "[]/?:+$");
}

std::string unescape(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty())
        out += take_character(text).first;
    return out;
}

}  // namespace almon::sip
