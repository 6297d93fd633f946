// SPDX-License-Identifier: GPL-3.0-or-later
// Music on hold: who is held hears the category of who holds (ADB-071 to ADB-074).
#include "pbx/music.hpp"

#include <fmt/format.h>

#include "model/moh.hpp"
#include "pbx/call_core_state.hpp"

namespace almon::pbx {
namespace {

/// Of whom nothing else was said.
constexpr std::string_view kDefaultCategory = "default";

const std::string& file_of(const Music& music, const model::Moh& category) {
    return category.files[music.file % category.files.size()].name;
}

}  // namespace

const model::Moh* CallCore::State::music_of(const Channel& holder) const {
    const auto* user = snapshot->user(holder.user);
    return music_named(user == nullptr || user->music_on_hold.empty()
                           ? kDefaultCategory
                           : std::string_view(user->music_on_hold));
}

const model::Moh* CallCore::State::music_named(std::string_view name) const {
    const auto* category = snapshot->find(model::MohId{snapshot->id_by<model::Moh>("name", name)});
    return category == nullptr || category->mode == "custom" || category->files.empty() ? nullptr : category;
}

void CallCore::State::attend_music(Channel& hearing, const model::Moh* category) {
    const auto* leg = category == nullptr ? nullptr : open_audio_leg(hearing);
    auto& music = hearing.music;
    if (music && leg != nullptr && music->leg == leg->id && music->category == category->id) return;
    if (music) engine.command(media::StopPlaying{music->leg, music->playback});
    music.reset();
    if (leg == nullptr) return;
    music = Music{leg->id, {}, category->id};
    if (!category->sort.empty() && category->sort != "alphabetical")
        music->file = random.below(category->files.size());
    trace(hearing, "{} hears the music {}", hearing.name, category->label);
    play_music(hearing, *category);
}

void CallCore::State::play_music(Channel& hearing, const model::Moh& category) {
    auto& music = *hearing.music;
    media::Play play;
    play.leg = music.leg;
    play.playback = music.playback = media::PlaybackId{++live.last_playback};
    play.source = fmt::format("{}/{}/{}", settings.music_directory, category.name, file_of(music, category));
    play.repeat = category.files.size() == 1;
    engine.command(std::move(play));
}

void CallCore::State::music_over(Channel& hearing, bool complete) {
    auto& music = *hearing.music;
    const auto* category = snapshot->find(music.category);
    if (category == nullptr || category->files.empty()) return hearing.music.reset();
    if (!complete) {
        trace(hearing, "{} of the music {} cannot be played", file_of(music, *category), category->label);
        // Rather nothing than to look for ever for what is not there.
        if (++music.failed >= category->files.size()) return hearing.music.reset();
    } else {
        music.failed = 0;
    }
    music.file = category->sort == "random" ? random.below(category->files.size()) : music.file + 1;
    play_music(hearing, *category);
}

}  // namespace almon::pbx
