// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace almon::sip {

/// What stands in a stream.
struct StreamFrame {
    enum class Kind : std::uint8_t {
        Message,  ///< One whole message, for Message::parse.
        Ping,     ///< CRLF CRLF between messages: answer with CRLF (RFC 5626 4.4.1).
    };
    Kind kind = Kind::Message;
    std::string_view bytes;  ///< Valid until the next call of the framer.
};

/// Cuts messages out of a byte stream by Content-Length (RFC 3261 18.3). The work is linear in the bytes,
/// however they are split. After a refusal the stream cannot be followed any more: close the connection.
class MessageFramer final {
public:
    /// Appends what was read.
    void feed(std::string_view bytes);
    /// The next frame; nothing when more bytes are needed. Call until it gives none, before feeding again.
    /// Refused: no or a broken Content-Length (Malformed), a message above kMessageSizeLimit (Exhausted).
    [[nodiscard]] Result<std::optional<StreamFrame>> next();
    /// Bytes held for a message that is not whole.
    [[nodiscard]] std::size_t pending() const noexcept { return buffer_.size() - begin_; }

private:
    [[nodiscard]] bool find_header_end() noexcept;
    [[nodiscard]] Result<std::size_t> content_length() const;

    std::string buffer_;
    std::size_t begin_ = 0;         ///< Of the message that is being gathered.
    std::size_t scanned_ = 0;       ///< Up to here no end of the header was found.
    std::size_t message_size_ = 0;  ///< Header and body, once the header is whole; 0 before.
};

}  // namespace almon::sip
