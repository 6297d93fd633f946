// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>

namespace almon::media {

/// What RTP has come and gone since the start, over all legs that there were.
struct TrafficReading {
    std::uint64_t received = 0;  ///< Packets.
    std::uint64_t sent = 0;
    std::uint64_t lost = 0;  ///< Missing among those received; what came late after all is counted too.
    std::uint64_t lost_remote = 0;  ///< Of those sent, as parties report by RTCP.
    std::uint64_t refused = 0;      ///< From somebody else, or not to be deciphered.
};

/// The same as it is counted: by one media thread a few times a second, read by any.
struct Traffic {
    std::atomic<std::uint64_t> received = 0;
    std::atomic<std::uint64_t> sent = 0;
    std::atomic<std::uint64_t> lost = 0;
    std::atomic<std::uint64_t> lost_remote = 0;
    std::atomic<std::uint64_t> refused = 0;
};

}  // namespace almon::media
