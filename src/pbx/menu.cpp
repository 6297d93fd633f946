// SPDX-License-Identifier: GPL-3.0-or-later
// Menus: the caller hears what there is and chooses by keys (API-102, ADB-046, ADB-048, ADB-049).
#include <utility>

#include "pbx/call_core_state.hpp"

namespace almon::pbx {
namespace {

/// Between two keys of one choice.
constexpr std::chrono::milliseconds kBetweenKeys{2000};
constexpr std::size_t kLongestChoice = 40;

/// Of several choices that fit, the one that says more precisely what it is.
const model::IvrChoice* chosen(const model::Ivr& ivr, std::string_view pressed) {
    const model::IvrChoice* best = nullptr;
    for (const auto& choice : ivr.choices) {
        if (!dialplan::NumberPattern(choice.exten).matches(pressed)) continue;
        if (best == nullptr || dialplan::NumberPattern(choice.exten) < dialplan::NumberPattern(best->exten))
            best = &choice;
    }
    return best;
}

/// What a choice named "i" or "t" says of keys that mean nothing, and of silence.
const model::Destination& or_choice(const model::Destination& configured, const model::Ivr& ivr, char name) {
    if (configured) return configured;
    for (const auto& choice : ivr.choices) {
        if (choice.exten.size() == 1 && choice.exten.front() == name) return choice.destination;
    }
    return configured;
}

void append(std::vector<Prompt>& prompts, const std::string& sound) {
    if (!sound.empty()) prompts.push_back({sound});
}

}  // namespace

void CallCore::State::reach(Channel& caller, const MenuDestination& destination) {
    begin_application(caller, "IVR", destination.ivr->name);
    if (answer_itself(caller)) offer_choice(caller, *destination.ivr, 1, destination.ivr->greeting_sound);
}

void CallCore::State::offer_choice(Channel& caller, const model::Ivr& ivr, int tries,
                                   const std::string& first) {
    std::vector<Prompt> prompts;
    append(prompts, first);
    append(prompts, ivr.menu_sound);
    say(caller, purpose::Choice{ivr.id, tries}, std::move(prompts),
        {kLongestChoice, std::chrono::seconds(ivr.timeout), kBetweenKeys}, kSoundLimit);
}

bool CallCore::State::is_chosen(model::IvrId id, std::string_view pressed) const {
    const auto* ivr = snapshot->find(id);
    if (ivr == nullptr || pressed.size() >= kLongestChoice) return true;
    for (const auto& choice : ivr->choices) {
        if (dialplan::NumberPattern(choice.exten).may_go_on(pressed)) return false;
    }
    return true;
}

void CallCore::State::concluded(Channel& party, const purpose::Choice& asked, const std::string& pressed) {
    const auto* ivr = snapshot->find(asked.ivr);
    if (ivr == nullptr) return give_up(party, Cause::DestinationOutOfOrder);
    if (const auto* choice = pressed.empty() ? nullptr : chosen(*ivr, pressed)) {
        trace(party, "chooses {} in menu {}", pressed, ivr->name);
        // Who goes round by keys does so for as long as it pleases.
        party.forwards = 0;
        return go(party, look_up(party, choice->destination));
    }
    trace(party, "{} in menu {}, try {} of {}",
          pressed.empty() ? "chooses nothing" : pressed + " means nothing", ivr->name, asked.tries,
          ivr->max_tries);
    const auto complaint = pressed.empty() ? std::string() : ivr->invalid_sound;
    if (asked.tries >= ivr->max_tries) {
        std::vector<Prompt> prompts;
        append(prompts, complaint);
        append(prompts, ivr->abort_sound);
        return say(party, purpose::MenuAbort{ivr->id}, std::move(prompts), {}, kSoundLimit);
    }
    const auto& instead = pressed.empty() ? or_choice(ivr->timeout_destination, *ivr, 't')
                                          : or_choice(ivr->invalid_destination, *ivr, 'i');
    if (instead) return go(party, instead);
    offer_choice(party, *ivr, asked.tries + 1, complaint);
}

void CallCore::State::concluded(Channel& party, const purpose::MenuAbort& aborted, const std::string&) {
    const auto* ivr = snapshot->find(aborted.ivr);
    if (ivr != nullptr && ivr->abort_destination) return go(party, ivr->abort_destination);
    hang_up(party, Cause::NormalClearing);
}

}  // namespace almon::pbx
