// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <boost/describe.hpp>

#include "base/timer_queue.hpp"
#include "dialplan/script.hpp"

namespace almon::pbx {

/// Where a call goes on once a subroutine returns that was run before it got there.
struct Continuation {
    enum class Kind : std::uint8_t { None, Incall, User, Group, Outcall, Conference };

    Kind kind = Kind::None;
    std::uint64_t id = 0;
    std::string context{};  ///< Of a user: of the line that was called.
    std::string exten{};    ///< Of a way out: what was dialled.
    std::optional<std::chrono::milliseconds> ring_time{};
    std::string number{};  ///< The caller's, as the subroutine found it.
};
BOOST_DESCRIBE_STRUCT(Continuation, (), (kind, id, context, exten, ring_time, number))

/// A call that goes through the dialplan.
struct ScriptedCall {
    dialplan::Script script{};
    Continuation then{};    ///< None: it is no subroutine of the system's.
    bool returned = false;  ///< It is on its way to where it goes on.
    bool goes_on = false;   ///< It does even where who was reached hangs up.
    bool running = false;   ///< Within a step: something is being done for it.
    bool resumed = false;   ///< What it would have waited for has happened already.
    std::chrono::milliseconds digit_timeout{5000};
    std::chrono::milliseconds response_timeout{10'000};
    TimerId wait{};
};
BOOST_DESCRIBE_STRUCT(ScriptedCall, (),
                      (script, then, returned, goes_on, running, resumed, digit_timeout, response_timeout,
                       wait))

}  // namespace almon::pbx
