// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/describe.hpp>
#include <tl/expected.hpp>

#include "pbx/cause.hpp"
#include "pbx/technology.hpp"
#include "sip/message.hpp"
#include "sip/user_agent.hpp"

namespace almon::pbx {

/// What a REFER asks for (RFC 3515).
struct ReferTarget {
    std::string exten;
    std::optional<std::string> replaces;  ///< The dialog whose peer is meant (RFC 3891), as a Replaces value.
    bool wants_notify = true;             ///< False: Refer-Sub: false (RFC 4488).
};
/// Refusals are the status to answer with.
[[nodiscard]] tl::expected<ReferTarget, int> refer_target_of(const sip::Message& refer);

/// A REFER of a phone until its transfer is over, with the subscription that it implies (RFC 3515 2.4.4).
struct Reference {
    sip::RequestId request;  ///< 0: answered.
    std::uint32_t cseq = 0;  ///< Names it in NOTIFY (RFC 3515 2.4.6).
    bool notifies = true;
};
BOOST_DESCRIBE_STRUCT(Reference, (), (request, cseq, notifies))

/// How a refused REFER is answered.
[[nodiscard]] int refer_status_of(Cause cause) noexcept;
/// The status line that a NOTIFY tells the transferor (RFC 3515 2.4.5).
[[nodiscard]] sip::Body sipfrag_of(TransferStage stage, Cause cause);
/// Event and Subscription-State of that NOTIFY.
[[nodiscard]] sip::ExtraHeaders notify_headers_of(const Reference& reference, TransferStage stage);

}  // namespace almon::pbx
