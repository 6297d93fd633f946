// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/parameters.hpp"

#include "sip/syntax.hpp"

namespace almon::sip {

namespace {

/// The length of `text` up to the next ';' outside quotes. A quote that does not end hides nothing.
std::size_t parameter_length(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ';') return i;
        if (text[i] == '"') {
            const std::size_t length = quoted_length(text.substr(i));
            if (length > 0) i += length - 1;
        }
    }
    return text.size();
}

bool is_value(std::string_view value) noexcept {
    if (value.empty()) return false;
    if (value.front() == '"') return quoted_length(value) == value.size();
    for (const char c : value) {
        // Wider than gen-value: phones write URIs and base64 without quotes.
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '"' || c == ',') return false;
    }
    return true;
}

}  // namespace

Parameters::Iterator& Parameters::Iterator::operator++() noexcept {
    while (!rest_.empty()) {
        const std::size_t length = parameter_length(rest_);
        const std::string_view text = rest_.substr(0, length);
        rest_.remove_prefix(length < rest_.size() ? length + 1 : length);
        const std::size_t equals = text.find('=');
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
        const std::size_t length = parameter_length(rest);
        const std::string_view parameter = rest.substr(0, length);
        rest.remove_prefix(length);
        const std::size_t equals = parameter.find('=');
        if (!is_token(trim(parameter.substr(0, equals)))) {
            return refuse(ErrorCode::Malformed, std::string(field), "a parameter without a proper name");
        }
        if (equals != std::string_view::npos && !is_value(trim(parameter.substr(equals + 1)))) {
            return refuse(ErrorCode::Malformed, std::string(field), "a parameter without a proper value");
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
