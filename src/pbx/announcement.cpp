// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/announcement.hpp"

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

}  // namespace

media::ToneCountry tone_country(std::string_view country) noexcept {
    if (country == "FR") return media::ToneCountry::France;
    return country == "US" || country == "CA" ? media::ToneCountry::UnitedStates : media::ToneCountry::Europe;
}

media::Tone tone_of(Announcement::Tone tone, std::string_view country) {
    switch (tone) {
        case Announcement::Tone::SpecialInformation:
            return special_information_tone();
        case Announcement::Tone::Busy:
            return media::tones_of(tone_country(country)).busy;
        case Announcement::Tone::Congestion:
            return media::tones_of(tone_country(country)).congestion;
        case Announcement::Tone::None:
            break;
    }
    return {};
}

}  // namespace almon::pbx
