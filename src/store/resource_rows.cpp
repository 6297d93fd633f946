// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/resource_rows.hpp"

namespace almon::store::rows_detail {
namespace {

std::string text(const boost::json::value& value) {
    return boost::json::value_to<std::string>(value);
}

}  // namespace

boost::json::array list_to_json(const Options& options) {
    boost::json::array array;
    for (const auto& [name, value] : options)
        array.push_back(boost::json::array{name, value});
    return array;
}
boost::json::array list_to_json(const Ranges& ranges) {
    boost::json::array array;
    for (const auto& range : ranges)
        array.push_back(boost::json::object{{"start", range.start}, {"end", range.end}});
    return array;
}
boost::json::array list_to_json(const Names& names) {
    boost::json::array array;
    for (const auto& name : names)
        array.emplace_back(name);
    return array;
}

void list_from_json(const boost::json::array& array, Options& options) {
    for (const auto& option : array)
        options.emplace_back(text(option.as_array().at(0)), text(option.as_array().at(1)));
}
void list_from_json(const boost::json::array& array, Ranges& ranges) {
    for (const auto& range : array)
        ranges.push_back({text(range.as_object().at("start")), text(range.as_object().at("end"))});
}
void list_from_json(const boost::json::array& array, Names& names) {
    for (const auto& name : array)
        names.push_back(text(name));
}

}  // namespace almon::store::rows_detail
