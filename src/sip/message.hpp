// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sip/header_name.hpp"
#include "sip/method.hpp"
#include "sip/typed_headers.hpp"

namespace almon::sip {

/// One header field as it stood on the wire, value unfolded and trimmed; views into the message's buffer.
struct HeaderField {
    HeaderName name = HeaderName::Other;
    std::string_view text_name;
    std::string_view value;
};

/// A received SIP message (RFC 3261 section 7): header fields are views into the one buffer it owns, values
/// are typed on demand. Movable between threads, not copyable; views stay valid when it moves.
class Message final {
public:
    /// One whole message: a datagram, or what MessageFramer cut out of a stream. Splits and checks the start
    /// line, the field syntax and Content-Length; the fields that every message must have are checked by
    /// `defect()`, so that a broken request can still be answered.
    [[nodiscard]] static Result<Message> parse(std::string_view bytes);

    [[nodiscard]] bool is_request() const noexcept;
    [[nodiscard]] Method method() const noexcept;  ///< Of the request, or of CSeq for a response.
    [[nodiscard]] std::string_view method_name() const noexcept;
    [[nodiscard]] std::string_view request_uri() const noexcept;
    [[nodiscard]] int status() const noexcept;  ///< 0 for a request.
    [[nodiscard]] std::string_view reason() const noexcept;

    [[nodiscard]] const std::vector<HeaderField>& fields() const noexcept;
    /// The first field of that name.
    [[nodiscard]] std::optional<std::string_view> header(HeaderName name) const noexcept;
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;
    /// All values of a field that is a comma-separated list, over all its lines, in order (quotes and angles
    /// respected).
    [[nodiscard]] std::vector<std::string_view> list(HeaderName name) const;
    /// True when a list field (Require, Supported, Allow ...) contains the token, case-insensitive.
    [[nodiscard]] bool has_token(HeaderName name, std::string_view token) const;

    [[nodiscard]] Result<Via> via() const;  ///< The topmost.
    [[nodiscard]] Result<NameAddr> from() const;
    [[nodiscard]] Result<NameAddr> to() const;
    [[nodiscard]] Result<CSeq> cseq() const;
    [[nodiscard]] Result<std::vector<NameAddr>> contacts()
        const;  ///< "*" gives one with an empty uri and display "*".
    [[nodiscard]] std::string_view call_id() const noexcept;
    [[nodiscard]] std::string_view content_type() const noexcept;
    [[nodiscard]] std::string_view body() const noexcept;

    /// What a request or response that parses may still lack (RFC 3261 8.1.1, 20): the status and reason to
    /// refuse a request with, or nothing.
    struct Defect {
        int status = 400;
        std::string reason;
    };
    [[nodiscard]] std::optional<Defect> defect() const;
    [[nodiscard]] std::string_view bytes() const noexcept;

private:
    Message() = default;
};

}  // namespace almon::sip
