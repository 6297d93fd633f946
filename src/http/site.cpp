// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/site.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/log.hpp"
#include "http/status.hpp"

namespace almon::http {

namespace {

std::string joined(const std::vector<std::string>& items) {
    std::string text;
    for (const std::string& item : items) {
        if (!text.empty()) text += ", ";
        text += item;
    }
    return text;
}

/// What Access-Control-Allow-Origin says to this origin; empty: nothing.
std::string_view allowed_origin(const Cors& cors, std::string_view origin) noexcept {
    for (const std::string& allowed : cors.origins) {
        if (allowed == "*") return "*";
        if (allowed == origin) return origin;
    }
    return {};
}

bool speaks_plainly(const Service& service) {
    using Function = Response (*)(int, const Error&);
    const auto* function = service.dialect.target<Function>();
    return function != nullptr && *function == &Service::plain_dialect;
}

}  // namespace

Site::Site(std::vector<Mount> mounts) : mounts_(std::move(mounts)) {
    const auto whole = [](const Mount& mount) { return mount.prefix + mount.service->prefix; };
    std::stable_sort(mounts_.begin(), mounts_.end(), [&](const Mount& left, const Mount& right) {
        return whole(left).size() > whole(right).size();
    });
    for (const Mount& mount : mounts_) {
        prefixes_.push_back(whole(mount));
    }
    const auto own_dialects = [](const Mount& mount) { return !speaks_plainly(*mount.service); };
    if (std::count_if(mounts_.begin(), mounts_.end(), own_dialects) == 1)
        speaker_ = std::find_if(mounts_.begin(), mounts_.end(), own_dialects)->service.get();
}

const Mount* Site::find(std::string_view raw_path) const noexcept {
    for (std::size_t index = 0; index < mounts_.size(); ++index) {
        const std::string_view prefix = prefixes_[index];
        if (!raw_path.starts_with(prefix)) continue;
        if (raw_path.size() == prefix.size() || prefix.empty() || raw_path[prefix.size()] == '/') {
            return &mounts_[index];
        }
    }
    return nullptr;
}

std::optional<Response> Site::receive(Request& request, Goal& goal) const {
    goal = {};
    const std::string_view raw_path = request.raw_path();
    if (request.method == Method::Options && raw_path == "*") return Response::empty(204);
    const Mount* mount = find(raw_path);
    if (mount == nullptr) return refuse(goal, {ErrorCode::NotFound, {}, "there is nothing at this path"});
    goal.service = mount->service.get();
    const std::string_view rest = raw_path.substr(mount->prefix.size() + goal.service->prefix.size());
    const Router::Match match = goal.service->router.match(request.method, rest, request.path_parameters);
    goal.route = match.route;
    if (match.route == nullptr) {
        if (match.allow.empty())
            return refuse(goal, {ErrorCode::NotFound, {}, "there is nothing at this path"});
        if (request.method == Method::Options) return preflight(request, *goal.service, match.allow);
        Response response = refuse(goal, 405, {ErrorCode::Unsupported, {}, "the method is not allowed here"});
        response.headers.set("Allow", match.allow);
        return response;
    }
    if (!goal.service->before) return std::nullopt;
    try {
        return goal.service->before(request, *goal.route);
    } catch (const std::exception& exception) {
        log_error("{} {}: {}", goal.service->name, request.path, exception.what());
        return refuse(goal, {ErrorCode::Internal, {}, "unexpected error"});
    }
}

Response Site::answer(const Request& request, const Goal& goal) const {
    try {
        Result<Response> response = goal.route->handler(request);
        if (response) return *std::move(response);
        return refuse(goal, response.error());
    } catch (const std::exception& exception) {
        log_error("{} {}: {}", goal.service->name, request.path, exception.what());
        return refuse(goal, {ErrorCode::Internal, {}, "unexpected error"});
    }
}

Response Site::refuse(const Goal& goal, int status, const Error& error) const {
    const Service* service = goal.service != nullptr ? goal.service : speaker_;
    if (service == nullptr) return Service::plain_dialect(status, error);
    return service->dialect(status, error);
}

Response Site::refuse(const Goal& goal, const Error& error) const {
    return refuse(goal, status_of(error.code), error);
}

Response Site::preflight(const Request& request, const Service& service, const std::string& allow) const {
    Response response = Response::empty(200);
    response.headers.add("Allow", allow);
    const auto origin = request.headers.find("Origin");
    if (!origin || !request.headers.contains("Access-Control-Request-Method")) return response;
    if (allowed_origin(service.cors, *origin).empty()) return response;
    response.headers.add("Access-Control-Allow-Methods", allow);
    if (!service.cors.allow_headers.empty()) {
        response.headers.add("Access-Control-Allow-Headers", joined(service.cors.allow_headers));
    }
    if (service.cors.max_age.count() > 0) {
        response.headers.add("Access-Control-Max-Age", std::to_string(service.cors.max_age.count()));
    }
    return response;
}

void Site::permit(const Request& request, const Goal& goal, Response& response) const {
    if (goal.service == nullptr || goal.service->cors.origins.empty()) return;
    const Cors& cors = goal.service->cors;
    const bool any = cors.origins.front() == "*";
    // A cache must not hand one site's permission to another.
    if (!any) response.headers.add("Vary", "Origin");
    const auto origin = request.headers.find("Origin");
    if (!origin) return;
    const std::string_view allowed = allowed_origin(cors, *origin);
    if (allowed.empty()) return;
    response.headers.set("Access-Control-Allow-Origin", allowed);
    if (!cors.expose_headers.empty()) {
        response.headers.set("Access-Control-Expose-Headers", joined(cors.expose_headers));
    }
}

}  // namespace almon::http
