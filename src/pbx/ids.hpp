// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/id.hpp"

namespace almon::pbx {

struct Channel;
struct Bridge;
struct Dial;
struct Transfer;
/// One party's side of a call.
using ChannelId = Id<Channel>;
/// Where channels hear one another.
using BridgeId = Id<Bridge>;
/// An attempt to reach a destination for a channel: one or more channels that ring.
using DialId = Id<Dial>;
/// A party that is sent to another by its peer.
using TransferId = Id<Transfer>;

}  // namespace almon::pbx
