// SPDX-License-Identifier: GPL-3.0-or-later
#include "ami/message_framer.hpp"

#include <utility>

namespace almon::ami {

namespace {

std::string_view trimmed(std::string_view text) {
    const auto is_blank = [](char letter) { return letter == ' ' || letter == '\t'; };
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

}  // namespace

void MessageFramer::add(std::string_view bytes) {
    if (spoilt_) return;
    bytes_.erase(0, read_);
    searched_ -= read_;
    read_ = 0;
    bytes_ += bytes;
}

std::optional<Result<Message>> MessageFramer::next() {
    while (!spoilt_) {
        const auto end = bytes_.find('\n', searched_);
        if ((end == std::string::npos ? bytes_.size() : end) - read_ > kLongestLine) {
            spoilt_ = true;
            return refuse(ErrorCode::Exhausted, "",
                          "a line may have " + std::to_string(kLongestLine) + " bytes at most");
        }
        if (end == std::string::npos) {
            searched_ = bytes_.size();
            return std::nullopt;
        }
        auto line = std::string_view(bytes_).substr(read_, end - read_);
        read_ = searched_ = end + 1;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!line.empty()) {
            if (message_.headers().size() == kMostHeaders) {
                spoilt_ = true;
                return refuse(ErrorCode::Exhausted, "",
                              "a message may have " + std::to_string(kMostHeaders) + " lines at most");
            }
            take_line(line);
        } else if (wrong_ || !message_.headers().empty()) {
            return finish();
        }
    }
    return std::nullopt;
}

void MessageFramer::take_line(std::string_view line) {
    const auto colon = line.find(':');
    const bool is_text = line.find_first_of(std::string_view("\r\0", 2)) == std::string_view::npos;
    if (!is_text || colon == std::string_view::npos || trimmed(line.substr(0, colon)).empty()) {
        if (!wrong_)
            wrong_ = Error{ErrorCode::Malformed, "",
                           "a line is not \"Name: value\": " + std::string(line.substr(0, 80))};
        return;
    }
    message_.add(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
}

Result<Message> MessageFramer::finish() {
    auto message = std::exchange(message_, {});
    if (auto wrong = std::exchange(wrong_, std::nullopt)) return tl::unexpected<Error>(*std::move(wrong));
    return message;
}

}  // namespace almon::ami
