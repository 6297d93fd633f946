// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/random.hpp"
#include "base/step_clock.hpp"
#include "pbx/exchange.hpp"
#include "sim/checks.hpp"
#include "sim/network.hpp"
#include "sim/phone.hpp"
#include "sim/program.hpp"

namespace almon::simulation {

struct WorldSettings {
    std::uint64_t seed = 1;
    std::uint64_t calls = 20'000;
    std::size_t phones = 40;
    std::uint32_t orders = 20'000;  ///< Of a program, in chances per million steps.
    /// Save the exchange at this step, throw it away, restore it into a new one and go on.
    std::optional<std::uint64_t> handover_at_step;
    /// Print every message to standard error.
    bool show_messages = false;
    NetworkHabits network;
    PhoneHabits habits;
};

struct Outcome {
    std::uint64_t calls = 0;
    std::uint64_t answered = 0;
    std::uint64_t transfers = 0;
    std::uint64_t orders = 0;
    std::uint64_t lamp_changes = 0;
    std::uint64_t steps = 0;
    std::uint64_t chains = 0;
    /// Of everything that left the exchange: messages, media commands, events.
    std::uint64_t trace = 0;
    Duration virtual_time{};
    /// What should never be; empty when all is well. The run stops at the first.
    std::vector<std::string> broken;
};

/// A random office in virtual time: an exchange, its phones, the network between them and a media engine that
/// checks. The same seed gives the same run, step by step.
class World final : public Phone::Surroundings,
                    public sip::Wire,
                    public media::CommandSink,
                    public bus::EventSink {
public:
    explicit World(const WorldSettings& settings);
    ~World() override;

    [[nodiscard]] Outcome run();

private:
    void build_office();
    void add_groups(model::SnapshotBuilder& builder, std::size_t accounts);
    void add_menus(model::SnapshotBuilder& builder, std::size_t accounts);
    void add_conferences(model::SnapshotBuilder& builder);
    void add_parking(model::SnapshotBuilder& builder);
    void add_filters(model::SnapshotBuilder& builder, std::size_t accounts);
    void add_pagings(model::SnapshotBuilder& builder, std::size_t accounts);
    [[nodiscard]] std::string some_code();
    [[nodiscard]] model::Destination some_destination(std::size_t accounts);
    [[nodiscard]] std::unique_ptr<pbx::Exchange> new_exchange();
    /// The next thing that happens; false when nothing will any more.
    bool step();
    void after_exchange();
    /// Now and then a program has a say.
    void maybe_order();
    /// What comes to the exchange from other threads: of the media engine, of the configuration.
    using News = std::variant<media::Event, pbx::ServiceChange>;
    void report_later(News news, Duration delay);
    void tell(const News& news);
    void after_phone(std::size_t phone);
    void hand_over();
    void check();
    /// A lamp shows the calls that there are, unless it is being told.
    void check_lamps();
    [[nodiscard]] bool is_service_on(model::UserId user, std::string_view code) const;
    /// Nothing goes on any more but registrations.
    [[nodiscard]] bool all_over() const;
    void mix(std::string_view bytes);

    // What the exchange puts out
    void send(const sip::Flow& flow, std::string_view bytes) override;
    void command(media::Command command) override;
    void emit(bus::Event event) override;
    // What phones put out
    std::optional<std::string> next_number(std::size_t phone) override;
    std::optional<std::string> call_of_another(std::size_t phone) override;
    std::string number_to_watch() override;
    bool is_closing() const override { return outcome_.calls >= settings_.calls; }
    void complain(std::string about) override { outcome_.broken.push_back(std::move(about)); }
    void transmit(std::size_t phone, const sip::Flow& flow, std::string_view bytes) override;
    void went_dark(std::size_t phone) override;

    WorldSettings settings_;
    SeededRandom random_;           ///< Of the phones and the network.
    SeededRandom exchange_random_;  ///< Of the exchange alone.
    StepClock clock_;
    Network network_;
    MediaCheck media_{10'000, 20'000};
    CallEventCheck events_;
    Program program_{random_};
    std::shared_ptr<const model::Snapshot> snapshot_;
    std::vector<std::string> numbers_;
    std::vector<std::unique_ptr<Phone>> phones_;
    std::unique_ptr<pbx::Exchange> exchange_;

    struct WakeUp {
        Instant due;
        std::size_t phone = 0;
        friend bool operator>(const WakeUp& a, const WakeUp& b) {
            return std::pair(a.due, a.phone) > std::pair(b.due, b.phone);
        }
    };
    std::priority_queue<WakeUp, std::vector<WakeUp>, std::greater<>> wake_ups_;
    struct Report {
        Instant due;
        std::uint64_t sequence = 0;
        News news;
        friend bool operator>(const Report& a, const Report& b) {
            return std::pair(a.due, a.sequence) > std::pair(b.due, b.sequence);
        }
    };
    std::priority_queue<Report, std::vector<Report>, std::greater<>> reports_;
    std::uint64_t report_sequence_ = 0;
    std::vector<media::Event> new_reports_;
    bool muted_ = false;  ///< While a second exchange is built, what it says counts for nothing.
    std::uint64_t checked_inputs_ = 0;
    std::optional<Instant> calls_over_;  ///< Since when only lamps are left.
    Outcome outcome_;
};

}  // namespace almon::simulation
