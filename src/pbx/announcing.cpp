// SPDX-License-Identifier: GPL-3.0-or-later
// Speaking to a caller who is not answered.
#include <algorithm>
#include <utility>

#include "pbx/call_core_state.hpp"
#include "sdp/offer_answer.hpp"

namespace almon::pbx {

void CallCore::State::announce_and_refuse(Channel& caller, std::string sound, Cause cause) {
    caller.dial_status = dial_status_of(cause);
    Announcement announcement;
    announcement.sound = std::move(sound);
    announcement.cause = cause;
    announcement.source =
        settings.sounds_directory.empty() ? Announcement::Source::Tone : Announcement::Source::CallerLanguage;
    announce(caller, std::move(announcement), kAnnouncementLimit);
}

void CallCore::State::reach(Channel& caller, const SoundDestination& destination) {
    finish_transfer(caller);
    if (destination.only_if_answered && caller.state != ChannelState::Up) {
        trace(caller, "does not hear {}: it was not answered", destination.sound);
        return hang_up(caller, Cause::CallRejected);
    }
    begin_application(caller, "Playback", std::string(destination.sound));
    if (!destination.without_answer && caller.state != ChannelState::Up) {
        if (open_ear(caller, true) == nullptr) return hang_up(caller, Cause::BearerCapabilityNotAvailable);
    }
    Announcement announcement;
    announcement.sound = destination.sound;
    announcement.tone = Announcement::Tone::None;
    announcement.cause = caller.state == ChannelState::Up ? Cause::NormalClearing : Cause::CallRejected;
    announce(caller, std::move(announcement), kSoundLimit);
}

const Leg* CallCore::State::open_ear(Channel& caller, bool answers) {
    auto* technology = technology_of(caller);
    const auto leg_of = [&]() -> const Leg* {
        const auto& legs = caller.media.legs;
        const auto leg = std::ranges::find_if(legs, [](const Leg& opened) { return opened.open; });
        return leg == legs.end() ? nullptr : &*leg;
    };
    if (caller.state == ChannelState::Up) return leg_of();
    if (technology == nullptr || !caller.media.remote) return nullptr;
    if (!caller.media.local) {
        auto answer = sdp::local_answer(*caller.media.remote, {"PCMA", "PCMU"});
        if (!answer || !reserve_legs(caller, *answer)) {
            trace(caller, "cannot be spoken to: {}", answer ? "no RTP port is left" : "it offers no G.711");
            return nullptr;
        }
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
    return leg_of();
}

void CallCore::State::announce(Channel& caller, Announcement announcement, std::chrono::milliseconds limit) {
    const auto* leg = open_ear(caller, false);
    if (leg == nullptr) return hang_up(caller, announcement.cause);
    announcement.leg = leg->id;
    announcement.timer =
        live.timers.start(clock.instant() + limit, {TimerPurpose::Kind::Announcement, DialId{}, caller.id});
    caller.announcement = std::move(announcement);
    trace(caller, "hears {}",
          caller.announcement->sound.empty() ? "a tone" : std::string_view(caller.announcement->sound));
    play_announcement(caller);
}

void CallCore::State::play_announcement(Channel& caller) {
    auto& announcement = *caller.announcement;
    announcement.playback = media::PlaybackId{++live.last_playback};
    media::Play play;
    play.leg = announcement.leg;
    play.playback = announcement.playback;
    if (announcement.source == Announcement::Source::Tone) {
        play.source = tone_of(announcement.tone, settings.country);
        play.repeat = announcement.tone != Announcement::Tone::SpecialInformation;
    } else {
        const auto& language = announcement.source == Announcement::Source::CallerLanguage
                                   ? caller.language
                                   : settings.default_language;
        play.source = fmt::format("{}/{}/{}.wav", settings.sounds_directory, language, announcement.sound);
    }
    engine.command(std::move(play));
}

void CallCore::State::on_playback_finished(Channel& caller, const media::PlaybackFinished& finished) {
    if (!caller.announcement || caller.announcement->playback != finished.playback) return;
    const bool has_tone = caller.announcement->tone != Announcement::Tone::None;
    auto& source = caller.announcement->source;
    if (finished.complete || source == Announcement::Source::Tone) return end_announcement(caller);
    source = source == Announcement::Source::CallerLanguage && caller.language != settings.default_language
                 ? Announcement::Source::DefaultLanguage
                 : Announcement::Source::Tone;
    const bool is_last = source == Announcement::Source::Tone;
    trace(caller, "{} cannot be played{}", caller.announcement->sound,
          !is_last   ? "; " + settings.default_language + " instead"
          : has_tone ? "; a tone instead"
                     : "");
    if (is_last && !has_tone) return end_announcement(caller);
    play_announcement(caller);
}

void CallCore::State::end_announcement(Channel& caller) {
    if (caller.announcement) hang_up(caller, caller.announcement->cause);
}

}  // namespace almon::pbx
