// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/endpoint_sip.hpp"
#include "pbx/channel_media.hpp"
#include "sip/flow.hpp"

namespace almon::pbx {

/// The value of a SIP endpoint's option, the last one where it is repeated; empty where it is not set.
[[nodiscard]] std::string_view option_of(const model::EndpointSip& endpoint, std::string_view name) noexcept;

/// Options allow and disallow, in their order, as SDP encoding names: "alaw" is PCMA. Empty: every codec. A
/// null endpoint allows every codec.
[[nodiscard]] std::vector<std::string> allowed_encodings(const model::EndpointSip* endpoint);

/// Option dtmfmode=info: digits go to the phone by INFO instead of RFC 4733.
[[nodiscard]] bool wants_digits_by_info(const model::EndpointSip* endpoint) noexcept;

/// How we offer media to an endpoint that is reached over `transport`: a browser as browsers speak, without
/// any option; options webrtc=yes and encryption=yes decide for others.
[[nodiscard]] OfferedMedia offered_media(const model::EndpointSip* endpoint,
                                         sip::TransportKind transport) noexcept;

/// Option encryption=yes: media of this endpoint is protected, or there is no call.
[[nodiscard]] bool demands_encryption(const model::EndpointSip* endpoint) noexcept;

}  // namespace almon::pbx
