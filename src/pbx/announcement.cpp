// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/announcement.hpp"

namespace almon::pbx {

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

}  // namespace almon::pbx
