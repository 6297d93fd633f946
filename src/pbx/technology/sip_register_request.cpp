// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/sip_register_request.hpp"

#include <charconv>

#include "sip/numeric_headers.hpp"

namespace almon::pbx {

namespace {

/// Beyond it a phone gains nothing and the list only costs memory.
constexpr std::size_t kMaximumContactsInOneRequest = 16;
constexpr std::size_t kMaximumUriLength = 512;

std::string unbracketed(std::string_view value) {
    if (value.size() >= 2 && value.front() == '<' && value.back() == '>')
        value = value.substr(1, value.size() - 2);
    return std::string(value);
}

}  // namespace

Result<RegisterRequest> register_request_of(const sip::Message& message, const sip::Flow& flow,
                                            std::string_view username) {
    const auto to = message.to();
    if (!to) return refuse(to);
    const auto address_of_record = to->sip_uri();
    if (!address_of_record) return refuse(address_of_record);
    if (address_of_record->unescaped_user() != username) {
        return refuse(ErrorCode::Forbidden, "To", "Registering for somebody else");
    }
    const auto contacts = message.contacts();
    if (!contacts) return refuse(contacts);
    const auto cseq = message.cseq();
    if (!cseq) return refuse(cseq);
    if (contacts->size() > kMaximumContactsInOneRequest) {
        return refuse(ErrorCode::Malformed, "Contact", "Too many contacts");
    }

    RegisterRequest request;
    request.username = username;
    request.flow = flow;
    request.call_id = message.call_id();
    request.cseq = cseq->number;
    request.user_agent = message.header(sip::HeaderName::UserAgent).value_or("");
    if (message.has_token(sip::HeaderName::Supported, "path")) {
        for (const auto path : message.list(sip::HeaderName::Path))
            request.path.emplace_back(path);
    }
    // RFC 3261 20.19: a malformed value counts as absent.
    const auto expires = sip::expires(message);
    for (const auto& contact : *contacts) {
        if (contact.is_wildcard()) {
            // RFC 3261 10.3 step 6.
            if (contacts->size() != 1 || expires != 0s) {
                return refuse(ErrorCode::Malformed, "Contact", "* needs Expires: 0 and stands alone");
            }
            request.remove_all = true;
            break;
        }
        if (const auto uri = contact.sip_uri(); !uri) return refuse(uri);
        if (contact.uri.size() > kMaximumUriLength)
            return refuse(ErrorCode::Malformed, "Contact", "Contact URI too long");
        ContactRequest wanted;
        wanted.uri = contact.uri;
        wanted.expires = expires;
        if (const auto own = contact.expires()) wanted.expires = std::chrono::seconds(*own);
        wanted.q = contact.q().value_or(1000) / 1000.0;
        wanted.instance = unbracketed(contact.parameters.find("+sip.instance").value_or(""));
        if (const auto reg_id = contact.parameters.find("reg-id")) {
            std::from_chars(reg_id->data(), reg_id->data() + reg_id->size(), wanted.reg_id);
        }
        request.contacts.push_back(std::move(wanted));
    }
    return request;
}

}  // namespace almon::pbx
