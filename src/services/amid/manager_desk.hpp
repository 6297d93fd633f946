// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ami/office.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "dialplan/dialplan.hpp"
#include "model/snapshot.hpp"
#include "pbx/call_core.hpp"
#include "pbx/technology/outward_registrations.hpp"
#include "services/events/event_feed.hpp"
#include "services/monitoring/monitoring.hpp"

namespace almon::services {

/// What the manager's actions and the command line need of the rest. All is lent.
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

    // For commands, and to know what stands still; empty where nobody gives any.

    /// The 'why' record of a call, as CallCore::why() has it.
    std::function<Result<std::string>(std::string_view call)> why{};
    std::function<Result<std::vector<pbx::OutwardRegistrations::Shown>>()> provider_accounts{};
    /// What does not work.
    std::function<std::vector<Ailment>()> ailments{};
    /// What administrators have written.
    std::function<std::shared_ptr<const dialplan::Dialplan>()> dialplan{};
    /// Reads it anew, and tells what is in force then.
    std::function<Result<std::string>()> reload_dialplan{};

    /// What `work` gives, of what goes on.
    template <class Work>
    auto look(Work work) const -> Result<decltype(work(std::declval<const LiveView&>()))> {
        if (const auto well = goes_on("events"); !well) return refuse(well);
        std::optional<decltype(work(std::declval<const LiveView&>()))> answer;
        const auto asked = feed.ask([&](const LiveView& view) { answer.emplace(work(view)); });
        if (!asked) return refuse(asked);
        return *std::move(answer);
    }
    /// What `work`, which gives a Result, gives of the core on its thread.
    template <class Work>
    auto order(Work work) const -> decltype(work(std::declval<pbx::CallCore&>())) {
        if (const auto well = goes_on("signalling"); !well) return refuse(well);
        std::optional<decltype(work(std::declval<pbx::CallCore&>()))> answer;
        const auto done = to_core([&](pbx::CallCore& core) { answer.emplace(work(core)); });
        if (!done) return refuse(done);
        return *std::move(answer);
    }

private:
    /// Refused where the part stands still: it would never answer.
    [[nodiscard]] Result<void> goes_on(std::string_view part) const {
        if (!ailments) return {};
        for (const auto& each : ailments()) {
            if (each.part == part) return refuse(ErrorCode::Unavailable, "", each.reason);
        }
        return {};
    }
};

}  // namespace almon::services
