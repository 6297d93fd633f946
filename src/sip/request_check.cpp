// SPDX-License-Identifier: GPL-3.0-or-later
// What RFC 3261 8.2 asks a user agent server to check before it looks at the meaning of a request, in its
// order.
#include <algorithm>

#include "sip/media_type.hpp"
#include "sip/multipart.hpp"
#include "sip/syntax.hpp"
#include "sip/user_agent_state.hpp"

namespace almon::sip {

namespace {

bool takes_session_description(Method method) noexcept {
    return method == Method::Invite || method == Method::Update || method == Method::Prack;
}

std::string_view media_type_of(std::string_view content_type) noexcept {
    return trim(content_type.substr(0, content_type.find(';')));
}

bool handling_is_optional(const Message& request) {
    const auto disposition = request.header(HeaderName::ContentDisposition);
    if (!disposition) return false;
    const auto semicolon = disposition->find(';');
    if (semicolon == std::string_view::npos) return false;
    const auto handling = Parameters(disposition->substr(semicolon)).find("handling");
    return handling && equal_ignoring_case(*handling, "optional");
}

/// Absent means that it does (RFC 3261 20.1); an element that does not parse is given the benefit of the
/// doubt.
bool accepts_session_description(const Message& request) {
    const auto elements = request.list(HeaderName::Accept);
    return elements.empty() || std::ranges::any_of(elements, [](std::string_view element) {
               const auto type = MediaType::parse(element);
               return !type || type->matches("application", "sdp") || type->matches("multipart", "mixed");
           });
}

/// Extensions of the list that `settings` does not name.
std::string unsupported_extensions(const Message& request, const std::vector<std::string>& known) {
    std::string text;
    if (!request.header(HeaderName::Require)) return text;
    for (const auto required : request.list(HeaderName::Require)) {
        if (required.empty() || std::ranges::any_of(known, [&](const auto& name) {
                return equal_ignoring_case(name, required);
            })) {
            continue;
        }
        if (!text.empty()) text += ", ";
        text += required;
    }
    return text;
}

}  // namespace

bool UserAgent::State::refuse_unfit(ServerTransactionId transaction, ServerRequest& record) {
    const Message& request = *record.message;
    const auto to = request.to();
    const bool in_dialog = to && !to->tag().empty();
    const auto refuse_with = [&](int status, std::string_view reason = {}, const ExtraHeaders& headers = {}) {
        if (record.to_tag.empty()) record.to_tag = transactions.stable_tag(transaction);
        respond_plainly(transaction, status, reason, headers,
                        in_dialog ? Recipient::Known : Recipient::Stranger);
        return true;
    };

    if (const auto defect = request.defect()) return refuse_with(defect->status, defect->reason);

    // 8.2.1 Method
    if (std::ranges::find(settings.methods, request.method_name()) == settings.methods.end()) {
        return refuse_with(405, {}, {{"Allow", allow}});
    }

    // 8.2.2.1 To and Request-URI
    const auto uri = SipUri::parse(request.request_uri());
    if (!uri) return refuse_with(uri.error().code == ErrorCode::Unsupported ? 416 : 400);
    const auto from = request.from();
    const auto cseq = request.cseq();
    if (!to || !from || !cseq) return refuse_with(400);
    if (!in_dialog) {
        switch (request.method()) {
            case Method::Bye:
            case Method::Prack:
            case Method::Update:
            case Method::Info:
                return refuse_with(481);
            default:
                break;
        }
        // 8.2.2.2 Merged requests
        if (transactions.is_merged(transaction)) return refuse_with(482, "Merged Request");
        if (is_loop(request)) return refuse_with(482);
        const auto hops = request.header(HeaderName::MaxForwards);
        if (hops && trim(*hops) == "0" && request.method() != Method::Options) return refuse_with(483);
    }

    // 8.2.2.3 Require
    if (const auto unknown = unsupported_extensions(request, settings.extensions); !unknown.empty()) {
        return refuse_with(420, {}, {{"Unsupported", unknown}});
    }

    // 20.1 Accept: a caller who cannot read a session description cannot be answered (RFC 4475 3.3.15).
    if (request.method() == Method::Invite && !accepts_session_description(request)) return refuse_with(406);

    // 8.2.3 Content
    if (!request.body().empty() && takes_session_description(request.method()) &&
        !handling_is_optional(request)) {
        const auto encoding = request.header(HeaderName::ContentEncoding);
        if (encoding && !encoding->empty() && !equal_ignoring_case(*encoding, "identity")) {
            return refuse_with(415, {}, {{"Accept-Encoding", "identity"}});
        }
        const auto type = media_type_of(request.content_type());
        const bool multipart = type.size() > 10 && equal_ignoring_case(type.substr(0, 10), "multipart/");
        const bool understood = equal_ignoring_case(type, "application/sdp") ||
                                (multipart && !session_description(request).empty());
        if (!understood) return refuse_with(415, {}, {{"Accept", accepted_types}});
    }
    return false;
}

bool UserAgent::State::is_loop(const Message& request) const {
    const auto mark = '.' + loop_mark(request.request_uri());
    for (const auto element : request.list(HeaderName::Via)) {
        if (element.find(mark) == std::string_view::npos) continue;
        const auto via = Via::parse(element);
        if (!via || !via->branch().ends_with(mark)) continue;
        const auto sent_by = via->sent_by();
        if (std::ranges::find(identities, sent_by, &LocalIdentity::sent_by) != identities.end()) return true;
    }
    return false;
}

std::string loop_mark(std::string_view request_uri) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::uint32_t hash = 2166136261U;
    for (const char c : request_uri)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    std::string text(8, '0');
    for (auto& digit : text) {
        digit = kDigits[hash & 15U];
        hash >>= 4U;
    }
    return text;
}

Body session_description(const Message& message) {
    if (message.body().empty()) return {};
    const auto part = find_body(message.content_type(), message.body(), "application/sdp");
    return part ? Body{std::string(part->content_type), std::string(part->bytes)} : Body{};
}

}  // namespace almon::sip
