// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/checks.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/overload.hpp"

namespace almon::simulation {

void CallEventCheck::complain(const bus::CallEvent& event, const char* what) {
    broken_.push_back(std::string(bus::name_of(event.type)) + " of " + event.channel_name + " (" +
                      event.unique_id + " in " + event.linked_id + "): " + what);
}

void CallEventCheck::take(const bus::CallEvent& event) {
    using Type = bus::CallEventType;
    if (event.type == Type::LinkedIdEnd) {
        const auto chain = open_.find(event.linked_id);
        if (chain == open_.end()) return complain(event, "the chain is not open");
        // What goes on in another chain is met there again, or missed at the end.
        moving_.merge(chain->second.channels);
        open_.erase(chain);
        ++chains_closed_;
        return;
    }
    auto& chain = open_[event.linked_id];
    if (event.type == Type::ChannelStart) {
        if (chain.ended.contains(event.unique_id)) complain(event, "the channel has ended before");
        if (!chain.channels.emplace(event.unique_id, ChannelState{}).second)
            complain(event, "the channel has started before");
        return;
    }
    if (!chain.channels.contains(event.unique_id) && !moves_in(chain, event.unique_id))
        return complain(event, "the channel is not there");
    const auto found = chain.channels.find(event.unique_id);
    ChannelState& channel = found->second;
    switch (event.type) {
        case Type::Answer:
            if (++channel.answers > 1) complain(event, "answered twice");
            break;
        case Type::BridgeEnter:
            if (++channel.bridges > 1) complain(event, "in two bridges");
            break;
        case Type::BridgeExit:
            if (--channel.bridges < 0) complain(event, "was in no bridge");
            break;
        case Type::HangUp:
            if (std::exchange(channel.hung_up, true)) complain(event, "hung up twice");
            break;
        case Type::ChannelEnd:
            if (!channel.hung_up) complain(event, "ended without hanging up");
            if (channel.bridges != 0) complain(event, "ended within a bridge");
            chain.ended.insert(event.unique_id);
            chain.channels.erase(found);
            break;
        default:
            break;
    }
}

bool CallEventCheck::moves_in(Chain& chain, const std::string& channel) {
    auto node = moving_.extract(channel);
    return !node.empty() && chain.channels.insert(std::move(node)).inserted;
}

void CallEventCheck::finish() {
    for (const auto& [unique_id, channel] : moving_)
        broken_.push_back("channel " + unique_id + " is in no chain after two became one");
    for (const auto& [linked_id, chain] : open_) {
        broken_.push_back("chain " + linked_id + " was never closed; " +
                          std::to_string(chain.channels.size()) + " channels left");
    }
}

MediaCheck::Leg* MediaCheck::leg(media::LegId id, const char* command) {
    const auto found = legs_.find(id);
    if (found != legs_.end()) return &found->second;
    broken_.push_back(fmt::format("{} for leg {}, which is not open", command, id.value));
    return nullptr;
}

void MediaCheck::take(const media::Command& command, std::vector<media::Event>& reports) {
    std::visit(
        Overload{
            [&](const media::PreparePorts& prepare) {
                media::PortsReady ready;
                for (std::size_t i = 0; i < prepare.count && next_port_ + 1 <= last_port_; ++i) {
                    ready.ports.push_back(next_port_);
                    ready_.insert(next_port_);
                    next_port_ = static_cast<std::uint16_t>(next_port_ + 2);
                }
                if (ready.ports.empty()) {
                    const media::PortsExhausted exhausted{"the range is used up"};
                    reports.emplace_back(exhausted);
                } else {
                    reports.emplace_back(std::move(ready));
                }
            },
            [&](const media::OpenLeg& open) {
                if (ready_.erase(open.port) == 0)
                    broken_.push_back(fmt::format("OpenLeg with port {}, which is not free", open.port));
                if (!legs_.emplace(open.leg, Leg{open.port, {}, {}, {}}).second)
                    broken_.push_back("OpenLeg twice");
            },
            [&](const media::ConfigureLeg& configure) {
                if (Leg* configured = leg(configure.leg, "ConfigureLeg"))
                    configured->remote = configure.remote;
            },
            [&](const media::JoinLegs& join) {
                Leg* first = leg(join.first, "JoinLegs");
                Leg* second = leg(join.second, "JoinLegs");
                if (first == nullptr || second == nullptr) return;
                if (join.first == join.second) broken_.push_back("a leg joined to itself");
                first->joined = join.second;
                second->joined = join.first;
            },
            [&](const media::SeparateLegs& separate) {
                if (Leg* first = leg(separate.first, "SeparateLegs")) first->joined = {};
                if (Leg* second = leg(separate.second, "SeparateLegs")) second->joined = {};
            },
            [&](const media::EnterRoom& enter) {
                Leg* entering = leg(enter.leg, "EnterRoom");
                if (entering == nullptr) return;
                if (entering->room && entering->room != enter.room) broken_.push_back("a leg in two rooms");
                entering->room = enter.room;
            },
            [&](const media::LeaveRoom& leave) {
                Leg* leaving = leg(leave.leg, "LeaveRoom");
                if (leaving == nullptr) return;
                if (!leaving->room) broken_.push_back("LeaveRoom for a leg that is in none");
                leaving->room = {};
            },
            [&](const media::PlayToRoom& play) {
                const bool is_open = std::ranges::any_of(
                    legs_, [&](const auto& each) { return each.second.room == play.room; });
                if (!is_open) broken_.push_back("PlayToRoom where nobody is");
                if (play.places.empty()) broken_.push_back("PlayToRoom without a sound");
            },
            [&](const media::Play& play) {
                if (leg(play.leg, "Play") != nullptr && !play.repeat) {
                    reports.emplace_back(media::PlaybackFinished{play.leg, play.playback, true});
                }
            },
            [&](const media::StopPlaying& stop) { leg(stop.leg, "StopPlaying"); },
            [&](const media::SendDigit& digit) { leg(digit.leg, "SendDigit"); },
            [&](const media::Record& record) { leg(record.leg, "Record"); },
            [&](const media::StopRecording& stop) {
                if (leg(stop.leg, "StopRecording") == nullptr) return;
                reports.emplace_back(
                    media::Recorded{stop.leg, stop.recording, std::chrono::seconds(3), stop.keep});
            },
            [&](const media::MoveRecording&) {},
            [&](const media::CloseLeg& close) {
                const auto found = legs_.find(close.leg);
                if (found == legs_.end()) {
                    broken_.push_back(fmt::format("CloseLeg for leg {}, which is not open", close.leg.value));
                    return;
                }
                reports.emplace_back(media::LegClosed{close.leg, {}});
                reports.emplace_back(media::PortsReady{{found->second.port}});
                ready_.insert(found->second.port);
                legs_.erase(found);
            },
        },
        command);
}

std::vector<media::LegId> MediaCheck::legs_towards(const NetAddress& host) const {
    std::vector<media::LegId> towards;
    for (const auto& [id, leg] : legs_) {
        if (leg.remote.same_host(host)) towards.push_back(id);
    }
    return towards;
}

}  // namespace almon::simulation
