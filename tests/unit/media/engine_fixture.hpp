// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "media/engine.hpp"
#include "support/rtp_phone.hpp"

namespace almon::media {

/// Keeps what the engine reports until a test asks for it.
class EventRecorder final : public EventListener {
public:
    void on_media(std::vector<Event> events) override {
        {
            const std::lock_guard lock(mutex_);
            std::ranges::move(events, std::back_inserter(events_));
        }
        arrived_.notify_all();
    }
    /// Takes the first event of a kind (that fulfils `wanted`), waiting up to ten seconds for it.
    template <class Kind>
    std::optional<Kind> take(const std::function<bool(const Kind&)>& wanted = [](const Kind&) {
        return true;
    }) {
        std::unique_lock lock(mutex_);
        std::optional<Kind> found;
        arrived_.wait_for(lock, std::chrono::seconds(10), [&] {
            for (auto each = events_.begin(); each != events_.end(); ++each) {
                const auto* const kind = std::get_if<Kind>(&*each);
                if (!kind || !wanted(*kind)) continue;
                found = *kind;
                events_.erase(each);
                return true;
            }
            return false;
        });
        return found;
    }
    /// How many of a kind have come and were not taken.
    template <class Kind>
    std::size_t count() {
        const std::lock_guard lock(mutex_);
        return static_cast<std::size_t>(std::ranges::count_if(
            events_, [](const Event& each) { return std::holds_alternative<Kind>(each); }));
    }

private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Event> events_;
};

inline PayloadFormat pcma(std::uint8_t number = 8) {
    return {number, "PCMA", 8000, 1, ""};
}
inline PayloadFormat pcmu(std::uint8_t number = 0) {
    return {number, "PCMU", 8000, 1, ""};
}
inline PayloadFormat opus(std::uint8_t number) {
    return {number, "OPUS", 48000, 2, ""};
}
inline PayloadFormat events(std::uint8_t number = 101) {
    return {number, "TELEPHONE-EVENT", 8000, 1, "0-16"};
}

/// An engine on 127.0.0.1 and helpers to set legs up.
class EngineTest : public testing::Test {
protected:
    EngineTest() {
        settings_.bind = NetAddress::parse("127.0.0.1", 0).value();
        settings_.first_port = 30000;
        settings_.last_port = 38000;
        settings_.quarantine = std::chrono::milliseconds(50);
    }
    void start() {
        auto started = Engine::start(settings_, recorder_);
        ASSERT_TRUE(started) << started.error().reason;
        engine_ = std::move(*started);
    }
    void command(Command command) { engine_->command(std::move(command)); }

    std::uint16_t next_port() {
        if (ports_.empty()) {
            command(PreparePorts{8});
            const auto ready = recorder_.take<PortsReady>();
            if (!ready) return 0;
            ports_ = ready->ports;
        }
        const auto port = ports_.back();
        ports_.pop_back();
        return port;
    }
    struct OpenedLeg {
        LegId id;
        std::uint16_t port = 0;
    };
    OpenedLeg open() {
        const OpenedLeg leg{LegId{++last_leg_}, next_port()};
        command(OpenLeg{leg.id, leg.port});
        return leg;
    }
    static ConfigureLeg configuration(const OpenedLeg& leg, const test::RtpPhone& phone,
                                      std::vector<PayloadFormat> formats) {
        ConfigureLeg configure;
        configure.leg = leg.id;
        configure.remote = phone.rtp_address();
        configure.remote_rtcp = phone.rtcp_address();
        configure.formats = std::move(formats);
        return configure;
    }
    /// Returns once the (single) media thread has carried out all that was commanded before.
    void settle() {
        const auto leg = open();
        command(CloseLeg{leg.id});
        ASSERT_TRUE(recorder_.take<LegClosed>([&](const LegClosed& closed) { return closed.leg == leg.id; }));
    }
    LegStatistics close(const OpenedLeg& leg) {
        command(CloseLeg{leg.id});
        const auto closed =
            recorder_.take<LegClosed>([&](const LegClosed& each) { return each.leg == leg.id; });
        EXPECT_TRUE(closed);
        return closed ? closed->statistics : LegStatistics{};
    }

    Settings settings_;
    EventRecorder recorder_;
    std::unique_ptr<Engine> engine_;

private:
    std::vector<std::uint16_t> ports_;
    std::uint64_t last_leg_ = 0;
};

}  // namespace almon::media
