// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/describe.hpp>

#include "pbx/ids.hpp"

namespace almon::pbx {

/// Two channels that hear each other, stream by stream, for as long as both live.
struct Bridge {
    BridgeId id;
    ChannelId first;   ///< Who called.
    ChannelId second;  ///< Who answered.

    [[nodiscard]] ChannelId peer_of(ChannelId channel) const noexcept {
        return channel == first ? second : first;
    }
};
BOOST_DESCRIBE_STRUCT(Bridge, (), (id, first, second))

}  // namespace almon::pbx
