// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/describe.hpp>

#include "base/result.hpp"

namespace almon::sip {

/// Session-Expires (RFC 4028 4).
struct SessionExpires {
    enum class Refresher : std::uint8_t { Uac, Uas };

    std::chrono::seconds interval{0};
    std::optional<Refresher> refresher;

    [[nodiscard]] static Result<SessionExpires> parse(std::string_view value);
    /// "1800;refresher=uas".
    [[nodiscard]] std::string text() const;
};
BOOST_DESCRIBE_STRUCT(SessionExpires, (), (interval, refresher))

/// Min-SE (RFC 4028 5): seconds, parameters are ignored.
[[nodiscard]] Result<std::chrono::seconds> parse_min_se(std::string_view value);

}  // namespace almon::sip
