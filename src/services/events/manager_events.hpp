// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "ami/event.hpp"
#include "base/net_address.hpp"
#include "bus/call_event.hpp"
#include "model/snapshot.hpp"
#include "pbx/cause.hpp"
#include "services/events/call_list.hpp"
#include "services/events/message.hpp"

// What happens, as the manager's clients read it (API-005): the names and fields that programs written for
// Asterisk's manager expect. All values are text.
namespace almon::services {

using TellManager = std::function<void(ami::Event)>;

/// Says what an event has meant. `calls` knows of it already; it is asked before a call's end is.
void tell_manager(const bus::CallEvent& event, const CallList& calls, const TellManager& tell);
void tell_manager(const CallList::Change& held_or_resumed, const CallList& calls, const TellManager& tell);
/// A phone has come, or the last one of an account has gone.
void tell_manager_of_phone(std::string_view account, const NetAddress* address, const TellManager& tell);
/// A line is in another state than before.
void tell_manager_of_line(const model::Line& line, LineStatus status, const model::Snapshot& configuration,
                          const TellManager& tell);

/// The same for programs on the message bus (API-005).
[[nodiscard]] Message message_of(const ami::Event& event, std::string_view origin_uuid);

/// What is said of a channel wherever it is named. @param prefix of each name: "", "Dest".
void add_channel(ami::Message& fields, const ListedCall& call, const CallList& calls,
                 std::string_view prefix = {});
/// "SIP/alice": as programs name what a line has.
[[nodiscard]] std::string interface_of(const model::Line& line, const model::Snapshot& configuration);
/// "Idle", "InUse", "Ringing": of an extension.
[[nodiscard]] std::string_view extension_state(LineStatus status) noexcept;
/// "NOT_INUSE", "INUSE", "RINGING": of a device.
[[nodiscard]] std::string_view device_state(LineStatus status) noexcept;

/// Calls that programs make, until it is known what became of them. Any thread; events come in on one.
class AnswerWatch final {
public:
    struct Outcome {
        bool answered = false;
        std::string unique_id;  ///< Of the phone that has answered.
        std::string channel_name;
        pbx::Cause cause = pbx::Cause::Unknown;  ///< Why not.
    };
    using Tell = std::function<void(const Outcome&)>;

    /// @param linked_id what CallCore::originate() gave. To be called in the step of the core that made the
    /// call, so that nothing that becomes of it is missed.
    void wait_for(std::string linked_id, Tell tell);
    /// Tells, where that call was waited for and is answered or over.
    void take(const bus::CallEvent& event);

private:
    struct Waiting {
        Tell tell;
        pbx::Cause cause = pbx::Cause::Unknown;
    };
    std::atomic<bool> any_ = false;
    std::mutex mutex_;
    std::map<std::string, Waiting, std::less<>> waiting_;
};

}  // namespace almon::services
