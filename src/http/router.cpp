// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/router.hpp"

#include <array>
#include <cassert>
#include <map>
#include <utility>

namespace almon::http {

namespace {

using Segments = std::vector<std::string_view>;

/// "/a/b" has the segments a and b, "/a/" the segments a and "", "/" one that is empty, "" none.
Segments split(std::string_view path) {
    Segments segments;
    if (path.empty()) return segments;
    if (path.front() == '/') path.remove_prefix(1);
    while (true) {
        const std::size_t slash = path.find('/');
        segments.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return segments;
        path.remove_prefix(slash + 1);
    }
}

bool is_parameter(std::string_view segment) noexcept {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

}  // namespace

struct Router::Node {
    using Methods = std::array<const Route*, kMethods>;

    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> parameter;
    Methods methods{};
    Methods rest{};  ///< Of routes that take the rest of the path.

    static bool known(const Methods& methods) noexcept {
        for (const Route* route : methods) {
            if (route != nullptr) return true;
        }
        return false;
    }
    static const Route* find(const Methods& methods, Method method) noexcept {
        const Route* route = methods[static_cast<std::size_t>(method)];
        if (route == nullptr && method == Method::Head) {
            route = methods[static_cast<std::size_t>(Method::Get)];
            if (route != nullptr && route->websocket) route = nullptr;
        }
        return route;
    }
};

namespace {

/// One way down the tree that leads to a path, whatever its method; `values` are the segments that its
/// parameters took, still encoded.
struct Search {
    const std::vector<std::string_view>& raw;
    const std::vector<std::string>& decoded;  ///< Empty where nothing was encoded.
    std::vector<std::size_t> taken;

    [[nodiscard]] std::string_view segment(std::size_t index) const {
        return decoded.empty() ? raw[index] : std::string_view(decoded[index]);
    }
};

std::string allow_of(const std::array<const Route*, kMethods>& methods) {
    std::string allow;
    for (std::size_t index = 0; index < kMethods; ++index) {
        const auto method = static_cast<Method>(index);
        const Route* get = methods[static_cast<std::size_t>(Method::Get)];
        const bool offered = methods[index] != nullptr || method == Method::Options ||
                             (method == Method::Head && get != nullptr && !get->websocket);
        if (!offered) continue;
        if (!allow.empty()) allow += ", ";
        allow += method_name(method);
    }
    return allow;
}

}  // namespace

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Method method, std::string_view path, Handler handler, RouteOptions options) {
    auto route = std::make_unique<Route>();
    route->method = method;
    route->path = path;
    route->handler = std::move(handler);
    route->options = std::move(options);
    insert(std::move(route));
}

void Router::add_websocket(std::string_view path, WebSocketEndpoint endpoint, RouteOptions options) {
    auto route = std::make_unique<Route>();
    route->method = Method::Get;
    route->path = path;
    route->websocket = std::make_shared<const WebSocketEndpoint>(std::move(endpoint));
    route->options = std::move(options);
    insert(std::move(route));
}

Route& Router::insert(std::unique_ptr<Route> route) {
    assert(route->path.empty() || route->path.front() == '/');
    Node* node = root_.get();
    bool rest = false;
    for (const std::string_view segment : split(route->path)) {
        assert(!rest && "only the last segment takes the rest of the path");
        if (!is_parameter(segment)) {
            auto& child = node->literals[std::string(segment)];
            if (!child) child = std::make_unique<Node>();
            node = child.get();
            continue;
        }
        std::string_view name = segment.substr(1, segment.size() - 2);
        if (name.ends_with("...")) {
            name.remove_suffix(3);
            rest = true;
        } else {
            if (!node->parameter) node->parameter = std::make_unique<Node>();
            node = node->parameter.get();
        }
        route->parameter_names.emplace_back(name);
    }
    const Route*& place = (rest ? node->rest : node->methods)[static_cast<std::size_t>(route->method)];
    assert(place == nullptr && "the route exists already");
    routes_.push_back(std::move(route));
    place = routes_.back().get();
    return *routes_.back();
}

Router::Match Router::match(Method method, std::string_view raw_path,
                            std::vector<PathParameter>& parameters) const {
    const Segments raw = split(raw_path);
    std::vector<std::string> decoded;
    if (raw_path.find('%') != std::string_view::npos) {
        decoded.resize(raw.size());
        for (std::size_t index = 0; index < raw.size(); ++index) {
            if (!percent_decode(raw[index], PlusSign::Literal, decoded[index])) return {};
        }
    }
    Search search{raw, decoded, {}};
    const Node::Methods* found = nullptr;
    bool rest = false;
    // Depth first, literals before parameters. Depth is bounded by the routes', so the recursion is.
    const auto descend = [&](const auto& self, const Node& node, std::size_t index) -> bool {
        if (index == raw.size()) {
            if (Node::known(node.methods)) {
                found = &node.methods;
                return true;
            }
        } else {
            const std::string_view segment = search.segment(index);
            const auto literal = node.literals.find(segment);
            if (literal != node.literals.end() && self(self, *literal->second, index + 1)) return true;
            if (node.parameter && !segment.empty()) {
                search.taken.push_back(index);
                if (self(self, *node.parameter, index + 1)) return true;
                search.taken.pop_back();
            }
        }
        if (!Node::known(node.rest)) return false;
        search.taken.push_back(index);
        rest = true;
        found = &node.rest;
        return true;
    };
    if (!descend(descend, *root_, 0)) return {};
    Match match;
    match.route = Node::find(*found, method);
    if (match.route == nullptr) {
        match.allow = allow_of(*found);
        return match;
    }
    parameters.clear();
    for (std::size_t index = 0; index < search.taken.size(); ++index) {
        PathParameter parameter{match.route->parameter_names[index], {}};
        const std::size_t first = search.taken[index];
        const std::size_t last = rest && index + 1 == search.taken.size() ? raw.size() : first + 1;
        for (std::size_t segment = first; segment < last; ++segment) {
            if (segment > first) parameter.value += '/';
            parameter.value += search.segment(segment);
        }
        parameters.push_back(std::move(parameter));
    }
    return match;
}

std::vector<const Route*> Router::routes() const {
    std::vector<const Route*> routes;
    routes.reserve(routes_.size());
    for (const auto& route : routes_)
        routes.push_back(route.get());
    return routes;
}

}  // namespace almon::http
