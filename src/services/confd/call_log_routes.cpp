// SPDX-License-Identifier: GPL-3.0-or-later
// The call log as CSV.

#include <utility>

#include <fmt/format.h>

#include "services/confd/association.hpp"
#include "services/csv.hpp"
#include "services/local_time.hpp"
#include "services/moment.hpp"
#include "store/call_log.hpp"

namespace almon::services {

namespace json = boost::json;

namespace {

Result<store::CallLogPage> page_of(store::CallLog* log, const store::CallLogQuery& query) {
    return log != nullptr ? log->read(query) : store::CallLogPage{};
}

/// "2015-01-02T00:00:00,Alice (1001),1002,2,userfield" (ADA-084).
std::vector<std::string> line_of(const store::LoggedCall& call) {
    constexpr std::size_t kWholeSeconds = std::string_view("2015-01-02T00:00:00").size();
    auto caller = call.source_name.empty() ? call.source_exten
                                           : fmt::format("{} ({})", call.source_name, call.source_exten);
    return {local_iso_text(call.begun).substr(0, kWholeSeconds), std::move(caller), call.destination_exten,
            std::to_string(call.talked_seconds()), call.user_field};
}

}  // namespace

void add_call_log_routes(ConfdApi& confd) {
    confd.api().define("CallLog", {{"title", "CallLog"}, {"type", "string"}});
    const auto parameter = [](const char* name) {
        return json::object{{"name", name},
                            {"in", "query"},
                            {"required", false},
                            {"type", "string"},
                            {"format", "date-time"}};
    };
    confd.read_slowly(
        "/call_logs",
        {.id = "list_call_logs",
         .summary = "Calls of a time as CSV",
         .tag = "call_logs",
         .responses = {{200, reference_to("CallLog")}, {400, {}}},
         .parameters = {parameter("start_date"), parameter("end_date")},
         .produces = "text/csv; charset=utf-8"},
        [log = confd.parts().call_log](const http::Request& request) -> Result<http::Response> {
            store::CallLogQuery query;
            if (auto from = moment_in(request.query, "start_date"); !from)
                return refuse(from);
            else
                query.from = *from;
            if (auto until = moment_in(request.query, "end_date"); !until)
                return refuse(until);
            else
                query.until = *until;
            // The first page is read at once, so that what the database refuses is answered as such.
            auto page = page_of(log, query);
            if (!page) return refuse(page);
            return http::Response::streamed(
                200, "text/csv; charset=utf-8",
                [log, query, page = *std::move(page),
                 is_first = true](std::string& into) mutable -> Result<bool> {
                    if (std::exchange(is_first, false))
                        append_csv_line(into, {"Call Date", "Caller", "Called", "Period", "user Field"});
                    for (const auto& call : page.calls)
                        append_csv_line(into, line_of(call));
                    if (!page.more) return false;
                    query.after = page.more;
                    auto next = page_of(log, query);
                    if (!next) return refuse(next);
                    page = *std::move(next);
                    return true;
                });
        });
}

}  // namespace almon::services
