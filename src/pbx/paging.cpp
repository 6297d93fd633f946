// SPDX-License-Identifier: GPL-3.0-or-later
// Paging: who dials *11 and a number speaks to many phones at once, which answer by themselves (ADB-078 to
// ADB-080). The room of a page is one in which all but its administrator are muted.
#include "model/paging.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "pbx/call_core_state.hpp"

namespace almon::pbx {

using bus::CallEventType;

namespace {

const model::Paging* paging_with(const model::Snapshot& snapshot, std::string_view number) {
    const model::Paging* found = nullptr;
    snapshot.for_each<model::Paging>([&](const model::Paging& paging) {
        if (paging.number == number) found = &paging;
    });
    return found;
}

}  // namespace

void CallCore::State::page(Channel& caller, const std::string& number) {
    const auto* paging = paging_with(*snapshot, number);
    if (paging == nullptr || !paging->enabled) {
        trace(caller, "no paging has the number {}", number);
        return reach(caller, UnknownDestination{});
    }
    begin_application(caller, "Page", number);
    if (!answer_itself(caller)) return;
    const auto& callers = paging->callers;
    if (!callers.empty() && std::ranges::find(callers, caller.user) == callers.end()) {
        trace(caller, "user {} may not page {}", caller.user.value, number);
        return say_last(caller, {{"not-possible"}});
    }
    if (open_audio_leg(caller) == nullptr) return hang_up(caller, Cause::BearerCapabilityNotAvailable);
    stop_ringback(caller);
    auto& room = open_room();
    room.paging = paging->id;
    room.are_muted = !paging->duplex;
    trace(caller, "{} pages {} ({}): {} members", caller.name, number, paging->name, paging->members.size());
    if (paging->record) trace(caller, "the page is not recorded on this system");
    sit_down(caller, room, true);
    const auto id = room.id;
    ring_paged(caller, *paging, id);
    std::vector<Prompt> prompts;
    if (paging->caller_notification) prompts.push_back({"", Prompt::Tone::Beep});
    if (paging->announce_caller && !paging->announce_sound.empty())
        prompts.push_back({paging->announce_sound});
    if (!prompts.empty()) tell_in_room(caller, std::move(prompts));
    end_page_if_over(id);
}

void CallCore::State::ring_paged(const Channel& caller, const model::Paging& paging, BridgeId room) {
    const auto technology = technologies.find("SIP");
    if (technology == technologies.end()) return;
    std::vector<Invitation> invitations;
    // Users may share a phone, even with who speaks.
    std::set<std::pair<std::string_view, std::string>> phones;
    for (const auto member : paging.members) {
        const auto* user = snapshot->user(member);
        if (user == nullptr || !user->enabled || user->do_not_disturb || member == caller.user) continue;
        for (const auto& endpoint : endpoints_of(*snapshot, member)) {
            const auto* line = snapshot->line(endpoint.line);
            if (endpoint.name == caller.endpoint) continue;
            for (const auto& target : technology->second->targets(endpoint.name)) {
                if (!phones.emplace(endpoint.name, target.address).second) continue;
                if (live.ports.size() == 0) {
                    trace(caller, "no RTP port is left for {}", target.description);
                    order_ports();
                    continue;
                }
                auto& origination = begin_origination(std::chrono::seconds(paging.timeout));
                origination.page = room;
                auto& rung = live.channels.at(summon(
                    origination, {*user, *line, {target}, caller.identity, caller.chain}, invitations));
                events.emit(CallEventType::ChannelStart, rung, linked_id(rung));
                note_change(rung);
                invitations.back().call.answers_itself = true;
            }
        }
    }
    for (const auto& [with, rung, call] : invitations)
        with->invite(rung, call);
}

void CallCore::State::join_page(Channel& party, BridgeId id) {
    const auto found = live.rooms.find(id);
    if (found == live.rooms.end()) return hang_up(party, Cause::NormalClearing);
    if (open_audio_leg(party) == nullptr || !offer_own_codecs(party))
        return hang_up(party, Cause::BearerCapabilityNotAvailable);
    auto& room = found->second;
    begin_application(party, "Page", "");
    sit_down(party, room, false);
    const auto* paging = snapshot->find(room.paging);
    if (paging != nullptr && !paging->announce_sound.empty()) tell_in_room(party, {{paging->announce_sound}});
}

void CallCore::State::leave_page(BridgeId id, bool was_speaker) {
    if (!was_speaker) return end_page_if_over(id);
    std::vector<ChannelId> others = std::exchange(live.rooms.at(id).parties, {});
    for (const auto& [unused, origination] : live.originations) {
        if (origination.page != id) continue;
        others.insert(others.end(), origination.ringing.begin(), origination.ringing.end());
    }
    for (const auto other : others) {
        if (auto* listening = channel(other)) hang_up(*listening, Cause::NormalClearing);
    }
    live.rooms.erase(id);
}

void CallCore::State::end_page_if_over(BridgeId id) {
    const auto found = live.rooms.find(id);
    if (found == live.rooms.end() || found->second.parties.size() != 1) return;
    const bool rings =
        std::ranges::any_of(live.originations, [&](const auto& entry) { return entry.second.page == id; });
    if (rings) return;
    auto& speaker = live.channels.at(found->second.parties.front());
    trace(speaker, "nobody listens to {}", speaker.name);
    leave_conference(speaker);
    give_up(speaker, Cause::NoAnswer);
}

}  // namespace almon::pbx
