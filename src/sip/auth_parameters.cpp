// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/auth_parameters.hpp"

#include <algorithm>

#include "sip/syntax.hpp"

namespace almon::sip {

AuthParameters::AuthParameters(std::string_view value) noexcept {
    value = trim(value);
    const std::size_t length = std::min(value.find_first_of(" \t"), value.size());
    scheme_ = value.substr(0, length);
    rest_ = value.substr(length);
    if (!is_token(scheme_)) failed_ = true;
}

std::optional<Parameter> AuthParameters::next() noexcept {
    while (!rest_.empty() && (is_white_space(rest_.front()) || rest_.front() == ','))
        rest_.remove_prefix(1);
    if (failed_ || rest_.empty()) return std::nullopt;

    const std::size_t equals = rest_.find('=');
    Parameter parameter{trim(rest_.substr(0, equals)), {}};
    if (equals == std::string_view::npos || !is_token(parameter.name)) {
        failed_ = true;
        return std::nullopt;
    }
    rest_ = trim_left(rest_.substr(equals + 1));
    std::size_t length = std::min(rest_.find(','), rest_.size());
    if (rest_.starts_with('"')) {
        length = quoted_length(rest_);
        const std::string_view behind = trim_left(rest_.substr(length));
        if (length == 0 || (!behind.empty() && behind.front() != ',')) {
            failed_ = true;
            return std::nullopt;
        }
        parameter.value = rest_.substr(1, length - 2);
    } else {
        parameter.value = trim(rest_.substr(0, length));
    }
    rest_.remove_prefix(length);
    return parameter;
}

}  // namespace almon::sip
