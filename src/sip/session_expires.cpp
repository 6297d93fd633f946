// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/session_expires.hpp"

#include <algorithm>

#include "sip/parameters.hpp"
#include "sip/syntax.hpp"

namespace almon::sip {

Result<SessionExpires> SessionExpires::parse(std::string_view value) {
    const std::size_t semicolon = std::min(value.find(';'), value.size());
    const auto seconds = parse_number<std::uint32_t>(trim(value.substr(0, semicolon)));
    if (!seconds) return refuse(ErrorCode::Malformed, "Session-Expires", "is not a number of seconds");
    const auto parameters = Parameters::parse(value.substr(semicolon), "Session-Expires");
    if (!parameters) return refuse(parameters);

    SessionExpires parsed{std::chrono::seconds{*seconds}, std::nullopt};
    if (const auto refresher = parameters->find("refresher")) {
        if (equal_ignoring_case(*refresher, "uac")) parsed.refresher = Refresher::Uac;
        if (equal_ignoring_case(*refresher, "uas")) parsed.refresher = Refresher::Uas;
        if (!parsed.refresher) {
            return refuse(ErrorCode::Malformed, "Session-Expires",
                          "names a refresher other than uac and uas");
        }
    }
    return parsed;
}

std::string SessionExpires::text() const {
    std::string out = std::to_string(interval.count());
    if (refresher) out += *refresher == Refresher::Uac ? ";refresher=uac" : ";refresher=uas";
    return out;
}

Result<std::chrono::seconds> parse_min_se(std::string_view value) {
    const auto seconds = parse_number<std::uint32_t>(trim(value.substr(0, value.find(';'))));
    if (!seconds) return refuse(ErrorCode::Malformed, "Min-SE", "is not a number of seconds");
    return std::chrono::seconds{*seconds};
}

}  // namespace almon::sip
