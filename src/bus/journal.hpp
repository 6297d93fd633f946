// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "bus/event.hpp"

namespace almon::bus {

struct JournalSettings {
    std::filesystem::path folder;  ///< Made where it is missing.
    /// A new file is begun when the present one is larger.
    std::uint64_t segment_size = 16u << 20;
    /// How often the disk is asked to keep what was written: what a power cut can take.
    std::chrono::milliseconds sync_interval{100};
    /// What is kept in memory while the disk is full; further events are lost, and counted in the log.
    std::size_t most_waiting = 64u << 20;
};

/// The append-only record of what the call core tells. The signalling loop emits the events of a step and
/// flushes before the step's messages leave: from then on the end of the process loses nothing of it, and a
/// power cut at most the last sync_interval. A disk that is full or broken does not hold calls up: what
/// cannot be written waits in memory and is tried again, and the log says so. emit() and flush() belong to
/// one thread; syncing has its own. Read by JournalReader, of any process.
class Journal final : public EventSink {
public:
    /// Begins a new segment behind those that are there.
    [[nodiscard]] static Result<std::unique_ptr<Journal>> open(JournalSettings settings);
    /// Writes and syncs what is left.
    ~Journal() override;
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    void emit(Event event) override;
    /// Hands the emitted events to the operating system, in one write.
    void flush();

    struct Figures {
        std::size_t waiting_bytes = 0;  ///< That the disk has not taken.
        std::uint64_t lost = 0;         ///< Steps whose events found no place in memory, since the start.
        bool failing = false;           ///< It cannot be written.
    };
    /// Any thread; waits for nothing, as a disk may keep whoever writes.
    [[nodiscard]] Figures figures() const noexcept;

private:
    Journal(JournalSettings settings, std::uint64_t first_segment);

    void write_waiting();
    [[nodiscard]] bool begin_segment();
    void note_failure(const char* doing, int error);
    void note_success();
    void keep_synced();

    JournalSettings settings_;
    std::string step_;  ///< Events of the step that is going on; the emitting thread's.

    std::mutex mutex_;  ///< Guards what follows; held while something is written, not while it is synced.
    std::string waiting_;
    std::uint64_t lost_ = 0;   ///< Since it was written last.
    std::size_t written_ = 0;  ///< Of `waiting_`, where a write was cut short.
    Descriptor segment_;
    std::uint64_t segment_number_;
    std::uint64_t segment_bytes_ = 0;
    std::vector<Descriptor> finished_;  ///< Full segments, to be synced once more and closed.
    bool unsynced_ = false;
    bool folder_unsynced_ = false;

    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread syncer_;

    // Set under mutex_, read without.
    std::atomic<std::size_t> left_ = 0;  ///< Bytes that the disk has not taken.
    std::atomic<std::uint64_t> lost_in_all_ = 0;
    std::atomic<bool> failing_ = false;
};

}  // namespace almon::bus
