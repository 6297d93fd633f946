// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/destination.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// What a caller may dial in a menu, and where that leads.
struct IvrChoice {
    std::string exten;
    Destination destination;
};

/// A menu that answers the call and lets the caller choose by keys (API-102).
struct Ivr {
    IvrId id;
    std::string name;
    std::string description;
    std::string greeting_sound;
    std::string menu_sound;
    std::string invalid_sound;
    std::string abort_sound;
    int timeout = 5;  ///< Seconds after the menu was played.
    int max_tries = 3;
    Destination invalid_destination;  ///< Nothing: the menu is played again.
    Destination timeout_destination;  ///< Nothing: the menu is played again.
    Destination abort_destination;    ///< Nothing: the call ends after abort_sound.
    std::vector<IvrChoice> choices;
};
template <>
Declaration declare<Ivr>();

template <>
struct FieldCodec<IvrChoice> {
    static boost::json::object schema();
    static boost::json::value to_json(const IvrChoice& choice);
    static Result<void> from_json(const boost::json::value& json, IvrChoice& choice);
};

inline void refer(const IvrChoice& choice, const Refer& take) {
    refer(choice.destination, take);
}

}  // namespace almon::model
