// SPDX-License-Identifier: GPL-3.0-or-later
// Speaking to a caller who is not answered.
#include <algorithm>
#include <utility>

#include "pbx/call_core_state.hpp"
#include "sdp/offer_answer.hpp"

namespace almon::pbx {

void CallCore::State::announce_and_refuse(Channel& caller, std::string sound, Cause cause) {
    caller.dial_status = dial_status_of(cause);
    auto* technology = technology_of(caller);
    if (technology == nullptr || !caller.media.remote) return hang_up(caller, cause);
    auto answer = sdp::local_answer(*caller.media.remote, {"PCMA", "PCMU"});
    if (!answer || !reserve_legs(caller, *answer)) {
        trace(caller, "cannot be spoken to: {}", answer ? "no RTP port is left" : "it offers no G.711");
        return hang_up(caller, cause);
    }
    address(caller, *answer, &*caller.media.remote);
    caller.media.local = std::move(*answer);
    caller.state = ChannelState::Early;
    technology->progress(caller.id, *caller.media.local);
    configure_legs(caller, nullptr);
    const auto leg = std::ranges::find_if(caller.media.legs, [](const Leg& opened) { return opened.open; });
    if (leg == caller.media.legs.end()) return hang_up(caller, cause);

    Announcement announcement;
    announcement.leg = leg->id;
    announcement.sound = std::move(sound);
    announcement.cause = cause;
    announcement.source =
        settings.sounds_directory.empty() ? Announcement::Source::Tone : Announcement::Source::CallerLanguage;
    announcement.timer = live.timers.start(clock.instant() + kAnnouncementLimit,
                                           {TimerPurpose::Kind::Announcement, DialId{}, caller.id});
    caller.announcement = std::move(announcement);
    trace(caller, "hears {}", caller.announcement->sound);
    play_announcement(caller);
}

void CallCore::State::play_announcement(Channel& caller) {
    auto& announcement = *caller.announcement;
    announcement.playback = media::PlaybackId{++live.last_playback};
    media::Play play;
    play.leg = announcement.leg;
    play.playback = announcement.playback;
    if (announcement.source == Announcement::Source::Tone) {
        play.source = special_information_tone();
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
    auto& source = caller.announcement->source;
    if (finished.complete || source == Announcement::Source::Tone) return end_announcement(caller);
    source = source == Announcement::Source::CallerLanguage && caller.language != settings.default_language
                 ? Announcement::Source::DefaultLanguage
                 : Announcement::Source::Tone;
    trace(caller, "{} cannot be played; {} instead", caller.announcement->sound,
          source == Announcement::Source::Tone ? "a tone" : settings.default_language);
    play_announcement(caller);
}

void CallCore::State::end_announcement(Channel& caller) {
    if (caller.announcement) hang_up(caller, caller.announcement->cause);
}

}  // namespace almon::pbx
