// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/describe.hpp>

#include "media/commands.hpp"
#include "pbx/ids.hpp"
#include "pbx/technology.hpp"

namespace almon::pbx {

/// A party wants its peer to talk to somebody else, and the peer now dials that one. Over when the target
/// answers (the transferor's call ends) or cannot be reached (both talk again). The transferor may leave
/// before.
struct Transfer {
    TransferId id;
    ChannelId transferor;  ///< 0: it has hung up.
    ChannelId transferee;
    CallerId referred_by;       ///< The transferor, as the target is told.
    bool told_ringing = false;  ///< The transferor knows that the target rings.
};
BOOST_DESCRIBE_STRUCT(Transfer, (), (id, transferor, transferee, referred_by, told_ringing))

/// The tone that a party hears while somebody rings on its behalf after it was answered.
struct Ringback {
    media::LegId leg;
    media::PlaybackId playback;
};
BOOST_DESCRIBE_STRUCT(Ringback, (), (leg, playback))

}  // namespace almon::pbx
