// SPDX-License-Identifier: GPL-3.0-or-later
// The call log as CSV.

#include <cctype>
#include <utility>

#include "services/confd/association.hpp"

namespace almon::services {

namespace json = boost::json;

namespace {

/// "2016-07-22T13:44:05"; a zone may follow.
bool is_moment(std::string_view text) {
    constexpr std::string_view kForm = "0000-00-00T00:00:00";
    if (text.size() < kForm.size()) return false;
    for (std::size_t place = 0; place < kForm.size(); ++place) {
        const bool is_digit = std::isdigit(static_cast<unsigned char>(text[place])) != 0;
        if (kForm[place] == '0' ? !is_digit : text[place] != kForm[place]) return false;
    }
    const auto number = [&](std::size_t place) { return (text[place] - '0') * 10 + text[place + 1] - '0'; };
    if (number(5) < 1 || number(5) > 12 || number(8) < 1 || number(8) > 31 || number(11) > 23 ||
        number(14) > 59 || number(17) > 60)
        return false;
    return text.substr(kForm.size()).find_first_not_of("0123456789.:+-Z") == std::string_view::npos;
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
                if (moment && !moment->empty() && !is_moment(*moment))
                    return refuse(ErrorCode::InvalidArgument, name, "must be like 2016-07-22T13:44:05");
            }
            // No call is written down here yet.
            return http::Response::text(200, "text/csv; charset=utf-8",
                                        "\"Call Date\",\"Caller\",\"Called\",\"Period\",\"user Field\"\r\n");
        });
}

}  // namespace almon::services
