// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/certificate.hpp"

#include <string_view>

#include "base/base64.hpp"
#include "model/common_fields.hpp"
#include "model/snapshot.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestPem = 65'536;

/// Takes one block of RFC 7468 off the front: its label, where what it holds is base64; empty otherwise.
std::string_view take_block(std::string_view& text) {
    constexpr std::string_view kBegin = "-----BEGIN ", kEnd = "-----END ", kDashes = "-----";
    if (!text.starts_with(kBegin)) return {};
    const auto label_end = text.find(kDashes, kBegin.size());
    if (label_end == std::string_view::npos) return {};
    const auto label = text.substr(kBegin.size(), label_end - kBegin.size());
    const auto end = text.find(kEnd, label_end);
    if (end == std::string_view::npos || !text.substr(end + kEnd.size()).starts_with(label)) return {};
    std::string content;
    for (const char c : text.substr(label_end + kDashes.size(), end - label_end - kDashes.size())) {
        if (c != '\n' && c != ' ') content += c;
    }
    if (content.empty() || !base64_decode(content)) return {};
    text.remove_prefix(end + kEnd.size() + label.size());
    if (!text.starts_with(kDashes)) return {};
    text.remove_prefix(kDashes.size());
    while (text.starts_with('\n') || text.starts_with(' '))
        text.remove_prefix(1);
    return label;
}

Result<void> check_certificate(const json::value& value) {
    std::string_view text = value.get_string();
    do {
        if (take_block(text) != "CERTIFICATE")
            return refuse(ErrorCode::InvalidArgument, "",
                          "must be certificates in the format PEM and nothing else");
    } while (!text.empty());
    return {};
}

Result<void> check_key(const json::value& value) {
    std::string_view text = value.get_string();
    if (text.empty()) return {};
    const auto label = take_block(text);
    if (label == "ENCRYPTED PRIVATE KEY")
        return refuse(ErrorCode::InvalidArgument, "", "must be without a password");
    if (!label.ends_with("PRIVATE KEY") || !text.empty())
        return refuse(ErrorCode::InvalidArgument, "", "must be one private key in the format PEM");
    return {};
}

}  // namespace

template <>
Declaration declare<Certificate>() {
    Declaration made;
    made.kind = "certificate";
    made.title = "Certificate";
    made.table = "certificates";
    made.collection = "/certificates";
    made.id_name = "certificate_id";
    made.fields = {
        field("id", &Certificate::id).key().sortable().says("Number of the certificate"),
        common_fields::name(&Certificate::name),
        common_fields::description(&Certificate::description),
        field("is_authority", &Certificate::is_authority).sortable().says("Whether others are proven by it"),
        field("certificate", &Certificate::certificate)
            .required()
            .length(1, kLongestPem)
            .checked_by(check_certificate)
            .says("In the format PEM, with those of its issuers behind it"),
        field("private_key", &Certificate::private_key)
            .secret()
            .write_only()
            .length(0, kLongestPem)
            .checked_by(check_key)
            .says("In the format PEM, without a password; never shown again"),
    };
    return made;
}

}  // namespace almon::model
