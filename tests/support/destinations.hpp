// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "model/snapshot.hpp"

namespace almon::test {

/// A configured destination that names a resource: `to("user", model::UserId{3})`.
template <class Resource>
[[nodiscard]] model::Destination to(std::string type, Id<Resource> id,
                                    std::optional<double> ring_time = std::nullopt) {
    model::Destination destination;
    destination.type = std::move(type);
    destination.to = {&model::declaration_of<Resource>(), id.value};
    destination.ring_time = ring_time;
    return destination;
}
[[nodiscard]] inline model::Destination to_extension(std::string exten, std::string context) {
    model::Destination destination;
    destination.type = "extension";
    destination.exten = std::move(exten);
    destination.context = std::move(context);
    return destination;
}
[[nodiscard]] inline model::Destination to_hang_up(std::string cause,
                                                   std::optional<int> timeout = std::nullopt) {
    model::Destination destination;
    destination.type = "hangup";
    destination.action = std::move(cause);
    destination.timeout = timeout;
    return destination;
}
[[nodiscard]] inline model::Destination to_sound(std::string filename) {
    model::Destination destination;
    destination.type = "sound";
    destination.filename = std::move(filename);
    return destination;
}

}  // namespace almon::test
