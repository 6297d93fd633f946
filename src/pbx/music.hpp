// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include <boost/describe.hpp>

#include "media/commands.hpp"
#include "model/ids.hpp"

namespace almon::pbx {

/// What a party hears while its peer holds it: the files of a category, one after the other, from the
/// beginning of each (ADB-071, ADB-072).
struct Music {
    media::LegId leg;
    media::PlaybackId playback;
    model::MohId category;
    std::uint64_t file = 0;    ///< Of the category, where its files begin again at their end.
    std::uint64_t failed = 0;  ///< Files that could not be played since the last that could.
};
BOOST_DESCRIBE_STRUCT(Music, (), (leg, playback, category, file, failed))

}  // namespace almon::pbx
