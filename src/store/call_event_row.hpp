// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>

#include "bus/call_event.hpp"
#include "store/database.hpp"

namespace almon::store {

/// Writes rows of the `cel` table through prepared statements. Lives no longer than its session; throws
/// what SOCI throws.
class CallEventWriter final {
public:
    explicit CallEventWriter(Session& session);
    ~CallEventWriter();

    void write(std::span<const bus::CallEvent* const> events);

    class Rows;  ///< The dialect's way.

private:
    std::unique_ptr<Rows> rows_;
};

}  // namespace almon::store
