// SPDX-License-Identifier: GPL-3.0-or-later
// REFER and Replaces (RFC 3515, 3891, 5589): what phones ask for to move calls.
#include <algorithm>
#include <utility>

#include "pbx/technology/sip_endpoint_options.hpp"
#include "pbx/technology/sip_technology.hpp"

namespace almon::pbx {

void SipTechnology::handle_refer(Call& call, const sip::SessionRequest& event) {
    const auto refuse = [&](int status) {
        user_agent_.respond(event.request_id, status, {}, {}, {}, clock_.now);
    };
    const auto target = refer_target_of(event.request);
    if (!target) return refuse(target.error());
    // One transfer at a time.
    if (call.reference || !call.answered) return refuse(491);
    const auto* endpoint = snapshot_->endpoint_sip_by_username(call.endpoint);
    if (endpoint != nullptr && option_of(*endpoint, "allowtransfer") == "no") return refuse(603);
    TransferRequest request;
    request.exten = target->exten;
    if (target->replaces) {
        const auto consulted = user_agent_.find_dialog(*target->replaces);
        const Call* other = consulted ? call_of(*consulted) : nullptr;
        if (other == nullptr) return refuse(481);
        request.consulted = other->channel;
    }
    const auto cseq = event.request.cseq();
    call.reference = Reference{event.request_id, cseq ? cseq->number : 0, target->wants_notify};
    calls_.transfer_requested(call.channel, std::move(request));
}

tl::expected<ChannelId, int> SipTechnology::replaced_channel(const sip::Message& invite,
                                                             std::string_view replaces) {
    // RFC 3891 3: one such field at most.
    if (std::ranges::count(invite.fields(), sip::HeaderName::Replaces, &sip::HeaderField::name) > 1)
        return tl::unexpected(400);
    const auto session = user_agent_.find_replaced(replaces);
    if (!session) return tl::unexpected(session.error());
    const Call* call = call_of(*session);
    if (call == nullptr) return tl::unexpected(603);
    return call->channel;
}

void SipTechnology::tell_transfer(ChannelId channel, TransferStage stage, Cause cause) {
    Call* call = call_of(channel);
    if (call == nullptr || !call->reference) return;
    auto& reference = *call->reference;
    if (reference.request) {
        const auto request = std::exchange(reference.request, sip::RequestId{});
        if (stage == TransferStage::Failed) {
            call->reference.reset();
            user_agent_.respond(request, refer_status_of(cause), {}, {}, {}, clock_.now);
            return;
        }
        // RFC 4488 4: without the subscription that was not wanted.
        const auto headers =
            reference.notifies ? sip::ExtraHeaders{} : sip::ExtraHeaders{{"Refer-Sub", "false"}};
        user_agent_.respond(request, 202, {}, headers, {}, clock_.now);
    }
    const Reference told = reference;
    const auto session = call->session;
    if (stage == TransferStage::Done || stage == TransferStage::Failed) call->reference.reset();
    if (told.notifies) {
        user_agent_.request_in(session, "NOTIFY", sipfrag_of(stage, cause), notify_headers_of(told, stage),
                               clock_.now);
    }
}

}  // namespace almon::pbx
