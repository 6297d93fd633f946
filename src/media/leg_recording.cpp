// SPDX-License-Identifier: GPL-3.0-or-later
// What a leg hears, handed on to a room, or to be written a second at a time.
#include <algorithm>
#include <array>
#include <utility>

#include "media/leg.hpp"
#include "media/recorder.hpp"
#include "media/room.hpp"

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

void Leg::listen(std::span<const std::uint8_t> packet, const RtpHeader& header, const Step& step) {
    const auto payload = packet.subspan(header.payload_offset, header.payload_size);
    std::array<std::int16_t, kLargestPacket> decoded;
    Ear::Heard heard{header.timestamp, std::span(decoded).first(payload.size())};
    if (const auto law = law_of(formats_[last_format_])) {
        std::ranges::transform(payload, decoded.begin(),
                               [&](std::uint8_t code) { return decode_g711(*law, code); });
    } else {
        ears_.resize(formats_.size());
        auto& ear = ears_[last_format_];
        if (!ear) ear = Ear::make(formats_[last_format_]);
        if (!ear) return;
        heard = ear->hear(header, payload);
        if (heard.samples.empty()) return;
    }
    if (recording_) take_down(header.ssrc, heard.timestamp, heard.samples, step);
    if (seat_) seat_->buffer.put(header.ssrc, heard.timestamp, heard.samples);
}

void Leg::take_down(std::uint32_t ssrc, std::uint32_t timestamp, std::span<const std::int16_t> samples,
                    const Step& step) {
    auto& recording = *recording_;
    if (recording.begun && recording.ssrc == ssrc) {
        const auto missing = static_cast<std::int32_t>(timestamp - recording.next);
        if (missing < 0) return;  // late, or twice
        for (std::int32_t i = 0; i < missing && missing <= kLongestGap; ++i)
            keep(0, step);
    }
    recording.begun = true;
    recording.ssrc = ssrc;
    recording.next = timestamp + static_cast<std::uint32_t>(samples.size());
    for (const auto sample : samples)
        keep(sample, step);
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
