// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/time.hpp"
#include "media/commands.hpp"
#include "media/ear.hpp"
#include "media/guarded_path.hpp"
#include "media/outgoing_stream.hpp"
#include "media/payload_table.hpp"
#include "media/port_pair.hpp"
#include "media/receive_statistics.hpp"
#include "media/rtcp_packet.hpp"
#include "media/sound.hpp"
#include "media/source_latch.hpp"
#include "media/telephone_event.hpp"
#include "media/traffic.hpp"
#include "media/transcoder.hpp"

namespace almon::media {

class Recorder;
class Room;
struct Seat;

/// What a leg is given for each step: the time, a place for its reports and what all legs of a thread share.
struct Step {
    Instant now;
    Recorder& recorder;
    std::vector<Event>& events;
    Random& random;
    std::string_view cname;
    std::chrono::milliseconds report_interval;
    const std::shared_ptr<const DtlsIdentity>& identity;  ///< Null: DTLS is not spoken.
};

/// One RTP stream between us and one party, with its two sockets. Owned and used by one media thread; handed
/// to another one whole, when it is to be joined with a leg there. Nothing here allocates for a packet.
class alignas(64) Leg final {
public:
    /// Period of playback and digits.
    static constexpr Duration kTick = 20ms;
    /// Of the RTP clock of G.711, which sounds of our own are made in.
    static constexpr std::uint32_t kOwnClockRate = 8000;
    /// Largest packet we take; larger ones are not media.
    static constexpr std::size_t kLargestPacket = 2048;
    using Buffer = std::array<std::uint8_t, kLargestPacket>;

    Leg(LegId id, PortPair ports, bool ipv6_sockets) noexcept;
    ~Leg();
    Leg(const Leg&) = delete;
    Leg& operator=(const Leg&) = delete;

    [[nodiscard]] LegId id() const noexcept { return id_; }
    [[nodiscard]] const PortPair& ports() const noexcept { return ports_; }
    [[nodiscard]] PortPair take_ports() noexcept { return std::move(ports_); }
    [[nodiscard]] Leg* peer() const noexcept { return peer_; }

    void configure(const ConfigureLeg& command, const Step& step);
    /// Both legs must be on this thread and stay there until separated.
    static void join(Leg& first, Leg& second) noexcept;
    void separate() noexcept;

    /// The room must be on this thread, and outlive the stay.
    void enter(Room& room, const EnterRoom& command);
    void leave_room() noexcept;
    [[nodiscard]] Seat* seat() noexcept { return seat_.get(); }
    /// @param packet a frame of the room in the leg's law, behind space for a header.
    void hear_room(std::span<std::uint8_t> packet, const Step& step) noexcept;
    /// A frame of the room, of 8 kHz, where the leg speaks another codec.
    void hear_room(std::span<const std::int16_t> frame, const Step& step) noexcept;

    /// A sound this leg waits for: whoever asked for it calls sound_ready().
    struct WantedSound {
        PlaybackId playback;
        SoundCache::Source source;
        Law law = Law::A;
    };
    /// Begins a playback, replacing the one before.
    void play(const Play& command);
    void stop_playing(PlaybackId playback) noexcept;
    /// The sound to be loaded now, if any; ends a playback that cannot be encoded.
    [[nodiscard]] std::optional<WantedSound> wanted_sound(const Step& step);
    /// `sound` null: it could not be loaded.
    void sound_ready(PlaybackId playback, std::shared_ptr<const Sound> sound, Law law, const Step& step);
    /// The sound asked for will not come (the leg has moved to another thread): ask again.
    void forget_request() noexcept;
    void send_digit(const SendDigit& command);
    /// In place of the one before, which is thrown away.
    void record(const Record& command, const Step& step);
    void stop_recording(const StopRecording& command, const Step& step);
    /// As the leg closes: what was said so far is kept.
    void stop_recording(const Step& step) {
        if (recording_) stop_recording({id_, recording_->id, true}, step);
    }

    /// One packet each, from a socket that is readable. False when there was none.
    bool receive_rtp(Buffer& buffer, const Step& step);
    bool receive_rtcp(Buffer& buffer, const Step& step);

    /// True while tick() must be called each 20 ms.
    [[nodiscard]] bool wants_ticks() const noexcept {
        return digit_.has_value() || !digits_.empty() || playing();
    }
    void tick(const Step& step);
    /// Now and then: reports, time-outs.
    void housekeep(const Step& step);

