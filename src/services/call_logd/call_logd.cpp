// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/call_logd/call_logd.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/whole_number.hpp"
#include "http/content_negotiation.hpp"
#include "services/api.hpp"
#include "services/auth/caller.hpp"
#include "services/csv.hpp"
#include "services/local_time.hpp"
#include "services/moment.hpp"

namespace almon::services {

namespace {

namespace json = boost::json;
using http::Request;
using http::Response;
using store::CallDirection;
using store::CallLogQuery;
using store::LoggedCall;

constexpr std::string_view kCsv = "text/csv";
constexpr std::size_t kPage = 100;
constexpr std::size_t kLongestPage = 1000;

/// What a call shows, in JSON and as columns.
constexpr std::string_view kMembers[] = {
    "id",
    "start",
    "answer",
    "end",
    "duration",
    "call_direction",
    "source_name",
    "source_extension",
    "source_user_uuid",
    "destination_name",
    "destination_extension",
    "destination_user_uuid",
    "user_field",
    "linked_id",
};

json::value uuid_of(model::UserId id, const model::Snapshot& configuration) {
    const auto* user = configuration.user(id);
    return user != nullptr ? json::value(user->uuid) : json::value(nullptr);
}

json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

/// In the order of kMembers.
json::array values_of(const LoggedCall& call, const model::Snapshot& configuration) {
    return {call.id,
            zoned_iso_text(call.begun),
            call.answered ? json::value(zoned_iso_text(*call.answered)) : json::value(nullptr),
            zoned_iso_text(call.ended),
            call.talked_seconds(),
            name_of(call.direction),
            text_or_null(call.source_name),
            text_or_null(call.source_exten),
            uuid_of(call.source_user, configuration),
            text_or_null(call.destination_name),
            text_or_null(call.destination_exten),
            uuid_of(call.destination_user, configuration),
            text_or_null(call.user_field),
            call.linked_id};
}

json::object shown(const LoggedCall& call, const model::Snapshot& configuration) {
    json::object object;
    auto values = values_of(call, configuration);
    for (std::size_t at = 0; at < values.size(); ++at)
        object[kMembers[at]] = std::move(values[at]);
    return object;
}

std::vector<std::string> columns_of(const LoggedCall& call, const model::Snapshot& configuration) {
    std::vector<std::string> columns;
    for (const auto& value : values_of(call, configuration)) {
        if (value.is_null())
            columns.emplace_back();
        else if (value.is_string())
            columns.emplace_back(value.get_string());
        else
            columns.push_back(json::serialize(value));
    }
    return columns;
}

tl::unexpected<Error> wrong(std::string_view parameter, std::string reason) {
    return refuse(ErrorCode::InvalidArgument, std::string(parameter), std::move(reason));
}

template <class Number>
Result<Number> number_of(std::string_view name, std::string_view text, Number least, Number most) {
    const auto number = whole_number<Number>(text);
    if (!number || *number < least || *number > most)
        return wrong(name, fmt::format("must be a number from {} to {}", least, most));
    return *number;
}

/// "2016-07-22T13:44:05.123456Z/17", so that nobody takes it for an id.
std::string text_of(const CallLogQuery::Place& place) {
    return fmt::format("{}Z/{}", utc_iso_text(place.begun), place.id);
}

Result<CallLogQuery::Place> place_of(std::string_view text) {
    const auto slash = std::min(text.rfind('/'), text.size());
    const auto begun = parse_moment(text.substr(0, slash));
    const auto id = number_of<std::int64_t>("after", text.substr(std::min(slash + 1, text.size())), 1,
                                            std::numeric_limits<std::int64_t>::max());
    if (!begun || !id) return wrong("after", "must be what a page before gave as 'more'");
    return CallLogQuery::Place{*begun, *id};
}

Result<void> take_moment(std::string_view name, std::string_view text, std::optional<UtcTime>& into) {
    const auto moment = moment_of(name, text);
    if (!moment) return refuse(moment);
    into = *moment;
    return {};
}

Result<void> take(std::string_view name, std::string_view value, const model::Snapshot& configuration,
                  CallLogQuery& query) {
    if (name == "from") return take_moment(name, value, query.from);
    if (name == "until") return take_moment(name, value, query.until);
    if (name == "number") query.number = value;
    if (name == "search") query.search = value;
    if (name == "user_uuid") {
        const auto* user = configuration.user_by_uuid(value);
        if (user == nullptr) return wrong(name, "is no user's");
        query.user = user->id;
    }
    if (name == "call_direction") {
        for (const auto known : {CallDirection::Internal, CallDirection::Inbound, CallDirection::Outbound}) {
            if (value == name_of(known)) query.direction = known;
        }
        if (!query.direction) return wrong(name, "must be internal, inbound or outbound");
    }
    if (name == "direction") {
        if (value != "asc" && value != "desc") return wrong(name, "must be asc or desc");
        query.newest_first = value == "desc";
    }
    if (name == "limit") {
        const auto limit = number_of<std::size_t>(name, value, 1, kLongestPage);
        if (!limit) return refuse(limit);
        query.limit = *limit;
    }
    if (name == "after") {
        auto place = place_of(value);
        if (!place) return refuse(place);
        query.after = *place;
    }
    return {};
}

Result<CallLogQuery> query_of(const Request& request, const model::Snapshot& configuration) {
    CallLogQuery query;
    query.limit = kPage;
    query.newest_first = true;
    for (const auto& [name, value] : request.query.parameters()) {
        if (value.empty()) continue;
        if (const auto taken = take(name, value, configuration, query); !taken) return refuse(taken);
    }
    return query;
}

class CallLogd final {
public:
    explicit CallLogd(CallLogdParts parts) : parts_(std::move(parts)) {}

