// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/sip_digit.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string>

#include <fmt/format.h>

namespace almon::pbx {

namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())))
        text.remove_prefix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())))
        text.remove_suffix(1);
    return text;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::optional<char> digit_of(std::string_view signal) {
    signal = trimmed(signal);
    if (signal == "10") return '*';
    if (signal == "11") return '#';
    if (signal == "16" || equals_ignoring_case(signal, "hf") || equals_ignoring_case(signal, "flash"))
        return '!';
    if (signal.size() != 1) return std::nullopt;
    const char digit = static_cast<char>(std::toupper(static_cast<unsigned char>(signal.front())));
    if (std::string_view("0123456789*#ABCD!").find(digit) == std::string_view::npos) return std::nullopt;
    return digit;
}

}  // namespace

std::optional<SignalledDigit> digit_in(std::string_view content_type, std::string_view body) {
    const auto type = trimmed(content_type.substr(0, content_type.find(';')));
    SignalledDigit signalled;
    if (equals_ignoring_case(type, "application/dtmf")) {
        const auto digit = digit_of(body);
        if (!digit) return std::nullopt;
        signalled.digit = *digit;
        return signalled;
    }
    if (!equals_ignoring_case(type, "application/dtmf-relay")) return std::nullopt;
    bool found = false;
    while (!body.empty()) {
        const auto line = body.substr(0, body.find('\n'));
        body.remove_prefix(std::min(body.size(), line.size() + 1));
        const auto equals = line.find('=');
        if (equals == std::string_view::npos) continue;
        const auto key = trimmed(line.substr(0, equals));
        const auto value = trimmed(line.substr(equals + 1));
        if (equals_ignoring_case(key, "Signal")) {
            const auto digit = digit_of(value);
            if (!digit) return std::nullopt;
            signalled.digit = *digit;
            found = true;
        } else if (equals_ignoring_case(key, "Duration")) {
            int duration = 0;
            if (std::from_chars(value.data(), value.data() + value.size(), duration).ec == std::errc{}) {
                signalled.duration = std::chrono::milliseconds(std::clamp(duration, 40, 10'000));
            }
        }
    }
    if (!found) return std::nullopt;
    return signalled;
}

sip::Body dtmf_relay(char digit, std::chrono::milliseconds duration) {
    return {"application/dtmf-relay", fmt::format("Signal={}\r\nDuration={}\r\n", digit, duration.count())};
}

}  // namespace almon::pbx
