// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold after every step; asked by the simulator.
#include <algorithm>
#include <vector>

#include "pbx/call_core_state.hpp"

namespace almon::pbx {
namespace {

class Inspection final {
public:
    explicit Inspection(const LiveCalls& live) : live_(live) {}

    std::vector<std::string> run(const std::unordered_map<model::UserId, UserCalls>& busy_users,
                                 bool inputs_wait) {
        channels();
        bridges();
        dials();
        transfers();
        originations();
        steered_transfers();
        conferences();
        places();
        legs();
        timers();
        chains();
        users(busy_users);
        if (inputs_wait) broken("inputs wait although no step runs");
        return std::move(broken_);
    }

private:
    template <class... Values>
    void broken(fmt::format_string<Values...> format, Values&&... values) {
        broken_.push_back(fmt::format(format, std::forward<Values>(values)...));
    }

    void channels() {
        for (const auto& [id, channel] : live_.channels) {
            if (channel.id != id) broken("channel {} is filed as {}", channel.id.value, id.value);
            if (!live_.chains.contains(channel.chain)) broken("{} belongs to no chain", channel.name);
            if (channel.bridge && !live_.bridges.contains(channel.bridge))
                broken("{} is in bridge {}, which is no more", channel.name, channel.bridge.value);
            if (channel.dial && !live_.dials.contains(channel.dial))
                broken("{} is in dial {}, which is no more", channel.name, channel.dial.value);
            if (channel.conversation && (channel.bridge || channel.dial || channel.transfer))
                broken("{} talks to the system and to somebody else", channel.name);
            if (channel.bridge && channel.dial) broken("{} both talks and dials", channel.name);
            const bool waits_in_dialplan = channel.scripted && channel.scripted->wait;
            if (channel.scripted && (channel.scripted->running || channel.scripted->resumed))
                broken("{} runs a script beyond the step", channel.name);
            if (waits_in_dialplan && (channel.bridge || channel.dial || channel.conversation))
                broken("{} does something else while its script waits", channel.name);
            if (!channel.bridge && !channel.dial && !channel.conversation && !channel.transfer &&
                !channel.origination && !channel.steered && !channel.seat && !channel.parked &&
                !waits_in_dialplan)
                broken("{} is in no bridge, dial, conversation, transfer, origination, conference or lot",
                       channel.name);
            if (channel.seat) seat(channel);
            if (channel.parked) parked(channel);
            if (channel.transfer && !live_.transfers.contains(channel.transfer))
                broken("{} is in transfer {}, which is no more", channel.name, channel.transfer.value);
            if (channel.transfer && channel.bridge) broken("{} talks while it is transferred", channel.name);
            if (channel.ringback && !channel.dial) broken("{} hears ringing of nobody", channel.name);
            if (channel.bridge && channel.state != ChannelState::Up)
                broken("{} talks unanswered", channel.name);
            const auto& media = channel.media;
            if (media.our_offer_is_relayed && !media.our_offer) broken("{} relays no offer", channel.name);
            if (media.their_offer && !channel.bridge)
                broken("{} waits for the answer of nobody", channel.name);
            if (channel.bridge && !media.local && !media.our_offer)
                broken("{} talks without media", channel.name);
        }
    }

    void seat(const Channel& channel) {
        const auto room = live_.rooms.find(channel.seat->room);
        if (room == live_.rooms.end() || room->second.conference != channel.seat->conference ||
            std::ranges::count(room->second.parties, channel.id) != 1)
            broken("{} is in room {}, which does not know it", channel.name, channel.seat->room.value);
        if (channel.bridge || channel.dial || channel.transfer)
            broken("{} does something else while it is in a conference", channel.name);
        if (channel.state != ChannelState::Up) broken("{} is in a conference unanswered", channel.name);
        if (channel.conversation &&
            !std::holds_alternative<purpose::InConference>(channel.conversation->purpose))
            broken("{} is spoken to in a conference of something else", channel.name);
    }

    void parked(const Channel& channel) {
        const auto& place = *channel.parked;
        const auto lot = live_.parking.find(place.lot);
        if (lot == live_.parking.end() || !lot->second.contains(place.number) ||
            lot->second.at(place.number) != channel.id)
            broken("{} is at parking place {}, which does not know it", channel.name, place.number);
        if (channel.bridge || channel.dial || channel.transfer || channel.seat)
            broken("{} does something else while it is parked", channel.name);
        if (channel.state != ChannelState::Up) broken("{} is parked unanswered", channel.name);
        if (channel.conversation.has_value() != place.is_reserved)
            broken("{} is spoken to while it waits, or is not told its place", channel.name);
    }

    void places() {
        for (const auto& [id, lot] : live_.parking) {
            if (lot.empty()) broken("parking lot {} has no taken place", id.value);
            for (const auto& [number, party] : lot) {
                const auto found = live_.channels.find(party);
                if (found == live_.channels.end() || !found->second.parked ||
                    found->second.parked->number != number)
                    broken("parking place {} knows channel {}, which is not at it", number, party.value);
            }
        }
    }

