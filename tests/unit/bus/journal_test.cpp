// SPDX-License-Identifier: GPL-3.0-or-later
#include "bus/journal.hpp"

#include <array>
#include <csignal>
#include <fstream>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "bus/journal_reader.hpp"
#include "support/files.hpp"

namespace almon::bus {
namespace {

Event numbered(int number) {
    CallEvent event;
    event.unique_id = std::to_string(number);
    return event;
}
int number_of(const Event& event) {
    return std::stoi(std::get<CallEvent>(event).unique_id);
}

std::unique_ptr<Journal> open(JournalSettings settings) {
    auto journal = Journal::open(std::move(settings));
    if (!journal) throw std::runtime_error(journal.error().reason);
    return *std::move(journal);
}
std::unique_ptr<Journal> open_in(const test::TemporaryFolder& folder) {
    return open({.folder = folder.path()});
}

std::vector<int> read_all(JournalReader& reader, std::size_t limit = 1000) {
    std::vector<int> numbers;
    for (;;) {
        const auto events = reader.read(limit);
        EXPECT_TRUE(events);
        if (!events || events->empty()) return numbers;
        for (const auto& event : *events)
            numbers.push_back(number_of(event));
    }
}
std::vector<int> up_to(int last, int first = 1) {
    std::vector<int> numbers;
    for (int number = first; number <= last; ++number)
        numbers.push_back(number);
    return numbers;
}

TEST(Journal, WhatIsFlushedCanBeReadAtOnce_WhatIsNotCannot) {
    test::TemporaryFolder folder;
    const auto journal = open_in(folder);
    JournalReader reader(folder.path(), {});
    journal->emit(numbered(1));
    EXPECT_TRUE(reader.read(10)->empty());
    journal->flush();
    EXPECT_EQ(read_all(reader), up_to(1));
    journal->emit(numbered(2));
    journal->emit(numbered(3));
    journal->flush();
    EXPECT_EQ(read_all(reader), up_to(3, 2));
    EXPECT_TRUE(reader.read(10)->empty());
}

TEST(Journal, APositionIsWhereAnotherReaderGoesOn) {
    test::TemporaryFolder folder;
    const auto journal = open_in(folder);
    for (int number = 1; number <= 10; ++number)
        journal->emit(numbered(number));
    journal->flush();
    JournalReader first(folder.path(), {});
    EXPECT_EQ(first.read(4)->size(), 4u);
    JournalReader second(folder.path(), first.position());
    EXPECT_EQ(read_all(second), up_to(10, 5));
}

TEST(Journal, SegmentsFollowEachOther) {
    test::TemporaryFolder folder;
    const auto journal = open({.folder = folder.path(), .segment_size = 500});
    for (int number = 1; number <= 100; ++number) {
        journal->emit(numbered(number));
        journal->flush();
    }
    EXPECT_GT(journal_segments(folder.path())->size(), 5u);
    for (const std::size_t limit : {1u, 7u, 1000u}) {
        JournalReader reader(folder.path(), {});
        EXPECT_EQ(read_all(reader, limit), up_to(100));
    }
}

TEST(Journal, LongEventsAreReadToo_AndThoseThatAreTooLongAreNotKept) {
    test::TemporaryFolder folder;
    const auto journal = open_in(folder);
    for (int number = 1; number <= 6; ++number) {
        auto event = std::get<CallEvent>(numbered(number));
        event.extra.assign(number == 3 ? 2'000'000u : 400'000u, 'x');
        journal->emit(event);
    }
    journal->flush();
    JournalReader reader(folder.path(), {});
    EXPECT_EQ(read_all(reader), (std::vector<int>{1, 2, 4, 5, 6}));
}

TEST(Journal, ARestartGoesOnBehindWhatIsThere) {
    test::TemporaryFolder folder;
    for (int number = 1; number <= 3; ++number) {
        const auto journal = open_in(folder);
        journal->emit(numbered(number));
        journal->flush();
    }
    JournalReader reader(folder.path(), {});
    EXPECT_EQ(read_all(reader), up_to(3));
}

TEST(Journal, ReadSegmentsAreRemoved_ButNeverTheLast) {
    test::TemporaryFolder folder;
    for (int number = 1; number <= 3; ++number) {
        const auto journal = open_in(folder);
        journal->emit(numbered(number));
        journal->flush();
    }
    JournalReader reader(folder.path(), {});
    EXPECT_EQ(read_all(reader), up_to(3));
    JournalReader::remove_read(folder.path(), reader.position());
    EXPECT_EQ(*journal_segments(folder.path()), (std::vector<std::uint64_t>{3}));
    JournalReader::remove_read(folder.path(), {99, 0});
    EXPECT_EQ(*journal_segments(folder.path()), (std::vector<std::uint64_t>{3}));
    EXPECT_TRUE(reader.read(10)->empty());
}

TEST(Journal, AnEmptiedFolderIsReadFromItsNewBeginning) {
    test::TemporaryFolder folder;
    const auto journal = open_in(folder);
    journal->emit(numbered(1));
    journal->flush();
    JournalReader reader(folder.path(), {57, 1234});
    EXPECT_EQ(read_all(reader), up_to(1));
}

TEST(Journal, ARecordThatWasNotWrittenWholeIsPassedOver) {
    test::TemporaryFolder folder;
    for (int number = 1; number <= 2; ++number) {
        const auto journal = open_in(folder);
        journal->emit(numbered(number));
        journal->flush();
        journal->emit(numbered(99));
        journal->flush();
        const auto file = journal_file(folder.path(), static_cast<std::uint64_t>(number));
        std::filesystem::resize_file(file, std::filesystem::file_size(file) - 5);
    }
    JournalReader reader(folder.path(), {});
    EXPECT_EQ(read_all(reader), up_to(2));
}

TEST(Journal, ADamagedRecordCostsTheRestOfItsSegmentOnly) {
    test::TemporaryFolder folder;
    for (int number = 1; number <= 2; ++number) {
        const auto journal = open_in(folder);
        journal->emit(numbered(number));
        journal->flush();
    }
    std::fstream file(journal_file(folder.path(), 1), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(40);
    file.put('\x7f');
    file.close();
    JournalReader reader(folder.path(), {});
    EXPECT_EQ(read_all(reader), up_to(2, 2));
}

TEST(Journal, AFullDiskHoldsNobodyUp_EventsWaitInMemoryAndAreWrittenLater) {
    test::TemporaryFolder folder;
    // Synced at the end only, so that the test decides when it is tried again.
    auto journal = open({.folder = folder.path(), .sync_interval = std::chrono::hours(1)});
    journal->emit(numbered(1));
    journal->flush();
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    // Room for a part of the next record: that too must be made whole.
    const auto size = std::filesystem::file_size(journal_file(folder.path(), 1));
    const rlimit full{size + 10, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
    for (int number = 2; number <= 50; ++number) {
        journal->emit(numbered(number));
        journal->flush();
    }
    JournalReader reader(folder.path(), {});
    EXPECT_EQ(read_all(reader), up_to(1));
    EXPECT_TRUE(journal->figures().failing);
    EXPECT_GT(journal->figures().waiting_bytes, 1000u);
    EXPECT_EQ(journal->figures().lost, 0u);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    journal.reset();
    EXPECT_EQ(read_all(reader), up_to(50, 2));
}

TEST(Journal, WhenMemoryForWaitingEventsIsUsedUp_NewOnesAreLostAndNothingElse) {
    test::TemporaryFolder folder;
    auto journal =
        open({.folder = folder.path(), .sync_interval = std::chrono::hours(1), .most_waiting = 1000});
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit full{kJournalHeaderSize, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
    for (int number = 1; number <= 100; ++number) {
        journal->emit(numbered(number));
        journal->flush();
    }
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    const auto lost = journal->figures().lost;
    journal.reset();
    JournalReader reader(folder.path(), {});
    const auto read = read_all(reader);
    EXPECT_EQ(read.size() + lost, 100u);
    EXPECT_EQ(read, up_to(static_cast<int>(read.size())));
    EXPECT_GT(read.size(), 1u);
    EXPECT_LT(read.size(), 20u);
}

TEST(Journal, KilledAtAnyMoment_WhatWasFlushedIsThere) {
    test::TemporaryFolder folder;
    int expected = 0;
    for (int round = 0; round < 20; ++round) {
        std::array<int, 2> pipe{};
        ASSERT_EQ(::pipe(pipe.data()), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            auto journal = open({.folder = folder.path(), .segment_size = 5000});
            for (int number = expected + 1;; ++number) {
                journal->emit(numbered(number));
                journal->flush();
                if (::write(pipe[1], &number, sizeof number) != sizeof number) ::_exit(1);
            }
        }
        ::close(pipe[1]);
        int flushed = 0;
        while (flushed < expected + 100 && ::read(pipe[0], &flushed, sizeof flushed) == sizeof flushed) {
        }
        ASSERT_EQ(::kill(child, SIGKILL), 0);
        ASSERT_EQ(::waitpid(child, nullptr, 0), child);
        while (::read(pipe[0], &flushed, sizeof flushed) == sizeof flushed) {
        }
        ::close(pipe[0]);
        JournalReader reader(folder.path(), {});
        const auto read = read_all(reader);
        ASSERT_EQ(read, up_to(static_cast<int>(read.size()))) << "in order, without hole";
        ASSERT_GE(static_cast<int>(read.size()), flushed);
        expected = static_cast<int>(read.size());
    }
}

}  // namespace
}  // namespace almon::bus
