// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How resources appear within others that they belong to.

#include <boost/json.hpp>

#include "model/resources.hpp"

namespace almon::model {

class Snapshot;

namespace relations {

[[nodiscard]] boost::json::value user(const User& user);
[[nodiscard]] boost::json::object user_schema();
[[nodiscard]] boost::json::value extension(const Extension& extension);
[[nodiscard]] boost::json::object extension_schema();
/// Null where the line has none.
[[nodiscard]] boost::json::value endpoint_sip_of(const Line& line, const Snapshot& snapshot);
[[nodiscard]] boost::json::object endpoint_sip_schema();
[[nodiscard]] boost::json::value extensions_of(const Line& line, const Snapshot& snapshot);
[[nodiscard]] boost::json::object line_schema();

// For kinds of resources that this system does not have: nobody is ever associated to one.
[[nodiscard]] boost::json::value none(const void* resource, const Snapshot& snapshot);
[[nodiscard]] boost::json::value no_items(const void* resource, const Snapshot& snapshot);
[[nodiscard]] boost::json::object id_and_name_schema();
[[nodiscard]] boost::json::object endpoint_custom_schema();

/// A list of what `item` describes.
[[nodiscard]] boost::json::object list_of(boost::json::object item);

}  // namespace relations
}  // namespace almon::model