    void conferences() {
        for (const auto& [id, room] : live_.rooms) {
            if (room.parties.empty()) broken("nobody is in room {}", id.value);
            for (const auto party : room.parties) {
                const auto found = live_.channels.find(party);
                if (found == live_.channels.end() || !found->second.seat || found->second.seat->room != id)
                    broken("room {} knows channel {}, which is not in it", id.value, party.value);
                else if (found->second.music && room.parties.size() > 1)
                    broken("{} hears music although it is not alone", found->second.name);
            }
        }
    }

    void bridges() {
        for (const auto& [id, bridge] : live_.bridges) {
            if (bridge.first == bridge.second) broken("bridge {} has one party", id.value);
            for (const auto party : {bridge.first, bridge.second}) {
                const auto found = live_.channels.find(party);
                if (found == live_.channels.end() || found->second.bridge != id)
                    broken("bridge {} has one party: channel {} is not in it", id.value, party.value);
            }
        }
    }

    void dials() {
        for (const auto& [id, dial] : live_.dials) {
            const auto caller = live_.channels.find(dial.caller);
            if (caller == live_.channels.end() || caller->second.dial != id)
                broken("dial {} has no caller", id.value);
            const bool waits = dial.group && dial.turn;
            if (dial.ringing.empty() && !waits) broken("dial {} rings nobody", id.value);
            if (dial.rings_several()) members(dial);
            for (const auto& attempt : dial.ringing) {
                const auto callee = live_.channels.find(attempt.channel);
                if (callee == live_.channels.end() || callee->second.dial != id)
                    broken("dial {} rings channel {}, which is not in it", id.value, attempt.channel.value);
            }
        }
    }

    /// Of several who ring each counts for as long as one of his phones rings.
    void members(const Dial& dial) {
        std::vector<model::UserId> ringing;
        for (const auto& attempt : dial.ringing) {
            const auto callee = live_.channels.find(attempt.channel);
            if (callee != live_.channels.end()) ringing.push_back(callee->second.user);
        }
        std::ranges::sort(ringing);
        ringing.erase(std::ranges::unique(ringing).begin(), ringing.end());
        auto counted = dial.users;
        std::ranges::sort(counted);
        if (ringing != counted)
            broken("dial {} counts {} users, {} ring", dial.id.value, counted.size(), ringing.size());
    }

    void transfers() {
        for (const auto& [id, transfer] : live_.transfers) {
            const auto transferee = live_.channels.find(transfer.transferee);
            if (transferee == live_.channels.end() || transferee->second.transfer != id ||
                !transferee->second.dial || transferee->second.state != ChannelState::Up)
                broken("transfer {} sends nobody anywhere", id.value);
            if (!transfer.transferor) continue;
            const auto transferor = live_.channels.find(transfer.transferor);
            if (transferor == live_.channels.end() || transferor->second.transfer != id)
                broken("transfer {} was asked for by nobody", id.value);
            else if (transferor->second.bridge || transferor->second.dial)
                broken("{} does something else while it transfers", transferor->second.name);
        }
    }

    void originations() {
        for (const auto& [id, origination] : live_.originations) {
            if (origination.ringing.empty()) broken("origination {} rings nobody", id.value);
            for (const auto ringing : origination.ringing) {
                const auto found = live_.channels.find(ringing);
                if (found == live_.channels.end() || found->second.origination != id ||
                    found->second.state == ChannelState::Up)
                    broken("origination {} rings channel {}, which is not in it", id.value, ringing.value);
            }
        }
        for (const auto& [id, channel] : live_.channels) {
            if (channel.origination && !live_.originations.contains(channel.origination))
                broken("{} is in origination {}, which is no more", channel.name, channel.origination.value);
        }
    }

    void steered_transfers() {
        for (const auto& [id, transfer] : live_.steered_transfers) {
            const auto marked = [&, id = id](ChannelId party) -> const Channel* {
                const auto found = live_.channels.find(party);
                return found == live_.channels.end() || found->second.steered != id ? nullptr
                                                                                    : &found->second;
            };
            const auto* transferred = marked(transfer.transferred);
            const auto* initiator = marked(transfer.initiator);
            if (transferred == nullptr) {
                broken("transfer {} sends nobody anywhere", transfer.name);
            } else if (transfer.flow == SteeredTransfer::Flow::Blind) {
                if (!transferred->transfer) broken("{} is sent nowhere", transferred->name);
            } else if (transferred->bridge || transferred->dial || transferred->transfer ||
                       transferred->conversation) {
                broken("{} does something else while it waits", transferred->name);
            }
            if (transfer.initiator && initiator == nullptr)
                broken("transfer {} was ordered for nobody", transfer.name);
            if (transfer.flow == SteeredTransfer::Flow::Attended && !transfer.initiator)
                broken("transfer {} has lost its initiator", transfer.name);
        }
        for (const auto& [id, channel] : live_.channels) {
            if (channel.steered && !live_.steered_transfers.contains(channel.steered))
                broken("{} is steered by transfer {}, which is no more", channel.name, channel.steered.value);
        }
    }

