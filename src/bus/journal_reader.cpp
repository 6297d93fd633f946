// SPDX-License-Identifier: GPL-3.0-or-later
#include "bus/journal_reader.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>
#include <utility>

#include "base/log.hpp"
#include "bus/event_codec.hpp"

namespace almon::bus {
namespace {

// Read in one go; where a record is longer, the largest is.
constexpr std::size_t kChunk = 64u << 10;
constexpr std::size_t kLargeChunk = kLargestJournalRecord + kChunk;

/// What is there from `offset` on, `size` bytes at most.
Result<std::string> read_chunk(const std::filesystem::path& file, std::uint64_t offset, std::size_t size) {
    std::error_code error;
    const auto written = std::filesystem::file_size(file, error);
    if (error) return refuse(ErrorCode::Unavailable, "journal", file.string() + ": " + error.message());
    if (written <= offset) return std::string();
    std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(written - offset, size)), '\0');
    std::ifstream stream(file, std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(offset));
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!stream) return refuse(ErrorCode::Unavailable, "journal", "cannot read " + file.string());
    return bytes;
}

}  // namespace

JournalReader::JournalReader(std::filesystem::path folder, JournalPosition position)
    : folder_(std::move(folder)), position_(position) {}

Result<std::vector<Event>> JournalReader::read(std::size_t limit) {
    std::vector<Event> events;
    for (;;) {
        // The list comes first: a segment that has a follower now is not written to any more.
        const auto segments = journal_segments(folder_);
        if (!segments) return refuse(segments);
        if (segments->empty()) return events;
        auto present = std::lower_bound(segments->begin(), segments->end(), position_.segment);
        // All of them lie before the position: the folder was emptied, and the numbers began anew.
        if (present == segments->end()) present = segments->begin();
        if (*present != position_.segment) position_ = {*present, 0};
        const auto state = std::next(present) == segments->end() ? Segment::Open : Segment::Complete;

        if (const auto outcome = read_segment(state, limit, events); !outcome) return refuse(outcome);
        if (state == Segment::Open || events.size() >= limit) return events;
        position_ = {*std::next(present), 0};
    }
}

Result<void> JournalReader::read_segment(Segment state, std::size_t limit, std::vector<Event>& events) {
    const auto file = journal_file(folder_, position_.segment);
    for (auto size = kChunk;;) {
        const auto chunk = read_chunk(file, position_.offset, size);
        if (!chunk) return refuse(chunk);
        std::string_view rest = *chunk;
        if (position_.offset == 0) {
            if (!rest.starts_with(journal_header(position_.segment))) {
                if (state == Segment::Complete && !rest.empty())
                    log_error("{} is not a file of the journal and is passed over", file.string());
                return {};
            }
            rest.remove_prefix(kJournalHeaderSize);
            position_.offset = kJournalHeaderSize;
        }
        // An event is hardly shorter, so that the list seldom grows while it is filled.
        if (!rest.empty()) events.reserve(std::min(limit, events.size() + rest.size() / 128 + 1));
        bool moved = false;
        while (events.size() < limit) {
            const auto before = rest.size();
            const auto record = take_journal_record(rest);
            if (!record) break;
            moved = true;
            position_.offset += before - rest.size();
            auto event = decode(*record);
            if (event)
                events.push_back(*std::move(event));
            else
                log_warning("an event in {} is passed over: {}", file.string(), event.error().reason);
        }
        if (events.size() >= limit) return {};
        if (chunk->size() == size && (moved || size == kChunk)) {
            size = moved ? kChunk : kLargeChunk;
            continue;
        }
        if (!rest.empty() && state == Segment::Complete)
            log_warning("{} bytes at the end of {} were not written whole and are passed over", rest.size(),
                        file.string());
        return {};
    }
}

void JournalReader::remove_read(const std::filesystem::path& folder, JournalPosition position) {
    const auto segments = journal_segments(folder);
    if (!segments) return;
    for (const auto segment : *segments) {
        std::error_code ignored;
        if (segment < position.segment && segment != segments->back())
            std::filesystem::remove(journal_file(folder, segment), ignored);
    }
}

}  // namespace almon::bus
