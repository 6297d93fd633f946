// SPDX-License-Identifier: GPL-3.0-or-later
// The system itself talks with a party: it says one thing after the other, listens to keys, and goes on from
// there.
#include <algorithm>
#include <iterator>
#include <utility>

#include "pbx/call_core_state.hpp"
#include "pbx/codec_agreement.hpp"
#include "sdp/offer_answer.hpp"

namespace almon::pbx {
namespace {

/// Silence before the first sound of a call that was just answered, until the telephone has opened its ear:
/// no syllable is lost, and speech begins within 150 ms.
constexpr std::chrono::milliseconds kLeadIn{60};

/// Beyond it, somebody who types is cut off.
constexpr std::size_t kMostKeys = 80;

bool is_password_of_script(const Purpose& purpose) noexcept {
    const auto* step = std::get_if<purpose::ScriptStep>(&purpose);
    return step != nullptr && step->awaits == purpose::ScriptStep::Awaits::Password;
}

bool holds_secret(const Purpose& purpose) noexcept {
    return std::holds_alternative<purpose::Password>(purpose) ||
           std::holds_alternative<purpose::MailboxPassword>(purpose) ||
           std::holds_alternative<purpose::DialTonePin>(purpose) ||
           std::holds_alternative<purpose::NewPassword>(purpose) ||
           std::holds_alternative<purpose::ConferencePin>(purpose) || is_password_of_script(purpose);
}

}  // namespace

void CallCore::State::announce_and_refuse(Channel& caller, std::string sound, Cause cause) {
    caller.dial_status = dial_status_of(cause);
    say(caller, purpose::EndOfCall{cause}, {{std::move(sound), Prompt::Tone::SpecialInformation}}, {},
        kAnnouncementLimit);
}

void CallCore::State::end_with_tone(Channel& caller, Cause cause, std::chrono::milliseconds limit) {
    const auto tone = cause == Cause::UserBusy ? Prompt::Tone::Busy : Prompt::Tone::Congestion;
    say(caller, purpose::EndOfCall{cause}, {{"", tone}}, {}, limit);
}

void CallCore::State::reach(Channel& caller, const SoundDestination& destination) {
    finish_transfer(caller);
    if (destination.only_if_answered && caller.state != ChannelState::Up) {
        trace(caller, "does not hear {}: it was not answered", destination.sound);
        return hang_up(caller, Cause::CallRejected);
    }
    begin_application(caller, "Playback", std::string(destination.sound));
    if (!destination.without_answer && !answer_itself(caller)) return;
    const auto cause = caller.state == ChannelState::Up ? Cause::NormalClearing : Cause::CallRejected;
    say(caller, purpose::EndOfCall{cause}, {{std::string(destination.sound)}}, {}, kSoundLimit);
}

bool CallCore::State::answer_itself(Channel& caller) {
    finish_transfer(caller);
    if (open_ear(caller, true) != nullptr) return true;
    hang_up(caller, Cause::BearerCapabilityNotAvailable);
    return false;
}

bool CallCore::State::offer_own_codecs(Channel& party) {
    auto& media = party.media;
    auto* technology = technology_of(party);
    if (technology == nullptr || !media.local || media.our_offer || media.their_offer) return true;
    if (speaks_ours(*media.local)) return true;
    auto offer = own_codecs(media, allowed_codecs(party));
    if (!offer) {
        trace(party, "{} cannot be spoken to: {}", party.name, offer.error().reason);
        return false;
    }
    address(party, *offer, nullptr);
    tell_directions(media, *offer);
    trace(party, "{} is offered the codecs that we speak", party.name);
    media.our_offer = std::move(*offer);
    technology->offer(party.id, *media.our_offer);
    return true;
}

const Leg* CallCore::State::open_ear(Channel& caller, bool answers) {
    auto* technology = technology_of(caller);
    if (caller.state == ChannelState::Up) return open_audio_leg(caller);
    if (technology == nullptr || !caller.media.remote) return nullptr;
    if (!caller.media.local) {
        auto answer = own_answer(*caller.media.remote, allowed_codecs(caller));
        if (!answer || !reserve_legs(caller, *answer)) {
            trace(caller, "cannot be spoken to: {}",
                  answer ? "no RTP port is left" : "it offers no codec of ours");
            return nullptr;
        }
        keep_events(*answer, *caller.media.remote);
        address(caller, *answer, &*caller.media.remote);
        tell_directions(caller.media, *answer);
        caller.media.local = std::move(*answer);
    }
    if (answers) {
        caller.state = ChannelState::Up;
        technology->answer(caller.id, *caller.media.local);
        events.emit(bus::CallEventType::Answer, caller, linked_id(caller));
        close_unused_legs(caller);
    } else {
        caller.state = ChannelState::Early;
        technology->progress(caller.id, *caller.media.local);
    }
    note_change(caller);
    configure_legs(caller, nullptr);
    return open_audio_leg(caller);
}

void CallCore::State::say(Channel& party, Purpose purpose, std::vector<Prompt> prompts, KeyWait keys,
                          std::chrono::milliseconds limit) {
    const auto* leg = open_ear(party, false);
    end_conversation(party);
    stop_ringback(party);
    if (leg == nullptr) {
        const auto* end = std::get_if<purpose::EndOfCall>(&purpose);
        return hang_up(party, end != nullptr ? end->cause : Cause::BearerCapabilityNotAvailable);
    }
    Conversation conversation;
    conversation.purpose = std::move(purpose);
    std::ranges::move(prompts, std::back_inserter(conversation.prompts));
    conversation.keys = keys;
    conversation.leg = leg->id;
    conversation.timer =
        live.timers.start(clock.instant() + limit, {TimerPurpose::Kind::Conversation, DialId{}, party.id});
    party.conversation = std::move(conversation);
    if (!party.conversation->prompts.empty()) return play_prompt(party);
    // Of what others do the outcome is waited for.
    const bool waits = std::holds_alternative<purpose::Confirmation>(party.conversation->purpose) ||
                       std::holds_alternative<purpose::Saving>(party.conversation->purpose);
    if (!waits) listen(party);
}

std::vector<std::string> CallCore::State::places_of_prompt(const Channel& party) const {
    return places_of(
        party.conversation->prompts.front().sound,
        {settings.sounds_directory, settings.uploads_directory, party.language, settings.default_language});
}

void CallCore::State::play_prompt(Channel& party) {
    auto& conversation = *party.conversation;
    const auto& prompt = conversation.prompts.front();
    const auto places = places_of_prompt(party);
    const bool has_sound = conversation.place < places.size();
    if (!has_sound && prompt.tone == Prompt::Tone::None) return prompt_over(party);
    // Of what stands for something else only the file tells whether it is there.
    if (conversation.place == 0 && prompt.stands_for == 0)
        trace(party, "hears {}", prompt.sound.empty() ? "a tone" : std::string_view(prompt.sound));
    media::Play play;
    play.leg = conversation.leg;
    play.playback = conversation.playback = media::PlaybackId{++live.last_playback};
    if (has_sound) {
        play.source = places[conversation.place];
    } else {
        play.source = tone_of(prompt.tone, settings.country);
        play.repeat = prompt.tone == Prompt::Tone::Busy || prompt.tone == Prompt::Tone::Congestion;
    }
    // Who has been spoken to listens already.
    if (!std::exchange(party.is_spoken_to, true)) play.lead_in = kLeadIn;
    engine.command(std::move(play));
}

void CallCore::State::on_playback_finished(Channel& party, const media::PlaybackFinished& finished) {
    if (party.music && party.music->playback == finished.playback)
        return music_over(party, finished.complete);
    if (!party.conversation || party.conversation->playback != finished.playback) return;
    auto& conversation = *party.conversation;
    conversation.playback = {};
    const auto places = places_of_prompt(party);
    auto& prompt = conversation.prompts.front();
    if (finished.complete && prompt.stands_for > 0) {
        trace(party, "has heard {}", prompt.sound);
        const auto left_out = std::min<std::size_t>(prompt.stands_for, conversation.prompts.size() - 1);
        conversation.prompts.erase(
            std::next(conversation.prompts.begin()),
            std::next(conversation.prompts.begin(), 1 + static_cast<std::ptrdiff_t>(left_out)));
    }
    if (finished.complete || conversation.place >= places.size()) return prompt_over(party);
    if (++conversation.place == places.size() && prompt.stands_for == 0) {
        trace(party, "{} cannot be played{}", prompt.sound,
              prompt.tone == Prompt::Tone::None ? "" : "; a tone instead");
    }
    play_prompt(party);
}

void CallCore::State::prompt_over(Channel& party) {
    auto& conversation = *party.conversation;
    conversation.prompts.pop_front();
    conversation.place = 0;
    conversation.prompts.empty() ? listen(party) : play_prompt(party);
}

void CallCore::State::listen(Channel& party) {
    auto& conversation = *party.conversation;
    if (conversation.keys.most == 0) return conclude(party);
    wait_for_key(party, conversation.keys.first);
}

void CallCore::State::wait_for_key(Channel& party, std::chrono::milliseconds patience) {
    auto& timer = party.conversation->timer;
    live.timers.stop(timer);
    timer =
        live.timers.start(clock.instant() + patience, {TimerPurpose::Kind::Conversation, DialId{}, party.id});
}

void CallCore::State::on_key(Channel& party, char key) {
    auto& conversation = *party.conversation;
    const auto most = std::min(conversation.keys.most, kMostKeys);
    if (most == 0) return;
    fall_silent(conversation);
    const auto* choice = std::get_if<purpose::Choice>(&conversation.purpose);
    const auto* step = std::get_if<purpose::ScriptStep>(&conversation.purpose);
    const bool means_extension = step != nullptr && step->awaits == purpose::ScriptStep::Awaits::Extension;
    if (choice == nullptr && !means_extension && key == kEndKey) return conclude(party);
    conversation.pressed += key;
    const bool is_enough =
        choice != nullptr ? is_chosen(choice->ivr, conversation.pressed)
        : means_extension ? conversation.pressed.size() >= most || is_dialled(party, conversation.pressed)
                          : conversation.pressed.size() >= most;
    if (is_enough) return conclude(party);
    wait_for_key(party, conversation.keys.next);
}

void CallCore::State::conversation_time_over(Channel& party) {
    if (party.conversation) conclude(party);
}

void CallCore::State::conclude(Channel& party) {
    const auto purpose = party.conversation->purpose;
    const auto pressed = std::move(party.conversation->pressed);
    end_conversation(party);
    // Passwords are nobody's business.
    if (!pressed.empty()) trace(party, "has pressed {}", holds_secret(purpose) ? "keys" : pressed);
    std::visit([&](const auto& typed) { concluded(party, typed, pressed); }, purpose);
}

void CallCore::State::concluded(Channel& party, const purpose::EndOfCall& end, const std::string&) {
    hang_up(party, end.cause);
}

void CallCore::State::fall_silent(Conversation& conversation) {
    conversation.prompts.clear();
    conversation.place = 0;
    if (conversation.playback)
        engine.command(media::StopPlaying{conversation.leg, std::exchange(conversation.playback, {})});
}

void CallCore::State::end_conversation(Channel& party) {
    if (!party.conversation) return;
    fall_silent(*party.conversation);
    // Who has said all that is to be said hangs up.
    if (const auto* message = std::get_if<purpose::Message>(&party.conversation->purpose))
        engine.command(media::StopRecording{party.conversation->leg, message->recording, true});
    if (const auto* name = std::get_if<purpose::ConferenceNameSpoken>(&party.conversation->purpose))
        engine.command(media::StopRecording{party.conversation->leg, name->recording, true});
    live.timers.stop(party.conversation->timer);
    party.conversation.reset();
}

}  // namespace almon::pbx
