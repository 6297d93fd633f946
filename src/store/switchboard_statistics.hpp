// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/database.hpp"

namespace almon::store {

/// A call that waited at a switchboard.
struct SwitchboardCall {
    UtcTime time{};
    std::string end;  ///< "answered", "transferred", "abandoned", "forwarded".
    double waited_s = 0;
};

/// What was counted of switchboards by a system that was here before (API-113): it is read, nothing is added
/// (INS-118). Waits for the disk; any thread, as each question has a session of its own.
class SwitchboardStatistics final {
public:
    explicit SwitchboardStatistics(DatabaseLocation database) : database_(std::move(database)) {}

    /// Numbers of the queues that there is something of.
    [[nodiscard]] Result<std::vector<std::uint64_t>> queues() const;
    /// Hands the calls of a queue to `taker` as they were, from `first` to `last` inclusive where these are
    /// given.
    [[nodiscard]] Result<void> calls(std::uint64_t queue, std::optional<UtcTime> first,
                                     std::optional<UtcTime> last,
                                     const std::function<void(const SwitchboardCall&)>& taker) const;

private:
    DatabaseLocation database_;
};

}  // namespace almon::store
