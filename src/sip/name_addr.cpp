// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/name_addr.hpp"

#include "sip/syntax.hpp"

namespace almon::sip {

namespace {

tl::unexpected<Error> malformed(std::string_view field, const char* reason) {
    return refuse(ErrorCode::Malformed, std::string(field), reason);
}

/// Tokens and spaces by the grammar. Wider, as phones send brackets and raw UTF-8 too, but nothing that
/// separates.
bool is_unquoted_display(std::string_view display) noexcept {
    return find_first<',', ';', ':', '@', '"', '\\'>(display) == std::string_view::npos;
}

/// The length of the URI at the front of `text`: up to white space, a quote or an angle bracket. 0 where it
/// does not begin like one, with a scheme and a colon.
std::size_t uri_length(std::string_view text) noexcept {
    std::size_t length = 0;
    while (length < text.size() && syntax::is(text[length], syntax::kUriCharacter))
        ++length;
    const std::size_t colon = text.substr(0, length).find(':');
    return colon == 0 || colon == std::string_view::npos ? 0 : length;
}

}  // namespace

Result<NameAddr> NameAddr::parse(std::string_view value, std::string_view field) {
    value = trim(value);
    NameAddr address;
    std::size_t angle = 0;
    if (!value.empty() && value.front() == '"') {
        const std::size_t length = quoted_length(value);
        if (length == 0) return malformed(field, "a quote that does not end");
        address.display = value.substr(1, length - 2);
        const std::string_view behind = trim_left(value.substr(length));
        if (behind.empty() || behind.front() != '<') {
            return malformed(field, "no <address> behind the quoted name");
        }
        angle = static_cast<std::size_t>(behind.data() - value.data());
    } else {
        angle = value.find('<');
        const std::size_t semicolon = value.find(';');
        if (angle != std::string_view::npos && semicolon < angle) {
            // `sip:a@b;x=<...>`: the '<' belongs to a parameter; is_unquoted_display would refuse it anyway.
            angle = std::string_view::npos;
        }
        if (angle == std::string_view::npos) {
            // addr-spec: RFC 3261 20: with ',', ';' or '?' in it the URI must stand in angle brackets.
            address.uri = trim(value.substr(0, semicolon));
            if (find_first<',', '?'>(address.uri) != std::string_view::npos) {
                return malformed(field, "an address with ',' or '?' must stand in angle brackets");
            }
            value.remove_prefix(semicolon == std::string_view::npos ? value.size() : semicolon);
        } else {
            address.display = trim(value.substr(0, angle));
            if (!is_unquoted_display(address.display)) {
                return malformed(field, "the name needs quotes");
            }
        }
    }
    if (angle != std::string_view::npos) {
        value.remove_prefix(angle + 1);
        address.uri = value.substr(0, uri_length(value));
        if (address.uri.empty()) return malformed(field, "no URI");
        value.remove_prefix(address.uri.size());
        if (!value.starts_with('>')) return malformed(field, "a '<' that does not end");
        value.remove_prefix(1);
    } else if (address.uri.empty() || uri_length(address.uri) != address.uri.size()) {
        return malformed(field, "no URI");
    }
    const auto parameters = Parameters::parse(value, field);
    if (!parameters) return refuse(parameters);
    address.parameters = *parameters;
    return address;
}

std::string NameAddr::display_text() const {
    return unescape_quoted(display);
}

std::optional<std::uint32_t> NameAddr::expires() const noexcept {
    const auto value = parameters.find("expires");
    return value ? parse_number<std::uint32_t>(*value) : std::nullopt;
}

std::optional<std::uint16_t> NameAddr::q() const noexcept {
    const auto value = parameters.find("q");
    if (!value || value->empty() || (value->front() != '0' && value->front() != '1')) return std::nullopt;
    std::uint16_t thousandths = value->front() == '1' ? 1000 : 0;
    std::string_view digits = value->substr(1);
    if (digits.empty()) return thousandths;
    if (digits.front() != '.' || digits.size() > 4) return std::nullopt;
    digits.remove_prefix(1);
    std::uint16_t unit = 100;
    for (const char c : digits) {
        if (!is_digit(c)) return std::nullopt;
        thousandths = static_cast<std::uint16_t>(thousandths + unit * (c - '0'));
        unit = static_cast<std::uint16_t>(unit / 10);
    }
    if (thousandths > 1000) return std::nullopt;
    return thousandths;
}

std::string NameAddr::text() const {
    std::string out = name_addr(display_text(), uri);
    out += parameters.text();
    return out;
}

std::string name_addr(std::string_view display, std::string_view uri) {
    std::string out;
    if (!display.empty()) {
        out = quote(display);
        out += ' ';
    }
    out += '<';
    out += uri;
    out += '>';
    return out;
}

}  // namespace almon::sip
