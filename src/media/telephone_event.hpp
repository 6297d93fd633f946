// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/time.hpp"

namespace almon::media {

/// The payload of an RFC 4733 event packet.
struct TelephoneEvent {
    static constexpr std::size_t kSize = 4;
    std::uint8_t event = 0;
    bool end = false;
    std::uint8_t volume = 10;  ///< -dBm0.
    std::uint16_t duration = 0;

    [[nodiscard]] static std::optional<TelephoneEvent> parse(std::span<const std::uint8_t> payload) noexcept;
    void write_into(std::uint8_t* payload) const noexcept;
    /// Tells its duration in another clock (Hz); what would be longer than can be told, as long as can be.
    void change_clock(std::uint32_t from, std::uint32_t to) noexcept;
};

/// 0-9, *, #, A-D, '!' (flash) to their number and back; nothing for others.
[[nodiscard]] std::optional<std::uint8_t> event_of_digit(char digit) noexcept;
[[nodiscard]] std::optional<char> digit_of_event(std::uint8_t event) noexcept;

/// A digit that was pressed.
struct Digit {
    char digit = '0';
    std::chrono::milliseconds duration{0};
};

/// Finds the digits in a stream of event packets: each is reported once, at the first packet with the end
/// bit, or when its packets have stopped without one (RFC 4733 2.5.2).
class DigitDetector final {
public:
    /// Up to two: the one whose end was lost, and the one that ends with this packet.
    struct Found {
        std::optional<Digit> lost_end;
        std::optional<Digit> ended;
    };
    [[nodiscard]] Found received(const TelephoneEvent& event, std::uint32_t timestamp,
                                 std::uint32_t clock_rate, Instant now) noexcept;
    /// To be asked now and then: a digit whose packets stopped.
    [[nodiscard]] std::optional<Digit> expired(Instant now) noexcept;
    [[nodiscard]] bool active() const noexcept { return active_; }

private:
    [[nodiscard]] std::optional<Digit> finish() noexcept;

    bool known_ = false;   ///< `timestamp_` is of an event, reported or not.
    bool active_ = false;  ///< Not reported yet.
    std::uint8_t event_ = 0;
    std::uint32_t timestamp_ = 0;
    std::uint32_t duration_ = 0;  ///< Timestamp units.
    std::uint32_t before_ = 0;    ///< Of earlier segments of a long event.
    std::uint32_t clock_rate_ = 8000;
    Instant last_packet_{};
};

/// One digit being sent, packet by packet each 20 ms: the first one marked, the last one three times.
class DigitSender final {
public:
    DigitSender() = default;
    DigitSender(std::uint8_t event, std::chrono::milliseconds duration, std::uint32_t clock_rate) noexcept;

    /// The next packet; nothing when all are sent.
    struct Step {
        TelephoneEvent event;
        bool marker = false;
    };
    [[nodiscard]] std::optional<Step> next() noexcept;

private:
    std::uint8_t event_ = 0;
    std::uint32_t total_ = 0;
    std::uint32_t step_ = 160;
    std::uint32_t sent_ = 0;
    int ends_ = 0;
};

}  // namespace almon::media
