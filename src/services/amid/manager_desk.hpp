// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "ami/office.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "model/snapshot.hpp"
#include "pbx/call_core.hpp"
#include "services/events/event_feed.hpp"

namespace almon::services {

/// What the manager's actions need of the rest. All is lent.
struct ManagerDesk {
    EventFeed& feed;  ///< Where it reads what goes on, and tells what programs tell each other.
    /// Carries an order out on the thread of the call core, and waits for it.
    std::function<Result<void>(std::function<void(pbx::CallCore&)>)> to_core;
    std::function<std::shared_ptr<const model::Snapshot>()> configuration;
    std::function<UtcTime()> now;
    std::string version{};      ///< Of this program.
    std::string system_name{};  ///< Of this machine.
    UtcTime started{};
    std::size_t maximum_calls = 0;

    /// What `work` gives, of what goes on.
    template <class Work>
    auto look(Work work) const -> Result<decltype(work(std::declval<const LiveView&>()))> {
        std::optional<decltype(work(std::declval<const LiveView&>()))> answer;
        const auto asked = feed.ask([&](const LiveView& view) { answer.emplace(work(view)); });
        if (!asked) return refuse(asked);
        return *std::move(answer);
    }
    /// What `work`, which gives a Result, gives of the core on its thread.
    template <class Work>
    auto order(Work work) const -> decltype(work(std::declval<pbx::CallCore&>())) {
        std::optional<decltype(work(std::declval<pbx::CallCore&>()))> answer;
        const auto done = to_core([&](pbx::CallCore& core) { answer.emplace(work(core)); });
        if (!done) return refuse(done);
        return *std::move(answer);
    }
};

}  // namespace almon::services
