// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "media/commands.hpp"
#include "media/g711.hpp"

namespace almon::media {

/// Something to play, ready to be sent: G.711 codes at 8 kHz.
struct Sound {
    std::vector<std::uint8_t> codes;
};

[[nodiscard]] Sound synthesize(const Tone& tone, Law law);
/// Reads any file libsndfile knows (WAV in the first place), mixes channels down and resamples to 8 kHz. At
/// most ten minutes are taken.
[[nodiscard]] Result<Sound> load_audio_file(const std::string& path, Law law);

/// Sounds by source and law, so that the hundredth caller who hears the busy tone costs nothing. Files that
/// changed on disk are read anew. Not thread-safe: the housekeeper owns it.
class SoundCache final {
public:
    using Source = std::variant<Tone, std::string>;

    explicit SoundCache(std::size_t byte_limit = std::size_t{64} << 20U) noexcept : byte_limit_(byte_limit) {}
    [[nodiscard]] Result<std::shared_ptr<const Sound>> get(const Source& source, Law law);
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

private:
    struct Entry {
        std::string key;
        std::shared_ptr<const Sound> sound;
    };
    void shrink();

    std::size_t byte_limit_;
    std::size_t bytes_ = 0;
    std::list<Entry> entries_;  ///< The one used last is first.
    std::map<std::string, std::list<Entry>::iterator> by_key_;
};

}  // namespace almon::media
