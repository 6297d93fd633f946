// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/result.hpp"

namespace almon {

enum class LogLevel : std::uint8_t { Trace, Debug, Info, Warning, Error, Critical };

/// "trace", "debug", "info", "warning", "error" or "critical".
[[nodiscard]] Result<LogLevel> parse_log_level(std::string_view name);

/// Writes a line to the program's log. Any thread; never waits: lines go through a queue to a thread that
/// writes them, and when the queue is full the oldest lines go. Passwords, digest hashes and keys are never
/// put into a line. `text` may come from outside: control characters are written as \xNN, so that nobody
/// forges lines.
void write_log(LogLevel level, std::string_view text);
[[nodiscard]] bool logs(LogLevel level) noexcept;

template <class... Arguments>
void log(LogLevel level, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    if (logs(level)) write_log(level, fmt::format(format, std::forward<Arguments>(arguments)...));
}
template <class... Arguments>
void log_debug(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    log(LogLevel::Debug, format, std::forward<Arguments>(arguments)...);
}
template <class... Arguments>
void log_info(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    log(LogLevel::Info, format, std::forward<Arguments>(arguments)...);
}
template <class... Arguments>
void log_warning(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    log(LogLevel::Warning, format, std::forward<Arguments>(arguments)...);
}
template <class... Arguments>
void log_error(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    log(LogLevel::Error, format, std::forward<Arguments>(arguments)...);
}

/// The log, from its construction to its destruction, which waits until everything is written. One per
/// process, made by the composition root first of all; without it (in unit tests) lines go nowhere.
class LogOutput final {
public:
    /// `file` is appended to; empty: standard error.
    [[nodiscard]] static Result<LogOutput> open(LogLevel level, const std::string& file);
    LogOutput(LogOutput&&) noexcept;
    LogOutput& operator=(LogOutput&&) noexcept;
    ~LogOutput();

private:
    struct Sink;
    explicit LogOutput(std::unique_ptr<Sink> sink) noexcept;
    std::unique_ptr<Sink> sink_;
};

}  // namespace almon
