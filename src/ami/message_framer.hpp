// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ami/message.hpp"
#include "base/result.hpp"

namespace almon::ami {

inline constexpr std::size_t kLongestLine = std::size_t{16} * 1024;
inline constexpr std::size_t kMostHeaders = 512;

/// Cuts what a client sends into messages, however it was cut on its way. Lines end with CR LF or LF alone;
/// empty lines between messages mean nothing.
class MessageFramer final {
public:
    void add(std::string_view bytes);

    /// The next message that is there whole; nothing: more has to come. Refused: Malformed where a line is
    /// none of text with a colon, and the next message is read as if nothing had been; Exhausted where a line
    /// or a message is too long, and nothing can be read any more.
    [[nodiscard]] std::optional<Result<Message>> next();

private:
    [[nodiscard]] Result<Message> finish();
    void take_line(std::string_view line);

    std::string bytes_;
    std::size_t read_ = 0;      ///< Of `bytes_`: lines up to here were taken.
    std::size_t searched_ = 0;  ///< Of `bytes_`: no line ends between `read_` and here.
    Message message_;
    std::optional<Error> wrong_;  ///< With the message that is being read.
    bool spoilt_ = false;
};

}  // namespace almon::ami
