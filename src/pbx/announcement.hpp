// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/describe.hpp>

#include "base/timer_queue.hpp"
#include "media/commands.hpp"
#include "media/tones.hpp"
#include "pbx/cause.hpp"

namespace almon::pbx {

/// The longest that a refused caller is spoken to.
inline constexpr std::chrono::seconds kAnnouncementLimit{10};
/// "The number you have dialled is not in service."
inline constexpr const char* kUnknownNumberSound = "ss-noservice";

/// Beyond it, a caller does not listen to a sound that an administrator has chosen.
inline constexpr std::chrono::minutes kSoundLimit{10};

/// Something that a caller hears before the call ends, as early media or after the answer.
struct Announcement {
    /// What is tried in turn, as the core cannot look whether a file is there.
    enum class Source : std::uint8_t { CallerLanguage, DefaultLanguage, Tone };
    /// What is heard where there is no sound.
    enum class Tone : std::uint8_t { SpecialInformation, Busy, Congestion, None };

    media::LegId leg{};
    media::PlaybackId playback{};
    Source source = Source::CallerLanguage;
    std::string sound{};
    Tone tone = Tone::SpecialInformation;
    Cause cause = Cause::UnallocatedNumber;  ///< With which the call ends afterwards.
    TimerId timer{};
};
BOOST_DESCRIBE_STRUCT(Announcement, (), (leg, playback, source, sound, tone, cause, timer))

/// Whose habits the tones follow, by a country's two letters.
[[nodiscard]] media::ToneCountry tone_country(std::string_view country) noexcept;
/// None is silence.
[[nodiscard]] media::Tone tone_of(Announcement::Tone tone, std::string_view country);

}  // namespace almon::pbx
