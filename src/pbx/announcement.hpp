// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <boost/describe.hpp>

#include "base/timer_queue.hpp"
#include "media/commands.hpp"
#include "pbx/cause.hpp"

namespace almon::pbx {

/// The longest that a refused caller is spoken to.
inline constexpr std::chrono::seconds kAnnouncementLimit{10};
/// "The number you have dialled is not in service."
inline constexpr const char* kUnknownNumberSound = "ss-noservice";

/// A sentence that a caller hears as early media before the call is refused.
struct Announcement {
    /// What is tried in turn, as the core cannot look whether a file is there.
    enum class Source : std::uint8_t { CallerLanguage, DefaultLanguage, Tone };

    media::LegId leg;
    media::PlaybackId playback;
    Source source = Source::CallerLanguage;
    std::string sound;
    Cause cause = Cause::UnallocatedNumber;  ///< With which the call is refused afterwards.
    TimerId timer;
};
BOOST_DESCRIBE_STRUCT(Announcement, (), (leg, playback, source, sound, cause, timer))

/// The special information tone of ITU-T E.180: three rising tones, three times.
[[nodiscard]] media::Tone special_information_tone();

}  // namespace almon::pbx
