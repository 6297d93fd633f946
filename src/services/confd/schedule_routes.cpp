// SPDX-License-Identifier: GPL-3.0-or-later
// What can have a schedule gets one, and gives it back; the time zones that schedules may be in.

#include <algorithm>
#include <fstream>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "model/group.hpp"
#include "model/incall.hpp"
#include "model/outcall.hpp"
#include "model/queue.hpp"
#include "model/schedule.hpp"
#include "services/confd/association.hpp"

namespace almon::services {

namespace json = boost::json;
using model::Schedule;
using model::Snapshot;

namespace {

using namespace associations;  // NOLINT(google-build-using-namespace): this file is made of them

template <class Owner>
void add_schedules_of(ConfdApi& confd, const std::string& what) {
    const auto& declaration = model::declaration_of<Owner>();
    const Membership<Owner, Schedule> membership{.member = &Owner::schedule,
                                                 .title = declaration.title + "Schedule",
                                                 .show = nullptr,
                                                 .tag = declaration.kind,
                                                 .name = declaration.kind + "_schedule",
                                                 .summary = what + " and a schedule"};
    const auto path =
        fmt::format("{}/{{{}}}/schedules/{{schedule_id}}", declaration.collection, declaration.id_name);
    add_join(confd, path, membership);
    add_leave(confd, path, membership);
}

/// Names of the time zones that this machine knows, from the table that comes with them.
std::vector<std::string> zone_names() {
    std::vector<std::string> names{"UTC"};
    std::ifstream table("/usr/share/zoneinfo/tzdata.zi");
    std::string line;
    while (std::getline(table, line)) {
        // "Z America/Montreal -4:54:16 - LMT 1884", "L America/Toronto America/Montreal"
        if (line.size() < 3 || (line[0] != 'Z' && line[0] != 'L') || line[1] != ' ') continue;
        const auto start = line[0] == 'Z' ? 2 : line.find(' ', 2) + 1;
        const auto name = line.substr(start, line.find(' ', start) - start);
        if (name.find('/') != std::string::npos && !name.starts_with("Etc/")) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

void add_timezones(ConfdApi& confd) {
    confd.api().define(
        "Timezone",
        {{"title", "Timezone"}, {"type", "object"}, {"properties", {{"zone_name", {{"type", "string"}}}}}});
    confd.api().define("TimezoneItems", items_of("Timezone"));
    json::array list;
    for (const auto& name : zone_names())
        list.push_back(json::object{{"zone_name", name}});
    confd.read("/timezones",
               {.id = "list_timezones",
                .summary = "Time zones that are known",
                .tag = "timezone",
                .responses = {{200, reference_to("TimezoneItems")}}},
               [list = std::move(list)](const http::Request&, const Snapshot&) -> Result<http::Response> {
                   return items(list);
               });
}

}  // namespace

void add_schedule_routes(ConfdApi& confd) {
    add_schedules_of<model::User>(confd, "a user");
    add_schedules_of<model::Group>(confd, "a group");
    add_schedules_of<model::Queue>(confd, "a queue");
    add_schedules_of<model::Incall>(confd, "an incoming call");
    add_schedules_of<model::Outcall>(confd, "a way out");
    add_timezones(confd);
}

}  // namespace almon::services
