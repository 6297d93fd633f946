// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace almon::sip {

/// One part of a multipart body. Views into the body.
struct BodyPart {
    std::string_view content_type;  ///< "text/plain" where the part names none (RFC 2046 5.1).
    std::string_view disposition;
    std::string_view bytes;
};

/// The parts of a multipart body (RFC 2046 5.1, RFC 5621), in order. A body that is not closed gives the
/// parts that are whole up to its end. Refused: no boundary parameter, no part, more than 32 parts.
[[nodiscard]] Result<std::vector<BodyPart>> split_multipart(std::string_view content_type,
                                                            std::string_view body);

/// The first part of type `wanted` ("application/sdp"), at most four multiparts deep; the body itself where
/// it is not a multipart but of that type. Nothing where there is none.
[[nodiscard]] std::optional<BodyPart> find_body(std::string_view content_type, std::string_view body,
                                                std::string_view wanted);

}  // namespace almon::sip
