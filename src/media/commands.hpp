// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <boost/describe.hpp>

#include "base/id.hpp"
#include "base/net_address.hpp"

namespace almon::media {

struct LegTag;
/// One RTP stream between us and one party: audio of a channel, or its video.
using LegId = Id<LegTag>;
struct PlaybackTag;
using PlaybackId = Id<PlaybackTag>;
struct RecordingTag;
using RecordingId = Id<RecordingTag>;
struct RoomTag;
/// Where many hear each other: a conference.
using RoomId = Id<RoomTag>;

/// How a payload type of this leg is understood. Payload types are mapped by (encoding, clock_rate, channels,
/// parameters) when two legs that number them differently are joined.
struct PayloadFormat {
    std::uint8_t payload_type = 0;    ///< As our description numbers it: what the party sends.
    std::string encoding;             ///< Upper case: "PCMA", "OPUS", "TELEPHONE-EVENT", "VP8".
    std::uint32_t clock_rate = 8000;  ///< Of the RTP timestamp, Hz (G722: 8000).
    std::uint8_t channels = 1;
    std::string parameters;  ///< fmtp, for comparison only.
    /// As the party's description numbers it, where that differs: what we send (RFC 3264 6.1). Parties that
    /// send by their own number all the same are understood.
    std::optional<std::uint8_t> sent_as = std::nullopt;

