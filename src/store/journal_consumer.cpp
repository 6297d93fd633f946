// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/journal_consumer.hpp"

#include <ctime>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include <pthread.h>

#include "base/log.hpp"
#include "base/overload.hpp"
#include "base/system_clock.hpp"
#include "bus/event.hpp"
#include "bus/journal_reader.hpp"
#include "store/call_event_row.hpp"
#include "store/call_logging.hpp"
#include "store/contact_row.hpp"
#include "store/journal_place.hpp"

namespace almon::store {

/// Events back from the newest, in which calls are looked for that the last end of the program cut off.
constexpr std::size_t kCutOffEvents = 20'000;

/// Where nothing happens, the database is asked so often whether it is still there.
constexpr Duration kBetweenQuestions = 5s;

/// The next time that clocks here show 3:30, when most offices are quiet.
UtcTime next_night(UtcTime now) {
    auto second = std::chrono::system_clock::to_time_t(now);
    std::tm fields{};
    ::localtime_r(&second, &fields);
    if (fields.tm_hour * 60 + fields.tm_min >= 3 * 60 + 30) ++fields.tm_mday;
    fields.tm_hour = 3;
    fields.tm_min = 30;
    fields.tm_sec = 0;
    fields.tm_isdst = -1;
    return UtcTime{std::chrono::seconds(::mktime(&fields))};
}

/// A session with its statements, and the place in the journal that the database has.
class JournalConsumer::Work final {
public:
    /// @param figures null: nobody reads them.
    [[nodiscard]] static Result<std::unique_ptr<Work>> begin(const JournalConsumerSettings& settings,
                                                             Figures* figures) {
        auto session = Session::open(settings.database);
        if (!session) return refuse(session);
        return guarded([&]() -> Result<std::unique_ptr<Work>> {
            return std::make_unique<Work>(settings, figures, *std::move(session));
        });
    }

    Work(const JournalConsumerSettings& settings, Figures* figures, Session session)
        : settings_(settings),
          figures_(figures),
          session_(std::move(session)),
          calls_(session_),
          logging_(session_),
          contacts_(session_),
          reader_(settings.journal_folder, read_journal_place(session_)) {}

    /// Moves what is there; the number of events.
    [[nodiscard]] Result<std::size_t> move() {
        std::size_t moved = 0;
        for (;;) {
            const auto before = reader_.position();
            const auto events = reader_.read(settings_.batch);
            if (!events) return refuse(events);
            if (reader_.position() == before) return moved;
            if (const auto written = guarded([&] { return write(*events); }); !written)
                return refuse(written);
            moved += events->size();
            if (reader_.position().segment != before.segment)
                bus::JournalReader::remove_read(settings_.journal_folder, reader_.position());
            if (events->size() < settings_.batch) return moved;
        }
    }

    /// Whether the database answers, where there is nothing to write.
    [[nodiscard]] Result<void> ask() {
        return guarded([&]() -> Result<void> {
            static_cast<void>(read_journal_place(session_));
            return {};
        });
    }

    /// Calls that the program's last end has cut off.
    [[nodiscard]] Result<void> log_cut_off(UtcTime start) {
        return guarded([&]() -> Result<void> {
            logging_.log_missed(kCutOffEvents, start);
            return {};
        });
    }

