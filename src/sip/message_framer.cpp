// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/message_framer.hpp"

#include <algorithm>

#include "sip/header_name.hpp"
#include "sip/message.hpp"
#include "sip/syntax.hpp"

namespace almon::sip {

namespace {

/// A connection that is idle should not keep the room that one large message took.
constexpr std::size_t kKeptCapacity = 8 * 1024;

}  // namespace

void MessageFramer::feed(std::string_view bytes) {
    if (begin_ == buffer_.size()) {
        if (buffer_.capacity() > kKeptCapacity && bytes.size() < kKeptCapacity) std::string().swap(buffer_);
        buffer_.clear();
    } else if (begin_ > 0) {
        buffer_.erase(0, begin_);
    }
    scanned_ -= std::min(begin_, scanned_);
    begin_ = 0;
    buffer_ += bytes;
}

Result<std::optional<StreamFrame>> MessageFramer::next() {
    if (message_size_ == 0) {
        // Between messages: line breaks mean nothing, except that two in a row ask for a sign of life.
        while (begin_ < buffer_.size() && (buffer_[begin_] == '\r' || buffer_[begin_] == '\n')) {
            const std::string_view rest = std::string_view(buffer_).substr(begin_);
            static constexpr std::string_view kPing = "\r\n\r\n";
            if (rest.starts_with(kPing)) {
                begin_ += kPing.size();
                return StreamFrame{StreamFrame::Kind::Ping, rest.substr(0, kPing.size())};
            }
            if (kPing.starts_with(rest)) return std::nullopt;  // perhaps half a ping
            ++begin_;
        }
        scanned_ = std::max(scanned_, begin_);
        if (!find_header_end()) {
            if (pending() > kMessageSizeLimit) {
                return refuse(ErrorCode::Exhausted, "message", "the header does not end");
            }
            return std::nullopt;
        }
        const auto length = content_length();
        if (!length) return refuse(length);
        const std::size_t header_size = scanned_ - begin_;
        if (header_size > kMessageSizeLimit || *length > kMessageSizeLimit - header_size) {
            return refuse(ErrorCode::Exhausted, "message", "is too large");
        }
        message_size_ = header_size + *length;
    }
    if (pending() < message_size_) return std::nullopt;
    const StreamFrame frame{StreamFrame::Kind::Message,
                            std::string_view(buffer_).substr(begin_, message_size_)};
    begin_ += message_size_;
    scanned_ = begin_;
    message_size_ = 0;
    return frame;
}

/// True when the empty line behind the header is there; `scanned_` then stands behind it.
bool MessageFramer::find_header_end() noexcept {
    while (true) {
        const std::size_t line_feed = buffer_.find('\n', scanned_);
        if (line_feed == std::string::npos) {
            scanned_ = buffer_.size();
            return false;
        }
        std::size_t behind = line_feed + 1;
        if (behind < buffer_.size() && buffer_[behind] == '\r') ++behind;
        if (behind >= buffer_.size()) {
            scanned_ = line_feed;  // the next byte decides
            return false;
        }
        if (buffer_[behind] == '\n') {
            scanned_ = behind + 1;
            return true;
        }
        scanned_ = line_feed + 1;
    }
}

/// Of the header between `begin_` and `scanned_`.
Result<std::size_t> MessageFramer::content_length() const {
    std::string_view rest = std::string_view(buffer_).substr(begin_, scanned_ - begin_);
    std::optional<std::size_t> found;
    while (!rest.empty()) {
        // One field, with the lines that continue it.
        std::size_t end = rest.find('\n');
        while (end + 1 < rest.size() && (rest[end + 1] == ' ' || rest[end + 1] == '\t'))
            end = rest.find('\n', end + 1);
        const std::string_view field = rest.substr(0, end);
        rest.remove_prefix(end + 1);
        const char initial = field.empty() ? '\0' : to_lower(field.front());
        if (initial != 'c' && initial != 'l') continue;
        const std::size_t colon = field.find(':');
        if (colon == std::string_view::npos ||
            header_name_of(trim(field.substr(0, colon))) != HeaderName::ContentLength) {
            continue;
        }
        const auto length = parse_number<std::uint32_t>(trim(field.substr(colon + 1)));
        if (!length) return refuse(ErrorCode::Malformed, "Content-Length", "is not a number");
        if (found && *found != *length) {
            return refuse(ErrorCode::Malformed, "Content-Length", "comes twice and differs");
        }
        found = *length;
    }
    // RFC 3261 18.3: over a stream it must be there.
    if (!found) return refuse(ErrorCode::Malformed, "Content-Length", "is missing");
    return *found;
}

}  // namespace almon::sip
