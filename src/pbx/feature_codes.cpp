// SPDX-License-Identifier: GPL-3.0-or-later
// Codes that a user dials to have something done: services are switched on and off, and what was done is
// said.
#include <utility>

#include "model/call_filter.hpp"
#include "model/voicemail.hpp"
#include "pbx/call_core_state.hpp"
#include "pbx/spoken_number.hpp"

namespace almon::pbx {
namespace {

using Service = ServiceChange::Service;

/// What is said when a change of the configuration takes longer.
constexpr std::chrono::seconds kLongestChange{10};
constexpr KeyWait kNumberToForwardTo{40, std::chrono::milliseconds(7000), std::chrono::milliseconds(4000)};

/// "All calls are forwarded to 1 0 0 3."
void add_state(std::vector<Prompt>& prompts, Service service, bool enabled, std::string_view destination) {
    prompts.push_back({fmt::format("{}-{}", sound_of(service), enabled ? "on" : "off")});
    if (enabled && service != Service::MailboxPassword) add_sounds(prompts, spoken_digits(destination));
}

}  // namespace

void CallCore::State::reach(Channel& caller, const FeatureDestination& destination) {
    const auto& feature = destination.code->feature;
    const auto* user = snapshot->user(caller.user);
    // A code is for whoever dials it, not for whom somebody else sends there.
    if (user == nullptr || caller.transfer || caller.forwards > 0) {
        trace(caller, "{} is for users who dial it themselves", feature);
        return give_up(caller, Cause::CallRejected);
    }
    if (feature == "pickup") return take_call_of(caller, destination.argument);
    if (feature == "pickupgroup") return take_any_call(caller);
    if (feature == "paging") return page(caller, destination.argument);
    if (feature == "vmboxmsg") {
        const auto* voicemail = model::voicemail_in(*snapshot, caller.context, destination.argument);
        if (voicemail == nullptr) return reach(caller, UnknownDestination{});
        return reach(caller, VoicemailDestination{voicemail});
    }
    const bool listens = feature == "vmusermsg" || feature == "vmuserpurge" || feature == "vmbox";
    const auto service = service_of(feature);
    if (!service && !listens && feature != "phonestatus" && feature != "cctoggle")
        return reach(caller, UnservedDestination{"code " + feature});
    begin_application(caller, "FeatureCode",
                      destination.argument.empty() ? feature : feature + "," + destination.argument);
    if (!answer_itself(caller)) return;
    if (feature == "vmuserpurge") return listen_to_voicemail(caller, snapshot->find(user->voicemail), true);
    if (feature == "vmusermsg") return listen_to_voicemail(caller, snapshot->find(user->voicemail));
    if (feature == "vmbox")
        return listen_to_voicemail(caller,
                                   model::voicemail_in(*snapshot, caller.context, destination.argument));
    if (feature == "cctoggle") return toggle_completion(caller);
    if (!service) return tell_status(caller, *user);
    if (*service == Service::FilterMember) return switch_filter(caller, *user, destination.argument);
    if (forward_of(*service, *user) != nullptr)
        return switch_forward(caller, *user, *service, destination.argument);
    switch_service(caller, *user, *service);
}

void CallCore::State::switch_service(Channel& caller, const model::User& user, Service service) {
    ServiceChange change;
    change.user = user.id;
    change.service = service;
    change.enabled = service != Service::AllForwards && !is_on(service, user);
    ask_for_change(caller, std::move(change));
}

void CallCore::State::switch_forward(Channel& caller, const model::User& user, Service service,
                                     const std::string& number) {
    const auto& now = *forward_of(service, user);
    ServiceChange change;
    change.user = user.id;
    change.service = service;
    // The bare code, or the same once more as a function key does, switches it off.
    change.enabled = !now.enabled || (!number.empty() && number != now.destination);
    change.destination = change.enabled ? number : "";
    if (change.enabled && number.empty())
        return say(caller, purpose::ForwardNumber{std::move(change)}, {{"forward-number"}},
                   kNumberToForwardTo, kSoundLimit);
    ask_for_change(caller, std::move(change));
}

void CallCore::State::concluded(Channel& party, const purpose::ForwardNumber& asked,
                                const std::string& pressed) {
    if (pressed.empty()) return say_last(party, {{"nothing-changed"}});
    auto change = asked.change;
    change.destination = pressed;
    ask_for_change(party, std::move(change));
}

void CallCore::State::switch_filter(Channel& caller, const model::User& user, const std::string& member) {
    const auto* found = filter_member(member, user, *snapshot);
    if (found == nullptr) {
        trace(caller, "{} is no secretary of a filter of user {}", member, user.id.value);
        return say_last(caller, {{"not-possible"}});
    }
    ServiceChange change;
    change.user = user.id;
    change.service = Service::FilterMember;
    change.member = found->id;
    change.enabled = !found->is_active;
    ask_for_change(caller, std::move(change));
}

void CallCore::State::tell_status(Channel& caller, const model::User& user) {
    std::vector<Prompt> prompts{{"your-number"}};
    add_sounds(prompts, spoken_digits(caller.identity.number));
    for (const auto service :
         {Service::DoNotDisturb, Service::IncallFilter, Service::CallRecord, Service::ForwardUnconditional,
          Service::ForwardBusy, Service::ForwardNoAnswer}) {
        if (!is_on(service, user)) continue;
        const auto* forward = forward_of(service, user);
        add_state(prompts, service, true, forward != nullptr ? std::string_view(forward->destination) : "");
    }
    say_last(caller, std::move(prompts));
}

void CallCore::State::ask_for_change(Channel& caller, ServiceChange change) {
    change.number = ++live.last_service_change;
    change.channel = caller.id;
    trace(caller, "asks for change {} of the configuration", change.number);
    live.service_changes.push_back(change);
    say(caller, purpose::Confirmation{std::move(change)}, {}, {}, kLongestChange);
}

void CallCore::State::service_changed(const ServiceChange& change, bool made) {
    auto* party = channel(change.channel);
    if (party == nullptr || !party->conversation) return;
    const auto* waited = std::get_if<purpose::Confirmation>(&party->conversation->purpose);
    if (waited == nullptr || waited->change.number != change.number) return;
    trace(*party, "change {} is {}", change.number, made ? "made" : "refused");
    if (!made) return say_last(*party, {{"not-possible"}});
    std::vector<Prompt> prompts;
    add_state(prompts, change.service, change.enabled, change.destination);
    say_last(*party, std::move(prompts));
}

void CallCore::State::concluded(Channel& party, const purpose::Confirmation& waited, const std::string&) {
    trace(party, "change {} is still not made", waited.change.number);
    say_last(party, {{"not-possible"}});
}

void CallCore::State::say_last(Channel& party, std::vector<Prompt> prompts) {
    say(party, purpose::EndOfCall{Cause::NormalClearing}, std::move(prompts), {}, kSoundLimit);
}

}  // namespace almon::pbx