    [[nodiscard]] Result<void> purge(UtcTime now) {
        const auto rows = purge_calls(session_, now - settings_.days_to_keep, [this] {
            if (figures_ != nullptr) figures_->answered = system_now().instant;
        });
        if (!rows) return refuse(rows);
        log_info("{} rows of calls were older than {} days and are gone", *rows,
                 settings_.days_to_keep.count());
        return {};
    }

private:
    Result<void> write(const std::vector<bus::Event>& events) {
        const auto begun = system_now().instant;
        Transaction transaction(session_);
        // A contact that is refreshed several times is written once, as it was last.
        std::map<std::pair<std::string_view, std::string_view>, const bus::StoredContact*> contacts;
        std::vector<const bus::CallEvent*> calls;
        calls.reserve(events.size());
        for (const auto& event : events) {
            std::visit(Overload{[&](const bus::CallEvent& call) { calls.push_back(&call); },
                                [&](const bus::ContactBound& bound) {
                                    contacts[{bound.contact.username, bound.contact.uri}] = &bound.contact;
                                },
                                [&](const bus::ContactRemoved& removed) {
                                    contacts[{removed.username, removed.uri}] = nullptr;
                                },
                                [](const bus::HoldChanged&) {}, [](const bus::TransferChanged&) {},
                                [](const bus::VoiceMessageChanged&) {}},
                       event);
        }
        for (const auto* call : calls)
            logging_.take(*call);
        calls_.write(calls);
        for (const auto& [name, contact] : contacts) {
            if (contact != nullptr)
                contacts_.write(*contact);
            else
                contacts_.erase(std::string(name.first), std::string(name.second));
        }
        write_journal_place(session_, reader_.position());
        transaction.commit();
        if (figures_ != nullptr) {
            figures_->transactions.observe(system_now().instant - begun);
            figures_->events += events.size();
            figures_->answered = system_now().instant;
        }
        return {};
    }

    const JournalConsumerSettings& settings_;
    Figures* figures_;
    Session session_;
    CallEventWriter calls_;
    CallLogging logging_;
    ContactWriter contacts_;
    bus::JournalReader reader_;
};

Result<std::size_t> consume_journal(const JournalConsumerSettings& settings) {
    auto work = JournalConsumer::Work::begin(settings, nullptr);
    if (!work) return refuse(work);
    return (*work)->move();
}

std::unique_ptr<JournalConsumer> JournalConsumer::start(JournalConsumerSettings settings) {
    std::unique_ptr<JournalConsumer> consumer(new JournalConsumer(std::move(settings)));
    consumer->thread_ = std::thread([raw = consumer.get()] {
        pthread_setname_np(pthread_self(), "journal-to-db");
        raw->run();
    });
    return consumer;
}

JournalConsumer::JournalConsumer(JournalConsumerSettings settings) : settings_(std::move(settings)) {
    figures_.caught_up = figures_.answered = system_now().instant;
}

JournalConsumer::~JournalConsumer() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void JournalConsumer::run() {
    const auto start = system_now().utc;
    std::unique_ptr<Work> work;
    bool failing = false;
    bool has_looked_back = false;
    auto night = next_night(start);
    Instant ask_by{};
    for (bool last_round = false; !last_round;) {
        {
            std::unique_lock lock(mutex_);
            // A database that fails is given more time.
            wake_.wait_for(lock, failing ? 8 * settings_.interval : settings_.interval,
                           [this] { return stopping_; });
            last_round = stopping_;
        }
        Result<std::size_t> moved = 0;
        if (!work) {
            auto begun = Work::begin(settings_, &figures_);
            if (begun)
                work = *std::move(begun);
            else
                moved = refuse(begun);
        }
        if (work) moved = work->move();
        if (const auto now = system_now().instant; moved && *moved == 0 && now >= ask_by) {
            ask_by = now + kBetweenQuestions;
            if (const auto answered = work->ask(); !answered) moved = refuse(answered);
        }
        if (moved && !has_looked_back) {
            if (const auto logged = work->log_cut_off(start); logged)
                has_looked_back = true;
            else
                moved = refuse(logged);
        }
        if (const auto now = system_now().utc; moved && now >= night) {
            night = next_night(now);
            if (const auto purged = work->purge(now); !purged) moved = refuse(purged);
        }
        figures_.failing = !moved;
        if (moved) {
            figures_.caught_up = figures_.answered = system_now().instant;
            if (std::exchange(failing, false)) log_warning("call events reach the database again");
            continue;
        }
        // The next try begins anew, at the place that the database knows.
        work.reset();
        if (!std::exchange(failing, true))
            log_error("call events stay in the journal, as the database does not take them: {}",
                      moved.error().reason);
    }
}

}  // namespace almon::store
