// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/commands.hpp"

namespace almon::media {

/// Whose habits the tones follow (ITU-T E.180 supplement 2). Europe: ETSI TR 101 041.
enum class ToneCountry : std::uint8_t { Europe, France, UnitedStates };

/// Tones of a country; all but the special information tone are meant to be repeated.
struct CountryTones {
    Tone dial;
    Tone ringback;
    Tone busy;
    Tone congestion;           ///< Reorder: no way to the called party.
    Tone special_information;  ///< Three rising tones before "this number does not exist"; ends with a pause.
    Tone call_waiting;
};
[[nodiscard]] const CountryTones& tones_of(ToneCountry country);

}  // namespace almon::media
