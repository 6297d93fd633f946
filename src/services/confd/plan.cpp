// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/confd/plan.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "base/whole_number.hpp"
#include "http/status.hpp"

namespace almon::services {

namespace json = boost::json;

namespace {

int status_of(ErrorCode code) {
    // The documented errors know one status for all that a client can mend.
    return code == ErrorCode::Conflict ? 400 : http::status_of(code);
}

json::value to_json(const Errors& errors) {
    json::array sentences;
    for (const auto& error : errors)
        sentences.emplace_back(sentence_of(error));
    return sentences;
}

}  // namespace

std::string sentence_of(const Error& error) {
    const bool input = error.code == ErrorCode::InvalidArgument || error.code == ErrorCode::Malformed ||
                       error.code == ErrorCode::NotFound;
    std::string text = input                               ? "Input error - "
                       : error.code == ErrorCode::Conflict ? "Resource error - "
                                                           : "";
    if (!error.field.empty() && error.code == ErrorCode::NotFound)
        text += error.field + ' ';
    else if (!error.field.empty())
        text += '\'' + error.field + "' ";
    return text + error.reason;
}

http::Response refusal(const Errors& errors) {
    return http::Response::json(status_of(errors.front().code), to_json(errors));
}

http::Response refusal_with_status(int status, const Error& error) {
    if (status == 406 || status == 415) return http::Response::empty(status);
    return http::Response::json(status == 409 ? 400 : status, to_json({error}));
}

Result<json::object> object_in(const http::Request& request) {
    boost::system::error_code malformed;
    auto value = json::parse(request.body, malformed);
    if (malformed) return refuse(ErrorCode::Malformed, "", "The body is not JSON: " + malformed.message());
    if (!value.is_object()) return refuse(ErrorCode::Malformed, "", "The body must be a JSON object");
    return std::move(value.get_object());
}

Result<Found> find_named(const model::Declaration& declaration, std::string_view name,
                         const model::Snapshot& snapshot) {
    std::uint64_t id = 0;
    if (!declaration.named_by.empty()) {
        id = snapshot.id_by(declaration, declaration.named_by, name);
    } else if (const auto number = whole_number<std::uint64_t>(name)) {
        id = *number;
    } else if (declaration.find("uuid") != nullptr) {
        id = snapshot.id_by(declaration, "uuid", name);
    }
    const model::Key key{id, 0};
    auto resource = id != 0 ? snapshot.find(declaration, key) : nullptr;
    if (!resource)
        return refuse(ErrorCode::NotFound, declaration.title, "'" + std::string(name) + "' was not found");
    return Found{key, std::move(resource)};
}

}  // namespace almon::services
