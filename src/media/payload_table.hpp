// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "media/commands.hpp"

namespace almon::media {

enum class PayloadKind : std::uint8_t {
    Unknown,  ///< Not in the leg's formats: dropped.
    Media,
    TelephoneEvent,  ///< RFC 4733.
    Comfort,         ///< RFC 3389.
    Repair,          ///< RTX, FEC: an SSRC of its own, not counted in loss.
};

/// What each payload type that a leg receives means, and how the leg it is joined to numbers it. Events
/// (RFC 4733) that the other knows in another clock alone go to that.
class PayloadTable final {
public:
    static constexpr std::uint8_t kNotMapped = 0xFF;
    struct Entry {
        PayloadKind kind = PayloadKind::Unknown;
        std::uint8_t mapped = kNotMapped;
        std::uint8_t format = 0;  ///< Index into the leg's formats.
        std::uint32_t clock_rate = 8000;
    };

    /// @param own formats of the receiving leg
    /// @param other formats of the leg it is joined to; null: none
    PayloadTable(const std::vector<PayloadFormat>& own, const std::vector<PayloadFormat>* other) noexcept;
    PayloadTable() = default;
    [[nodiscard]] const Entry& operator[](std::uint8_t payload_type) const noexcept {
        return entries_[payload_type & 0x7FU];
    }

private:
    std::array<Entry, 128> entries_{};
};

[[nodiscard]] PayloadKind kind_of(const PayloadFormat& format) noexcept;
/// Video has an RTP clock of 90 kHz (RFC 3551 section 5), audio never.
[[nodiscard]] bool is_video(const std::vector<PayloadFormat>& formats) noexcept;

}  // namespace almon::media
