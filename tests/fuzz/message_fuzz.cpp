// SPDX-License-Identifier: GPL-3.0-or-later
// Message::parse with every typed accessor, the writer over what was parsed, and the framer over the same
// bytes in two ways of splitting, which must agree.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "sip/event.hpp"
#include "sip/identity.hpp"
#include "sip/message.hpp"
#include "sip/message_framer.hpp"
#include "sip/message_writer.hpp"
#include "sip/multipart.hpp"
#include "sip/numeric_headers.hpp"
#include "sip/rack.hpp"
#include "sip/reason.hpp"
#include "sip/replaces.hpp"
#include "sip/session_expires.hpp"

namespace {

using namespace almon::sip;

void require(bool holds) {
    if (!holds) std::abort();
}

void read_addresses(const Message& message, HeaderName name) {
    for (const std::string_view value : message.list(name)) {
        const auto address = NameAddr::parse(value);
        if (!address) continue;
        // What we write of it reads back the same.
        const std::string text = address->text();
        const auto again = NameAddr::parse(text);
        require(again.has_value());
        require(again->uri == address->uri && again->tag() == address->tag());
        (void)address->expires();
        (void)address->q();
        if (const auto uri = address->sip_uri()) {
            (void)uri->header("Replaces");
            require(uri->equivalent(*uri));
        }
    }
}

void read_all(const Message& message) {
    (void)message.defect();
    for (const HeaderName name : {HeaderName::From, HeaderName::To, HeaderName::Contact, HeaderName::Route,
                                  HeaderName::RecordRoute, HeaderName::ReferTo, HeaderName::ReferredBy})
        read_addresses(message, name);
    for (const std::string_view value : message.list(HeaderName::Via)) {
        if (const auto via = Via::parse(value)) {
            (void)via->branch();
            (void)via->has_magic_cookie();
            (void)via->rport();
            (void)via->ttl();
            (void)via->sent_by();
        }
    }
    (void)message.via();
    (void)message.from();
    (void)message.to();
    (void)message.cseq();
    (void)message.contacts();
    (void)message.has_token(HeaderName::Supported, "timer");
    (void)asserted_identity(message);
    (void)RemotePartyId::of(message, RemotePartyId::Party::Calling);
    (void)PrivacyRequest::of(message);
    (void)Reason::of(message, "SIP");
    (void)max_forwards(message);
    (void)expires(message);
    (void)retry_after(message);
    for (const HeaderField& field : message.fields()) {
        (void)SessionExpires::parse(field.value);
        (void)Replaces::parse(field.value);
        (void)RAck::parse(field.value);
        (void)Event::parse(field.value);
        (void)SubscriptionState::parse(field.value);
        if (const auto reason = Reason::parse(field.value)) {
            const auto again = Reason::parse(reason->header_value());
            require(again && again->protocol == reason->protocol && again->cause == reason->cause);
        }
    }
    (void)find_body(message.content_type(), message.body(), "application/sdp");
}

void answer(const Message& request) {
    static const almon::NetAddress source = *almon::NetAddress::parse("192.0.2.7", 40000);
    const std::string bytes =
        MessageWriter::response(request, 200, {}, {.to_tag = "t", .source = &source}).finish("a/b", "body");
    const auto response = Message::parse(bytes);
    if (bytes.size() > kMessageSizeLimit) return;
    if (!response && response.error().code == almon::ErrorCode::Exhausted)
        return;  // a field grew above the limit
    require(response && response->status() == 200);
    require(response->body() == "body");
    if (!request.defect()) {
        require(response->list(HeaderName::Via).size() == request.list(HeaderName::Via).size());
    }
    // Nothing that came in can become a field of its own.
    for (const HeaderField& field : response->fields())
        require(field.name != HeaderName::Other);
}

std::vector<std::string> frames(std::string_view bytes, std::size_t step) {
    std::vector<std::string> all;
    MessageFramer framer;
    while (!bytes.empty()) {
        const std::string_view part = bytes.substr(0, step);
        bytes.remove_prefix(part.size());
        framer.feed(part);
        while (true) {
            const auto frame = framer.next();
            if (!frame) {
                all.push_back("refused");
                return all;
            }
            if (!*frame) break;
            all.emplace_back((*frame)->bytes);
        }
    }
    return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (const auto message = Message::parse(bytes)) {
        read_all(*message);
        if (message->is_request()) answer(*message);
    }
    if (size > 0 && size < 8192) {
        const std::size_t step = 1 + data[size - 1] % 16U;
        require(frames(bytes, size) == frames(bytes, step));
    }
    return 0;
}
