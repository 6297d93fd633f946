// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "model/snapshot.hpp"
#include "pbx/call_core.hpp"
#include "pbx/cause.hpp"
#include "pbx/technology.hpp"

namespace almon::pbx {

/// A call that nobody makes.
struct RehearsedCall {
    model::LineId line;     ///< Whose phone calls; none: it comes from outside.
    std::string context{};  ///< Where `exten` is looked up; empty: the line's.
    std::string exten;
    CallerId caller{};  ///< Who calls from outside.
    UtcTime when{};
};

/// What would become of it.
struct Rehearsal {
    /// As `almon why` would print it of the real call.
    struct Step {
        std::chrono::milliseconds after{0};  ///< Since the call began.
        std::string text;
    };
    struct Ring {
        std::chrono::milliseconds after{0};
        std::string technology;
        std::string endpoint;  ///< Its name there.
        CallerId caller;       ///< Whom its display shows.
    };

    std::vector<Step> steps;
    std::vector<Ring> rings;
    bool answered = false;         ///< By us: by a menu, a mailbox, a queue.
    bool ended = false;            ///< False: it goes on for as long as the caller waits.
    Cause cause = Cause::Unknown;  ///< Why it ended.
};

/// Makes the call in a core of its own, in no time, with the configuration given: so it is routed by the very
/// code that routes real calls, whatever that learns. All phones are there and ring, nobody answers, nobody
/// is in another call, and all announcements are heard to their end; it is followed until it ends, or for
/// kLongestRehearsal. Touches nothing outside; any thread.
[[nodiscard]] Rehearsal rehearse(const std::shared_ptr<const model::Snapshot>& snapshot,
                                 const CallCoreSettings& settings, const RehearsedCall& call);

inline constexpr std::chrono::minutes kLongestRehearsal{15};

}  // namespace almon::pbx
