// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/telephone_event.hpp"

#include <algorithm>
#include <string_view>

#include "media/rtp_packet.hpp"

namespace almon::media {
namespace {

constexpr std::string_view kDigits = "0123456789*#ABCD!";
/// RFC 4733 2.5.2.2 speaks of three packet intervals; phones that send one each 50 ms exist.
constexpr Duration kLostEnd = 150ms;
constexpr std::uint32_t kLongestSegment = 0xFFFF;

}  // namespace

std::optional<TelephoneEvent> TelephoneEvent::parse(std::span<const std::uint8_t> payload) noexcept {
    if (payload.size() < kSize) return std::nullopt;
    TelephoneEvent event;
    event.event = payload[0];
    event.end = (payload[1] & 0x80U) != 0;
    event.volume = payload[1] & 0x3FU;
    event.duration = read16(payload.data() + 2);
    return event;
}

void TelephoneEvent::write_into(std::uint8_t* payload) const noexcept {
    payload[0] = event;
    payload[1] = static_cast<std::uint8_t>((end ? 0x80U : 0U) | (volume & 0x3FU));
    write16(payload + 2, duration);
}

void TelephoneEvent::change_clock(std::uint32_t from, std::uint32_t to) noexcept {
    duration = static_cast<std::uint16_t>(
        std::min<std::uint64_t>(std::uint64_t{duration} * to / from, kLongestSegment));
}

std::optional<std::uint8_t> event_of_digit(char digit) noexcept {
    if (digit >= 'a' && digit <= 'd') digit = static_cast<char>(digit - 'a' + 'A');
    const auto at = kDigits.find(digit);
    if (at == std::string_view::npos) return std::nullopt;
    return static_cast<std::uint8_t>(at);
}

std::optional<char> digit_of_event(std::uint8_t event) noexcept {
    if (event >= kDigits.size()) return std::nullopt;
    return kDigits[event];
}

DigitDetector::Found DigitDetector::received(const TelephoneEvent& event, std::uint32_t timestamp,
                                             std::uint32_t clock_rate, Instant now) noexcept {
    Found found;
    if (!digit_of_event(event.event)) return found;
    if (!known_ || timestamp != timestamp_) {
        // Late packets of a digit that was followed by another one.
        if (known_ && static_cast<std::int32_t>(timestamp - timestamp_) < 0 && now - last_packet_ < 2s)
            return found;
        // RFC 4733 2.5.1.3: a long event goes on in a new segment.
        if (active_ && event.event == event_ && timestamp - timestamp_ == kLongestSegment) {
            before_ += kLongestSegment;
        } else {
            found.lost_end = finish();
            before_ = 0;
            active_ = true;
        }
        known_ = true;
        event_ = event.event;
        timestamp_ = timestamp;
        duration_ = 0;
        clock_rate_ = clock_rate;
    }
    last_packet_ = now;
    duration_ = std::max<std::uint32_t>(duration_, event.duration);
    if (event.end) found.ended = finish();
    return found;
}

std::optional<Digit> DigitDetector::expired(Instant now) noexcept {
    if (!active_ || now - last_packet_ < kLostEnd) return std::nullopt;
    return finish();
}

std::optional<Digit> DigitDetector::finish() noexcept {
    if (!active_) return std::nullopt;
    active_ = false;
    const std::uint64_t units = std::uint64_t{before_} + duration_;
    return Digit{digit_of_event(event_).value_or('?'), std::chrono::milliseconds(units * 1000 / clock_rate_)};
}

DigitSender::DigitSender(std::uint8_t event, std::chrono::milliseconds duration,
                         std::uint32_t clock_rate) noexcept
    : event_(event), step_(clock_rate / 50) {
    // RFC 4733 2.5.1.3 would need segments beyond; nobody presses a key for that long.
    const auto whole = std::clamp<std::int64_t>(duration.count(), 40, 5000) * clock_rate / 1000;
    total_ = std::min<std::uint32_t>(static_cast<std::uint32_t>(whole), kLongestSegment);
}

std::optional<DigitSender::Step> DigitSender::next() noexcept {
    constexpr int kEndPackets = 3;
    if (ends_ == kEndPackets) return std::nullopt;
    Step step;
    step.marker = sent_ == 0;
    sent_ = std::min(sent_ + step_, total_);
    step.event.event = event_;
    step.event.duration = static_cast<std::uint16_t>(sent_);
    step.event.end = sent_ == total_;
    if (step.event.end) ++ends_;
    return step;
}

}  // namespace almon::media
