// SPDX-License-Identifier: GPL-3.0-or-later
// Requests without a session: those that we send and the answers to those that we receive.
#include <utility>

#include "sip/user_agent_state.hpp"

namespace almon::sip {

ClientRequestId UserAgent::State::request(const RequestSettings& request_settings) {
    const ClientRequestId id{++last_request};
    const auto from = NameAddr::parse(request_settings.from);
    const std::string from_tag = from && !from->tag().empty() ? std::string() : random.token(16);
    if (!request_settings.credentials) {
        if (request_settings.call_id.empty()) {
            RequestSettings named = request_settings;
            named.call_id = random.token(24);
            send_outside(id, named, from_tag, nullptr);
        } else {
            send_outside(id, request_settings, from_tag, nullptr);
        }
        return id;
    }
    OutsideRequest& kept = outside_requests[id];
    kept.settings = request_settings;
    if (kept.settings.call_id.empty()) kept.settings.call_id = random.token(24);
    kept.digest.credentials = request_settings.credentials;
    kept.from_tag = from_tag;
    send_outside(id, kept.settings, kept.from_tag, &kept.digest);
    return id;
}

void UserAgent::State::send_outside(ClientRequestId id, const RequestSettings& wanted,
                                    const std::string& from_tag, DigestClient* digest) {
    auto branch = transactions.new_branch() + '.' + loop_mark(wanted.request_uri);
    const LocalIdentity& self = identity(wanted.flow);
    auto writer = MessageWriter::request(wanted.method, wanted.request_uri);
    writer.add_via(via_name(wanted.flow.transport), self.sent_by, branch).add(HeaderName::MaxForwards, "70");
    for (const auto& hop : wanted.route)
        writer.add(HeaderName::Route, hop);
    writer.add(HeaderName::From, from_tag.empty() ? wanted.from : wanted.from + ";tag=" + from_tag)
        .add(HeaderName::To, wanted.to)
        .add(HeaderName::CallId, wanted.call_id)
        .add_cseq(wanted.cseq, wanted.method);
    const Method method = method_of(wanted.method);
    const bool names_contact = method == Method::Options || method == Method::Subscribe ||
                               method == Method::Notify || method == Method::Refer;
    if (names_contact && !contains(wanted.headers, "Contact")) writer.add(HeaderName::Contact, self.contact);
    writer.add(HeaderName::UserAgent, settings.product)
        .add(HeaderName::Allow, allow)
        .add(HeaderName::Supported, supported);
    if (digest != nullptr) digest->add_to(writer, wanted.method, wanted.request_uri, random);
    add_all(writer, wanted.headers);
    const auto transaction =
        transactions.send(wanted.flow, method, wanted.method, std::move(branch),
                          writer.finish(wanted.body.content_type, wanted.body.bytes), now);
    client_uses.insert_or_assign(transaction, ClientUse{.kind = ClientUse::Kind::Outside, .request = id});
}

void UserAgent::State::respond(RequestId request, int status, std::string_view reason,
                               const ExtraHeaders& headers, const Body& body) {
    const ServerTransactionId transaction{request.value};
    const auto found = server_requests.find(transaction);
    if (found == server_requests.end() || !found->second.message) return;
    const ServerRequest& record = found->second;
    const Method method = record.message->method();
    auto writer = begin_response(record, status, reason);
    const auto add_ours = [&](HeaderName name, std::string_view value) {
        if (!contains(headers, name_of(name))) writer.add(name, value);
    };
    if (status >= 200 && status < 300) {
        if (method == Method::Options) {
            // RFC 3261 11.2
            add_ours(HeaderName::Allow, allow);
            add_ours(HeaderName::Accept, accepted_types);
            add_ours(HeaderName::Supported, supported);
        } else if (method == Method::Subscribe || method == Method::Notify || method == Method::Refer) {
            add_ours(HeaderName::Contact, identity(record.flow).contact);
        }
    }
    add_all(writer, headers);
    const bool to_stranger = method == Method::Options && !record.session;
    finish_response(transaction, status, writer.finish(body.content_type, body.bytes),
                    to_stranger ? Recipient::Stranger : Recipient::Known);
}

}  // namespace almon::sip