    Result<Response> list(const Request& request) const {
        const auto configuration = parts_.configuration();
        auto query = query_of(request, *configuration);
        if (!query) return refuse(query);
        return answer(request, configuration, *std::move(query));
    }

    Result<Response> list_of(const Request& request, std::string_view uuid) const {
        const auto configuration = parts_.configuration();
        auto query = query_of(request, *configuration);
        if (!query) return refuse(query);
        const auto* user = configuration->user_by_uuid(uuid);
        if (user == nullptr) return refuse(ErrorCode::NotFound, "user_uuid", "no such user");
        query->user = user->id;
        return answer(request, configuration, *std::move(query));
    }

    Result<Response> get(const Request& request) const {
        const auto id = number_of<std::int64_t>("cdr_id", request.path_parameter("cdr_id"), 1,
                                                std::numeric_limits<std::int64_t>::max());
        if (!id) return refuse(ErrorCode::NotFound, "cdr_id", "no such call");
        const auto call = parts_.log.find(*id);
        if (!call) return refuse(call);
        return Response::json(200, shown(*call, *parts_.configuration()));
    }

private:
    using Configuration = std::shared_ptr<const model::Snapshot>;

    Result<Response> answer(const Request& request, const Configuration& configuration,
                            CallLogQuery query) const {
        auto page = parts_.log.read(query);
        if (!page) return refuse(page);
        if (!http::accepts_json(request) && http::accepts(request, kCsv))
            return all_as_csv(configuration, std::move(query), *std::move(page));
        json::array items;
        for (const auto& call : page->calls)
            items.push_back(shown(call, *configuration));
        return Response::json(200, json::object{{"items", std::move(items)},
                                                {"more", page->more ? json::value(text_of(*page->more))
                                                                    : json::value(nullptr)}});
    }

    /// This page and what follows: who wants a file wants it whole.
    Response all_as_csv(const Configuration& configuration, CallLogQuery query,
                        store::CallLogPage page) const {
        query.limit = kLongestPage;
        return Response::streamed(
            200, "text/csv; charset=utf-8",
            [&log = parts_.log, configuration, query = std::move(query), page = std::move(page),
             is_first = true](std::string& into) mutable -> Result<bool> {
                if (std::exchange(is_first, false))
                    append_csv_line(into, {std::begin(kMembers), std::end(kMembers)});
                for (const auto& call : page.calls)
                    append_csv_line(into, columns_of(call, *configuration));
                if (!page.more) return false;
                query.after = page.more;
                auto next = log.read(query);
                if (!next) return refuse(next);
                page = *std::move(next);
                return true;
            });
    }

