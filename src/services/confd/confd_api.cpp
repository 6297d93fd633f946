// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/confd/confd_api.hpp"

#include <vector>

#include "http/content_negotiation.hpp"
#include "model/snapshot.hpp"

namespace almon::services {

namespace json = boost::json;

namespace {

/// A change that others get in the way of is planned anew so often.
constexpr int kAttempts = 5;

/// Of a response: the number of the change that it has made, as the history has it.
constexpr const char* kChange = "Almon-Change";

std::string who_asks(const http::Request& request) {
    return request.caller ? request.caller->name() : "local";
}

http::Response done(const Plan& plan, const model::Snapshot& after) {
    if (plan.afterwards) plan.afterwards();
    return plan.answer(after);
}

/// Plans the request on the configuration in force and saves what comes of it.
http::Response carry_out(const ConfdParts& parts, const Planner& planner, const http::Request& request) {
    const bool conditional = request.headers.contains("If-Match");
    for (int attempt = 1;; ++attempt) {
        const auto before = parts.store.current();
        auto plan = planner(request, *before);
        if (!plan) return refusal(plan.error());
        if (plan->operations.empty()) return done(*plan, *before);
        const auto saved = parts.store.apply({who_asks(request), std::move(plan->operations)}, parts.now());
        if (saved) return done(*plan, *parts.store.current()).with(kChange, std::to_string(*saved));
        if (saved.error().code != ErrorCode::Outdated || conditional || attempt == kAttempts)
            return refusal({saved.error()});
    }
}

/// Without its parameters; JSON where nothing else is said.
std::string_view type_of(std::string_view declared) {
    return declared.empty() ? "application/json" : declared.substr(0, declared.find(';'));
}

bool has_body(http::Method method) {
    return method == http::Method::Post || method == http::Method::Put;
}

}  // namespace

Random& random_of_thread() {
    thread_local SystemRandom random;
    return random;
}

ConfdApi::ConfdApi(ConfdParts parts)
    : parts_(std::make_shared<const ConfdParts>(std::move(parts))),
      api_("confd", "1.1", "Almon confd",
           "Users, lines, numbers and all else that an administrator configures. A change is in force when "
           "its "
           "answer arrives. Errors are a list of sentences. In a PUT, what is left out stays as it is.",
           9486),
      writes_(std::make_shared<Writes>()) {
    api_.define("Error", {{"type", "array"}, {"items", {{"type", "string"}}}});
}

void ConfdApi::read(std::string_view path, OperationText text, Reader reader) {
    api_.add(http::Method::Get, path, std::move(text),
             [parts = parts_, reader = std::move(reader)](const http::Request& request) {
                 return reader(request, *parts->store.current());
             });
}

void ConfdApi::handle(http::Method method, std::string_view path, OperationText text, http::Handler handler) {
    http::RouteOptions options;
    options.runs_on = http::RunsOn::Pool;
    api_.add(method, path, std::move(text), std::move(handler), std::move(options));
}

http::Handler ConfdApi::changing(Planner planner) const {
    return [parts = parts_,
            planner = std::move(planner)](const http::Request& request) -> Result<http::Response> {
        return carry_out(*parts, planner, request);
    };
}

void ConfdApi::write(http::Method method, std::string_view path, OperationText text, Planner planner) {
    writes_->router.add(method, path, nullptr,
                        {.acl = text.acl.empty() ? api_.acl_of(method, path) : text.acl});
    writes_->planners[writes_->router.routes().back()] = planner;
    carry_out_on(method, path, std::move(text), std::move(planner));
}

void ConfdApi::carry_out_on(http::Method method, std::string_view path, OperationText text, Planner planner) {
    handle(method, path, std::move(text), changing(std::move(planner)));
}

std::shared_ptr<const http::Service> ConfdApi::finish() && {
    api_.serve_document();
    auto service = std::make_shared<http::Service>();
    service->name = "xivo-confd";
    service->prefix = "/1.1";
    service->router = api_.take_router();
    service->dialect = refusal_with_status;
    service->before = [authentication = parts_->authentication](
                          http::Request& request, const http::Route& route) -> std::optional<http::Response> {
        if (authentication && !route.options.is_public) {
            if (auto answer = authentication(request, route)) return answer;
        }
        // API-046. The document is for anybody.
        if (!route.path.ends_with(".yml") && !http::accepts(request, type_of(route.options.produces)))
            return http::Response::empty(406);
        if (has_body(request.method) && request.headers.get("Content-Length") != "0" &&
            (request.headers.contains("Content-Length") || request.headers.contains("Transfer-Encoding")) &&
            !http::has_content_type(request, type_of(route.options.consumes)))
            return http::Response::empty(415);
        return std::nullopt;
    };
    // Where nobody is asked who he is, pages of other sites shall not be able to ask in his name.
    if (parts_->authentication) service->cors.origins = {"*"};
    service->cors.allow_headers = {"Content-Type", "X-Auth-Token", "Accept", "If-Match", "If-None-Match"};
    service->cors.expose_headers = {"ETag", "Location", kChange};
    return service;
}

std::shared_ptr<const http::Service> make_confd_service(ConfdParts parts) {
    ConfdApi confd(std::move(parts));
    add_resource_routes(confd);
    add_association_routes(confd);
    add_way_routes(confd);
    add_schedule_routes(confd);
    add_service_routes(confd);
    add_settings_routes(confd);
    add_user_routes(confd);
    add_user_csv_routes(confd);
    add_function_key_routes(confd);
    add_agent_routes(confd);
    add_device_routes(confd);
    add_line_sip_routes(confd);
    add_call_log_routes(confd);
    add_switchboard_routes(confd);
    add_system_routes(confd);
    add_condition_routes(confd);
    add_history_routes(confd);
    add_explanation_routes(confd);
    add_sound_routes(confd);
    add_certificate_routes(confd);
    confd.add_batch();
    return std::move(confd).finish();
}

}  // namespace almon::services
