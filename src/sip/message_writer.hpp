// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/net_address.hpp"
#include "sip/header_name.hpp"
#include "sip/message.hpp"
#include "sip/method.hpp"

namespace almon::sip {

/// The usual phrase of a status code: 486 is "Busy Here". Unknown codes get that of their class.
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

/// What a response takes from outside the request that it answers.
struct ResponseSettings {
    /// Added to To where the request has no tag there and the status is above 100 (RFC 3261 8.2.6.2).
    std::string_view to_tag;
    /// Where the request came from: received and rport of the topmost Via (RFC 3261 18.2.1, RFC 3581 4).
    const NetAddress* source = nullptr;
};

/// Writes one message, front to back, into one string. A value cannot break out of its line: CR, LF and NUL
/// become spaces.
class MessageWriter final {
public:
    [[nodiscard]] static MessageWriter request(Method method, std::string_view request_uri);
    [[nodiscard]] static MessageWriter request(std::string_view method, std::string_view request_uri);
    /// Status line and the fields that a response copies: every Via, From, To, Call-ID, CSeq (RFC 3261
    /// 8.2.6.2), Timestamp in a 100, and Record-Route where the response makes a dialog (12.1.1). An empty
    /// reason means the usual phrase.
    [[nodiscard]] static MessageWriter response(const Message& request, int status,
                                                std::string_view reason = {},
                                                const ResponseSettings& settings = {});

    MessageWriter& add(HeaderName name, std::string_view value);
    /// A name that is not a token is a mistake of ours; the field is left out.
    MessageWriter& add(std::string_view name, std::string_view value);
    MessageWriter& add_number(HeaderName name, std::uint64_t number);
    /// A Via of ours: `SIP/2.0/UDP host:port;branch=...;rport`. `sent_by` is host or host:port.
    MessageWriter& add_via(std::string_view transport, std::string_view sent_by, std::string_view branch);
    MessageWriter& add_cseq(std::uint32_t number, std::string_view method);

    /// Ends the header with Content-Type and Content-Length, appends the body and hands all over. The writer
    /// is empty afterwards.
    [[nodiscard]] std::string finish(std::string_view content_type = {}, std::string_view body = {});

private:
    MessageWriter() = default;
    void append_clean(std::string_view text);
    void append_number(std::uint64_t number);
    void append_received(std::string_view vias, const NetAddress& source);
    void begin_field(std::string_view name);

    std::string out_;
};

}  // namespace almon::sip
