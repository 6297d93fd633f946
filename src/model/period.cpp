// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/period.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "model/text_checks.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

tl::unexpected<Error> wrong(std::string reason) {
    return refuse(ErrorCode::InvalidArgument, "", std::move(reason));
}

bool is_time(std::string_view text) {
    return text.size() == 5 && text[2] == ':' && is_digits_and(text, ":") && text.substr(0, 2) < "24" &&
           text.substr(3) < "60" && text.find(':') == 2 && text.rfind(':') == 2;
}

Result<std::string> time_in(const json::object& given, std::string_view name) {
    auto text = codec::member(given, name, true);
    if (!text) return refuse(text);
    if (!is_time(*text)) return wrong(fmt::format("has a '{}' that must be like 08:30", name));
    return text;
}

Result<std::vector<int>> days_in(const json::object& given, std::string_view name, int most) {
    const auto* value = given.if_contains(name);
    if (value == nullptr || value->is_null()) return std::vector<int>{};
    const auto list = codec::list(*value);
    if (!list) return wrong(fmt::format("has '{}' that {}", name, list.error().reason));
    std::vector<int> days;
    for (const auto& each : **list) {
        const auto day = codec::integer(each);
        if (!day || *day < 1 || *day > most)
            return wrong(fmt::format("has '{}' that must be numbers from 1 to {}", name, most));
        days.push_back(static_cast<int>(*day));
    }
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
    return days;
}

Result<void> take(const json::object& given, Period& period) {
    auto start = time_in(given, "hours_start");
    if (!start) return refuse(start);
    auto end = time_in(given, "hours_end");
    if (!end) return refuse(end);
    auto week_days = days_in(given, "week_days", 7);
    if (!week_days) return refuse(week_days);
    auto month_days = days_in(given, "month_days", 31);
    if (!month_days) return refuse(month_days);
    auto months = days_in(given, "months", 12);
    if (!months) return refuse(months);
    period = {*std::move(start), *std::move(end), *std::move(week_days), *std::move(month_days),
              *std::move(months)};
    return {};
}

Result<void> check_members(const json::object& given, bool has_destination) {
    for (const auto& [name, unused] : given) {
        const bool known = name == "hours_start" || name == "hours_end" || name == "week_days" ||
                           name == "month_days" || name == "months" ||
                           (has_destination && name == "destination");
        if (!known) return wrong("has a '" + std::string(name) + "', which periods do not have");
    }
    return {};
}

}  // namespace

json::object FieldCodec<Period>::schema() {
    const json::object numbers{{"type", "array"}, {"items", {{"type", "integer"}}}};
    return {{"type", "object"},
            {"required", {"hours_start", "hours_end"}},
            {"properties",
             {{"hours_start", {{"type", "string"}}},
              {"hours_end", {{"type", "string"}}},
              {"week_days", numbers},
              {"month_days", numbers},
              {"months", numbers}}}};
}

json::value FieldCodec<Period>::to_json(const Period& period) {
    const auto numbers = [](const std::vector<int>& all) { return json::array(all.begin(), all.end()); };
    return {{"hours_start", period.hours_start},
            {"hours_end", period.hours_end},
            {"week_days", numbers(period.week_days)},
            {"month_days", numbers(period.month_days)},
            {"months", numbers(period.months)}};
}

Result<void> FieldCodec<Period>::from_json(const json::value& value, Period& period) {
    const auto given = codec::object(value);
    if (!given) return refuse(given);
    if (const auto known = check_members(**given, false); !known) return known;
    return take(**given, period);
}

json::object FieldCodec<ExceptionalPeriod>::schema() {
    auto schema = FieldCodec<Period>::schema();
    schema["properties"].as_object()["destination"] = FieldCodec<Destination>::schema();
    return schema;
}

json::value FieldCodec<ExceptionalPeriod>::to_json(const ExceptionalPeriod& period) {
    auto shown = FieldCodec<Period>::to_json(period);
    shown.get_object()["destination"] = FieldCodec<Destination>::to_json(period.destination);
    return shown;
}

Result<void> FieldCodec<ExceptionalPeriod>::from_json(const json::value& value, ExceptionalPeriod& period) {
    const auto given = codec::object(value);
    if (!given) return refuse(given);
    if (const auto known = check_members(**given, true); !known) return known;
    if (const auto* destination = (*given)->if_contains("destination")) {
        const auto taken = FieldCodec<Destination>::from_json(*destination, period.destination);
        if (!taken) return wrong("has a 'destination' that " + taken.error().reason);
    }
    return take(**given, period);
}

}  // namespace almon::model
