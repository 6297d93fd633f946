// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/monitoring/monitoring.hpp"

#include <boost/json.hpp>

namespace almon::services {

namespace {

namespace json = boost::json;
using http::Request;
using http::Response;

/// Both look at parts that may have come to a halt.
const http::RouteOptions kWaits{.runs_on = http::RunsOn::Pool, .is_public = true};

}  // namespace

std::vector<Ailment> Health::ailments() {
    {
        const std::lock_guard lock(mutex_);
        // Who comes while another looks does not wait for what may have come to a halt.
        if (examined_ && (is_examining_ || now_() < *examined_ + 1s)) return found_;
        is_examining_ = true;
    }
    auto found = examine_();
    const std::lock_guard lock(mutex_);
    is_examining_ = false;
    examined_ = now_();
    found_ = found;
    return found;
}

std::shared_ptr<const http::Service> make_health_service(std::shared_ptr<Health> health, bool tells_why) {
    auto service = std::make_shared<http::Service>();
    service->name = "health";
    service->router.add(
        http::Method::Get, "",
        [health = std::move(health), tells_why](const Request&) -> Result<Response> {
            const auto ailments = health->ailments();
            json::array failing;
            for (const auto& each : ailments) {
                json::object part{{"part", each.part}};
                if (tells_why) part["reason"] = each.reason;
                failing.push_back(std::move(part));
            }
            const bool well = ailments.empty();
            return Response::json(well ? 200 : 503,
                                  {{"status", well ? "ok" : "failing"}, {"failing", std::move(failing)}})
                .with("Cache-Control", "no-store");
        },
        kWaits);
    return service;
}

std::shared_ptr<const http::Service> make_metrics_service(std::function<void(Exposition&)> describe) {
    auto service = std::make_shared<http::Service>();
    service->name = "metrics";
    service->router.add(
        http::Method::Get, "",
        [describe = std::move(describe)](const Request&) -> Result<Response> {
            Exposition exposition;
            describe(exposition);
            return Response::text(200, Exposition::kContentType, std::move(exposition).take());
        },
        kWaits);
    return service;
}

}  // namespace almon::services
