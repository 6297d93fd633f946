// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "bus/call_event.hpp"
#include "store/call_log.hpp"

namespace almon::store {

/// Makes one call of the log out of the events of a chain, as they come.
class CallChain final {
public:
    void take(const bus::CallEvent& event);
    /// Up to the last event; nothing where the beginning of the call is not known.
    [[nodiscard]] std::optional<LoggedCall> logged() const;

private:
    void take_caller(const bus::CallEvent& event);
    void take_called(const bus::CallEvent& event);

    bool has_begun_ = false;
    bool was_placed_ = false;  ///< By a program: the first party is rung, too.
    bool is_from_outside_ = false;
    bool goes_outside_ = false;
    bool was_taken_ = false;  ///< One of those who were rung has answered.
    std::string called_field_;
    LoggedCall call_;
};

}  // namespace almon::store
