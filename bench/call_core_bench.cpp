// SPDX-License-Identifier: GPL-3.0-or-later
// What the call core alone costs: a call that rings, is answered and hung up, without SIP, media engine and
// journal.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/random.hpp"
#include "pbx/call_core.hpp"
#include "sdp/session_description.hpp"

namespace almon {
namespace {

constexpr std::uint64_t kUsers = 1'000;

/// Everybody is registered; what is asked is done.
class SilentTechnology final : public pbx::Technology {
public:
    [[nodiscard]] std::string_view name() const noexcept override { return "SIP"; }
    [[nodiscard]] std::vector<pbx::Target> targets(std::string_view endpoint) const override {
        return {{std::string(endpoint), "a phone"}};
    }
    [[nodiscard]] std::vector<std::string> allowed_codecs(std::string_view) const override { return {}; }
    void invite(pbx::ChannelId channel, const pbx::OutgoingCall&) override { invited = channel; }
    void ring(pbx::ChannelId) override {}
    void progress(pbx::ChannelId, const sdp::SessionDescription&) override {}
    void answer(pbx::ChannelId, const sdp::SessionDescription&) override {}
    void hang_up(pbx::ChannelId, pbx::Cause) override {}
    void offer(pbx::ChannelId, const sdp::SessionDescription&) override {}
    void answer_offer(pbx::ChannelId, const sdp::SessionDescription&) override {}
    void refuse_offer(pbx::ChannelId, pbx::Cause) override {}
    void hold(pbx::ChannelId, bool) override {}
    [[nodiscard]] bool send_digit(pbx::ChannelId, char, std::chrono::milliseconds, bool) override {
        return true;
    }
    void redirect(pbx::ChannelId, std::string_view) override {}
    void tell_transfer(pbx::ChannelId, pbx::TransferStage, pbx::Cause) override {}
    void calls_changed(model::UserId) override {}
    void update_identity(pbx::ChannelId, const pbx::CallerId&) override {}

    pbx::ChannelId invited;
};

/// Gives ports and reports closed legs, as the engine would.
class SilentMedia final : public media::CommandSink {
public:
    void command(media::Command command) override {
        if (const auto* order = std::get_if<media::PreparePorts>(&command)) {
            media::PortsReady ready;
            for (std::size_t i = 0; i < order->count; ++i)
                ready.ports.push_back(port_ += 2);
            events.emplace_back(std::move(ready));
        } else if (const auto* close = std::get_if<media::CloseLeg>(&command)) {
            events.emplace_back(media::LegClosed{close->leg, {}});
        }
        benchmark::DoNotOptimize(command);
    }

    std::vector<media::Event> events;

private:
    std::uint16_t port_ = 10'000;
};

class SilentEvents final : public bus::EventSink {
public:
    void emit(bus::Event event) override { benchmark::DoNotOptimize(event); }
};

std::shared_ptr<const model::Snapshot> office() {
    model::SnapshotBuilder builder(*model::Snapshot::empty());
    model::Context context;
    context.id = model::ContextId{1};
    context.name = "default";
    builder.put(context);
    for (std::uint64_t i = 1; i <= kUsers; ++i) {
        model::User user;
        user.id = model::UserId{i};
        user.firstname = "User";
        user.lastname = std::to_string(i);
        builder.put(user);
        model::EndpointSip endpoint;
        endpoint.id = model::EndpointSipId{i};
        endpoint.username = "phone" + std::to_string(i);
        builder.put(endpoint);
        model::Line line;
        line.id = model::LineId{i};
        line.context = "default";
        line.endpoint_sip = endpoint.id;
        builder.put(line);
        builder.put(model::Extension{model::ExtensionId{i}, std::to_string(1'000 + i), "default"});
        builder.put(model::UserLine{user.id, line.id});
        builder.put(model::LineExtension{line.id, model::ExtensionId{i}});
    }
    return builder.build(1);
}

constexpr std::string_view kOffer =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 8 0 9 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:9 "
    "G722/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=sendrecv\r\n";
constexpr std::string_view kAnswer =
    "v=0\r\no=- 2 1 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n"
    "m=audio 5000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-16\r\na=sendrecv\r\n";

/// @param state.range(0) calls that are up all the time beside the measured ones.
void answered_call(benchmark::State& state) {
    StepClock clock;
    SilentMedia media;
    SilentEvents events;
    SilentTechnology phones;
    pbx::CallCoreSettings settings;
    settings.media_address = *NetAddress::parse("192.0.2.9", 0);
    SeededRandom random(1);
    pbx::CallCore core(settings, clock, random, media, events, office());
    core.add(phones);
    core.start();
    const auto settle = [&] {
        for (const auto& event : std::exchange(media.events, {}))
            core.on_media(event);
    };
    settle();
    const auto offer = *sdp::SessionDescription::parse(kOffer);
    const auto answer = *sdp::SessionDescription::parse(kAnswer);
    std::uint64_t next = 0;
    const auto begin = [&] {
        const auto from = next++ % (kUsers / 2) + 1;
        pbx::IncomingCall call;
        call.technology = "SIP";
        call.endpoint = "phone" + std::to_string(from);
        call.line = model::LineId{from};
        call.exten = std::to_string(1'000 + kUsers / 2 + from);
        call.offer = offer;
        const auto caller = core.new_channel_id();
        core.incoming(caller, phones, std::move(call));
        core.ringing(phones.invited);
        core.answered(phones.invited, answer);
        settle();
        return caller;
    };
    for (std::int64_t i = 0; i < state.range(0); ++i)
        begin();
    for (auto _ : state) {
        const auto caller = begin();
        core.hung_up(caller, pbx::Cause::NormalClearing);
        settle();
    }
    state.counters["channels"] = static_cast<double>(core.channel_count());
}
BENCHMARK(answered_call)->Arg(0)->Arg(1'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace almon
