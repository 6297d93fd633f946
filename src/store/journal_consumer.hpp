// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>

#include "base/histogram.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/database.hpp"

namespace almon::store {

struct JournalConsumerSettings {
    DatabaseLocation database;
    std::filesystem::path journal_folder;
    /// How often it looks for new events: what the tables may lag behind.
    std::chrono::milliseconds interval{250};
    /// Events a transaction; contacts that refresh within one are written once.
    std::size_t batch = 1000;
    /// Each night calls and events that are older are forgotten (SYS-162).
    std::chrono::days days_to_keep{365};
};

/// Moves events from the journal into the tables `cel`, `call_log` and `contacts`, each exactly once: the
/// place in the journal up to which they are in the tables is committed with them. Whatever a failing
/// database (full disk, lost connection) keeps from being written stays in the journal; it is tried again,
/// and the log says so.
class JournalConsumer final {
public:
    [[nodiscard]] static std::unique_ptr<JournalConsumer> start(JournalConsumerSettings settings);
    /// Moves what is still there and joins the thread.
    ~JournalConsumer();
    JournalConsumer(const JournalConsumer&) = delete;
    JournalConsumer& operator=(const JournalConsumer&) = delete;

    /// How the database does; any thread reads them.
    struct Figures {
        /// From the beginning of a transaction to what the database says of its end.
        Histogram transactions{1ms, 5ms, 10ms, 25ms, 50ms, 100ms, 250ms, 500ms, 1s, 2500ms, 10s};
        std::atomic<std::uint64_t> events = 0;  ///< That are in the tables, since the start.
        std::atomic<bool> failing = false;      ///< The last try was refused.
        /// When the database had all that happened before.
        std::atomic<Instant> caught_up;
        /// When it answered last, however much it still lacks.
        std::atomic<Instant> answered;
    };
    [[nodiscard]] const Figures& figures() const noexcept { return figures_; }

private:
    class Work;
    friend Result<std::size_t> consume_journal(const JournalConsumerSettings& settings);

    explicit JournalConsumer(JournalConsumerSettings settings);
    void run();

    JournalConsumerSettings settings_;
    Figures figures_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

/// Moves everything that is in the journal by now; the number of events. What the consumer's thread does
/// again and again.
[[nodiscard]] Result<std::size_t> consume_journal(const JournalConsumerSettings& settings);

}  // namespace almon::store
