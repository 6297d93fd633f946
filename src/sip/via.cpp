// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/via.hpp"

#include "sip/host_port.hpp"
#include "sip/syntax.hpp"

namespace almon::sip {

namespace {

tl::unexpected<Error> malformed(const char* reason) {
    return refuse(ErrorCode::Malformed, "Via", reason);
}

/// Takes a token off the front, with the white space around it.
std::string_view take_token(std::string_view& text) noexcept {
    text = trim_left(text);
    std::size_t length = 0;
    while (length < text.size() && is_token_character(text[length]))
        ++length;
    const std::string_view token = text.substr(0, length);
    text.remove_prefix(length);
    return token;
}

bool take_slash(std::string_view& text) noexcept {
    text = trim_left(text);
    if (text.empty() || text.front() != '/') return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

Result<Via> Via::parse(std::string_view value) {
    // sent-protocol = protocol-name SLASH protocol-version SLASH transport, where SLASH allows white space.
    Via via;
    static constexpr std::string_view kUsual = "SIP/2.0/";
    if (value.starts_with(kUsual)) {
        value.remove_prefix(kUsual.size());
    } else if (!equal_ignoring_case(take_token(value), "SIP") || !take_slash(value) ||
               take_token(value) != "2.0" || !take_slash(value)) {
        return malformed("does not begin with SIP/2.0/");
    }
    via.transport = take_token(value);
    if (via.transport.empty()) return malformed("no transport");
    if (value.empty() || !is_white_space(value.front())) return malformed("no space before the host");

    value = trim_left(value);
    const std::size_t semicolon = value.find(';');
    const auto sent_by = HostPort::parse(value.substr(0, semicolon));
    if (!sent_by) return malformed("sent-by is not a host with an optional port");
    via.host = sent_by->host;
    via.port = sent_by->port;
    if (semicolon != std::string_view::npos) {
        const auto parameters = Parameters::parse(value.substr(semicolon), "Via");
        if (!parameters) return refuse(parameters);
        via.parameters = *parameters;
    }
    return via;
}

bool Via::has_magic_cookie() const noexcept {
    // Compared without case: RFC 3261 tokens are, although a branch never comes in another case.
    const std::string_view text = branch();
    return text.size() > kMagicCookie.size() &&
           equal_ignoring_case(text.substr(0, kMagicCookie.size()), kMagicCookie);
}

std::optional<std::uint16_t> Via::rport() const noexcept {
    return parse_number<std::uint16_t>(parameter("rport"));
}

std::optional<std::uint8_t> Via::ttl() const noexcept {
    return parse_number<std::uint8_t>(parameter("ttl"));
}

std::uint16_t Via::effective_port() const noexcept {
    if (port != 0) return port;
    return equal_ignoring_case(transport, "TLS") ? 5061 : 5060;
}

std::string Via::sent_by() const {
    std::string text(host);
    if (port != 0) {
        text += ':';
        text += std::to_string(port);
    }
    return text;
}

}  // namespace almon::sip
