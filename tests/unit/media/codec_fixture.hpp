// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "media/codec.hpp"
#include "test_tone.hpp"

namespace almon::media {

/// A codec that we speak, as phones describe it, and how far noise must lie below a tone behind it.
struct SpokenCodec {
    PayloadFormat format;
    double decibels = 20;

    friend std::ostream& operator<<(std::ostream& out, const SpokenCodec& codec) {
        return out << codec.format.encoding << '/' << codec.format.clock_rate;
    }
};

/// One of each kind.
inline const std::vector<SpokenCodec>& spoken_codecs() {
    static const std::vector<SpokenCodec> kCodecs{
        {{8, "PCMA", 8000, 1, ""}},      {{0, "PCMU", 8000, 1, ""}},
        {{9, "G722", 8000, 1, ""}},      {{111, "OPUS", 48000, 2, "useinbandfec=1"}},
        {{18, "G729", 8000, 1, ""}, 10}, {{3, "GSM", 8000, 1, ""}, 10},
        {{97, "G726-32", 8000, 1, ""}},  {{98, "AAL2-G726-32", 8000, 1, ""}},
        {{99, "L16", 16000, 1, ""}},
    };
    return kCodecs;
}

inline std::string name_of(const SpokenCodec& codec) {
    std::string name = codec.format.encoding;
    std::erase(name, '-');
    return name;
}

constexpr double kTone = 440;

}  // namespace almon::media
