// SPDX-License-Identifier: GPL-3.0-or-later
#include "bus/journal.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "base/log.hpp"
#include "bus/event_codec.hpp"
#include "bus/journal_segment.hpp"

namespace almon::bus {

Result<std::unique_ptr<Journal>> Journal::open(JournalSettings settings) {
    std::error_code error;
    std::filesystem::create_directories(settings.folder, error);
    if (error)
        return refuse(ErrorCode::Unavailable, "journal",
                      "cannot make " + settings.folder.string() + ": " + error.message());
    const auto segments = journal_segments(settings.folder);
    if (!segments) return refuse(segments);
    const auto first = segments->empty() ? 1 : segments->back() + 1;
    std::unique_ptr<Journal> journal(new Journal(std::move(settings), first));
    {
        const std::lock_guard lock(journal->mutex_);
        if (!journal->begin_segment())
            return refuse(
                ErrorCode::Unavailable, "journal",
                "cannot write into " + journal->settings_.folder.string() + ": " + std::strerror(errno));
    }
    journal->syncer_ = std::thread([raw = journal.get()] {
        pthread_setname_np(pthread_self(), "journal");
        raw->keep_synced();
    });
    return journal;
}

Journal::Journal(JournalSettings settings, std::uint64_t first_segment)
    : settings_(std::move(settings)), segment_number_(first_segment - 1) {}

Journal::~Journal() {
    flush();
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    if (syncer_.joinable()) syncer_.join();
}

void Journal::emit(Event event) {
    const auto begin = step_.size();
    step_.append(kJournalRecordOverhead, '\0');
    encode(event, step_);
    if (step_.size() - begin > kJournalRecordOverhead + kLargestJournalRecord) {
        step_.resize(begin);
        log_error("an event of more than {} bytes was not kept", kLargestJournalRecord);
        return;
    }
    seal_journal_record(step_, begin);
}

void Journal::flush() {
    if (step_.empty()) return;
    const std::lock_guard lock(mutex_);
    if (waiting_.size() + step_.size() > settings_.most_waiting) {
        ++lost_in_all_;
        if (lost_++ == 0)
            log_error("the journal cannot be written and memory for it is used up: events are lost");
        step_.clear();
        return;
    }
    if (waiting_.empty())
        waiting_.swap(step_);
    else
        waiting_ += step_;
    step_.clear();
    // While the disk fails the syncing thread tries again, so that a step does not wait for it.
    if (!failing_) write_waiting();
    left_ = waiting_.size() - written_;
}

Journal::Figures Journal::figures() const noexcept {
    return {left_, lost_in_all_, failing_};
}

/// Under mutex_.
void Journal::write_waiting() {
    if (segment_bytes_ >= settings_.segment_size && written_ == 0 && !begin_segment())
        return note_failure("begin a new file of", errno);
    while (written_ < waiting_.size()) {
        const auto count = ::write(segment_.get(), waiting_.data() + written_, waiting_.size() - written_);
        if (count < 0) {
            if (errno == EINTR) continue;
            return note_failure("write", errno);
        }
        written_ += static_cast<std::size_t>(count);
        segment_bytes_ += static_cast<std::uint64_t>(count);
        unsynced_ = true;
    }
    waiting_.clear();
    written_ = 0;
    note_success();
}

/// Under mutex_.
bool Journal::begin_segment() {
    const auto number = segment_number_ + 1;
    const auto path = journal_file(settings_.folder, number);
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
    if (!file) return false;
    const auto header = journal_header(number);
    if (::write(file.get(), header.data(), header.size()) != static_cast<ssize_t>(header.size())) {
        const int error = errno;
        ::unlink(path.c_str());
        errno = error;
        return false;
    }
    std::swap(segment_, file);
    if (file) finished_.push_back(std::move(file));
    segment_number_ = number;
    segment_bytes_ = header.size();
    folder_unsynced_ = true;
    return true;
}

void Journal::note_failure(const char* doing, int error) {
    if (!failing_.exchange(true))
        log_error("cannot {} the journal in {}: {}; calls go on, their events wait in memory", doing,
                  settings_.folder.string(), std::strerror(error));
}

void Journal::note_success() {
    if (!failing_.exchange(false)) return;
    log_warning("the journal is written again; {} events were lost", std::exchange(lost_, 0));
}

void Journal::keep_synced() {
    std::unique_lock lock(mutex_);
    bool last_round = false;
    while (!last_round) {
        wake_.wait_for(lock, settings_.sync_interval, [this] { return stopping_; });
        last_round = stopping_;
        if (failing_) {
            write_waiting();
            left_ = waiting_.size() - written_;
        }
        if (!std::exchange(unsynced_, false) && !folder_unsynced_ && finished_.empty()) continue;
        // A descriptor of our own, so that the segment may be finished meanwhile.
        const Descriptor segment(::fcntl(segment_.get(), F_DUPFD_CLOEXEC, 0));
        const auto finished = std::exchange(finished_, {});
        const bool folder = std::exchange(folder_unsynced_, false);
        lock.unlock();
        for (const auto& file : finished)
            ::fdatasync(file.get());
        ::fdatasync(segment.get());
        if (folder) {
            const Descriptor opened(::open(settings_.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
            ::fsync(opened.get());
        }
        lock.lock();
    }
}

}  // namespace almon::bus
