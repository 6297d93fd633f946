// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "base/descriptor.hpp"
#include "media/commands.hpp"

namespace almon::media {

/// Writes what legs hear into files, on a thread of its own: media threads never wait for a disk, and sounds
/// that are to be read do not wait for an fsync. A file is there under its name when it is complete and the
/// disk has it; until then it is called <path>.part. Recorded follows each End.
class Recorder final {
public:
    /// Of the samples: WAV with 16 bits, one channel.
    static constexpr int kRate = 8000;
    /// Before them.
    static constexpr std::size_t kHeader = 44;
    /// How long a file of so many bytes is.
    [[nodiscard]] static constexpr std::chrono::milliseconds length_of(std::uintmax_t bytes) noexcept {
        constexpr std::uintmax_t kBytesPerMillisecond = kRate * sizeof(std::int16_t) / 1000;
        return std::chrono::milliseconds(bytes > kHeader ? (bytes - kHeader) / kBytesPerMillisecond : 0);
    }

    explicit Recorder(EventListener& listener);
    /// What has not ended is kept as it is by then: a message is not lost because somebody stops the program.
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    void begin(RecordingId recording, std::string path) { post(Begin{recording, std::move(path)}); }
    void write(RecordingId recording, std::vector<std::int16_t> samples) {
        post(Samples{recording, std::move(samples)});
    }
    void end(LegId leg, RecordingId recording, bool keep) { post(End{leg, recording, keep}); }
    /// Behind what was ended before.
    void move(MoveRecording job) { post(std::move(job)); }

private:
    struct Begin {
        RecordingId recording;
        std::string path;
    };
    struct Samples {
        RecordingId recording;
        std::vector<std::int16_t> samples;
    };
    struct End {
        LegId leg;
        RecordingId recording;
        bool keep = true;
    };
    using Job = std::variant<Begin, Samples, End, MoveRecording>;
    struct File {
        std::string path;
        Descriptor descriptor;  ///< Invalid: something could not be written.
        std::uint64_t bytes = 0;
    };

    void post(Job job);
    void run();
    void carry_out(Begin job);
    void carry_out(const Samples& job);
    void carry_out(const End& job);
    static void carry_out(const MoveRecording& job);

    EventListener& listener_;
    std::map<RecordingId, File> files_;  ///< The thread's own.

    std::mutex mutex_;
    std::condition_variable work_;
    std::deque<Job> jobs_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace almon::media
