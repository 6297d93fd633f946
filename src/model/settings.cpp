// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/settings.hpp"

#include <algorithm>
#include <string_view>

#include "model/text_checks.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestName = 80;
constexpr std::size_t kLongestValue = 1000;
constexpr std::size_t kMostOptions = 500;

Result<void> check_option(std::string_view name, std::string_view value) {
    const auto refuse_option = [&](std::string_view reason) {
        return refuse(ErrorCode::InvalidArgument, "",
                      "has the option '" + std::string(name) + "', which " + std::string(reason));
    };
    if (name.empty() || name.size() > kLongestName || !is_word_and(name, "-_."))
        return refuse_option("must be named by 1 to 80 letters, digits, -, _ and .");
    if (value.size() > kLongestValue) return refuse_option("must have at most 1000 characters");
    if (value.find('\n') != std::string_view::npos) return refuse_option("must be one line");
    return {};
}

Result<void> fits(const Settings& settings, const Settings*, const Snapshot&) {
    for (const auto& [name, value] : settings.ordered_options) {
        if (const auto sound = check_option(name, value); !sound)
            return refuse(ErrorCode::InvalidArgument, "ordered_options", sound.error().reason);
    }
    return {};
}

}  // namespace

const std::vector<SettingsPlace>& settings_places() {
    static const std::vector<SettingsPlace> all = {
        {kSipSettings, "/asterisk/sip/general", "SIPGeneral", true},
        {SettingsId{2}, "/asterisk/iax/general", "IAXGeneral", true},
        {SettingsId{3}, "/asterisk/sccp/general", "SCCPGeneral"},
        {SettingsId{4}, "/asterisk/voicemail/general", "VoicemailGeneral"},
        {SettingsId{5}, "/asterisk/queues/general", "QueueGeneral"},
        {SettingsId{6}, "/asterisk/rtp/general", "RTPGeneral"},
        {SettingsId{7}, "/asterisk/features/general", "FeaturesGeneral"},
        {SettingsId{8}, "/asterisk/features/featuremap", "FeaturesFeaturemap"},
        {SettingsId{9}, "/asterisk/features/applicationmap", "FeaturesApplicationmap"},
    };
    return all;
}

json::object FieldCodec<Options>::schema() {
    return {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}};
}

json::value FieldCodec<Options>::to_json(const Options& options) {
    json::object shown;
    for (const auto& [name, value] : options.all)
        shown[name] = value;
    return shown;
}

Result<void> FieldCodec<Options>::from_json(const json::value& value, Options& options) {
    const auto object = codec::object(value);
    if (!object) return refuse(object);
    if ((*object)->size() > kMostOptions)
        return refuse(ErrorCode::InvalidArgument, "", "must have at most 500 options");
    Options taken;
    for (const auto& [name, given] : **object) {
        auto text = codec::text(given);
        if (!text)
            return refuse(ErrorCode::InvalidArgument, "",
                          "has the option '" + std::string(name) + "', which " + text.error().reason);
        if (const auto sound = check_option(name, *text); !sound) return sound;
        taken.all.emplace_back(name, *std::move(text));
    }
    std::sort(taken.all.begin(), taken.all.end());
    options = std::move(taken);
    return {};
}

template <>
Declaration declare<Settings>() {
    Declaration made;
    made.kind = "settings";
    made.title = "Settings";
    made.table = "settings";
    made.fields = {
        field("id", &Settings::id).key(),
        field("options", &Settings::options).says("Options by name"),
        field("ordered_options", &Settings::ordered_options)
            .says("Options whose order counts, or that come several times: [[\"name\", \"value\"], ...]"),
    };
    made.fits = declaring::fits<Settings, fits>;
    return made;
}

}  // namespace almon::model
