// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <boost/describe.hpp>

#include "pbx/ids.hpp"

namespace almon::pbx {

/// Beyond it two parties cannot agree on a codec.
inline constexpr std::uint8_t kMostOffersOfBridge = 2;

/// Two channels that hear each other, stream by stream, for as long as both live.
struct Bridge {
    BridgeId id;
    ChannelId first;   ///< Who called.
    ChannelId second;  ///< Who answered.
    /// New offers that were made so that both hear each other.
    std::uint8_t offers = 0;

    [[nodiscard]] ChannelId peer_of(ChannelId channel) const noexcept {
        return channel == first ? second : first;
    }
};
BOOST_DESCRIBE_STRUCT(Bridge, (), (id, first, second, offers))

}  // namespace almon::pbx
