// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "sip/parameters.hpp"

namespace almon::sip {

/// The value of Content-Type or an element of Accept (RFC 3261 20.1, 20.15). Views into the text.
struct MediaType {
    std::string_view type;     ///< "application"; "*" in Accept.
    std::string_view subtype;  ///< "sdp"; "*" in Accept.
    Parameters parameters;

    [[nodiscard]] static Result<MediaType> parse(std::string_view value);
    /// Without case; wildcards of this one match anything.
    [[nodiscard]] bool matches(std::string_view other_type, std::string_view other_subtype) const noexcept;
};

/// Whether a Content-Type value is `name`, e.g. "application/sdp", whatever its parameters.
[[nodiscard]] bool is_media_type(std::string_view content_type, std::string_view name) noexcept;

}  // namespace almon::sip
