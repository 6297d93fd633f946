// SPDX-License-Identifier: GPL-3.0-or-later
// What the user of a mailbox does with the mailbox itself: greetings of his own voice, and the password.
#include "model/voicemail.hpp"
#include "pbx/call_core_state.hpp"
#include "pbx/spoken_number.hpp"

namespace almon::pbx {
namespace {

constexpr KeyWait kNewPassword{40};

/// Said of a greeting: "Your greeting for when you are busy."
std::string sound_of(MailboxGreeting greeting) {
    return fmt::format("vm-greeting-{}", name_of(greeting));
}

}  // namespace

std::vector<Prompt> CallCore::State::greeting_of(const model::Voicemail& voicemail, bool busy) const {
    std::vector<Prompt> standard{{"vm-person"}};
    add_sounds(standard, spoken_digits(voicemail.number));
    standard.push_back({busy ? "vm-busy" : "vm-unavailable"});
    std::vector<MailboxGreeting> own{MailboxGreeting::Temporary};
    if (busy) own.push_back(MailboxGreeting::Busy);
    own.push_back(MailboxGreeting::Unavailable);
    std::vector<Prompt> prompts;
    for (const auto greeting : own) {
        const auto behind = own.size() - prompts.size() - 1 + standard.size();
        prompts.push_back({file_of(settings.voicemail_directory, voicemail.id, greeting), Prompt::Tone::None,
                           static_cast<std::uint8_t>(behind)});
    }
    prompts.insert(prompts.end(), standard.begin(), standard.end());
    return prompts;
}

void CallCore::State::offer_options(Channel& party, model::VoicemailId id, std::vector<Prompt> before) {
    before.push_back({"vm-options"});
    say(party, purpose::MailboxOptions{id}, std::move(before), kOneKey, kSoundLimit);
}

void CallCore::State::concluded(Channel& party, const purpose::MailboxOptions& asked,
                                const std::string& pressed) {
    if (pressed.empty()) return say_last(party, {{"goodbye"}});
    switch (pressed.front()) {
        case '1':
            return offer_greeting(party, {asked.voicemail, MailboxGreeting::Unavailable});
        case '2':
            return offer_greeting(party, {asked.voicemail, MailboxGreeting::Busy});
        case '3':
            return offer_greeting(party, {asked.voicemail, MailboxGreeting::Temporary});
        case '5':
            return say(party, purpose::NewPassword{asked.voicemail}, {{"vm-new-password"}}, kNewPassword,
                       kSoundLimit);
        case '*':
            return open_mailbox(party, asked.voicemail);
        default:
            return offer_options(party, asked.voicemail);
    }
}

void CallCore::State::offer_greeting(Channel& party, const purpose::GreetingChoice& choice,
                                     std::vector<Prompt> before) {
    before.push_back({sound_of(choice.greeting)});
    before.push_back({"vm-greeting-keys"});
    say(party, choice, std::move(before), kOneKey, kSoundLimit);
}

void CallCore::State::concluded(Channel& party, const purpose::GreetingChoice& asked,
                                const std::string& pressed) {
    if (pressed.empty()) return say_last(party, {{"goodbye"}});
    const auto file = file_of(settings.voicemail_directory, asked.voicemail, asked.greeting);
    switch (pressed.front()) {
        case '1':
            return say(party, purpose::GreetingBeep{asked.voicemail, asked.greeting},
                       {{"vm-greeting-record"}, {"", Prompt::Tone::Beep}}, {}, kSoundLimit);
        case '2':
            return offer_greeting(party, asked, {{file, Prompt::Tone::None, 1}, {"vm-greeting-none"}});
        case '3':
            trace(party, "erases the greeting {}", name_of(asked.greeting));
            engine.command(media::MoveRecording{file, ""});
            return offer_options(party, asked.voicemail, {{"vm-greeting-erased"}});
        case '*':
            return offer_options(party, asked.voicemail);
        default:
            return offer_greeting(party, asked);
    }
}

void CallCore::State::concluded(Channel& party, const purpose::GreetingBeep& beep, const std::string&) {
    const media::RecordingId recording{++live.last_recording};
    const auto spoken = VoiceMessage::make(clock.utc(), recording.value, "");
    say(party, purpose::Message{recording}, {}, kUntilPound, kLongestMessage);
    if (!party.conversation) return;
    live.recordings[recording] = {beep.voicemail, spoken, party.id, beep.greeting};
    trace(party, "speaks the greeting {}", name_of(beep.greeting));
    engine.command(media::Record{party.conversation->leg, recording, path_of_spoken(beep.voicemail, spoken)});
}

void CallCore::State::greeting_recorded(const SpokenMessage& spoken, const media::Recorded& recorded) {
    auto* party = channel(spoken.channel);
    // Who hangs up instead of ending it keeps the greeting that there was.
    const bool waits = party != nullptr && waits_for(*party, recorded.recording);
    const bool is_kept = waits && recorded.kept && recorded.length >= kShortestMessage;
    const auto file = path_of_spoken(spoken.voicemail, spoken.message);
    if (recorded.kept) {
        engine.command(media::MoveRecording{
            file, is_kept ? file_of(settings.voicemail_directory, spoken.voicemail, *spoken.greeting) : ""});
    }
    if (is_kept) live.mailboxes[spoken.voicemail];
    if (!waits) return;
    trace(*party, "the greeting of {} ms is {}", recorded.length.count(), is_kept ? "kept" : "not kept");
    offer_greeting(*party, {spoken.voicemail, *spoken.greeting},
                   {{is_kept         ? "vm-greeting-saved"
                     : recorded.kept ? "vm-too-short"
                                     : "not-possible"}});
}

std::string CallCore::State::path_of_spoken(model::VoicemailId id, const VoiceMessage& spoken) const {
    return fmt::format("{}/{}.wav", greetings_of(settings.voicemail_directory, id), spoken.file);
}

void CallCore::State::concluded(Channel& party, const purpose::NewPassword& asked,
                                const std::string& pressed) {
    if (pressed.empty()) return offer_options(party, asked.voicemail);
    if (asked.first.empty()) {
        return say(party, purpose::NewPassword{asked.voicemail, pressed}, {{"vm-password-again"}},
                   kNewPassword, kSoundLimit);
    }
    if (asked.first != pressed) return offer_options(party, asked.voicemail, {{"vm-password-differs"}});
    ServiceChange change;
    change.user = party.user;
    change.service = ServiceChange::Service::MailboxPassword;
    change.voicemail = asked.voicemail;
    change.enabled = true;
    change.destination = pressed;
    ask_for_change(party, std::move(change));
}

}  // namespace almon::pbx
