// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/conversation.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace almon::pbx {

namespace {

/// The special information tone of ITU-T E.180: three rising tones, three times.
media::Tone special_information_tone() {
    using namespace std::chrono_literals;
    media::Tone tone;
    for (int round = 0; round < 3; ++round) {
        tone.parts.push_back({950, 0, 330ms});
        tone.parts.push_back({1400, 0, 330ms});
        tone.parts.push_back({1800, 0, 330ms});
        tone.parts.push_back({0, 0, 1000ms});
    }
    return tone;
}

/// With the ending that it has, or .wav.
std::string file_of(std::string_view sound) {
    std::string file(sound);
    const auto name = file.rfind('/') == std::string::npos ? 0 : file.rfind('/') + 1;
    if (file.find('.', name) == std::string::npos) file += ".wav";
    return file;
}

}  // namespace

void add_sounds(std::vector<Prompt>& prompts, std::vector<std::string> sounds) {
    for (auto& sound : sounds)
        prompts.push_back({std::move(sound)});
}

std::vector<std::string> places_of(std::string_view sound, const SoundPlaces& places) {
    const auto file = file_of(sound);
    if (sound.empty() || sound.front() == '/')
        return sound.empty() ? std::vector<std::string>{} : std::vector{file};
    std::vector<std::string> found;
    const auto add = [&](std::string place) {
        if (std::ranges::find(found, place) == found.end()) found.push_back(std::move(place));
    };
    for (const auto language : {places.language, places.default_language}) {
        if (!places.shipped.empty()) add(fmt::format("{}/{}/{}", places.shipped, language, file));
    }
    const auto category = file.find('/');
    if (places.uploaded.empty() || category == std::string::npos) return found;
    const std::string_view name = file;
    for (const auto language : {places.language, places.default_language})
        add(fmt::format("{}/{}/{}{}", places.uploaded, name.substr(0, category), language,
                        name.substr(category)));
    add(fmt::format("{}/{}", places.uploaded, file));
    return found;
}

media::ToneCountry tone_country(std::string_view country) noexcept {
    if (country == "FR") return media::ToneCountry::France;
    return country == "US" || country == "CA" ? media::ToneCountry::UnitedStates : media::ToneCountry::Europe;
}

media::Tone tone_of(Prompt::Tone tone, std::string_view country) {
    switch (tone) {
        case Prompt::Tone::SpecialInformation:
            return special_information_tone();
        case Prompt::Tone::Busy:
            return media::tones_of(tone_country(country)).busy;
        case Prompt::Tone::Congestion:
            return media::tones_of(tone_country(country)).congestion;
        case Prompt::Tone::Beep:
            return {{{1000, 0, std::chrono::milliseconds(300)}}};
        case Prompt::Tone::None:
            break;
    }
    return {};
}

}  // namespace almon::pbx
