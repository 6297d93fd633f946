// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "dialplan/dialplan.hpp"

namespace almon::dialplan {

/// The dialplan that is in force. Thread-safe: whoever reads files puts in a new one, calls take it.
class CurrentDialplan final {
public:
    /// Never null.
    [[nodiscard]] std::shared_ptr<const Dialplan> get() const { return current_.load(); }
    void set(std::shared_ptr<const Dialplan> dialplan) { current_.store(std::move(dialplan)); }

private:
    std::atomic<std::shared_ptr<const Dialplan>> current_{std::make_shared<const Dialplan>()};
};

}  // namespace almon::dialplan
