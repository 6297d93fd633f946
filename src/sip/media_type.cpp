// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/media_type.hpp"

#include <algorithm>

#include "sip/syntax.hpp"

namespace almon::sip {

Result<MediaType> MediaType::parse(std::string_view value) {
    const std::size_t semicolon = std::min(value.find(';'), value.size());
    const std::string_view name = value.substr(0, semicolon);
    const std::size_t slash = std::min(name.find('/'), name.size());
    MediaType parsed;
    parsed.type = trim(name.substr(0, slash));
    parsed.subtype = trim(name.substr(std::min(slash + 1, name.size())));
    if (!is_token(parsed.type) || !is_token(parsed.subtype)) {
        return refuse(ErrorCode::Malformed, "Content-Type", "is not type/subtype");
    }
    const auto parameters = Parameters::parse(value.substr(semicolon), "Content-Type");
    if (!parameters) return refuse(parameters);
    parsed.parameters = *parameters;
    return parsed;
}

bool MediaType::matches(std::string_view other_type, std::string_view other_subtype) const noexcept {
    return (type == "*" || equal_ignoring_case(type, other_type)) &&
           (subtype == "*" || equal_ignoring_case(subtype, other_subtype));
}

bool is_media_type(std::string_view content_type, std::string_view name) noexcept {
    return equal_ignoring_case(trim(content_type.substr(0, content_type.find(';'))), name);
}

}  // namespace almon::sip
