// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/time_zone.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>

namespace almon {
namespace {

tl::unexpected<Error> no_zone() {
    return refuse(ErrorCode::InvalidArgument, "time zone", "is no file of the zoneinfo database");
}

/// Big-endian numbers, one after the other; beyond the end they are 0, and `ok` is false.
class Numbers final {
public:
    explicit Numbers(std::string_view bytes) noexcept : rest_(bytes) {}

    std::string_view take(std::size_t count) noexcept {
        if (count > rest_.size()) {
            ok_ = false;
            count = rest_.size();
        }
        const auto taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }
    std::uint64_t number(std::size_t size) noexcept {
        std::uint64_t value = 0;
        for (const char byte : take(size))
            value = value << 8U | static_cast<unsigned char>(byte);
        return ok_ ? value : 0;
    }
    [[nodiscard]] bool ok() const noexcept { return ok_; }

private:
    std::string_view rest_;
    bool ok_ = true;
};

/// RFC 8536 3.1, in its order.
struct Header {
    std::size_t utc_indicators, standard_indicators, leap_seconds, changes, types, name_characters;

    [[nodiscard]] std::size_t block_size(std::size_t time_size) const noexcept {
        return changes * (time_size + 1) + types * 6 + name_characters + leap_seconds * (time_size + 4) +
               standard_indicators + utc_indicators;
    }
};

bool read(Numbers& file, Header& header) {
    if (file.take(4) != "TZif") return false;
    const auto version = file.number(1);
    file.take(15);
    for (auto* count : {&header.utc_indicators, &header.standard_indicators, &header.leap_seconds,
                        &header.changes, &header.types, &header.name_characters})
        *count = file.number(4);
    return file.ok() && version >= '2';
}

}  // namespace

Result<TimeZone> TimeZone::parse(std::string_view bytes) {
    Numbers file(bytes);
    Header header{};
    if (!read(file, header)) return no_zone();
    // First the times that fit into 32 bits, then all.
    file.take(header.block_size(4));
    if (!read(file, header) || header.types == 0 || header.block_size(8) > bytes.size()) return no_zone();
    TimeZone zone;
    for (std::size_t i = 0; i < header.changes; ++i)
        zone.changes_.push_back({static_cast<std::int64_t>(file.number(8)), 0});
    const auto type_of_change = file.take(header.changes);
    std::vector<std::int32_t> offsets;
    for (std::size_t i = 0; i < header.types; ++i) {
        offsets.push_back(static_cast<std::int32_t>(static_cast<std::uint32_t>(file.number(4))));
        file.take(2);
    }
    if (!file.ok()) return no_zone();
    for (std::size_t i = 0; i < header.changes; ++i) {
        const auto type = static_cast<unsigned char>(type_of_change[i]);
        if (type >= offsets.size()) return no_zone();
        zone.changes_[i].offset = offsets[type];
    }
    if (!std::ranges::is_sorted(zone.changes_, {}, &Change::at)) return no_zone();
    zone.first_offset_ = offsets.front();
    return zone;
}

std::chrono::seconds TimeZone::offset_at(UtcTime time) const noexcept {
    const auto now = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    const auto next = std::ranges::upper_bound(changes_, now, {}, &Change::at);
    return std::chrono::seconds(next == changes_.begin() ? first_offset_ : std::prev(next)->offset);
}

Result<void> TimeZones::load(const std::string& name) {
    if (find(name) != nullptr) return {};
    const auto path = name.empty() ? local_ : folder_ + '/' + name;
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const auto zone = TimeZone::parse(bytes);
    const std::scoped_lock lock(mutex_);
    zones_.emplace(name, zone ? *zone : TimeZone{});
    if (!zone) return refuse(ErrorCode::NotFound, "time zone", "'" + name + "' is not known to this machine");
    return {};
}

const TimeZone* TimeZones::find(std::string_view name) const {
    const std::scoped_lock lock(mutex_);
    const auto found = zones_.find(name);
    return found == zones_.end() ? nullptr : &found->second;
}

}  // namespace almon