    const CallLogdParts parts_;
};

std::vector<json::object> parameters_of_a_list() {
    std::vector<json::object> parameters;
    const auto add = [&](const char* name, const char* description,
                         json::object more = {{"type", "string"}}) {
        json::object parameter{
            {"name", name}, {"in", "query"}, {"required", false}, {"description", description}};
        for (const auto& [key, value] : more)
            parameter[key] = value;
        parameters.push_back(std::move(parameter));
    };
    add("from", "Calls that began then or later");
    add("until", "Calls that began before");
    add("call_direction", "", {{"type", "string"}, {"enum", {"internal", "inbound", "outbound"}}});
    add("number", "That called or was dialled");
    add("search", "Part of a name or number of either side");
    add("direction", "The last call comes first unless this is asc",
        {{"type", "string"}, {"enum", {"asc", "desc"}}, {"default", "desc"}});
    add("limit", "Calls on the page",
        {{"type", "integer"}, {"minimum", 1}, {"maximum", kLongestPage}, {"default", kPage}});
    add("after", "What the page before gave as 'more'");
    return parameters;
}

json::object schema_of_a_call() {
    json::object properties;
    for (const auto name : kMembers)
        properties[name] = json::object{{"type", "string"}, {"x-nullable", true}};
    properties["id"] = json::object{{"type", "integer"}};
    properties["duration"] = json::object{{"type", "integer"}, {"description", "Seconds from answer to end"}};
    properties["call_direction"] =
        json::object{{"type", "string"}, {"enum", {"internal", "inbound", "outbound"}}};
    return {{"title", "CDR"}, {"type", "object"}, {"properties", properties}};
}

}  // namespace

std::shared_ptr<const http::Service> make_call_logd_service(CallLogdParts parts) {
    Api api(
        "call-logd", "1.0", "Almon call-logd",
        "Calls of the past: who called whom, when, for how long. The page after this one is asked for with "
        "what this one gave as 'more'. Asked for as text/csv, all calls come at once.",
        9298);
    api.is_text("user_uuid");
    api.define("Error", {{"type", "object"},
                         {"properties",
                          {{"reason", {{"type", "array"}, {"items", {{"type", "string"}}}}},
                           {"timestamp", {{"type", "array"}, {"items", {{"type", "string"}}}}},
                           {"status_code", {{"type", "integer"}}}}}});
    api.define("CDR", schema_of_a_call());
    api.define("CDRs", {{"title", "CDRs"},
                        {"type", "object"},
                        {"properties",
                         {{"items", {{"type", "array"}, {"items", reference_to("CDR")}}},
                          {"more", {{"type", "string"}, {"x-nullable", true}}}}}});

    auto service = std::make_shared<http::Service>();
    service->name = "xivo-call-logd";
    service->prefix = "/1.0";
    service->dialect = parts.dialect;
    service->cors.origins = {"*"};
    service->cors.allow_headers = {"Accept", "Content-Type", "X-Auth-Token"};
    service->before = [dialect = parts.dialect, authentication = parts.authentication](
                          Request& request, const http::Route& route) -> std::optional<Response> {
        if (!route.options.is_public) {
            if (auto answer = authentication(request, route)) return answer;
            if (!http::accepts_json(request) && !http::accepts(request, kCsv)) return dialect(406, {});
        }
        return std::nullopt;
    };

    const auto handlers = std::make_shared<const CallLogd>(std::move(parts));
    const auto list = [&](std::string_view path, std::string id, std::string summary, http::Handler handler) {
        auto parameters = parameters_of_a_list();
        if (path == "/cdr")
            parameters.push_back({{"name", "user_uuid"},
                                  {"in", "query"},
                                  {"required", false},
                                  {"description", "Who called or was called"},
                                  {"type", "string"}});
        api.add(http::Method::Get, path,
                {.id = std::move(id),
                 .summary = std::move(summary),
                 .tag = "cdr",
                 .responses = {{200, reference_to("CDRs")}, {400, reference_to("Error")}},
                 .parameters = std::move(parameters)},
                std::move(handler), {.runs_on = http::RunsOn::Pool});
    };
    list("/cdr", "list_cdr", "Calls", [handlers](const Request& request) { return handlers->list(request); });
    list("/users/me/cdr", "list_my_cdr", "Calls of who asks", [handlers](const Request& request) {
        return handlers->list_of(request, caller_of(request).user_uuid());
    });
    list("/users/{user_uuid}/cdr", "list_user_cdr", "Calls of a user", [handlers](const Request& request) {
        return handlers->list_of(request, request.path_parameter("user_uuid"));
    });
    api.add(http::Method::Get, "/cdr/{cdr_id}",
            {.id = "get_cdr",
             .summary = "One call",
             .tag = "cdr",
             .responses = {{200, reference_to("CDR")}, {404, reference_to("Error")}}},
            [handlers](const Request& request) { return handlers->get(request); },
            {.runs_on = http::RunsOn::Pool});
    api.serve_document();
    service->router = api.take_router();
    return service;
}

}  // namespace almon::services
