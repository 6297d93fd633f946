// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "http/request.hpp"

namespace almon::http {

/// Bytes of a connection into requests (HTTP/1.0 and 1.1, RFC 9112), piece by piece. Pure: no socket, no
/// clock.
///
/// Stricter than it would have to be where two readings of a message are possible, since somebody else in
/// front of us might read it the other way: contradicting lengths, any transfer coding but "chunked",
/// repeated or missing Host.
class RequestParser final {
public:
    /// Writes into `request`, which outlives the parser.
    RequestParser(Request& request, std::size_t max_head);
    ~RequestParser();
    RequestParser(const RequestParser&) = delete;
    RequestParser& operator=(const RequestParser&) = delete;

    enum class Step {
        NeedMore,  ///< What was not consumed has to come again, with more behind it.
        Head,      ///< Everything but the body is in the request.
        Complete,
        Refused,  ///< See refusal(); the connection cannot be used any more.
    };
    struct Progress {
        Step step = Step::NeedMore;
        std::size_t consumed = 0;
    };
    /// Goes on to the next step. Call again after Head, with the bytes that are left, even none; not after
    /// Complete or Refused.
    [[nodiscard]] Progress feed(std::string_view bytes);
    /// For the next request. Clears the request.
    void reset();

    struct Refusal {
        int status = 400;
        Error error;
    };
    [[nodiscard]] const Refusal& refusal() const noexcept;

    /// True once a byte of the request was seen.
    [[nodiscard]] bool started() const noexcept;

    // After Head:

    /// A longer body is refused with 413.
    void limit_body(std::uint64_t bytes);
    /// The body is checked but not kept.
    void discard_body() noexcept;
    /// What has come of the body since the last time, out of the request; it counts towards the limit all the
    /// same.
    [[nodiscard]] std::string take_body();
    /// What is still to come; nothing where the body is chunked.
    [[nodiscard]] std::optional<std::uint64_t> announced_body() const noexcept;
    /// True where the request has no body.
    [[nodiscard]] bool is_complete() const noexcept;
    [[nodiscard]] bool keeps_alive() const noexcept;
    [[nodiscard]] bool is_http_1_1() const noexcept;
    /// The client waits for 100 (Continue) before it sends the body.
    [[nodiscard]] bool expects_continue() const noexcept;
    /// "Upgrade: websocket".
    [[nodiscard]] bool wants_websocket() const noexcept;

private:
    class Machine;
    std::unique_ptr<Machine> machine_;
};

}  // namespace almon::http
