// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "bus/call_event.hpp"
#include "model/ids.hpp"

namespace almon::services {

/// A call as programs see it: one party's side of it, with the id of its channel.
struct ListedCall {
    enum class Status : std::uint8_t { Ring, Ringing, Up };  ///< It calls, it is called, it talks.

    std::string id;  ///< "1448037433.12"
    std::string channel_name;
    model::UserId user;  ///< None: nobody of ours.
    model::LineId line;
    Status status = Status::Ring;
    std::string caller_name;  ///< Of the party itself.
    std::string caller_number;
    std::string dialled;    ///< What the party dialled; empty: nothing.
    std::string linked_id;  ///< Id of the call from which it came.
    UtcTime begun{};
    std::uint64_t bridge = 0;   ///< Where it talks; 0: nowhere.
    bool holds = false;         ///< The party has put the other on hold.
    std::string application{};  ///< That runs on it: "Dial"; empty: none.
    std::string application_data{};
    std::string context{};       ///< In which it dialled.
    std::string account_code{};  ///< Of its line, for bills; empty: none.
};

/// What an event has meant for a call.
enum class CallChange : std::uint8_t { Created, Updated, Ended, Held, Resumed };

/// The calls that are up, followed by the events that they leave. One thread.
class CallList final {
public:
    struct Change {
        CallChange what;
        ListedCall call;  ///< As it is by now; of one that has ended, as it was.
    };
    /// Nothing: nobody who looks at calls sees a difference.
    std::optional<Change> take(const bus::CallEvent& event);
    std::optional<Change> take(const bus::HoldChanged& event);

    [[nodiscard]] const ListedCall* find(std::string_view id) const;
    /// By the name of its channel; it looks through all.
    [[nodiscard]] const ListedCall* find_named(std::string_view channel_name) const;
    /// Those that the call talks to.
    [[nodiscard]] std::vector<const ListedCall*> talking_to(const ListedCall& call) const;
    /// Those that talk in a bridge.
    [[nodiscard]] std::vector<const ListedCall*> in_bridge(std::uint64_t bridge) const;
    [[nodiscard]] std::vector<const ListedCall*> of_line(model::LineId line) const;
    /// All, in the order in which they began.
    [[nodiscard]] std::vector<const ListedCall*> in_order() const;
    [[nodiscard]] std::size_t size() const noexcept { return calls_.size(); }

private:
    using Ids = std::vector<std::string>;
    [[nodiscard]] std::vector<const ListedCall*> all(const Ids& ids) const;
    void move_to(ListedCall& call, std::uint64_t bridge);

    std::unordered_map<std::string, ListedCall> calls_;
    std::unordered_map<std::uint64_t, Ids> by_bridge_;
    std::unordered_map<model::LineId, Ids> by_line_;
};

/// The state of a line, as telephones show it and by the numbers that programs know.
enum class LineStatus : std::int8_t {
    Free = 0,
    InUse = 1,
    Unavailable = 4,
    Ringing = 8,
    InUseAndRinging = 9,
    OnHold = 16,
};
/// @param reachable whether a phone is there.
[[nodiscard]] LineStatus line_status(const std::vector<const ListedCall*>& calls, bool reachable) noexcept;

}  // namespace almon::services