    [[nodiscard]] std::uint8_t sent_payload_type() const noexcept { return sent_as.value_or(payload_type); }
    friend bool operator==(const PayloadFormat&, const PayloadFormat&) = default;
};
BOOST_DESCRIBE_STRUCT(PayloadFormat, (), (payload_type, encoding, clock_rate, channels, parameters, sent_as))

/// Takes a prepared port pair (see PortsReady) for a leg: what arrived before the command is thrown away,
/// what arrives behind it is the leg's.
struct OpenLeg {
    LegId leg;
    std::uint16_t port = 0;  ///< Even: RTP; the next one is RTCP.
};
/// The keys of SRTP in both directions, as key and salt behind each other (RFC 3711).
struct SrtpKeys {
    std::string suite;  ///< As in SDP (RFC 4568): "AES_CM_128_HMAC_SHA1_80", "AEAD_AES_128_GCM" ...
    std::string local;
    std::string remote;
    friend bool operator==(const SrtpKeys&, const SrtpKeys&) = default;
};
BOOST_DESCRIBE_STRUCT(SrtpKeys, (), (suite, local, remote))
/// How the packets of a leg are protected on their way.
struct LegSecurity {
    enum class Protection : std::uint8_t {
        None,
        Keys,  ///< SRTP with the keys given here.
        Dtls,  ///< SRTP with the keys of a DTLS handshake (RFC 5764).
    };
    Protection protection = Protection::None;
    SrtpKeys keys;
    std::string fingerprint;   ///< Of the peer's certificate: "sha-256 AB:CD:...".
    bool dtls_client = false;  ///< We open the association.
    friend bool operator==(const LegSecurity&, const LegSecurity&) = default;
};
BOOST_DESCRIBE_STRUCT(LegSecurity, (), (protection, keys, fingerprint, dtls_client))
/// What connectivity checks are known by (RFC 8445 7.2.2). We are the lite side, so the peer's are not
/// needed.
struct IceSettings {
    std::string local_fragment;
    std::string local_password;
    friend bool operator==(const IceSettings&, const IceSettings&) = default;
};
BOOST_DESCRIBE_STRUCT(IceSettings, (), (local_fragment, local_password))
/// Says what the far end signalled; may be repeated at any time (re-INVITE), and then keeps what it can.
struct ConfigureLeg {
    LegId leg;
    NetAddress remote;       ///< Signalled RTP address; unspecified or port 0: not known yet.
    NetAddress remote_rtcp;  ///< Signalled or RTP port + 1.
    std::vector<PayloadFormat> formats;
    bool sends = true;     ///< We may send to it.
    bool receives = true;  ///< What it sends is taken; else dropped (hold).
    /// Silence after which the other party may have moved, and the latch may follow a new source.
    std::chrono::milliseconds relatch_after{2000};
    /// No RTP and no RTCP for so long while `receives`: MediaTimedOut is reported, once. Zero: never.
    std::chrono::milliseconds timeout{0};
    LegSecurity security{};
    /// With ICE the far end's address is where its checks come from; `remote` is not used.
    std::optional<IceSettings> ice{};
    bool rtcp_mux = false;  ///< RTCP goes over the RTP port, both ways (RFC 5761).
    /// How much sound a packet holds that we encode for it (ptime of its description).
    std::chrono::milliseconds packet_time{20};
};
/// What either leg receives goes to the other: as it is where the other knows the codec, else transcoded, if
/// we speak both codecs (codec.hpp). A leg is joined to one other at most; joining replaces.
struct JoinLegs {
    LegId first;
    LegId second;
};
struct SeparateLegs {
    LegId first;
    LegId second;
};
/// The leg hears all others who are in the room, and they hear it, where it speaks a codec of ours
/// (codec.hpp). Repeated, it changes how. Another room, or JoinLegs, takes it out of the one before. A room
/// is there as long as somebody is in it.
struct EnterRoom {
    LegId leg;
    RoomId room;
    bool muted = false;          ///< The others do not hear it.
    std::int8_t talking_db = 0;  ///< By how much it is made louder for them.
    std::int8_t hearing_db = 0;  ///< By how much they are made louder for it.
};
struct LeaveRoom {
    LegId leg;
};
/// A frequency pattern or an audio file, sent to one leg in the first of its formats that we can encode
/// (codec.hpp).
struct Tone {
    /// One part: up to two frequencies (0 = none; both 0 = silence) for a time.
    struct Part {
        std::uint16_t first_hz = 0;
        std::uint16_t second_hz = 0;
        std::chrono::milliseconds length{0};
    };
    std::vector<Part> parts;
};
BOOST_DESCRIBE_STRUCT(Tone::Part, (), (first_hz, second_hz, length))
BOOST_DESCRIBE_STRUCT(Tone, (), (parts))
struct Play {
    LegId leg;
    PlaybackId playback;
    std::variant<Tone, std::string> source;  ///< The string is a path of a WAV file.
    bool repeat = false;
    /// Silence that is sent before, once media can flow: a telephone that has just learned where they come
    /// from is to hear the first syllable.
    std::chrono::milliseconds lead_in{0};
};
struct StopPlaying {
    LegId leg;
    PlaybackId playback;
};
/// Everybody in the room hears it while they talk, behind what was ordered before. Nothing is reported.
struct PlayToRoom {
    RoomId room;
    /// The first that can be read; strings are paths of WAV files.
    std::vector<std::variant<Tone, std::string>> places;
};
/// Sends an RFC 4733 event (0-9, *, #, A-D, '!' for flash).
struct SendDigit {
    LegId leg;
    char digit = '0';
    std::chrono::milliseconds duration{160};
};
/// Writes what the party says into a file of 16-bit WAV, where it speaks a codec of ours (codec.hpp). The
/// file is there under its name once it is complete and on the disk: Recorded follows StopRecording. One at a
/// time for a leg.
struct Record {
    LegId leg;
    RecordingId recording;
    std::string path;
};
struct StopRecording {
    LegId leg;
    RecordingId recording;
    bool keep = true;  ///< Else it is thrown away.
};
/// Moves a recording, or erases it, or a folder of them, where `to` is empty; behind all that was said
/// before.
struct MoveRecording {
    std::string from;
    std::string to;
};
/// Frees its port after a pause in which stray packets are dropped; LegClosed follows with its statistics.
struct CloseLeg {
    LegId leg;
};
/// Asks for more port pairs; PortsReady follows.
struct PreparePorts {
    std::size_t count = 0;
};
using Command =
    std::variant<OpenLeg, ConfigureLeg, JoinLegs, SeparateLegs, EnterRoom, LeaveRoom, Play, StopPlaying,
                 PlayToRoom, SendDigit, Record, StopRecording, MoveRecording, CloseLeg, PreparePorts>;

/// RFC 3550 statistics of one leg. Times in milliseconds; -1 where unknown.
struct LegStatistics {
    std::uint64_t packets_received = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t packets_sent = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t packets_lost = 0;         ///< Of what it sent to us.
    std::uint64_t packets_lost_remote = 0;  ///< Of what we sent, as reported by RTCP.
    std::uint64_t packets_refused = 0;      ///< From addresses that are not its own, forged or replayed.
    double jitter_ms = 0;
    double jitter_remote_ms = -1;
    double round_trip_ms = -1;
    double mos = -1;  ///< 1..4.5, E-model estimate (ITU-T G.107) from loss, delay and codec.
};
BOOST_DESCRIBE_STRUCT(LegStatistics, (),
                      (packets_received, bytes_received, packets_sent, bytes_sent, packets_lost,
                       packets_lost_remote, packets_refused, jitter_ms, jitter_remote_ms, round_trip_ms, mos))

/// Port pairs are bound and free to use: signalling hands them out at once, without waiting for a socket.
struct PortsReady {
    std::vector<std::uint16_t> ports;
};
/// The range is used up or the system gives no more sockets.
struct PortsExhausted {
    std::string reason;
};
struct DigitReceived {
    LegId leg;
    char digit = '0';
    std::chrono::milliseconds duration{0};
};
struct FirstPacket {
    LegId leg;
    NetAddress source;
};
/// Protected media can flow.
struct MediaProtected {
    LegId leg;
    std::string how;  ///< "DTLS-SRTP with AEAD_AES_128_GCM"
};
/// What was signalled does not come about: no media will flow on this leg.
struct ProtectionFailed {
    LegId leg;
    std::string reason;
};
struct MediaTimedOut {
    LegId leg;
};
struct PlaybackFinished {
    LegId leg;
    PlaybackId playback;
    bool complete = true;  ///< False where it could not be played (no file, no format to encode).
};
/// The leg may be closed by then.
struct Recorded {
    LegId leg;
    RecordingId recording;
    std::chrono::milliseconds length{0};
    bool kept = true;  ///< It is on the disk.
};
struct LegClosed {
    LegId leg;
    LegStatistics statistics;
};
using Event = std::variant<PortsReady, PortsExhausted, DigitReceived, FirstPacket, MediaProtected,
                           ProtectionFailed, MediaTimedOut, PlaybackFinished, Recorded, LegClosed>;

BOOST_DESCRIBE_STRUCT(OpenLeg, (), (leg, port))
BOOST_DESCRIBE_STRUCT(ConfigureLeg, (),
                      (leg, remote, remote_rtcp, formats, sends, receives, relatch_after, timeout, security,
                       ice, rtcp_mux, packet_time))
BOOST_DESCRIBE_STRUCT(JoinLegs, (), (first, second))
BOOST_DESCRIBE_STRUCT(SeparateLegs, (), (first, second))
BOOST_DESCRIBE_STRUCT(EnterRoom, (), (leg, room, muted, talking_db, hearing_db))
BOOST_DESCRIBE_STRUCT(LeaveRoom, (), (leg))
BOOST_DESCRIBE_STRUCT(PlayToRoom, (), (room, places))
BOOST_DESCRIBE_STRUCT(Play, (), (leg, playback, source, repeat, lead_in))
BOOST_DESCRIBE_STRUCT(StopPlaying, (), (leg, playback))
BOOST_DESCRIBE_STRUCT(SendDigit, (), (leg, digit, duration))
BOOST_DESCRIBE_STRUCT(Record, (), (leg, recording, path))
BOOST_DESCRIBE_STRUCT(StopRecording, (), (leg, recording, keep))
BOOST_DESCRIBE_STRUCT(MoveRecording, (), (from, to))
BOOST_DESCRIBE_STRUCT(CloseLeg, (), (leg))
BOOST_DESCRIBE_STRUCT(PreparePorts, (), (count))

/// Where the call core puts its wishes; a queue to the media threads in production, a recorder in tests.
class CommandSink {
public:
    virtual ~CommandSink() = default;
    virtual void command(Command command) = 0;
    /// Several, in their order; takes them out of the list. Costs less than one by one.
    virtual void command_all(std::vector<Command>& commands) {
        for (auto& each : commands)
            command(std::move(each));
        commands.clear();
    }
};

/// Called on a media thread; the signalling loop's implementation queues.
class EventListener {
public:
    virtual ~EventListener() = default;
    virtual void on_media(std::vector<Event> events) = 0;
};

}  // namespace almon::media
