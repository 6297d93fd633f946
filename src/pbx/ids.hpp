// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/id.hpp"

namespace almon::pbx {

struct Channel;
struct Bridge;
struct Dial;
struct Transfer;
struct Origination;
struct SteeredTransfer;
/// One party's side of a call.
using ChannelId = Id<Channel>;
/// Where channels hear one another.
using BridgeId = Id<Bridge>;
/// An attempt to reach a destination for a channel: one or more channels that ring.
using DialId = Id<Dial>;
/// A party that is sent to another by its peer.
using TransferId = Id<Transfer>;
/// Phones that ring because a program calls somebody for their user.
using OriginationId = Id<Origination>;
/// A transfer that a program steers.
using SteeredTransferId = Id<SteeredTransfer>;

}  // namespace almon::pbx
