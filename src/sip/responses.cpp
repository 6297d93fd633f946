// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "sip/syntax.hpp"
#include "sip/user_agent_state.hpp"

namespace almon::sip {

void add_all(MessageWriter& writer, const ExtraHeaders& headers) {
    for (const auto& header : headers)
        writer.add(header.name, header.value);
}

bool contains(const ExtraHeaders& headers, std::string_view name) {
    return std::ranges::any_of(
        headers, [&](const ExtraHeader& header) { return equal_ignoring_case(header.name, name); });
}

MessageWriter UserAgent::State::begin_response(const ServerRequest& record, int status,
                                               std::string_view reason) const {
    auto writer = MessageWriter::response(*record.message, status, reason,
                                          {.to_tag = record.to_tag, .source = &record.flow.remote});
    // Strangers are not told what to look up the weaknesses of.
    if (record.session && status < 300) writer.add(HeaderName::Server, settings.product);
    return writer;
}

void UserAgent::State::finish_response(ServerTransactionId transaction, int status, std::string bytes,
                                       Recipient recipient) {
    if (status >= 200) server_requests.erase(transaction);
    if (recipient == Recipient::Stranger || status == 401) {
        transactions.respond_once(transaction, status, std::move(bytes), now);
    } else {
        transactions.respond(transaction, status, std::move(bytes), now);
    }
}

void UserAgent::State::respond_plainly(ServerTransactionId transaction, int status, std::string_view reason,
                                       const ExtraHeaders& headers, Recipient recipient) {
    const auto found = server_requests.find(transaction);
    if (found == server_requests.end() || !found->second.message) return;
    auto writer = begin_response(found->second, status, reason);
    add_all(writer, headers);
    finish_response(transaction, status, writer.finish(), recipient);
}

void UserAgent::State::refuse_stranger(ServerTransactionId transaction, int status, std::string_view reason,
                                       const ExtraHeaders& headers) {
    respond_plainly(transaction, status, reason, headers, Recipient::Stranger);
}

}  // namespace almon::sip