    void legs() {
        std::vector<std::uint16_t> ports;
        std::size_t open = 0;
        for (const auto& [id, channel] : live_.channels) {
            for (const auto& leg : channel.media.legs) {
                if (!leg.id) continue;
                ports.push_back(leg.port);
                const auto owner = live_.legs.find(leg.id);
                if (leg.open != (owner != live_.legs.end()))
                    broken("leg {} of {} is {}open", leg.id.value, channel.name, leg.open ? "not " : "");
                if (leg.open) ++open;
                if (owner != live_.legs.end() && owner->second.channel != id)
                    broken("leg {} belongs to two channels", leg.id.value);
            }
        }
        std::ranges::sort(ports);
        if (const auto twice = std::ranges::adjacent_find(ports); twice != ports.end())
            broken("port {} is used twice", *twice);
        std::size_t owned = 0;
        for (const auto& [id, owner] : live_.legs) {
            if (!owner.closing) ++owned;
        }
        if (owned != open) broken("{} legs have owners, {} are open in channels", owned, open);
    }

    void timers() {
        std::size_t wanted = 0;
        for (const auto& [id, channel] : live_.channels) {
            if (channel.conversation) ++wanted;
            if (channel.parked && channel.parked->timer) ++wanted;
            if (channel.scripted && channel.scripted->wait) ++wanted;
        }
        for (const auto& [id, dial] : live_.dials) {
            if (dial.ring_time) ++wanted;
            if (dial.turn) ++wanted;
        }
        for (const auto& [caller, completion] : live_.completions) {
            if (!completion.wait) broken("user {} waits for ever", caller.value);
            if (completion.recall && !live_.originations.contains(completion.recall))
                broken("user {} is called back by nothing", caller.value);
            wanted += completion.pause ? 2 : 1;
        }
        for (const auto& [id, origination] : live_.originations) {
            if (origination.ring_time) ++wanted;
        }
        for (const auto& [id, transfer] : live_.steered_transfers) {
            if (transfer.timeout) ++wanted;
        }
        if (live_.timers.size() != wanted)
            broken("{} timers run, {} are wanted", live_.timers.size(), wanted);
    }

    void chains() {
        std::vector<ChannelId> channels;
        for (const auto& [id, channel] : live_.channels)
            channels.push_back(channel.chain);
        std::ranges::sort(channels);
        for (const auto& [id, chain] : live_.chains) {
            const auto found = std::ranges::equal_range(channels, id).size();
            if (found != chain.channels)
                broken("chain {} counts {} channels of {}", chain.linked_id, chain.channels, found);
        }
    }

    void users(const std::unordered_map<model::UserId, UserCalls>& busy_users) {
        std::vector<model::UserId> calls;
        std::size_t channels = 0;
        for (const auto& [id, channel] : live_.channels) {
            if (channel.counts_for_user) calls.push_back(channel.user);
            if (channel.user) ++channels;
        }
        for (const auto& [id, dial] : live_.dials)
            calls.insert(calls.end(), dial.users.begin(), dial.users.end());
        std::ranges::sort(calls);
        std::size_t total = 0;
        std::size_t listed = 0;
        for (const auto& [user, known] : busy_users) {
            const auto found = std::ranges::equal_range(calls, user).size();
            total += found;
            if (found != static_cast<std::size_t>(known.counted))
                broken("user {} is counted {} calls and has {}", user.value, known.counted, found);
            listed += known.channels.size();
            for (const auto id : known.channels) {
                const auto channel = live_.channels.find(id);
                if (channel == live_.channels.end() || channel->second.user != user)
                    broken("user {} is said to have channel {}", user.value, id.value);
            }
        }
        if (total != calls.size()) broken("{} calls of users, {} are counted", calls.size(), total);
        if (listed != channels) broken("{} channels of users, {} are listed", channels, listed);
    }

    const LiveCalls& live_;
    std::vector<std::string> broken_;
};

}  // namespace

bool CallCore::idle() const noexcept {
    const auto& live = state_->live;
    return live.channels.empty() && live.bridges.empty() && live.dials.empty() && live.transfers.empty() &&
           live.originations.empty() && live.steered_transfers.empty() && live.rooms.empty() &&
           live.parking.empty() && live.spoken_names.empty() && live.completions.empty() &&
           live.chains.empty() && live.legs.empty() && live.recordings.empty() && live.timers.size() == 0 &&
           state_->busy_users.empty();
}

std::vector<std::string> CallCore::broken_invariants() const {
    return Inspection(state_->live).run(state_->busy_users, !state_->waiting.empty());
}

}  // namespace almon::pbx
