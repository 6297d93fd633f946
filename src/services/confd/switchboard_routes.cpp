// SPDX-License-Identifier: GPL-3.0-or-later
// What was counted of switchboards before (API-113).

#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/whole_number.hpp"
#include "model/queue.hpp"
#include "services/confd/association.hpp"
#include "services/local_time.hpp"
#include "services/moment.hpp"
#include "store/switchboard_statistics.hpp"

namespace almon::services {

namespace json = boost::json;
using model::Snapshot;
using store::SwitchboardStatistics;

namespace {

constexpr const char* kCsv = "text/csv; charset=utf-8";

/// As people know the queue; a number where it is no more.
std::string display_name(std::uint64_t queue, const Snapshot& snapshot) {
    const auto* found = snapshot.find(model::QueueId{queue});
    if (found == nullptr) return std::to_string(queue);
    return found->label.empty() ? found->name : found->label;
}

struct Day {
    std::map<std::string, int, std::less<>> ends;
    int entered = 0;
    double waited_s = 0;
};

std::string minutes_and_seconds(double seconds) {
    const auto whole = static_cast<long long>(seconds + 0.5);
    return fmt::format("{:02}:{:02}", whole / 60, whole % 60);
}

/// Days of this machine's time zone, each by its date.
Result<std::map<std::string, Day>> days_of(const SwitchboardStatistics& statistics, std::uint64_t queue,
                                           std::optional<UtcTime> first, std::optional<UtcTime> last) {
    std::map<std::string, Day> days;
    const auto read = statistics.calls(queue, first, last, [&](const store::SwitchboardCall& call) {
        auto& day = days[local_iso_text(call.time).substr(0, 10)];
        ++day.entered;
        ++day.ends[call.end];
        day.waited_s += call.waited_s;
    });
    if (!read) return refuse(read);
    return days;
}

std::string csv_of(const std::map<std::string, Day>& days) {
    std::string text =
        "\"date\",\"entered\",\"answered\",\"transferred\",\"abandoned\",\"forwarded\","
        "\"waiting_time_average\"\r\n";
    for (const auto& [date, day] : days) {
        const auto ended = [&day = day](std::string_view how) {
            const auto found = day.ends.find(how);
            return found != day.ends.end() ? found->second : 0;
        };
        text += fmt::format("\"{}\",\"{}\",\"{}\",\"{}\",\"{}\",\"{}\",\"{}\"\r\n", date, day.entered,
                            ended("answered"), ended("transferred"), ended("abandoned"), ended("forwarded"),
                            minutes_and_seconds(day.waited_s / day.entered));
    }
    return text;
}

Result<std::uint64_t> switchboard_in(const http::Request& request, const SwitchboardStatistics& statistics) {
    const auto name = request.path_parameter("switchboard_id");
    const auto queue = whole_number<std::uint64_t>(name);
    const auto queues = statistics.queues();
    if (!queues) return refuse(queues);
    if (!queue || std::find(queues->begin(), queues->end(), *queue) == queues->end())
        return refuse(ErrorCode::NotFound, "Switchboard", '\'' + std::string(name) + "' was not found");
    return *queue;
}

json::object date_parameter(const char* name) {
    return {
        {"name", name}, {"in", "query"}, {"required", false}, {"type", "string"}, {"format", "date-time"}};
}

}  // namespace

void add_switchboard_routes(ConfdApi& confd) {
    if (confd.parts().switchboards == nullptr) return;
    const auto& statistics = *confd.parts().switchboards;
    confd.api().define(
        "Switchboard",
        {{"title", "Switchboard"},
         {"type", "object"},
         {"properties", {{"id", associations::integer()}, {"display_name", {{"type", "string"}}}}}});
    confd.api().define("SwitchboardItems", associations::items_of("Switchboard"));
    confd.api().define("SwitchboardStatistics", {{"title", "SwitchboardStatistics"}, {"type", "string"}});
    confd.read_slowly(
        "/switchboards",
        {.id = "list_switchboards",
         .summary = "Switchboards that there are statistics of, from before",
         .tag = "switchboards",
         .responses = {{200, reference_to("SwitchboardItems")}}},
        [&statistics, &store = confd.parts().store](const http::Request&) -> Result<http::Response> {
            const auto queues = statistics.queues();
            if (!queues) return refuse(queues);
            const auto snapshot = store.current();
            json::array list;
            for (const auto queue : *queues)
                list.push_back(json::object{{"id", queue}, {"display_name", display_name(queue, *snapshot)}});
            return associations::items(std::move(list));
        });
    confd.read_slowly("/switchboards/{switchboard_id}/stats",
                      {.id = "get_switchboard_stats",
                       .summary = "Calls of a switchboard by day, as CSV; nothing is added any more",
                       .tag = "switchboards",
                       .responses = {{200, reference_to("SwitchboardStatistics")}, {400, {}}, {404, {}}},
                       .parameters = {date_parameter("start_date"), date_parameter("end_date")},
                       .produces = kCsv},
                      [&statistics](const http::Request& request) -> Result<http::Response> {
                          const auto first = moment_in(request.query, "start_date");
                          if (!first) return refuse(first);
                          const auto last = moment_in(request.query, "end_date");
                          if (!last) return refuse(last);
                          const auto queue = switchboard_in(request, statistics);
                          if (!queue) return refuse(queue);
                          const auto days = days_of(statistics, *queue, *first, *last);
                          if (!days) return refuse(days);
                          return http::Response::text(200, kCsv, csv_of(*days));
                      });
}

}  // namespace almon::services
