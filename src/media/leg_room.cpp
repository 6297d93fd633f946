// SPDX-License-Identifier: GPL-3.0-or-later
// A leg in a room: what it says goes there, and what it hears comes from there.
#include <cmath>

#include "media/leg.hpp"
#include "media/room.hpp"

namespace almon::media {
namespace {

/// 256 changes nothing.
int factor_of(std::int8_t decibels) noexcept {
    return static_cast<int>(std::lround(256 * std::pow(10, decibels / 20.0)));
}

}  // namespace

void Leg::enter(Room& room, const EnterRoom& command) {
    if (!seat_ || &seat_->room != &room) {
        separate();
        leave_room();
        seat_ = std::make_unique<Seat>(room, room.frame());
        room.enter(*this);
        choose_room_format();
    }
    seat_->is_muted = command.muted;
    seat_->talking = factor_of(command.talking_db);
    seat_->hearing = factor_of(command.hearing_db);
}

void Leg::leave_room() noexcept {
    if (!seat_) return;
    seat_->room.leave(*this);
    seat_.reset();
    out_.interrupt();
}

void Leg::choose_room_format() noexcept {
    if (!seat_) return;
    const auto* const format = own_format();
    seat_->law = format ? law_of(*format) : std::nullopt;
    seat_->is_encoded = format && !seat_->law;
    seat_->is_contiguous = false;
    if (!format) return;
    seat_->payload_type = format->sent_payload_type();
    choose_voice(*format);
}

void Leg::hear_room(std::span<std::uint8_t> packet, const Step& step) noexcept {
    // The room goes on while the leg hears something of its own.
    if (speaks_itself_ || !can_send()) {
        seat_->is_contiguous = false;
        return;
    }
    const auto units = static_cast<std::uint32_t>(packet.size() - kRtpHeaderSize);
    send_sound(packet, seat_->payload_type, units, kOwnClockRate, seat_->is_contiguous, step);
}

void Leg::hear_room(std::span<const std::int16_t> frame, const Step& step) noexcept {
    if (speaks_itself_ || !can_send()) {
        seat_->is_contiguous = false;
        return;
    }
    send_encoded(frame, seat_->is_contiguous, step);
}

}  // namespace almon::media
