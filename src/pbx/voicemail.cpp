// SPDX-License-Identifier: GPL-3.0-or-later
// Voicemail: callers leave messages, and their user listens to them (ADB-209 to ADB-214, API-115).
#include "model/voicemail.hpp"

#include <algorithm>
#include <utility>

#include "pbx/call_core_state.hpp"
#include "pbx/spoken_number.hpp"

namespace almon::pbx {
namespace {

constexpr int kPasswordTries = 3;
constexpr KeyWait kPasswordKeys{40};
constexpr std::chrono::seconds kLongestSaving{10};

}  // namespace

void CallCore::State::reach(Channel& caller, const VoicemailDestination& destination) {
    const auto& voicemail = *destination.voicemail;
    if (!voicemail.enabled) {
        trace(caller, "voicemail {} is switched off", voicemail.mailbox);
        return give_up(caller, Cause::UserBusy);
    }
    begin_application(caller, "VoiceMail", voicemail.mailbox);
    if (!answer_itself(caller)) return;
    const auto& box = live.mailboxes[voicemail.id];
    const auto most = voicemail.max_messages.value_or(kMostMessages);
    if (std::cmp_greater_equal(box.fresh.size() + box.old.size(), most)) {
        trace(caller, "voicemail {} is full", voicemail.mailbox);
        return say_last(caller, {{"vm-full"}});
    }
    std::vector<Prompt> prompts;
    if (!destination.greeting.empty() || !destination.skip_instructions)
        prompts = greeting_of(voicemail, destination.greeting == "busy");
    if (!destination.skip_instructions) prompts.push_back({"vm-instructions"});
    say(caller, purpose::Greeting{voicemail.id}, std::move(prompts), {}, kSoundLimit);
}

void CallCore::State::concluded(Channel& party, const purpose::Greeting& greeting, const std::string&) {
    say(party, purpose::Beep{greeting.voicemail}, {{"", Prompt::Tone::Beep}}, {}, kAnnouncementLimit);
}

void CallCore::State::concluded(Channel& party, const purpose::Beep& beep, const std::string&) {
    const media::RecordingId recording{++live.last_recording};
    const auto& caller = party.identity;
    const auto message = VoiceMessage::make(clock.utc(), recording.value,
                                            caller.withheld ? std::string_view{} : caller.number);
    say(party, purpose::Message{recording}, {}, kUntilPound, kLongestMessage);
    if (!party.conversation) return;
    live.recordings[recording] = {beep.voicemail, message, party.id, std::nullopt};
    trace(party, "is recorded as message {}", message.file);
    engine.command(media::Record{party.conversation->leg, recording, path_of(beep.voicemail, message, true)});
}

void CallCore::State::concluded(Channel& party, const purpose::Message& spoken, const std::string&) {
    say(party, purpose::Saving{spoken.recording}, {}, {}, kLongestSaving);
}

void CallCore::State::concluded(Channel& party, const purpose::Saving&, const std::string&) {
    trace(party, "the message is still not on the disk");
    say_last(party, {{"not-possible"}});
}

void CallCore::State::on_recorded(const media::Recorded& recorded) {
    const auto node = live.recordings.extract(recorded.recording);
    if (node.empty()) return name_recorded(recorded);
    if (node.mapped().greeting) return greeting_recorded(node.mapped(), recorded);
    auto& [voicemail, message, from, greeting] = node.mapped();
    message.length = recorded.length;
    const bool is_kept = recorded.kept && recorded.length >= kShortestMessage;
    if (is_kept) {
        live.mailboxes[voicemail].fresh.push_back(message);
        tell(bus::MessageChange::Created, voicemail, message, true);
        mailbox_changed(voicemail);
    } else if (recorded.kept) {
        engine.command(media::MoveRecording{path_of(voicemail, message, true), ""});
    }
    auto* party = channel(from);
    if (party == nullptr || !waits_for(*party, recorded.recording)) return;
    trace(*party, "message {} of {} ms is {}", message.file, recorded.length.count(),
          is_kept ? "kept" : "not kept");
    say_last(*party, {{is_kept ? "vm-saved" : recorded.kept ? "vm-too-short" : "not-possible"}});
}

bool CallCore::State::waits_for(const Channel& party, media::RecordingId recording) const {
    if (!party.conversation) return false;
    const auto* saving = std::get_if<purpose::Saving>(&party.conversation->purpose);
    return saving != nullptr && saving->recording == recording;
}

void CallCore::State::listen_to_voicemail(Channel& caller, const model::Voicemail* voicemail, bool purges) {
    if (voicemail == nullptr || !voicemail->enabled) {
        trace(caller, "there is no voicemail to listen to");
        return say_last(caller, {{"not-possible"}});
    }
    // ADB-213: inside, it may be left out.
    if (voicemail->ask_password && !voicemail->password.empty())
        return ask_mailbox_password(caller, {voicemail->id, 1, purges});
    purges ? purge_mailbox(caller, voicemail->id) : open_mailbox(caller, voicemail->id);
}

void CallCore::State::reach(Channel& caller, const MailboxAccessDestination& destination) {
    begin_application(caller, "VoiceMailMain", std::string(destination.context));
    if (!answer_itself(caller)) return;
    say(caller, purpose::MailboxNumber{std::string(destination.context)}, {{"vm-number"}}, kPasswordKeys,
        kSoundLimit);
}

void CallCore::State::concluded(Channel& party, const purpose::MailboxNumber& asked,
                                const std::string& pressed) {
    const auto* voicemail = model::voicemail_in(*snapshot, asked.context, pressed);
    if (voicemail == nullptr) trace(party, "there is no voicemail {}@{}", pressed, asked.context);
    ask_mailbox_password(party, {voicemail != nullptr ? voicemail->id : model::VoicemailId{}, 1, false});
}

void CallCore::State::ask_mailbox_password(Channel& party, const purpose::MailboxPassword& asked) {
    std::vector<Prompt> prompts;
    if (asked.tries > 1) prompts.push_back({"password-wrong"});
    prompts.push_back({"password"});
    say(party, asked, std::move(prompts), kPasswordKeys, kSoundLimit);
}

void CallCore::State::concluded(Channel& party, const purpose::MailboxPassword& asked,
                                const std::string& pressed) {
    const auto* voicemail = snapshot->find(asked.voicemail);
    // From outside, one without a password stays closed.
    if (voicemail != nullptr && voicemail->enabled && !pressed.empty() && pressed == voicemail->password)
        return asked.purges ? purge_mailbox(party, voicemail->id) : open_mailbox(party, voicemail->id);
    trace(party, "does not know the password of voicemail {}: try {} of {}", asked.voicemail.value,
          asked.tries, kPasswordTries);
    if (asked.tries < kPasswordTries)
        return ask_mailbox_password(party, {asked.voicemail, asked.tries + 1, asked.purges});
    say_last(party, {{"password-wrong"}});
}

void CallCore::State::purge_mailbox(Channel& party, model::VoicemailId id) {
    auto& box = live.mailboxes[id];
    trace(party, "erases {} messages", box.fresh.size() + box.old.size());
    for (const bool fresh : {true, false}) {
        for (const auto& each : std::exchange(fresh ? box.fresh : box.old, {})) {
            engine.command(media::MoveRecording{path_of(id, each, fresh), ""});
            tell(bus::MessageChange::Deleted, id, each, fresh);
        }
    }
    mailbox_changed(id);
    say_last(party, {{"vm-purged"}});
}

void CallCore::State::open_mailbox(Channel& party, model::VoicemailId id) {
    const auto& box = live.mailboxes[id];
    trace(party, "has {} new messages and {} old ones", box.fresh.size(), box.old.size());
    if (box.fresh.empty() && box.old.empty()) {
        return say(party, purpose::Listening{id}, {{"vm-no-messages"}, {"vm-options-key"}}, kOneKey,
                   kSoundLimit);
    }
    std::vector<Prompt> prompts{{"vm-youhave"}};
    purpose::Listening listening;
    listening.voicemail = id;
    const auto tell = [&](const std::vector<VoiceMessage>& messages, const char* sound) {
        if (messages.empty()) return;
        add_sounds(prompts, spoken_number(party.language, static_cast<std::uint32_t>(messages.size())));
        prompts.push_back({sound});
    };
    tell(box.fresh, "vm-new-messages");
    tell(box.old, "vm-old-messages");
    // New ones first.
    for (const auto* messages : {&box.fresh, &box.old}) {
        for (const auto& each : *messages)
            listening.messages.push_back(each.file);
    }
    play_message(party, std::move(listening), std::move(prompts));
}

void CallCore::State::play_message(Channel& party, purpose::Listening listening, std::vector<Prompt> before) {
    const auto& messages = listening.messages;
    if (listening.at >= messages.size()) {
        before.push_back({"vm-no-more"});
        before.push_back({"vm-options-key"});
        return say(party, std::move(listening), std::move(before), kOneKey, kSoundLimit);
    }
    const auto& box = live.mailboxes[listening.voicemail];
    const auto find_in = [&](const std::vector<VoiceMessage>& list) {
        const auto found = std::ranges::find(list, messages[listening.at], &VoiceMessage::file);
        return found == list.end() ? nullptr : &*found;
    };
    const auto* fresh = find_in(box.fresh);
    const auto* message = fresh != nullptr ? fresh : find_in(box.old);
    if (message == nullptr) {
        // Somebody else has erased it meanwhile.
        ++listening.at;
        return play_message(party, std::move(listening), std::move(before));
    }
    before.push_back({"vm-message"});
    add_sounds(before, spoken_number(party.language, static_cast<std::uint32_t>(listening.at + 1)));
    if (!message->caller.empty()) {
        before.push_back({"vm-from"});
        add_sounds(before, spoken_digits(message->caller));
    }
    before.push_back({path_of(listening.voicemail, *message, fresh != nullptr)});
    before.push_back({"vm-keys"});
    trace(party, "listens to message {}", message->file);
    say(party, std::move(listening), std::move(before), kOneKey, kLongestMessage + kSoundLimit);
}

void CallCore::State::concluded(Channel& party, const purpose::Listening& listening,
                                const std::string& pressed) {
    if (pressed == "0") {
        if (listening.at < listening.messages.size())
            move_message(listening.voicemail, listening.messages[listening.at], false);
        return offer_options(party, listening.voicemail);
    }
    auto next = listening;
    if (next.at >= next.messages.size()) {
        if (pressed != "4" || next.messages.empty()) return say_last(party, {{"goodbye"}});
        next.at = next.messages.size() - 1;
        return play_message(party, std::move(next), {});
    }
    const auto& file = next.messages[next.at];
    std::vector<Prompt> before;
    if (pressed == "7") {
        erase_message(next.voicemail, file);
        next.messages.erase(next.messages.begin() + static_cast<std::ptrdiff_t>(next.at));
        before.push_back({"vm-deleted"});
        return play_message(party, std::move(next), std::move(before));
    }
    move_message(next.voicemail, file, false);
    if (pressed.empty()) return say_last(party, {{"goodbye"}});
    if (pressed == "6") ++next.at;
    if (pressed == "4" && next.at > 0) --next.at;
    play_message(party, std::move(next), std::move(before));
}

bool CallCore::State::move_message(model::VoicemailId id, std::string_view file, bool fresh) {
    auto& box = live.mailboxes[id];
    auto& from = fresh ? box.old : box.fresh;
    auto& to = fresh ? box.fresh : box.old;
    const auto found = std::ranges::find(from, file, &VoiceMessage::file);
    if (found == from.end()) return std::ranges::find(to, file, &VoiceMessage::file) != to.end();
    engine.command(media::MoveRecording{path_of(id, *found, !fresh), path_of(id, *found, fresh)});
    auto message = std::move(*found);
    from.erase(found);
    // One that was heard goes behind those heard before; one that is to be new again stands where it came.
    auto at = to.end();
    if (fresh) at = std::ranges::upper_bound(to, message.arrival(), {}, &VoiceMessage::arrival);
    const auto& moved = *to.insert(at, std::move(message));
    tell(bus::MessageChange::Updated, id, moved, fresh);
    mailbox_changed(id);
    return true;
}

bool CallCore::State::erase_message(model::VoicemailId id, std::string_view file) {
    auto& box = live.mailboxes[id];
    for (const bool fresh : {true, false}) {
        auto& list = fresh ? box.fresh : box.old;
        const auto found = std::ranges::find(list, file, &VoiceMessage::file);
        if (found == list.end()) continue;
        engine.command(media::MoveRecording{path_of(id, *found, fresh), ""});
        tell(bus::MessageChange::Deleted, id, *found, fresh);
        list.erase(found);
        mailbox_changed(id);
        return true;
    }
    return false;
}

void CallCore::State::tell(bus::MessageChange change, model::VoicemailId id, const VoiceMessage& message,
                           bool fresh) {
    events.message_changed(
        {change, id.value, message.file, message.caller, message.time, message.length, fresh});
}

std::string CallCore::State::path_of(model::VoicemailId id, const VoiceMessage& message, bool fresh) const {
    return fmt::format("{}/{}.wav", folder_of(settings.voicemail_directory, id, fresh), message.file);
}

void CallCore::State::forget_erased_voicemails() {
    std::erase_if(live.mailboxes, [&](const auto& box) {
        if (snapshot->find(box.first) != nullptr) return false;
        engine.command(
            media::MoveRecording{fmt::format("{}/{}", settings.voicemail_directory, box.first.value), ""});
        return true;
    });
}

void CallCore::State::mailbox_changed(model::VoicemailId id) {
    for (const auto& [name, technology] : technologies)
        technology->mailbox_changed(id);
}

void CallCore::keep_mailbox(model::VoicemailId voicemail) {
    if (state_->snapshot->find(voicemail) != nullptr) state_->live.mailboxes[voicemail];
}

Mailbox CallCore::mailbox(model::VoicemailId voicemail) const {
    const auto found = state_->live.mailboxes.find(voicemail);
    return found == state_->live.mailboxes.end() ? Mailbox{} : found->second;
}

Result<void> CallCore::move_message(model::VoicemailId voicemail, std::string_view file, bool fresh) {
    if (!state_->step([&] { return state_->move_message(voicemail, file, fresh); }))
        return refuse(ErrorCode::NotFound, "message_id", "is no message of this voicemail");
    return {};
}

Result<void> CallCore::erase_message(model::VoicemailId voicemail, std::string_view file) {
    if (!state_->step([&] { return state_->erase_message(voicemail, file); }))
        return refuse(ErrorCode::NotFound, "message_id", "is no message of this voicemail");
    return {};
}

}  // namespace almon::pbx
