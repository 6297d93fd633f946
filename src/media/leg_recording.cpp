// SPDX-License-Identifier: GPL-3.0-or-later
// What a leg hears, handed on to be written: G.711, a second at a time.
#include <algorithm>
#include <utility>

#include "media/leg.hpp"
#include "media/recorder.hpp"

namespace almon::media {
namespace {

constexpr std::size_t kBlock = Recorder::kRate;
/// What is missing for longer (the party has begun a new stream) is not filled with silence.
constexpr std::int32_t kLongestGap = 10 * Recorder::kRate;

}  // namespace

void Leg::record(const Record& command, const Step& step) {
    stop_recording({id_, recording_ ? recording_->id : RecordingId{}, false}, step);
    step.recorder.begin(command.recording, command.path);
    recording_.emplace(Recording{});
    recording_->id = command.recording;
    recording_->samples.reserve(kBlock);
}

void Leg::stop_recording(const StopRecording& command, const Step& step) {
    if (!recording_ || recording_->id != command.recording) return;
    step.recorder.write(recording_->id, std::move(recording_->samples));
    step.recorder.end(id_, recording_->id, command.keep);
    recording_.reset();
}

void Leg::take_down(std::span<const std::uint8_t> packet, const RtpHeader& header, const Step& step) {
    const auto law = law_of(formats_[last_format_]);
    if (!law) return;
    auto& recording = *recording_;
    const auto codes = packet.subspan(header.payload_offset, header.payload_size);
    if (recording.begun && recording.ssrc == header.ssrc) {
        const auto missing = static_cast<std::int32_t>(header.timestamp - recording.next);
        if (missing < 0) return;  // late, or twice
        for (std::int32_t i = 0; i < missing && missing <= kLongestGap; ++i)
            keep(0, step);
    }
    recording.begun = true;
    recording.ssrc = header.ssrc;
    recording.next = header.timestamp + static_cast<std::uint32_t>(codes.size());
    for (const auto code : codes)
        keep(decode_g711(*law, code), step);
}

void Leg::keep(std::int16_t sample, const Step& step) {
    auto& samples = recording_->samples;
    samples.push_back(sample);
    if (samples.size() < kBlock) return;
    // One allocation a second, not one a packet.
    step.recorder.write(recording_->id, std::exchange(samples, {}));
    samples.reserve(kBlock);
}

}  // namespace almon::media
