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

/// What one message may take; more is refused as Exhausted.
inline constexpr std::size_t kMessageSizeLimit = 64 * 1024;
inline constexpr std::size_t kFieldCountLimit = 256;
inline constexpr std::size_t kFieldSizeLimit = 8 * 1024;

/// A received SIP message (RFC 3261 section 7): header fields are views into the one buffer it owns, values
/// are typed on demand. Movable between threads, not copyable; views stay valid when it moves.
class Message final {
public:
    /// One whole message: a datagram, or what MessageFramer cut out of a stream. Refused (Malformed) is what
    /// cannot be answered at all: no SIP start line, a status code out of range. Everything else that is
    /// wrong is told by `defect()`, so that a broken request still gets its response.
    [[nodiscard]] static Result<Message> parse(std::string_view bytes);

    [[nodiscard]] bool is_request() const noexcept { return status_ == 0; }
    /// Of the request, or of CSeq for a response.
    [[nodiscard]] Method method() const noexcept { return method_; }
    [[nodiscard]] std::string_view method_name() const noexcept { return method_name_; }
    [[nodiscard]] std::string_view request_uri() const noexcept { return request_uri_; }
    /// 100 to 699; 0 for a request.
    [[nodiscard]] int status() const noexcept { return status_; }
    [[nodiscard]] std::string_view reason() const noexcept { return reason_; }

    [[nodiscard]] const std::vector<HeaderField>& fields() const noexcept { return fields_; }
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
    /// Content-Length bytes; without that field, everything up to the end of the datagram.
    [[nodiscard]] std::string_view body() const noexcept { return body_; }

    /// What is wrong with a message that parses (RFC 3261 7, 8.1.1, 20): the status and reason to refuse a
    /// request with, or nothing. A response with a defect is to be dropped (RFC 3261 18.1.2, RFC 4475).
    struct Defect {
        int status = 400;
        std::string reason;
    };
    [[nodiscard]] std::optional<Defect> defect() const;
    /// The message as received, without leading line breaks; folds are replaced by spaces.
    [[nodiscard]] std::string_view bytes() const noexcept { return {buffer_.get(), size_}; }

private:
    Message() = default;
    Result<void> split();
    std::size_t split_start_line();
    Result<void> split_fields(std::size_t position);
    void split_body(std::size_t position);
    void note(int status, const char* reason) noexcept;

    std::unique_ptr<char[]> buffer_;
    std::size_t size_ = 0;
    std::vector<HeaderField> fields_;
    std::string_view method_name_;
    std::string_view request_uri_;
    std::string_view reason_;
    std::string_view body_;
    const char* defect_reason_ = nullptr;  ///< The first defect that splitting met.
    std::int16_t defect_status_ = 0;
    std::int16_t status_ = 0;
    Method method_ = Method::Other;
};

}  // namespace almon::sip
