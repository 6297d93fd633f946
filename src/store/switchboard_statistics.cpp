// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/switchboard_statistics.hpp"

#include <soci/soci.h>

#include "store/timestamp.hpp"

namespace almon::store {

Result<std::vector<std::uint64_t>> SwitchboardStatistics::queues() const {
    auto session = Session::open(database_);
    if (!session) return refuse(session);
    return guarded([&]() -> Result<std::vector<std::uint64_t>> {
        std::vector<std::uint64_t> queues;
        const soci::rowset<long long> rows = session->soci().prepare
                                             << "SELECT DISTINCT queue_id FROM stat_switchboard_queue "
                                                "ORDER BY queue_id";
        for (const auto queue : rows)
            queues.push_back(static_cast<std::uint64_t>(queue));
        return queues;
    });
}

Result<void> SwitchboardStatistics::calls(std::uint64_t queue, std::optional<UtcTime> first,
                                          std::optional<UtcTime> last,
                                          const std::function<void(const SwitchboardCall&)>& taker) const {
    auto session = Session::open(database_);
    if (!session) return refuse(session);
    return guarded([&]() -> Result<void> {
        const auto number = static_cast<long long>(queue);
        const auto begin = timestamp_text(first.value_or(UtcTime{}));
        const auto end = timestamp_text(last.value_or(UtcTime{}));
        std::string time;
        SwitchboardCall call;
        soci::statement statement(session->soci());
        statement.exchange(soci::into(time));
        statement.exchange(soci::into(call.end));
        statement.exchange(soci::into(call.waited_s));
        statement.exchange(soci::use(number, "queue"));
        if (first) statement.exchange(soci::use(begin, "first"));
        if (last) statement.exchange(soci::use(end, "last"));
        statement.alloc();
        statement.prepare(std::string("SELECT time, end_type, wait_time FROM stat_switchboard_queue "
                                      "WHERE queue_id = :queue") +
                          (first ? " AND time >= :first" : "") + (last ? " AND time <= :last" : "") +
                          " ORDER BY time");
        statement.define_and_bind();
        statement.execute();
        while (statement.fetch()) {
            const auto moment = parse_timestamp(time);
            if (!moment) return refuse(moment);
            call.time = *moment;
            taker(call);
        }
        return {};
    });
}

}  // namespace almon::store
