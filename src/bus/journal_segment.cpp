// SPDX-License-Identifier: GPL-3.0-or-later
#include "bus/journal_segment.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <system_error>

#include <fmt/format.h>

#include "base/crc32.hpp"

namespace almon::bus {
namespace {

constexpr std::string_view kMagic = "ALMONJN1";
constexpr std::string_view kSuffix = ".journal";

}  // namespace

std::filesystem::path journal_file(const std::filesystem::path& folder, std::uint64_t segment) {
    return folder / fmt::format("{:012}{}", segment, kSuffix);
}

Result<std::vector<std::uint64_t>> journal_segments(const std::filesystem::path& folder) {
    std::vector<std::uint64_t> segments;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const auto name = entry.path().filename().string();
        if (!name.ends_with(kSuffix)) continue;
        std::uint64_t number = 0;
        const auto* end = name.data() + name.size() - kSuffix.size();
        const auto parsed = std::from_chars(name.data(), end, number);
        if (parsed.ec == std::errc{} && parsed.ptr == end && number > 0) segments.push_back(number);
    }
    if (error) return refuse(ErrorCode::Unavailable, "journal", folder.string() + ": " + error.message());
    std::sort(segments.begin(), segments.end());
    return segments;
}

std::string journal_header(std::uint64_t segment) {
    std::string header(kMagic);
    header.append(reinterpret_cast<const char*>(&segment), sizeof segment);
    return header;
}

void seal_journal_record(std::string& bytes, std::size_t begin) {
    const auto record = std::string_view(bytes).substr(begin + kJournalRecordOverhead);
    const auto length = static_cast<std::uint32_t>(record.size());
    const auto checksum = crc32(record);
    std::memcpy(bytes.data() + begin, &length, sizeof length);
    std::memcpy(bytes.data() + begin + sizeof length, &checksum, sizeof checksum);
}

std::optional<std::string_view> take_journal_record(std::string_view& bytes) noexcept {
    if (bytes.size() < kJournalRecordOverhead) return std::nullopt;
    std::uint32_t length = 0;
    std::uint32_t checksum = 0;
    std::memcpy(&length, bytes.data(), sizeof length);
    std::memcpy(&checksum, bytes.data() + sizeof length, sizeof checksum);
    // A power cut may leave zeros behind the last record; an empty record is none.
    if (length == 0 || length > kLargestJournalRecord || length > bytes.size() - kJournalRecordOverhead)
        return std::nullopt;
    const auto record = bytes.substr(kJournalRecordOverhead, length);
    if (crc32(record) != checksum) return std::nullopt;
    bytes.remove_prefix(kJournalRecordOverhead + length);
    return record;
}

}  // namespace almon::bus
