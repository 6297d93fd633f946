// SPDX-License-Identifier: GPL-3.0-or-later
// Several operations as one change: all of them or none.

#include <algorithm>
#include <charconv>
#include <utility>

#include "services/confd/confd_api.hpp"

namespace almon::services {

namespace json = boost::json;
using model::Snapshot;

namespace {

constexpr std::size_t kMostOperations = 1000;

/// Replaces every ${n.member} by what operation n, counted from 0, has answered: so that later operations
/// name what earlier ones create.
Result<std::string> with_answers(std::string_view text, const std::vector<json::value>& answers) {
    std::string out;
    for (;;) {
        const auto open = text.find("${");
        out += text.substr(0, open);
        if (open == std::string_view::npos) return out;
        const auto close = text.find('}', open);
        const auto name =
            close == std::string_view::npos ? std::string_view() : text.substr(open + 2, close - open - 2);
        const auto dot = name.find('.');
        std::size_t number = 0;
        const auto [end, error] =
            std::from_chars(name.data(), name.data() + std::min(dot, name.size()), number);
        const json::value* member = nullptr;
        if (dot != std::string_view::npos && error == std::errc() && end == name.data() + dot &&
            number < answers.size() && answers[number].is_object())
            member = answers[number].get_object().if_contains(name.substr(dot + 1));
        if (member == nullptr)
            return refuse(ErrorCode::InvalidArgument, std::string(text),
                          "names no earlier operation's answer");
        out += member->is_string() ? std::string(member->get_string()) : json::serialize(*member);
        text.remove_prefix(close + 1);
    }
}

Result<json::value> with_answers(const json::value& value, const std::vector<json::value>& answers) {
    if (value.is_string()) {
        const std::string_view text = value.get_string();
        auto replaced = with_answers(text, answers);
        if (!replaced) return refuse(replaced);
        return json::value(*replaced);
    }
    if (value.is_object()) {
        json::object object;
        for (const auto& [name, member] : value.get_object()) {
            auto replaced = with_answers(member, answers);
            if (!replaced) return refuse(replaced);
            object[name] = *std::move(replaced);
        }
        return json::value(std::move(object));
    }
    if (value.is_array()) {
        json::array list;
        list.reserve(value.get_array().size());
        for (const auto& entry : value.get_array()) {
            auto replaced = with_answers(entry, answers);
            if (!replaced) return refuse(replaced);
            list.push_back(*std::move(replaced));
        }
        return json::value(std::move(list));
    }
    return value;
}

}  // namespace

void ConfdApi::add_batch() {
    const json::object operation{{"type", "object"},
                                 {"required", {"method", "path"}},
                                 {"properties",
                                  {{"method", {{"type", "string"}, {"enum", {"POST", "PUT", "DELETE"}}}},
                                   {"path", {{"type", "string"}}},
                                   {"body", {{"type", "object"}}}}}};
    api_.define("Batch", {{"title", "Batch"},
                          {"type", "object"},
                          {"required", json::array{"operations"}},
                          {"properties", {{"operations", {{"type", "array"}, {"items", operation}}}}}});

    carry_out_on(http::Method::Post, "/batch",
                 {.id = "batch",
                  .summary = "Several operations as one change, all of them or none",
                  .tag = "batch",
                  .body = reference_to("Batch"),
                  .responses = {{200, {{"type", "object"}}}, {400, {}}, {403, {}}, {404, {}}}},
                 batch_planner());
}

Planner ConfdApi::batch_planner() const {
    return [writes = writes_, parts = parts_](const http::Request& request,
                                              const Snapshot& before) -> tl::expected<Plan, Errors> {
        const auto body = object_in(request);
        if (!body) return refused(body.error());
        const auto* list = body->if_contains("operations");
        if (list == nullptr || !list->is_array())
            return refused(ErrorCode::InvalidArgument, "operations", "must be a list");
        if (list->get_array().size() > kMostOperations)
            return refused(ErrorCode::InvalidArgument, "operations", "are more than 1000");

        Plan whole;
        model::SnapshotBuilder builder(before);
        std::vector<std::function<http::Response(const Snapshot&)>> answers;
        std::vector<std::function<void()>> afterwards;
        std::vector<json::value> told;
        for (const auto& entry : list->get_array()) {
            const auto place = "operations[" + std::to_string(told.size()) + ']';
            const auto wrong = [&](Error error) {
                error.field = place + (error.field.empty() ? "" : '.' + error.field);
                return refused(std::move(error));
            };
            const auto object = model::codec::object(entry);
            if (!object) return wrong(object.error());
            const auto method = model::codec::member(**object, "method", true);
            if (!method) return wrong(method.error());
            const auto given_path = model::codec::member(**object, "path", true);
            if (!given_path) return wrong(given_path.error());
            const auto path = with_answers(*given_path, told);
            if (!path) return wrong(path.error());

            http::Request one;
            one.method = http::parse_method(*method);
            one.remote = request.remote;
            one.secure = request.secure;
            one.caller = request.caller;
            if (const auto set = one.set_target(*path); !set) return wrong(set.error());
            if (const auto* given = (*object)->if_contains("body")) {
                const auto replaced = with_answers(*given, told);
                if (!replaced) return wrong(replaced.error());
                one.body = json::serialize(*replaced);
            }
            const auto match = writes->router.match(one.method, one.raw_path(), one.path_parameters);
            if (match.route == nullptr)
                return wrong(
                    {ErrorCode::InvalidArgument, "path", "'" + *path + "' cannot be changed in a batch"});
            if (parts->authentication && parts->authentication(one, *match.route))
                return wrong(Error{ErrorCode::Forbidden, "path", "needs " + match.route->options.acl});
            auto plan = writes->planners.at(match.route)(one, builder.so_far());
            if (!plan) {
                for (auto& error : plan.error())
                    error.field = place + (error.field.empty() ? "" : '.' + error.field);
                return tl::unexpected<Errors>(std::move(plan.error()));
            }
            for (auto& planned : plan->operations) {
                // Within the batch things may change more than once; only what was there before can be
                // outdated.
                if (planned.expected && planned.expected != before.find(*planned.declaration, planned.key))
                    planned.expected = nullptr;
                if (planned.resource)
                    planned.declaration->put(builder, planned.resource);
                else
                    planned.declaration->erase(builder, planned.key);
                whole.operations.push_back(std::move(planned));
            }
            const auto answer = plan->answer(builder.so_far());
            told.push_back(answer.body.empty() ? json::value(nullptr) : json::parse(answer.body));
            answers.push_back(std::move(plan->answer));
            if (plan->afterwards) afterwards.push_back(std::move(plan->afterwards));
        }
        if (!afterwards.empty()) {
            whole.afterwards = [afterwards = std::move(afterwards)] {
                for (const auto& each : afterwards)
                    each();
            };
        }
        // What was expected of a thing holds for its first change; later ones build on that.
        whole.answer = [answers = std::move(answers)](const Snapshot& after) {
            json::array results;
            for (const auto& answer : answers) {
                const auto response = answer(after);
                results.push_back(json::object{
                    {"status", response.status},
                    {"body", response.body.empty() ? json::value(nullptr) : json::parse(response.body)}});
            }
            return http::Response::json(200, json::object{{"results", std::move(results)}});
        };
        return whole;
    };
}

}  // namespace almon::services
