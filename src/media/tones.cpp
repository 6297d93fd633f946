// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/tones.hpp"

#include <utility>

namespace almon::media {
namespace {

using std::chrono::milliseconds;

Tone::Part sound(std::uint16_t first, std::uint16_t second, int length) {
    return {first, second, milliseconds(length)};
}
Tone::Part pause(int length) {
    return {0, 0, milliseconds(length)};
}

CountryTones europe() {
    return {
        .dial = {{sound(425, 0, 1000)}},
        .ringback = {{sound(425, 0, 1000), pause(4000)}},
        .busy = {{sound(425, 0, 500), pause(500)}},
        .congestion = {{sound(425, 0, 250), pause(250)}},
        .special_information = {{sound(950, 0, 330), sound(1400, 0, 330), sound(1800, 0, 330), pause(1000)}},
        .call_waiting = {{sound(425, 0, 200), pause(200), sound(425, 0, 200), pause(4400)}}};
}

CountryTones france() {
    return {.dial = {{sound(440, 0, 1000)}},
            .ringback = {{sound(440, 0, 1500), pause(3500)}},
            .busy = {{sound(440, 0, 500), pause(500)}},
            .congestion = {{sound(440, 0, 250), pause(250)}},
            .special_information = {{sound(950, 0, 300), pause(30), sound(1400, 0, 300), pause(30),
                                     sound(1800, 0, 300), pause(1000)}},
            .call_waiting = {{sound(440, 0, 300), pause(10000)}}};
}

CountryTones united_states() {
    return {
        .dial = {{sound(350, 440, 1000)}},
        .ringback = {{sound(440, 480, 2000), pause(4000)}},
        .busy = {{sound(480, 620, 500), pause(500)}},
        .congestion = {{sound(480, 620, 250), pause(250)}},
        .special_information = {{sound(914, 0, 380), sound(1371, 0, 274), sound(1777, 0, 380), pause(1000)}},
        .call_waiting = {{sound(440, 0, 300), pause(9700)}}};
}

}  // namespace

const CountryTones& tones_of(ToneCountry country) {
    static const CountryTones kEurope = europe();
    static const CountryTones kFrance = france();
    static const CountryTones kUnitedStates = united_states();
    switch (country) {
        case ToneCountry::France:
            return kFrance;
        case ToneCountry::UnitedStates:
            return kUnitedStates;
        case ToneCountry::Europe:
            break;
    }
    return kEurope;
}

}  // namespace almon::media
