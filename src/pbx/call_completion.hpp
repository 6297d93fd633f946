// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>

#include <boost/describe.hpp>

#include "base/time.hpp"
#include "base/timer_queue.hpp"
#include "model/ids.hpp"
#include "pbx/ids.hpp"

// Call completion on a busy subscriber or on no reply (ADA-062 to ADA-073): who has not reached a colleague
// dials *40, and is called back once both are free after the colleague was on the phone.
namespace almon::pbx {

/// How long after a call that failed its caller may ask (ADA-067).
inline constexpr std::chrono::seconds kCompletionOffer{30};
/// How long the colleague is waited for.
inline constexpr std::chrono::seconds kCompletionWait{900};
/// How long the phone of who has asked rings.
inline constexpr std::chrono::seconds kCompletionRecall{30};
/// Between the end of a call and the recall: who has just hung up may want to dial himself.
inline constexpr std::chrono::seconds kCompletionPause{1};

/// A call that can be made once more.
struct CompletionOffer {
    model::LineId line;  ///< The caller's.
    model::UserId callee;
    std::string exten;  ///< To be dialled for the callee.
    std::string context;
    Instant until{};
};
BOOST_DESCRIBE_STRUCT(CompletionOffer, (), (line, callee, exten, context, until))

/// A caller waits for a colleague to be free.
struct CallCompletion {
    CompletionOffer call;
    bool callee_was_busy = false;  ///< Was on the phone since it was asked for (ADA-064).
    OriginationId recall{};        ///< The caller's phone rings.
    TimerId wait{};                ///< Until it is given up.
    TimerId pause{};               ///< Until the recall.
};
BOOST_DESCRIBE_STRUCT(CallCompletion, (), (call, callee_was_busy, recall, wait, pause))

}  // namespace almon::pbx
