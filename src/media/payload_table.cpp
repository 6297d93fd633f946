// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/payload_table.hpp"

#include <algorithm>

namespace almon::media {
namespace {

/// The number under which `others` know the codec of `format`.
std::uint8_t mapped(const PayloadFormat& format, const std::vector<PayloadFormat>& others) noexcept {
    // Several payload types may carry one codec (H.264 in two modes): the same parameters fit best, then the
    // same number, then the first.
    const PayloadFormat* best = nullptr;
    int best_rank = -1;
    for (const auto& other : others) {
        const bool is_same_clock = other.clock_rate == format.clock_rate;
        if (other.encoding != format.encoding || other.channels != format.channels ||
            (!is_same_clock && kind_of(format) != PayloadKind::TelephoneEvent))
            continue;
        const int rank = !is_same_clock                              ? 0
                         : other.parameters == format.parameters     ? 3
                         : other.payload_type == format.payload_type ? 2
                                                                     : 1;
        if (rank > best_rank) {
            best = &other;
            best_rank = rank;
        }
    }
    return best ? best->sent_payload_type() : PayloadTable::kNotMapped;
}

}  // namespace

PayloadKind kind_of(const PayloadFormat& format) noexcept {
    if (format.encoding == "TELEPHONE-EVENT") return PayloadKind::TelephoneEvent;
    if (format.encoding == "CN") return PayloadKind::Comfort;
    if (format.encoding == "RTX" || format.encoding == "ULPFEC" || format.encoding == "FLEXFEC")
        return PayloadKind::Repair;
    return PayloadKind::Media;
}

bool is_video(const std::vector<PayloadFormat>& formats) noexcept {
    return !formats.empty() && std::ranges::all_of(formats, [](const PayloadFormat& format) {
        return format.clock_rate == 90000;
    });
}

PayloadTable::PayloadTable(const std::vector<PayloadFormat>& own,
                           const std::vector<PayloadFormat>* other) noexcept {
    const auto enter = [&](std::size_t i, std::uint8_t number) {
        auto& entry = entries_[number & 0x7FU];
        if (entry.kind != PayloadKind::Unknown) return;
        entry.kind = kind_of(own[i]);
        entry.format = static_cast<std::uint8_t>(i);
        entry.clock_rate = std::max<std::uint32_t>(1, own[i].clock_rate);
        if (other) entry.mapped = mapped(own[i], *other);
    };
    const auto count = std::min<std::size_t>(own.size(), entries_.size());
    for (std::size_t i = 0; i < count; ++i)
        enter(i, own[i].payload_type);
    // Some phones send by the number of their own description, where it means nothing else in ours.
    for (std::size_t i = 0; i < count; ++i)
        enter(i, own[i].sent_payload_type());
}

}  // namespace almon::media
