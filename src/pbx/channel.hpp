// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "base/time.hpp"
#include "model/ids.hpp"
#include "pbx/cause.hpp"
#include "pbx/channel_media.hpp"
#include "pbx/conference.hpp"
#include "pbx/conversation.hpp"
#include "pbx/ids.hpp"
#include "pbx/music.hpp"
#include "pbx/origination.hpp"
#include "pbx/parking.hpp"
#include "pbx/scripted_call.hpp"
#include "pbx/technology.hpp"
#include "pbx/transfer.hpp"

namespace almon::pbx {

/// How far a channel's call has come, whichever side began it.
enum class ChannelState : std::uint8_t {
    Trying,   ///< Nothing but the beginning.
    Ringing,  ///< The called party is told.
    Early,    ///< Media flows before the answer.
    Up,
};

/// One party's side of a call. A plain value; it names its technology, dial and bridge by name and id.
struct Channel {
    ChannelId id;
    bool outgoing = false;  ///< We placed the call.
    ChannelState state = ChannelState::Trying;
    std::string technology;
    std::string endpoint;
    std::string name;       ///< "SIP/alice-0000000a"
    std::string unique_id;  ///< "1448037433.12"
    ChannelId chain;        ///< The first channel of the chain of calls that it belongs to.

    model::LineId line;
    model::UserId user;
    bool counts_for_user = false;  ///< Towards the user's simultaneous calls.
    model::TrunkId trunk{};        ///< By which it came in or goes out; 0: it is inside.
    model::GroupId group{};        ///< For which it was answered.
    model::CallFilterId filter{};  ///< That it went through, and does not go through again.
    CallerId identity;             ///< Of the party itself.
    CallerId connected;            ///< Whom the party was told it talks to.
    std::string context;
    std::uint8_t forwards = 0;      ///< How often the call was sent elsewhere.
    std::uint8_t hops = kMostHops;  ///< How many switches what continues this call may pass.
    std::string exten;              ///< What the party dialled; empty for a call that we placed.
    std::string language;
    std::string account_code;  ///< Of its line, for bills; empty: none.
    std::string user_field;    ///< Of its user, for bills; empty: none.

    std::string application;  ///< Running on this channel, for call events; empty: none.
    std::string application_data;
    std::string dial_status;

    DialId dial;                        ///< The dial that it started, or that rings it.
    BridgeId bridge;                    ///< Where it talks.
    TransferId transfer;                ///< That it asked for, or that sends it elsewhere.
    OriginationId origination{};        ///< Why it rings, where no caller waits.
    SteeredTransferId steered{};        ///< That moves it, or its peer, as a program says.
    std::vector<Variable> variables{};  ///< That programs have hung on it.
    std::optional<Ringback> ringback;
    std::optional<Music> music;                ///< That it hears while it is held, or alone in a conference.
    std::optional<Conversation> conversation;  ///< With the system itself.
    std::optional<ConferenceSeat> seat{};      ///< In a conference room.
    std::optional<ParkingPlace> parked{};      ///< Where it waits, or that its party has reserved.
    std::optional<ScriptedCall> scripted{};    ///< On its way through the dialplan.
    bool is_spoken_to = false;                 ///< It was, at least once.
    /// Whose password it knows: they forbid it nothing any more.
    std::vector<model::CallPermissionId> opened_permissions;
    ChannelMedia media;
};
BOOST_DESCRIBE_STRUCT(Channel, (),
                      (id, outgoing, state, technology, endpoint, name, unique_id, chain, line, user,
                       counts_for_user, trunk, group, filter, identity, connected, context, forwards, hops,
                       exten, language, account_code, user_field, application, application_data, dial_status,
                       dial, bridge, transfer, origination, steered, variables, ringback, music, conversation,
                       seat, parked, scripted, is_spoken_to, opened_permissions, media))

}  // namespace almon::pbx
