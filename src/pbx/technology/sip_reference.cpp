// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/sip_reference.hpp"

#include <algorithm>

#include "pbx/technology/sip_cause.hpp"
#include "sip/message_writer.hpp"
#include "sip/name_addr.hpp"
#include "sip/syntax.hpp"
#include "sip/uri.hpp"

namespace almon::pbx {
namespace {

/// Longer than any dial: the last NOTIFY ends the subscription.
constexpr int kSubscriptionSeconds = 600;

int status_of(TransferStage stage, Cause cause) noexcept {
    switch (stage) {
        case TransferStage::Trying:
            return 100;
        case TransferStage::Ringing:
            return 180;
        case TransferStage::Done:
            return 200;
        case TransferStage::Failed:
            return sip_status_of(cause);
    }
    return 500;
}

}  // namespace

tl::expected<ReferTarget, int> refer_target_of(const sip::Message& refer) {
    // RFC 3515 2.4.1: exactly one Refer-To.
    if (std::ranges::count(refer.fields(), sip::HeaderName::ReferTo, &sip::HeaderField::name) != 1)
        return tl::unexpected(400);
    const auto address = sip::NameAddr::parse(*refer.header(sip::HeaderName::ReferTo), "Refer-To");
    if (!address) return tl::unexpected(400);
    const auto uri = address->sip_uri();
    if (!uri) return tl::unexpected(uri.error().code == ErrorCode::Unsupported ? 416 : 400);
    const auto method = uri->parameter("method");
    if (method && !sip::equal_ignoring_case(*method, "INVITE")) return tl::unexpected(501);
    ReferTarget target;
    target.exten = uri->unescaped_user();
    target.replaces = uri->header("Replaces");
    if (target.exten.empty() && !target.replaces) return tl::unexpected(404);
    const auto subscription = refer.header(sip::HeaderName::ReferSub);
    target.wants_notify = !subscription || !sip::equal_ignoring_case(sip::trim(*subscription), "false");
    return target;
}

int refer_status_of(Cause cause) noexcept {
    return cause == Cause::ChannelUnavailable ? 491 : sip_status_of(cause);
}

sip::Body sipfrag_of(TransferStage stage, Cause cause) {
    const int status = status_of(stage, cause);
    return {"message/sipfrag;version=2.0",
            "SIP/2.0 " + std::to_string(status) + ' ' + std::string(sip::reason_phrase(status)) + "\r\n"};
}

sip::ExtraHeaders notify_headers_of(const Reference& reference, TransferStage stage) {
    const bool over = stage == TransferStage::Done || stage == TransferStage::Failed;
    return {{"Event", "refer;id=" + std::to_string(reference.cseq)},
            {"Subscription-State", over ? "terminated;reason=noresource"
                                        : "active;expires=" + std::to_string(kSubscriptionSeconds)}};
}

}  // namespace almon::pbx
