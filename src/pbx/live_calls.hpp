// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

#include <boost/describe.hpp>

#include "base/timer_queue.hpp"
#include "pbx/bridge.hpp"
#include "pbx/call_completion.hpp"
#include "pbx/channel.hpp"
#include "pbx/conference.hpp"
#include "pbx/dial.hpp"
#include "pbx/origination.hpp"
#include "pbx/port_stock.hpp"
#include "pbx/steered_transfer.hpp"
#include "pbx/transfer.hpp"

namespace almon::pbx {

/// What a timer of the core means.
struct TimerPurpose {
    enum class Kind : std::uint8_t {
        RingTime,
        Conversation,
        Turn,
        OriginationTime,
        TransferTime,
        ParkingTime,
        CompletionDue,
        CompletionOver,
        ScriptWait,
    };
    Kind kind = Kind::RingTime;
    DialId dial;
    ChannelId channel;
    OriginationId origination{};
    SteeredTransferId transfer{};
    model::UserId user{};
};
BOOST_DESCRIBE_STRUCT(TimerPurpose, (), (kind, dial, channel, origination, transfer, user))

/// A call that grows beyond goes in circles (Local channels that call themselves).
inline constexpr unsigned kMostChannelsInChain = 200;

/// Channels that belong to one call, from its first to its last.
struct Chain {
    std::string linked_id;
    unsigned channels = 0;
};
BOOST_DESCRIBE_STRUCT(Chain, (), (linked_id, channels))

/// Whose leg it is; kept until the media engine says that it is closed.
struct LegOwner {
    ChannelId channel;
    ChannelId chain;
    std::uint32_t stream = 0;
    bool closing = false;
    std::string channel_name;  ///< Set when it closes, for the statistics in the trace.
};
BOOST_DESCRIBE_STRUCT(LegOwner, (), (channel, chain, stream, closing, channel_name))

/// What a group's strategies go by. It is gone after a restart.
struct GroupMemory {
    struct Member {
        std::uint64_t calls = 0;  ///< Completed ones.
        Instant last_call{};      ///< When the last of them ended.
    };
    model::UserId last_answered;
    std::map<model::UserId, Member> members;
};
BOOST_DESCRIBE_STRUCT(GroupMemory::Member, (), (calls, last_call))
BOOST_DESCRIBE_STRUCT(GroupMemory, (), (last_answered, members))

/// All live state of the core but the traces: plain values that refer to each other by id.
struct LiveCalls {
    std::map<ChannelId, Channel> channels;
    std::map<BridgeId, Bridge> bridges;
    std::map<DialId, Dial> dials;
    std::map<TransferId, Transfer> transfers;
    std::map<OriginationId, Origination> originations;
    std::map<SteeredTransferId, SteeredTransfer> steered_transfers;
    std::map<BridgeId, ConferenceRoom> rooms;  ///< That somebody is in.
    std::map<media::RecordingId, SpokenName> spoken_names;
    std::map<model::ParkingLotId, std::map<std::string, ChannelId>> parking;  ///< Places that are taken.
    std::map<model::UserId, CompletionOffer> completion_offers;  ///< Of the last call that failed.
    std::map<model::UserId, CallCompletion> completions;         ///< By who has asked.
    std::map<ChannelId, Chain> chains;                           ///< By first channel.
    std::unordered_map<media::LegId, LegOwner> legs;
    std::map<std::string, std::string> globals;    ///< That scripts have set, by name.
    std::map<model::GroupId, GroupMemory> groups;  ///< Of those that were called.
    std::vector<ServiceChange> service_changes;    ///< That nobody has been asked for yet.
    std::map<model::VoicemailId, Mailbox> mailboxes;
    std::map<media::RecordingId, SpokenMessage> recordings;  ///< That are not on the disk yet.
    TimerQueue<TimerPurpose> timers;
    PortStock ports;
    std::uint64_t last_channel = 0;
    std::uint64_t last_bridge = 0;
    std::uint64_t last_dial = 0;
    std::uint64_t last_transfer = 0;
    std::uint64_t last_origination = 0;
    std::uint64_t last_steered_transfer = 0;
    std::uint64_t last_leg = 0;
    std::uint64_t last_playback = 0;
    std::uint64_t last_unique = 0;
    std::uint64_t last_service_change = 0;
    std::uint64_t last_recording = 0;
    bool ports_ordered = false;  ///< The engine was asked for the first ports.
    bool shutting_down = false;
};
BOOST_DESCRIBE_STRUCT(LiveCalls, (),
                      (channels, bridges, dials, transfers, originations, steered_transfers, rooms,
                       spoken_names, parking, completion_offers, completions, chains, legs, globals, groups,
                       service_changes, mailboxes, recordings, timers, ports, last_channel, last_bridge,
                       last_dial, last_transfer, last_origination, last_steered_transfer, last_leg,
                       last_playback, last_unique, last_service_change, last_recording, ports_ordered,
                       shutting_down))

}  // namespace almon::pbx
