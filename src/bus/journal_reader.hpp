// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "bus/event.hpp"
#include "bus/journal_segment.hpp"

namespace almon::bus {

/// Reads the journal in its order while it is being written, also by another process. What ends early at the
/// end of a segment was never written whole and is passed over once the next segment is begun; what cannot be
/// read in the middle costs the rest of its segment, and the log says so.
class JournalReader final {
public:
    /// Goes on at `position`. Where that segment is gone, at the next one that is there.
    JournalReader(std::filesystem::path folder, JournalPosition position);

    /// At most about `limit` events more; none where nothing new was written.
    [[nodiscard]] Result<std::vector<Event>> read(std::size_t limit);
    /// Behind the last event that read() gave.
    [[nodiscard]] JournalPosition position() const noexcept { return position_; }

    /// Deletes the segments that lie wholly before the position; the last one always stays.
    static void remove_read(const std::filesystem::path& folder, JournalPosition position);

private:
    enum class Segment { Open, Complete };
    [[nodiscard]] Result<void> read_segment(Segment state, std::size_t limit, std::vector<Event>& events);

    std::filesystem::path folder_;
    JournalPosition position_;
};

}  // namespace almon::bus
