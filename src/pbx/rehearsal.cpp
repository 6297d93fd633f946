// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/rehearsal.hpp"

#include <charconv>
#include <utility>
#include <variant>

#include "base/random.hpp"
#include "base/step_clock.hpp"
#include "bus/event.hpp"
#include "media/commands.hpp"
#include "model/trunk.hpp"
#include "pbx/call_core.hpp"
#include "pbx/resolver.hpp"

namespace almon::pbx {
namespace {

/// Of media and phones together; what goes in circles without time passing ends here.
constexpr int kMostInputs = 5'000;
constexpr std::uint16_t kFirstPort = 10'000;
constexpr std::uint16_t kLastPort = 60'000;

/// A telephone that speaks all that we do.
constexpr std::string_view kOffer =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 8 0 9 96 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:9 G722/8000\r\na=rtpmap:96 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-16\r\na=sendrecv\r\n";

class NoEvents final : public bus::EventSink {
public:
    void emit(bus::Event) override {}
};

/// Has any port, and plays everything in no time.
class Stage final : public media::CommandSink {
public:
    void command(media::Command command) override {
        if (const auto* order = std::get_if<media::PreparePorts>(&command)) {
            media::PortsReady ready;
            for (std::size_t count = 0; count < order->count && next_port_ < kLastPort; ++count) {
                ready.ports.push_back(next_port_);
                next_port_ += 2;
            }
            events.emplace_back(std::move(ready));
        } else if (const auto* play = std::get_if<media::Play>(&command)) {
            if (!play->repeat) events.emplace_back(media::PlaybackFinished{play->leg, play->playback, true});
        } else if (const auto* stop = std::get_if<media::StopRecording>(&command)) {
            events.emplace_back(
                media::Recorded{stop->leg, stop->recording, std::chrono::seconds(1), stop->keep});
        } else if (const auto* close = std::get_if<media::CloseLeg>(&command)) {
            events.emplace_back(media::LegClosed{close->leg, {}});
        }
    }

    std::vector<media::Event> events;  ///< To be told to the core.

private:
    std::uint16_t next_port_ = kFirstPort;
};

/// Phones that ring, and note it.
class Phones final : public Technology {
public:
    Phones(const StepClock& clock, Rehearsal& result) : clock_(clock), result_(result) {}

    [[nodiscard]] std::string_view name() const noexcept override { return "SIP"; }
    [[nodiscard]] std::vector<Target> targets(std::string_view endpoint) const override {
        return {{std::string(endpoint), "its phone"}};
    }
    [[nodiscard]] std::vector<std::string> allowed_codecs(std::string_view) const override { return {}; }
    void invite(ChannelId channel, const OutgoingCall& call) override {
        result_.rings.push_back({since_begin(), std::string(name()), call.endpoint, call.caller});
        invited.push_back(channel);
    }
    void ring(ChannelId) override {}
    void progress(ChannelId, const sdp::SessionDescription&) override {}
    void answer(ChannelId channel, const sdp::SessionDescription&) override {
        if (channel == caller) result_.answered = true;
    }
    void hang_up(ChannelId channel, Cause cause) override {
        if (channel != caller) return;
        result_.ended = true;
        result_.cause = cause;
    }
    void offer(ChannelId, const sdp::SessionDescription&) override {}
    void answer_offer(ChannelId, const sdp::SessionDescription&) override {}
    void refuse_offer(ChannelId, Cause) override {}
    void hold(ChannelId, bool) override {}
    [[nodiscard]] bool send_digit(ChannelId, char, std::chrono::milliseconds, bool) override { return false; }
    void redirect(ChannelId, std::string_view) override {}
    void tell_transfer(ChannelId, TransferStage, Cause) override {}
    void update_identity(ChannelId, const CallerId&) override {}
    void calls_changed(model::UserId) override {}

    [[nodiscard]] std::chrono::milliseconds since_begin() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.instant() - Instant{});
    }

    ChannelId caller;
    std::vector<ChannelId> invited;  ///< That do not ring yet.

private:
    const StepClock& clock_;
    Rehearsal& result_;
};

IncomingCall incoming_call(const model::Snapshot& snapshot, const RehearsedCall& call) {
    IncomingCall incoming;
    incoming.technology = "SIP";
    incoming.line = call.line;
    incoming.context = call.context;
    incoming.exten = call.exten;
    incoming.claimed = call.caller;
    if (const auto* line = snapshot.line(call.line)) {
        if (const auto* endpoint = snapshot.endpoint_sip(line->endpoint_sip))
            incoming.endpoint = endpoint->username;
    }
    if (!call.line) {
        // Whichever trunk brings calls there.
        snapshot.for_each<model::Trunk>([&](const model::Trunk& trunk) {
            if (!incoming.trunk && context_of(trunk) == call.context) incoming.trunk = trunk.id;
        });
    }
    if (auto offer = sdp::SessionDescription::parse(kOffer)) incoming.offer = *std::move(offer);
    return incoming;
}

/// The lines of CallTrace::text().
std::vector<Rehearsal::Step> steps_of(std::string_view trace) {
    constexpr std::string_view kUnit = " s  ";
    std::vector<Rehearsal::Step> steps;
    while (!trace.empty()) {
        const auto end = std::min(trace.find('\n'), trace.size());
        auto line = trace.substr(0, end);
        trace.remove_prefix(std::min(end + 1, trace.size()));
        line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
        double seconds = 0;
        const auto [behind, error] = std::from_chars(line.data(), line.data() + line.size(), seconds);
        line.remove_prefix(static_cast<std::size_t>(behind - line.data()));
        if (error != std::errc() || !line.starts_with(kUnit)) continue;
        steps.push_back(
            {std::chrono::round<std::chrono::milliseconds>(std::chrono::duration<double>(seconds)),
             std::string(line.substr(kUnit.size()))});
    }
    return steps;
}

}  // namespace

Rehearsal rehearse(const std::shared_ptr<const model::Snapshot>& snapshot, const CallCoreSettings& settings,
                   const RehearsedCall& call) {
    Rehearsal result;
    StepClock clock;
    clock.now = {Instant{}, call.when};
    SeededRandom random(1);
    Stage stage;
    NoEvents no_events;
    Phones phones(clock, result);
    CallCore core(settings, clock, random, stage, no_events, snapshot);
    core.add(phones);
    int inputs = 0;
    const auto settle = [&] {
        auto changes = core.take_service_changes();
        while ((!stage.events.empty() || !phones.invited.empty() || !changes.empty()) &&
               inputs < kMostInputs) {
            for (const auto& event : std::exchange(stage.events, {})) {
                core.on_media(event);
                ++inputs;
            }
            for (const auto channel : std::exchange(phones.invited, {})) {
                core.ringing(channel);
                ++inputs;
            }
            // As if they were made.
            for (const auto& change : changes) {
                core.service_changed(change, true);
                ++inputs;
            }
            changes = core.take_service_changes();
        }
    };
    core.start();
    settle();
    phones.caller = core.new_channel_id();
    core.incoming(phones.caller, phones, incoming_call(*snapshot, call));
    settle();
    while (!result.ended && inputs < kMostInputs) {
        const auto next = core.next_deadline();
        if (!next || *next - Instant{} > kLongestRehearsal) break;
        const auto passed = std::max(*next, clock.now.instant) - clock.now.instant;
        clock.now.instant += passed;
        clock.now.utc += std::chrono::duration_cast<UtcTime::duration>(passed);
        core.advance();
        ++inputs;
        settle();
    }
    if (const auto trace = core.why({})) result.steps = steps_of(*trace);
    return result;
}

}  // namespace almon::pbx
