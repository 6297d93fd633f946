// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/sound.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <system_error>

#include <sndfile.h>
#include <sys/stat.h>

#include <fmt/format.h>

namespace almon::media {
namespace {

constexpr int kSampleRate = 8000;
constexpr auto kLongestTone = std::chrono::seconds(60);
constexpr std::size_t kLongestFile = std::size_t{600} * kSampleRate;
/// Each frequency at about -13 dBm0, the usual level of network tones; full scale is +3.14 dBm0.
constexpr double kToneAmplitude = 0.156 * 32767;

/// To 8 kHz by a windowed sinc low-pass at the lower of both Nyquist frequencies.
std::vector<float> resampled(const std::vector<float>& in, int rate) {
    if (rate == kSampleRate) return in;
    const double step = static_cast<double>(rate) / kSampleRate;
    const double cutoff = std::min(1.0, 1.0 / step) * 0.95;
    const int half = static_cast<int>(std::ceil(16.0 / std::min(1.0, 1.0 / step)));
    std::vector<float> out(static_cast<std::size_t>(static_cast<double>(in.size()) / step));
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double center = static_cast<double>(i) * step;
        const auto middle = static_cast<std::int64_t>(center);
        double sum = 0;
        for (std::int64_t j = middle - half + 1; j <= middle + half; ++j) {
            if (j < 0 || j >= static_cast<std::int64_t>(in.size())) continue;
            const double x = center - static_cast<double>(j);
            const double sinc =
                x == 0 ? cutoff : std::sin(std::numbers::pi * cutoff * x) / (std::numbers::pi * x);
            const double window = 0.5 + 0.5 * std::cos(std::numbers::pi * x / half);
            sum += in[static_cast<std::size_t>(j)] * sinc * window;
        }
        out[i] = static_cast<float>(sum);
    }
    return out;
}

std::string key_of(const Tone& tone, Law law) {
    std::string key = law == Law::A ? "a" : "u";
    for (const auto& part : tone.parts)
        key += fmt::format(" {}+{}/{}", part.first_hz, part.second_hz, part.length.count());
    return key;
}

Result<std::string> key_of(const std::string& path, Law law) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        return refuse(ErrorCode::NotFound, path, std::generic_category().message(errno));
    return fmt::format("{}:{}:{}.{}:{}", law == Law::A ? "A" : "U", status.st_size, status.st_mtim.tv_sec,
                       status.st_mtim.tv_nsec, path);
}

}  // namespace

Sound synthesize(const Tone& tone, Law law) {
    Sound sound;
    std::chrono::milliseconds total{0};
    for (const auto& part : tone.parts) {
        const auto length = std::clamp<std::chrono::milliseconds>(part.length, std::chrono::milliseconds(0),
                                                                  kLongestTone - total);
        total += length;
        const auto samples = static_cast<std::size_t>(length.count()) * kSampleRate / 1000;
        for (std::size_t i = 0; i < samples; ++i) {
            double value = 0;
            for (const auto frequency : {part.first_hz, part.second_hz}) {
                if (frequency != 0)
                    value +=
                        std::sin(2 * std::numbers::pi * frequency * static_cast<double>(i) / kSampleRate);
            }
            sound.codes.push_back(
                encode_g711(law, static_cast<std::int16_t>(std::lround(kToneAmplitude * value))));
        }
    }
    return sound;
}

Result<Sound> load_audio_file(const std::string& path, Law law) {
    SF_INFO info{};
    const std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> file(sf_open(path.c_str(), SFM_READ, &info), sf_close);
    if (!file) return refuse(ErrorCode::NotFound, path, sf_strerror(nullptr));
    if (info.channels < 1 || info.channels > 8 || info.samplerate < 4000 || info.samplerate > 192000)
        return refuse(ErrorCode::Unsupported, path,
                      "a number of channels or a sample rate that is not audio");
    const auto longest = static_cast<sf_count_t>(kLongestFile) * info.samplerate / kSampleRate;
    std::vector<float> mono;
    std::vector<float> block(std::size_t{4096} * static_cast<std::size_t>(info.channels));
    while (static_cast<sf_count_t>(mono.size()) < longest) {
        const auto frames = sf_readf_float(file.get(), block.data(), 4096);
        if (frames <= 0) break;
        for (sf_count_t i = 0; i < frames; ++i) {
            float sum = 0;
            for (int channel = 0; channel < info.channels; ++channel)
                sum += block[static_cast<std::size_t>(i * info.channels + channel)];
            mono.push_back(sum / static_cast<float>(info.channels));
        }
    }
    Sound sound;
    const auto samples = resampled(mono, info.samplerate);
    sound.codes.reserve(samples.size());
    for (const float sample : samples) {
        // Float files may hold anything, even what is no number.
        const auto scaled =
            std::isfinite(sample) ? std::lround(std::clamp(sample, -1.0F, 1.0F) * 32767.0F) : 0;
        sound.codes.push_back(encode_g711(law, static_cast<std::int16_t>(scaled)));
    }
    return sound;
}

Result<std::shared_ptr<const Sound>> SoundCache::get(const Source& source, Law law) {
    const auto* const path = std::get_if<std::string>(&source);
    auto key = path ? key_of(*path, law) : Result<std::string>(key_of(std::get<Tone>(source), law));
    if (!key) return refuse(key);
    if (const auto found = by_key_.find(*key); found != by_key_.end()) {
        entries_.splice(entries_.begin(), entries_, found->second);
        return found->second->sound;
    }
    auto sound = path ? load_audio_file(*path, law) : Result<Sound>(synthesize(std::get<Tone>(source), law));
    if (!sound) return refuse(sound);
    entries_.push_front({*key, std::make_shared<const Sound>(std::move(*sound))});
    by_key_.emplace(std::move(*key), entries_.begin());
    bytes_ += entries_.front().sound->codes.size();
    auto result = entries_.front().sound;
    shrink();
    return result;
}

void SoundCache::shrink() {
    while (bytes_ > byte_limit_ && entries_.size() > 1) {
        bytes_ -= entries_.back().sound->codes.size();
        by_key_.erase(entries_.back().key);
        entries_.pop_back();
    }
}

}  // namespace almon::media
