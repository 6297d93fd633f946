// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "bus/call_event.hpp"
#include "store/database.hpp"

namespace almon::store {

/// Writes rows of the `cel` table through one prepared statement. Lives no longer than its session; throws
/// what SOCI throws.
class CallEventWriter final {
public:
    explicit CallEventWriter(Session& session);
    ~CallEventWriter();

    void write(const bus::CallEvent& event);

    class Row;  ///< The dialect's way.

private:
    std::unique_ptr<Row> row_;
};

}  // namespace almon::store
