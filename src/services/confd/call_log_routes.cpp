// SPDX-License-Identifier: GPL-3.0-or-later
// The call log as CSV.

#include <utility>

#include "services/confd/association.hpp"
#include "services/confd/moment.hpp"

namespace almon::services {

namespace json = boost::json;

void add_call_log_routes(ConfdApi& confd) {
    confd.api().define("CallLog", {{"title", "CallLog"}, {"type", "string"}});
    const auto parameter = [](const char* name) {
        return json::object{{"name", name},
                            {"in", "query"},
                            {"required", false},
                            {"type", "string"},
                            {"format", "date-time"}};
    };
    confd.read(
        "/call_logs",
        {.id = "list_call_logs",
         .summary = "Calls of a time as CSV",
         .tag = "call_logs",
         .responses = {{200, reference_to("CallLog")}, {400, {}}},
         .parameters = {parameter("start_date"), parameter("end_date")},
         .produces = "text/csv; charset=utf-8"},
        [](const http::Request& request, const model::Snapshot&) -> Result<http::Response> {
            for (const auto* name : {"start_date", "end_date"}) {
                const auto moment = request.query.find(name);
                if (moment && !moment->empty() && !parse_moment(*moment))
                    return refuse(ErrorCode::InvalidArgument, name, "must be like 2016-07-22T13:44:05");
            }
            // No call is written down here yet.
            return http::Response::text(200, "text/csv; charset=utf-8",
                                        "\"Call Date\",\"Caller\",\"Called\",\"Period\",\"user Field\"\r\n");
        });
}

}  // namespace almon::services
