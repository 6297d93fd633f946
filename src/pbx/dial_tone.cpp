// SPDX-License-Identifier: GPL-3.0-or-later
// Who comes from outside and knows the PIN dials as if he were inside (DISA, API-097).
#include <utility>

#include "pbx/call_core_state.hpp"

namespace almon::pbx {
namespace {

constexpr int kPinTries = 3;
constexpr KeyWait kPinKeys{40};
constexpr KeyWait kNumberKeys{40, std::chrono::milliseconds(7000), std::chrono::milliseconds(4000)};

}  // namespace

void CallCore::State::reach(Channel& caller, const DialToneDestination& destination) {
    std::string context(destination.context);
    begin_application(caller, "DISA", context);
    if (!answer_itself(caller)) return;
    if (destination.pin.empty()) return offer_dial_tone(caller, context);
    ask_pin(caller, {std::move(context), std::string(destination.pin), 1});
}

void CallCore::State::ask_pin(Channel& caller, const purpose::DialTonePin& asked) {
    std::vector<Prompt> prompts;
    if (asked.tries > 1) prompts.push_back({"password-wrong"});
    prompts.push_back({"password"});
    say(caller, asked, std::move(prompts), kPinKeys, kSoundLimit);
}

void CallCore::State::concluded(Channel& party, const purpose::DialTonePin& asked,
                                const std::string& pressed) {
    if (pressed == asked.pin) return offer_dial_tone(party, asked.context);
    trace(party, "does not know the PIN: try {} of {}", asked.tries, kPinTries);
    if (asked.tries < kPinTries) return ask_pin(party, {asked.context, asked.pin, asked.tries + 1});
    say_last(party, {{"password-wrong"}});
}

void CallCore::State::offer_dial_tone(Channel& caller, const std::string& context) {
    say(caller, purpose::DialTone{context}, {{"dial-number"}}, kNumberKeys, kSoundLimit);
}

void CallCore::State::concluded(Channel& party, const purpose::DialTone& asked, const std::string& pressed) {
    if (pressed.empty()) return say_last(party, {{"goodbye"}});
    party.exten = pressed;
    if (divert(party)) go(party, look_up(party, asked.context, pressed));
}

}  // namespace almon::pbx
