// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/call_core.hpp"

#include <algorithm>
#include <utility>

#include "pbx/call_core_state.hpp"

namespace almon::pbx {

CallCore::State::State(CallCoreSettings core_settings, const StepClock& step_clock, Random& dice,
                       media::CommandSink& media_sink, bus::EventSink& event_sink,
                       std::shared_ptr<const model::Snapshot> first_snapshot)
    : settings(std::move(core_settings)),
      clock(step_clock),
      random(dice),
      engine(media_sink),
      events(event_sink, step_clock),
      snapshot(std::move(first_snapshot)),
      traces(settings.traced_calls) {}

/// What comes from within a verb waits; what comes from outside is handled, and then what it caused.
void CallCore::State::take(CoreInput input) {
    waiting.push_back(std::move(input));
    run_waiting();
}

void CallCore::State::run_waiting() {
    if (in_step) return;
    in_step = true;
    while (!waiting.empty()) {
        ++inputs_taken;
        auto next = std::move(waiting.front());
        waiting.pop_front();
        std::visit([this](auto& input) { on(input); }, next);
    }
    in_step = false;
    show_changes();
}

void CallCore::State::note_change(const Channel& of) {
    if (of.user) changed_users.push_back(of.user);
}

void CallCore::State::show_changes() {
    if (changed_users.empty()) return;
    auto users = std::exchange(changed_users, {});
    std::ranges::sort(users);
    users.erase(std::ranges::unique(users).begin(), users.end());
    for (const auto user : users) {
        for (const auto& [name, technology] : technologies)
            technology->calls_changed(user);
    }
}

Channel* CallCore::State::channel(ChannelId id) noexcept {
    const auto found = live.channels.find(id);
    return found == live.channels.end() ? nullptr : &found->second;
}

Channel* CallCore::State::peer_of(const Channel& of) noexcept {
    const auto bridge = live.bridges.find(of.bridge);
    return bridge == live.bridges.end() ? nullptr : channel(bridge->second.peer_of(of.id));
}

Dial* CallCore::State::ringing_dial_of(const Channel& of) noexcept {
    const auto dial = live.dials.find(of.dial);
    return dial == live.dials.end() || dial->second.caller == of.id ? nullptr : &dial->second;
}

Channel* CallCore::State::early_peer_of(const Channel& of) noexcept {
    const auto dial = live.dials.find(of.dial);
    const bool hears = of.state == ChannelState::Early || of.state == ChannelState::Up;
    if (!hears || dial == live.dials.end()) return nullptr;
    for (const auto& attempt : dial->second.ringing) {
        auto* callee = channel(attempt.channel);
        if (callee != nullptr && callee->state == ChannelState::Early) return callee;
    }
    return nullptr;
}

Technology* CallCore::State::technology_of(const Channel& of) noexcept {
    const auto found = technologies.find(of.technology);
    return found == technologies.end() ? nullptr : found->second;
}

const std::string& CallCore::State::linked_id(const Channel& of) const {
    return live.chains.at(of.chain).linked_id;
}

CallCore::CallCore(CallCoreSettings settings, const StepClock& clock, Random& random,
                   media::CommandSink& media, bus::EventSink& events,
                   std::shared_ptr<const model::Snapshot> snapshot)
    : state_(
          std::make_unique<State>(std::move(settings), clock, random, media, events, std::move(snapshot))) {}

CallCore::~CallCore() = default;

void CallCore::add(Technology& technology) {
    state_->technologies.insert_or_assign(std::string(technology.name()), &technology);
}

void CallCore::load_mailboxes(std::map<model::VoicemailId, Mailbox> mailboxes) {
    state_->live.mailboxes = std::move(mailboxes);
}

void CallCore::start() {
    state_->order_ports();
}

void CallCore::use(std::shared_ptr<const model::Snapshot> snapshot) {
    state_->snapshot = std::move(snapshot);
    std::erase_if(state_->live.groups,
                  [&](const auto& known) { return state_->snapshot->find(known.first) == nullptr; });
    state_->forget_erased_voicemails();
    if (state_->live.parking.empty()) return;
    state_->in_step = true;
    state_->clear_lost_places();
    state_->in_step = false;
    state_->run_waiting();
}

void CallCore::on_media(const media::Event& event) {
    ++state_->inputs_taken;
    state_->in_step = true;
    state_->on(event);
    state_->in_step = false;
    state_->run_waiting();
}

std::vector<ServiceChange> CallCore::take_service_changes() {
    return std::exchange(state_->live.service_changes, {});
}

void CallCore::service_changed(const ServiceChange& change, bool made) {
    ++state_->inputs_taken;
    state_->in_step = true;
    state_->service_changed(change, made);
    state_->in_step = false;
    state_->run_waiting();
}

void CallCore::advance() {
    auto& state = *state_;
    if (!state.live.ports_ordered) state.order_ports();
    state.in_step = true;
    while (const auto due = state.live.timers.take_due(state.clock.instant())) {
        ++state.inputs_taken;
        const auto& purpose = due->second;
        switch (purpose.kind) {
            case TimerPurpose::Kind::RingTime:
                state.ring_time_over(purpose.dial);
                break;
            case TimerPurpose::Kind::Conversation:
                if (auto* party = state.channel(purpose.channel)) state.conversation_time_over(*party);
                break;
            case TimerPurpose::Kind::Turn:
                state.turn_over(purpose.dial);
                break;
            case TimerPurpose::Kind::OriginationTime:
                state.origination_time_over(purpose.origination);
                break;
            case TimerPurpose::Kind::TransferTime:
                state.transfer_time_over(purpose.transfer);
                break;
            case TimerPurpose::Kind::ParkingTime:
                if (auto* party = state.channel(purpose.channel)) state.parking_time_over(*party);
                break;
            case TimerPurpose::Kind::CompletionDue:
                state.recall(purpose.user);
                break;
            case TimerPurpose::Kind::CompletionOver:
                state.end_completion(purpose.user);
                break;
            case TimerPurpose::Kind::ScriptWait:
                if (auto* party = state.channel(purpose.channel)) state.script_wait_over(*party);
                break;
        }
    }
    state.in_step = false;
    state.run_waiting();
}

std::optional<Instant> CallCore::next_deadline() const {
    // Until the first ports are ordered, advance() is due at once.
    if (!state_->live.ports_ordered) return state_->clock.instant();
    return state_->live.timers.next_deadline();
}

void CallCore::hang_up_all(Cause cause) {
    auto& state = *state_;
    state.live.shutting_down = true;
    ++state.inputs_taken;
    state.in_step = true;
    while (!state.live.channels.empty())
        state.end_call(state.live.channels.begin()->second, cause);
    state.in_step = false;
    state.run_waiting();
}

bool CallCore::ready() const noexcept {
    const auto& live = state_->live;
    return live.ports_ordered && (live.ports.size() >= PortStock::kLeast / 4 || !live.ports.awaits());
}

std::size_t CallCore::channel_count() const noexcept {
    return state_->live.channels.size();
}

std::uint64_t CallCore::inputs_taken() const noexcept {
    return state_->inputs_taken;
}

std::size_t CallCore::bridge_count() const noexcept {
    return state_->live.bridges.size();
}

Result<std::string> CallCore::why(std::string_view call) const {
    constexpr std::size_t kLatest = 10;
    if (call.empty()) return state_->traces.latest(kLatest);
    return state_->traces.find(call);
}

void CallCore::save(Archive& archive) const {
    archive.put(state_->live);
    archive.put(state_->traces);
}

void CallCore::restore(ArchiveReader& reader) {
    auto& state = *state_;
    reader.get(state.live);
    reader.get(state.traces);
    state.busy_users.clear();
    for (const auto& [id, channel] : state.live.channels) {
        if (!channel.user) continue;
        auto& user = state.busy_users[channel.user];
        user.channels.push_back(id);
        if (channel.counts_for_user) ++user.counted;
    }
    for (const auto& [id, dial] : state.live.dials) {
        for (const auto user : dial.users)
            ++state.busy_users[user].counted;
    }
}

void CallCore::incoming(ChannelId channel, Technology& technology, IncomingCall call) {
    state_->take(input::Incoming{channel, &technology, std::move(call)});
}
void CallCore::ringing(ChannelId channel) {
    state_->take(input::Ringing{channel});
}
void CallCore::progressed(ChannelId channel, const sdp::SessionDescription& early) {
    state_->take(input::Progressed{channel, early});
}
void CallCore::answered(ChannelId channel, const sdp::SessionDescription& description) {
    state_->take(input::Answered{channel, description});
}
void CallCore::refused(ChannelId channel, Cause cause, Refusal refusal) {
    state_->take(input::Refused{channel, cause, refusal});
}
void CallCore::redirected(ChannelId channel, std::string exten) {
    state_->take(input::Redirected{channel, std::move(exten)});
}
void CallCore::hung_up(ChannelId channel, Cause cause) {
    state_->take(input::HungUp{channel, cause});
}
void CallCore::offered(ChannelId channel, const std::optional<sdp::SessionDescription>& offer) {
    state_->take(input::Offered{channel, offer});
}
void CallCore::offer_answered(ChannelId channel, const sdp::SessionDescription& answer) {
    state_->take(input::OfferAnswered{channel, answer});
}
void CallCore::offer_refused(ChannelId channel, Cause cause) {
    state_->take(input::OfferRefused{channel, cause});
}
void CallCore::transfer_requested(ChannelId channel, TransferRequest request) {
    state_->take(input::TransferRequested{channel, std::move(request)});
}
void CallCore::digit(ChannelId channel, char digit, std::chrono::milliseconds duration) {
    state_->take(input::Digit{channel, digit, duration});
}
std::vector<ShownCall> CallCore::calls_of(model::UserId user) const {
    std::vector<ShownCall> calls;
    const auto found = state_->busy_users.find(user);
    if (found == state_->busy_users.end()) return calls;
    for (const auto id : found->second.channels) {
        const auto& channel = state_->live.channels.at(id);
        auto stage = ShownCall::Stage::Trying;
        if (channel.state == ChannelState::Ringing || channel.state == ChannelState::Early)
            stage = ShownCall::Stage::Ringing;
        if (channel.state == ChannelState::Up) stage = ShownCall::Stage::Talking;
        calls.push_back({id, channel.outgoing, stage, channel.connected});
    }
    return calls;
}
MessageCounts CallCore::messages_of(model::VoicemailId voicemail) const {
    const auto found = state_->live.mailboxes.find(voicemail);
    if (found == state_->live.mailboxes.end()) return {};
    return {found->second.fresh.size(), found->second.old.size()};
}
ChannelId CallCore::new_channel_id() {
    return ChannelId{++state_->live.last_channel};
}

}  // namespace almon::pbx
