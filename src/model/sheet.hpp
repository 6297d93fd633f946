// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "base/id.hpp"
#include "model/declaration.hpp"
#include "model/record.hpp"

namespace almon::model {

struct Sheet;
using SheetId = Id<Sheet>;

/// A line of a sheet (ADA-108, ADA-109), or of what pops up beside the clock (ADA-116).
struct SheetField {
    std::string title;
    std::string type;  ///< title, text, url, urlx, phone, form, picture; title or body beside the clock.
    std::string default_value;  ///< Shown where no variable of `value` is known (ADA-110).
    std::string value;          ///< "{xivo-calleridname} calls"
};
BOOST_DESCRIBE_STRUCT(SheetField, (), (title, type, default_value, value))

/// What users are shown when something happens with a call (ADA-104): a model, with the events that raise it.
struct Sheet {
    SheetId id;
    std::string name;
    std::string description;
    bool enabled = true;
    bool focus = false;        ///< A hidden client comes up with it (ADA-105).
    std::string qt_interface;  ///< Of a form of one's own: where its .ui file is (ADA-106).
    std::vector<SheetField> fields;
    std::vector<SheetField> systray;
    std::vector<std::string> actions;  ///< URLs that the client opens (ADA-117).
    std::vector<std::string> events;   ///< Each event raises one sheet at most (ADA-121).
};
template <>
Declaration declare<Sheet>();

template <>
struct FieldCodec<SheetField> : RecordCodec<SheetField> {};

}  // namespace almon::model
