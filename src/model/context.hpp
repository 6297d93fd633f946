// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// Numbers from start to end, both included, of the same length.
struct ExtensionRange {
    std::string start;
    std::string end;
};

/// Numbers that calls from outside come in by.
struct IncallRange : ExtensionRange {
    int did_length = 0;  ///< So many last digits count; 0: all.
};

/// A set of numbers that see each other.
struct Context {
    ContextId id;
    std::string name;
    std::string label;
    std::string type = "internal";
    std::vector<ExtensionRange> user_ranges;
    std::vector<std::string> includes;  ///< Contexts looked into after this one, in order.
    std::vector<ExtensionRange> group_ranges{};
    std::vector<ExtensionRange> queue_ranges{};
    std::vector<ExtensionRange> conference_room_ranges{};
    std::vector<IncallRange> incall_ranges{};
    std::string description{};
    bool enabled = true;
};
template <>
Declaration declare<Context>();

/// Whether a number may be used in a context: it lies in one of its ranges, or contexts of this type have
/// none.
[[nodiscard]] Result<void> check_number_in(const Context& context, const std::string& exten);
/// Whether a number of the context may lead to a resource of this kind: a group's lies among those of groups,
/// that of an incoming call in a context for such.
[[nodiscard]] Result<void> check_number_for(const Context& context, const std::string& exten,
                                            std::string_view kind);

template <>
struct FieldCodec<ExtensionRange> {
    static boost::json::object schema();
    static boost::json::value to_json(const ExtensionRange& range);
    static Result<void> from_json(const boost::json::value& json, ExtensionRange& range);
};

template <>
struct FieldCodec<IncallRange> {
    static boost::json::object schema();
    static boost::json::value to_json(const IncallRange& range);
    static Result<void> from_json(const boost::json::value& json, IncallRange& range);
};

}  // namespace almon::model
