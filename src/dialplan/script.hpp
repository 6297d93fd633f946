// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "dialplan/values.hpp"

namespace almon::dialplan {

/// Where a call is in the dialplan.
struct Position {
    std::string context;
    std::string exten;
    unsigned priority = 1;  ///< That comes next.
};
BOOST_DESCRIBE_STRUCT(Position, (), (context, exten, priority))

/// Returns that a call owes: to where Gosub was, or to the system that has begun a subroutine.
struct Frame {
    bool to_system = false;
    Position back{};                 ///< To the system: the context of the subroutine.
    std::vector<Variable> locals{};  ///< ARG1, ARG2 ..., ARGC and what LOCAL() has set.
};
BOOST_DESCRIBE_STRUCT(Frame, (), (to_system, back, locals))

/// A call that goes through the dialplan: a plain value, so that it can be saved wherever it waits.
struct Script {
    Position at;
    std::vector<Frame> frames{};
    std::uint64_t steps = 0;  ///< Since the call last waited for something.
};
BOOST_DESCRIBE_STRUCT(Script, (), (at, frames, steps))

}  // namespace almon::dialplan
