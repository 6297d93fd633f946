// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "model/change.hpp"
#include "model/snapshot.hpp"

namespace almon::services {

/// All that is wrong with a request, or the one thing.
using Errors = std::vector<Error>;

/// What a request changes and what it is answered once the change is in force. No operation: nothing to
/// change.
struct Plan {
    std::vector<model::Operation> operations;
    std::function<http::Response(const model::Snapshot& after)> answer;
    /// What else is to be done then, beyond the configuration; once, and never for what is only tried. Null:
    /// nothing.
    std::function<void()> afterwards{};
};

/// Works out what a request means on a configuration, without changing it: so a request is tried again where
/// the configuration has moved on, and several make one change.
using Planner =
    std::function<tl::expected<Plan, Errors>(const http::Request& request, const model::Snapshot& before)>;

/// The refusal of a planner.
[[nodiscard]] inline tl::unexpected<Errors> refused(ErrorCode code, std::string field, std::string reason) {
    return tl::unexpected<Errors>(Errors{{code, std::move(field), std::move(reason)}});
}
[[nodiscard]] inline tl::unexpected<Errors> refused(Error error) {
    return tl::unexpected<Errors>(Errors{std::move(error)});
}

/// In this service's words: a list of sentences (API-045), with the status that fits. 406 and 415 have no
/// body.
[[nodiscard]] http::Response refusal(const Errors& errors);
[[nodiscard]] http::Response refusal_with_status(int status, const Error& error);
/// "Input error - 'firstname' must be a text"
[[nodiscard]] std::string sentence_of(const Error& error);

/// The body as an object; Malformed otherwise.
[[nodiscard]] Result<boost::json::object> object_in(const http::Request& request);

/// The resource that a path parameter names by id, a user also by uuid (API-061).
struct Found {
    model::Key key;
    model::AnyResource resource;
};
[[nodiscard]] Result<Found> find_named(const model::Declaration& declaration, std::string_view name,
                                       const model::Snapshot& snapshot);

template <class Resource>
[[nodiscard]] Result<const Resource*> resource_in(const http::Request& request,
                                                  const model::Snapshot& snapshot) {
    const auto& declaration = model::declaration_of<Resource>();
    auto found = find_named(declaration, request.path_parameter(declaration.id_name), snapshot);
    if (!found) return refuse(found);
    return static_cast<const Resource*>(found->resource.get());
}

}  // namespace almon::services