    [[nodiscard]] LegStatistics statistics() const noexcept;
    /// Adds what has come and gone since the last time, for the figures of all legs.
    void count_into(Traffic& traffic) noexcept;
    void prefetch() const noexcept {
        const auto* const begin = reinterpret_cast<const char*>(this);
        for (std::size_t line = 0; line < 5; ++line)
            __builtin_prefetch(begin + line * 64);
    }

private:
    struct Playback {
        PlaybackId id;
        SoundCache::Source source;
        bool repeat = false;
        bool requested = false;
        bool contiguous = false;  ///< The packet before was ours too.
        Law law = Law::A;
        std::uint8_t payload_type = 0;
        std::shared_ptr<const Sound> sound;
        std::size_t position = 0;
        std::size_t lead_in = 0;  ///< Samples of silence that are still to be sent before.
    };
    struct Recording {
        RecordingId id;
        std::vector<std::int16_t> samples;  ///< That were not handed on yet.
        std::uint32_t ssrc = 0;
        std::uint32_t next = 0;  ///< Timestamp of the next packet.
        bool begun = false;
    };
    /// An event that was translated last.
    struct TranslatedEvent {
        std::uint32_t ssrc = 0;
        std::uint32_t timestamp = 0;
        std::uint32_t sent_with = 0;  ///< The timestamp that the peer was told; it stays.
        std::uint16_t duration = 0;   ///< In the clock of the peer.
    };
    /// What this leg says, for a peer that does not know its codec.
    struct Translation {
        PayloadFormat into;                   ///< Of the peer's formats.
        std::optional<PayloadFormat> events;  ///< Of the peer's formats; nothing: it takes none.
        std::size_t from = 0;                 ///< Index into our formats, of what is translated.
        /// By format, made when it is heard first, and kept: no party has codecs built by changing its own.
        std::vector<std::unique_ptr<Transcoder>> stages;
        Transcoder* stage = nullptr;  ///< Of `from`; null: we do not speak that.
        bool is_on = false;           ///< What came last was translated; else the peer knows it.
        /// Of the peer's stream, while what is sent is ours; nothing: what comes next begins.
        std::optional<std::uint32_t> turn{};
        std::uint32_t origin = 0;  ///< What to add to places, to have the timestamps of that stream.
        std::optional<TranslatedEvent> event{};
    };
    struct SendingDigit {
        DigitSender sender;
        std::uint8_t payload_type = 0;
        std::uint32_t clock_rate = 8000;
        bool begun = false;
        int pause = 0;  ///< Ticks of silence until the next digit.
    };

