// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "http/service.hpp"
#include "store/configuration_store.hpp"

namespace almon::pbx {
struct RehearsedCall;
struct Rehearsal;
struct TrunkStates;
}  // namespace almon::pbx

namespace almon::store {
class CallLog;
class SwitchboardStatistics;
}  // namespace almon::store

namespace almon::services {

class AudioFiles;
struct Ailment;

/// What the configuration service needs of the rest. All is lent.
struct ConfdParts {
    store::ConfigurationStore& store;
    std::string installation_uuid;
    std::function<UtcTime()> now;
    /// The routing steps of a call as lines of text; NotFound where it is not remembered.
    std::function<Result<std::string>(std::string_view call)> why;
    /// Who asks and what he may do; null: everybody may do everything (the port for this machine alone).
    http::BeforeFilter authentication;
    /// pbx::rehearse() with the settings of real calls; null: calls are not explained.
    std::function<pbx::Rehearsal(const std::shared_ptr<const model::Snapshot>& snapshot,
                                 const pbx::RehearsedCall& call)>
        rehearse{};
    /// Music on hold and sounds; null: they are not served.
    const AudioFiles* audio = nullptr;
    /// Calls of the past; null: there are none.
    store::CallLog* call_log = nullptr;
    /// What an earlier system counted; null: not served.
    const store::SwitchboardStatistics* switchboards = nullptr;
    /// Has the phones that are registered as these SIP accounts fetch their settings anew; null: nothing is
    /// sent.
    std::function<void(std::vector<std::string> accounts)> synchronize{};
    /// Of now. Refused (Unavailable): the signalling loop does not answer in time. Null: not served.
    std::function<Result<pbx::TrunkStates>()> trunk_states{};
    /// What does not work, as /health tells; null: not served.
    std::function<std::vector<Ailment>()> ailments{};
};

/// xivo-confd, /1.1: the resources that are declared, their associations, the wizard, and what is ours:
/// history, undo, several operations at once and the reasons of routing.
[[nodiscard]] std::shared_ptr<const http::Service> make_confd_service(ConfdParts parts);

}  // namespace almon::services
