// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/ids.hpp"
#include "store/own_session.hpp"

namespace almon::store {

enum class CallDirection : std::uint8_t { Internal, Inbound, Outbound };
/// "internal", "inbound", "outbound".
[[nodiscard]] const char* name_of(CallDirection direction) noexcept;

/// A call as people remember it (ADA-081): one for each chain of call events, however many phones rang.
struct LoggedCall {
    std::int64_t id = 0;  ///< In the log; 0: it is not there yet.
    std::string linked_id;
    UtcTime begun{};
    /// When the first other party, or an application, answered; nothing: nobody did.
    std::optional<UtcTime> answered;
    UtcTime ended{};
    std::string source_name;
    std::string source_exten;
    /// Of who answered, or who was rung first; empty: nobody was.
    std::string destination_name;
    std::string destination_exten;  ///< As it was dialled.
    CallDirection direction = CallDirection::Internal;
    std::string user_field;            ///< Of the caller, else of the called user.
    std::string source_line;           ///< "sip/alice"
    std::string destination_line;      ///< Empty: nobody was rung.
    model::UserId source_user{};       ///< 0: nobody's line.
    model::UserId destination_user{};  ///< 0: nobody's line.

    /// Whole seconds from answer to end, rounded; 0 where nobody answered.
    [[nodiscard]] std::int64_t talked_seconds() const noexcept;
};

/// Which of the calls, in the order in which they began, and from where on.
struct CallLogQuery {
    std::optional<UtcTime> from{};        ///< The first moment.
    std::optional<UtcTime> until{};       ///< The first moment that is too late.
    std::optional<model::UserId> user{};  ///< Who called or was called.
    std::optional<CallDirection> direction{};
    std::string number{};  ///< That called or was dialled; empty: any.
    std::string search{};  ///< Part of a name or number of either side, whatever its case; empty: any.
    bool newest_first = false;
    std::size_t limit = 1000;
    /// Of the last call of the page before.
    struct Place {
        UtcTime begun{};
        std::int64_t id = 0;
    };
    std::optional<Place> after{};
};

struct CallLogPage {
    std::vector<LoggedCall> calls;
    /// For CallLogQuery::after; nothing: these were the last.
    std::optional<CallLogQuery::Place> more;
};

/// The table `call_log`. Filled by the journal's consumer as calls end. Any thread; waits for the disk.
class CallLog final {
public:
    explicit CallLog(DatabaseLocation location) : session_(std::move(location)) {}

    [[nodiscard]] Result<CallLogPage> read(const CallLogQuery& query);
    /// NotFound: it is not there, or not any more.
    [[nodiscard]] Result<LoggedCall> find(std::int64_t id);

private:
    OwnSession session_;
};

/// Forgets calls and call events from before that moment (ADA-082, SYS-162).
/// @return how many rows.
/// @param after_each_piece They are forgotten in pieces, each in a transaction of its own.
[[nodiscard]] Result<std::size_t> purge_calls(Session& session, UtcTime before,
                                              const std::function<void()>& after_each_piece = {});

}  // namespace almon::store
