// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace almon::bus {

// The journal's files: <number>.journal, each a header and records behind each other. A record is its length
// and its CRC-32, 32 bits little-endian each, and its bytes.

/// A place in the journal: behind it nothing was read yet.
struct JournalPosition {
    std::uint64_t segment = 0;  ///< 0: the very beginning.
    std::uint64_t offset = 0;   ///< Within the file.

    friend bool operator==(const JournalPosition&, const JournalPosition&) = default;
};

inline constexpr std::size_t kJournalHeaderSize = 16;
inline constexpr std::size_t kJournalRecordOverhead = 8;
inline constexpr std::size_t kLargestJournalRecord = 1 << 20;

[[nodiscard]] std::filesystem::path journal_file(const std::filesystem::path& folder, std::uint64_t segment);
/// The numbers of the segments in the folder, ascending.
[[nodiscard]] Result<std::vector<std::uint64_t>> journal_segments(const std::filesystem::path& folder);

[[nodiscard]] std::string journal_header(std::uint64_t segment);
/// Puts length and checksum in front of the record that begins at `begin` and goes to the end of `bytes`,
/// where kJournalRecordOverhead bytes were left for them.
void seal_journal_record(std::string& bytes, std::size_t begin);
/// The record at the front of `bytes`, which it is taken from; none where it is not there whole and sound.
[[nodiscard]] std::optional<std::string_view> take_journal_record(std::string_view& bytes) noexcept;

}  // namespace almon::bus
