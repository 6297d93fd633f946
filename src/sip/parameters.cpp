// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/parameters.hpp"

#include <algorithm>

#include "sip/syntax.hpp"

namespace almon::sip {

namespace {

/// Takes `name`, `name = word` or `name = "quoted"` off the front, white space included; says what is wrong.
const char* take_parameter(std::string_view& text) noexcept {
    const char* at = text.data();
    const char* const end = at + text.size();
    const auto skip_white_space = [&] {
        while (at != end && is_white_space(*at))
            ++at;
    };
    skip_white_space();
    const char* const name = at;
    while (at != end && is_token_character(*at))
        ++at;
    if (at == name) return "a parameter without a proper name";
    skip_white_space();
    if (at != end && *at == '=') {
        ++at;
        skip_white_space();
        const char* const value = at;
        if (at != end && *at == '"') {
            at += quoted_length({at, static_cast<std::size_t>(end - at)});
        } else {
            while (at != end && *at != ';' && syntax::is(*at, syntax::kWordCharacter))
                ++at;
        }
        if (at == value) return "a parameter without a proper value";
        skip_white_space();
    }
    if (at != end && *at != ';') return "a parameter that does not end properly";
    text.remove_prefix(static_cast<std::size_t>(at - text.data()));
    return nullptr;
}

}  // namespace

Parameters::Iterator& Parameters::Iterator::operator++() noexcept {
    while (!rest_.empty()) {
        // Up to the next ';' outside quotes. A quote that does not end hides nothing.
        std::size_t equals = std::string_view::npos;
        std::size_t length = 0;
        for (; length < rest_.size() && rest_[length] != ';'; ++length) {
            if (rest_[length] == '=') {
                equals = std::min(equals, length);
            } else if (rest_[length] == '"') {
                const std::size_t quoted = quoted_length(rest_.substr(length));
                if (quoted > 0) length += quoted - 1;
            }
        }
        const std::string_view text = rest_.substr(0, length);
        rest_.remove_prefix(std::min(length + 1, rest_.size()));
        current_.name = trim(text.substr(0, equals));
        current_.value =
            equals == std::string_view::npos ? std::string_view{} : trim(text.substr(equals + 1));
        if (!current_.name.empty()) return *this;
    }
    ended_ = true;
    return *this;
}

Result<Parameters> Parameters::parse(std::string_view text, std::string_view field) {
    text = trim(text);
    if (text.empty()) return Parameters{};
    if (text.front() != ';') {
        return refuse(ErrorCode::Malformed, std::string(field), "something other than a parameter follows");
    }
    std::string_view rest = text;
    while (!rest.empty()) {
        rest.remove_prefix(1);
        if (const char* wrong = take_parameter(rest)) {
            return refuse(ErrorCode::Malformed, std::string(field), wrong);
        }
    }
    return Parameters(text);
}

std::optional<std::string_view> Parameters::find(std::string_view name) const noexcept {
    for (const Parameter parameter : *this) {
        if (equal_ignoring_case(parameter.name, name)) return without_quotes(parameter.value);
    }
    return std::nullopt;
}

}  // namespace almon::sip
