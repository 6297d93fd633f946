// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "model/declaration.hpp"
#include "model/snapshot.hpp"

namespace almon::services {

/// Appends a resource as the API shows it: an object that always has the same members, null where nothing is
/// set (API-050).
void write_view(std::string& out, const model::Declaration& declaration, const void* resource,
                const model::Snapshot& snapshot);
[[nodiscard]] std::string view_of(const model::Declaration& declaration, const void* resource,
                                  const model::Snapshot& snapshot);

/// What the document says of a kind.
[[nodiscard]] boost::json::object schema_of(const model::Declaration& declaration);

/// The entity tag (RFC 9110 section 8.8.3) of a body: what is shown differently has another one.
[[nodiscard]] std::string entity_tag_of(std::string_view body);

/// Whether one of the tags of an If-Match or If-None-Match field is this one.
[[nodiscard]] bool matches_entity_tag(std::string_view field, std::string_view tag);

/// Takes the members of a client's object over into a resource. Members that cannot be written are passed
/// over, as clients send back what they read; unknown ones are refused. `creating`: required ones must be
/// there. Gives all that is wrong, a sentence each.
[[nodiscard]] std::vector<Error> merge(const model::Declaration& declaration,
                                       const boost::json::object& given, void* resource, bool creating);

}  // namespace almon::services
