// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/replaces.hpp"

#include <algorithm>

#include "sip/parameters.hpp"
#include "sip/syntax.hpp"

namespace almon::sip {

Result<Replaces> Replaces::parse(std::string_view value) {
    const std::size_t semicolon = std::min(value.find(';'), value.size());
    const auto parameters = Parameters::parse(value.substr(semicolon), "Replaces");
    if (!parameters) return refuse(parameters);
    Replaces parsed;
    parsed.call_id = trim(value.substr(0, semicolon));
    parsed.to_tag = parameters->find("to-tag").value_or(std::string_view{});
    parsed.from_tag = parameters->find("from-tag").value_or(std::string_view{});
    parsed.early_only = parameters->has("early-only");
    if (parsed.call_id.empty() || parsed.to_tag.empty() || parsed.from_tag.empty()) {
        return refuse(ErrorCode::Malformed, "Replaces", "lacks the call id or a tag");
    }
    return parsed;
}

std::string Replaces::text() const {
    std::string out(call_id);
    out += ";to-tag=";
    out += to_tag;
    out += ";from-tag=";
    out += from_tag;
    if (early_only) out += ";early-only";
    return out;
}

}  // namespace almon::sip
