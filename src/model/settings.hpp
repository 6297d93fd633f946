// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// Names and values, each name once; shown as an object.
struct Options {
    std::vector<std::pair<std::string, std::string>> all;  ///< Sorted by name.
};

/// What holds for all of one technology or application: options by the names that they have in the files of
/// old (API-096). There is a fixed number of such settings, each with its place in the API; of those that
/// nobody has changed there is none yet.
struct Settings {
    SettingsId id;
    Options options;
    std::vector<std::pair<std::string, std::string>> ordered_options;  ///< Names may repeat.
};
template <>
Declaration declare<Settings>();

/// Where settings have their place.
struct SettingsPlace {
    SettingsId id;
    std::string_view path;   ///< "/asterisk/sip/general"
    std::string_view title;  ///< "SIPGeneral"
    bool has_ordered_options = false;
};
/// All of them. Numbers are kept in databases: they are never used again for something else.
[[nodiscard]] const std::vector<SettingsPlace>& settings_places();
inline constexpr SettingsId kSipSettings{1};

template <>
struct FieldCodec<Options> {
    static constexpr auto kKind = FieldKind::Object;
    static boost::json::object schema();
    static boost::json::value to_json(const Options& options);
    static Result<void> from_json(const boost::json::value& json, Options& options);
};

}  // namespace almon::model