    [[nodiscard]] bool playing() const noexcept { return playback_ && playback_->sound; }
    void note_whether_it_speaks() noexcept { speaks_itself_ = digit_ || playing(); }
    [[nodiscard]] bool can_send() const noexcept {
        return sends_ && latch_.destination() && (!guard_ || !guard_->blocked(GuardedPath::kRtp));
    }
    bool take_path_message(GuardedPath::Component component, std::span<const std::uint8_t> packet,
                           const SocketAddress& source, const Step& step);
    void advance_path(const Step& step);
    void react(GuardedPath::Component component, const GuardedPath::Reaction& reaction,
               const SocketAddress& source, const Step& step);
    void configure_path(const ConfigureLeg& command, const Step& step);
    void accept_rtp(std::span<std::uint8_t> packet, const RtpHeader& header, const Step& step);
    void relay(std::span<std::uint8_t> packet, RtpHeader header, const PayloadTable::Entry& payload,
               Instant now);
    void choose_translation() noexcept;
    void translate_from(std::size_t format);
    void translate(std::span<std::uint8_t> packet, const RtpHeader& header,
                   const PayloadTable::Entry& payload, const Step& step);
    void translate_sound(std::span<const std::uint8_t> sound, const RtpHeader& header, const Step& step);
    void translate_event(std::span<const std::uint8_t> event, const RtpHeader& header,
                         std::uint32_t clock_rate, const Step& step);
    /// A packet of our own, behind space for its header.
    void send_made(std::span<std::uint8_t> packet, const RtpHeader& header);
    /// A packet that the translation of the peer has made.
    void send_translated(std::span<std::uint8_t> packet, RtpHeader header, bool begins,
                         Translation& translation, std::uint32_t clock_rate, const Step& step);
    void detect_digit(std::span<const std::uint8_t> packet, const RtpHeader& header, std::uint32_t clock_rate,
                      const Step& step);
    void accept_rtcp(std::span<const std::uint8_t> compound, const Step& step);
    void take_reports(const RtcpPacket& packet, const Step& step) noexcept;
    void send_report(const Step& step);
    void pass_feedback(const RtcpWriter& feedback);
    void send_rtcp(std::span<const std::uint8_t> bytes) noexcept;
    [[nodiscard]] GuardedPath::Component rtcp_component() const noexcept {
        return rtcp_on_rtp_port_ ? GuardedPath::kRtp : GuardedPath::kRtcp;
    }
    [[nodiscard]] SocketAddress rtcp_destination() const noexcept;
    void schedule_report(const Step& step, bool first) noexcept;
    /// What it says, for a room or a recording.
    void listen(std::span<const std::uint8_t> packet, const RtpHeader& header, const Step& step);
    void take_down(std::uint32_t ssrc, std::uint32_t timestamp, std::span<const std::int16_t> samples,
                   const Step& step);
    void keep(std::int16_t sample, const Step& step);
    void tick_digit(const Step& step);
    void tick_playback(const Step& step);
    /// That our own sounds are sent in: G.711 where it takes that, since they are of that quality and ready;
    /// null: no codec of ours.
    [[nodiscard]] const PayloadFormat* own_format() const noexcept;
    /// Where that is not G.711, it goes through voice_.
    void choose_voice(const PayloadFormat& format);
    /// Sound of 8 kHz, through voice_.
    void send_encoded(std::span<const std::int16_t> sound, bool& is_contiguous, const Step& step) noexcept;
    /// A packet of our own, behind space for its header.
    void send_sound(std::span<std::uint8_t> packet, std::uint8_t payload_type, std::uint32_t units,
                    std::uint32_t clock_rate, bool& is_contiguous, const Step& step) noexcept;
    void choose_room_format() noexcept;
    void finish_playback(bool complete, const Step& step);
    void send(std::span<const std::uint8_t> packet, std::size_t payload_size) noexcept;
    void rebuild_tables() noexcept;

    // What every packet touches comes first and together: with hundreds of legs it is the cache that costs.
    PortPair ports_;
    bool configured_ = false;
    bool video_ = false;
    bool sends_ = false;
    bool receives_ = false;
    bool speaks_itself_ = false;  ///< A sound or a digit is being sent: nothing is relayed meanwhile.
    std::uint8_t last_format_ = 0;
    Leg* peer_ = nullptr;
    std::unique_ptr<Seat> seat_;                ///< Null: it is in no room.
    std::unique_ptr<GuardedPath> guard_;        ///< Null: plain RTP.
    std::unique_ptr<Translation> translation_;  ///< Null: the peer knows all that we may say.
    Instant heard_at_{};
    SourceLatch latch_;
    Duration relatch_after_{};
    ReceiveStatistics received_;
    OutgoingStream out_;
    PayloadTable payloads_;  ///< Of what is received, with the peer's numbers.

    LegId id_;
    bool ipv6_sockets_;
    bool first_packet_reported_ = false;
    bool timed_out_ = false;
    bool rtcp_on_rtp_port_ = false;
    std::vector<PayloadFormat> formats_;
    std::chrono::milliseconds packet_time_{20};
    Duration timeout_{};
    std::uint64_t refused_ = 0;

    SocketAddress signalled_rtcp_;
    SocketAddress heard_rtcp_;
    Instant next_report_{};
    std::uint64_t packets_at_report_ = 0;
    std::uint32_t remote_report_ = 0;  ///< LSR for the next block; when it came.
    Instant remote_report_at_{};
    std::uint64_t lost_remote_ = 0;
    TrafficReading counted_{};  ///< Into Traffic.
    double jitter_remote_ms_ = -1;
    double round_trip_ms_ = -1;

    DigitDetector detector_;
    std::optional<SendingDigit> digit_;
    std::vector<SendDigit> digits_;
    std::optional<Playback> playback_;
    std::optional<Recording> recording_;
    std::vector<std::unique_ptr<Ear>> ears_;  ///< By format, made when that is heard first. Null: not yet.
    std::unique_ptr<Packetizer> voice_;  ///< Null: sounds of our own are sent in G.711, or there are none.
};

}  // namespace almon::media
