// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "base/timer_queue.hpp"
#include "dialplan/values.hpp"
#include "pbx/ids.hpp"

namespace almon::pbx {

/// What a program, or a script of the dialplan, has hung on a call.
using dialplan::Variable;

/// The phones of a user ring, because a program makes a call for him: the one that he answers dials, or hears
/// who pages. Over when one answers, when none rings any more or when they have rung long enough.
struct Origination {
    OriginationId id;
    std::string exten;  ///< To be dialled.
    std::string context;
    std::vector<ChannelId> ringing;
    TimerId ring_time{};
    BridgeId page{};  ///< Where who answers goes; 0: it dials.
};
BOOST_DESCRIBE_STRUCT(Origination, (), (id, exten, context, ringing, ring_time, page))

}  // namespace almon::pbx
