// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/result.hpp"
#include "store/call_chain.hpp"
#include "store/database.hpp"

namespace almon::store {

/// Writes calls into the log as the events of their chains come. Lives no longer than its session; throws
/// what SOCI throws.
class CallLogging final {
public:
    explicit CallLogging(Session& session);
    ~CallLogging();

    /// In a transaction, before the event itself is written to `cel`: what the log does not remember of the
    /// chain, as after a restart, it reads there.
    void take(const bus::CallEvent& event);

    /// Logs calls that are in no log although they have events, among the `most` last events of such
    /// (ADA-086): those that were cut off by the end of the program, and those from before there was a log.
    /// @param before only calls that began before this.
    /// @return how many were logged.
    std::size_t log_missed(std::size_t most, UtcTime before);

private:
    class Row;

    CallChain read_chain(const std::string& linked_id);
    void write(const LoggedCall& call);

    Session& session_;
    std::unique_ptr<Row> row_;
    std::unordered_map<std::string, CallChain> under_way_;  ///< By linked id.
};

}  // namespace almon::store
