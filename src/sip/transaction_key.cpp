// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/transaction_key.hpp"

#include "sip/syntax.hpp"

namespace almon::sip {

namespace {

/// No field value contains it, so that parts cannot run into each other.
constexpr char kSeparator = '\n';

void append(std::string& key, std::string_view part) {
    key.append(part);
    key.push_back(kSeparator);
}

/// RFC 3261 7.3.1: tokens and host names are compared without case.
void append_lower(std::string& key, std::string_view part) {
    const std::size_t start = key.size();
    key.append(part);
    for (std::size_t i = start; i < key.size(); ++i)
        key[i] = to_lower(key[i]);
    key.push_back(kSeparator);
}

}  // namespace

bool write_server_key(std::string& key, const Message& request, const Via& via, std::string_view method) {
    key.clear();
    append(key, method);
    if (via.has_magic_cookie()) {
        append_lower(key, via.branch());
        append_lower(key, via.host);
        key.append(std::to_string(via.port));
        return true;
    }
    const auto from = request.from();
    const auto cseq = request.cseq();
    if (!from || !cseq) return false;
    // The To tag is left out, since an ACK has that of our response: the layer compares it.
    append(key, request.request_uri());
    append(key, from->tag());
    append(key, request.call_id());
    append(key, std::to_string(cseq->number));
    append(key, request.header(HeaderName::Via).value_or(std::string_view{}));
    return true;
}

void write_client_key(std::string& key, std::string_view branch, std::string_view method) {
    key.clear();
    append(key, method);
    append_lower(key, branch);
}

bool write_merged_key(std::string& key, const Message& request) {
    key.clear();
    const auto to = request.to();
    const auto from = request.from();
    const auto cseq = request.cseq();
    if (!to || !from || !cseq || !to->tag().empty()) return false;
    append(key, request.call_id());
    append(key, from->tag());
    append(key, std::to_string(cseq->number));
    append(key, cseq->method_name);
    return true;
}

}  // namespace almon::sip
