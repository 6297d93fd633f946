// SPDX-License-Identifier: GPL-3.0-or-later
// What a participant of a conference costs in a second: mixing alone, and with RTP through the engine.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <ctime>
#include <memory>
#include <numbers>
#include <thread>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <benchmark/benchmark.h>

#include "base/net_address.hpp"
#include "media/engine.hpp"
#include "media/g711.hpp"
#include "media/leg.hpp"
#include "media/recorder.hpp"
#include "media/room.hpp"
#include "media/rtp_packet.hpp"
#include "port_listener.hpp"

namespace {

using namespace almon;
using namespace std::chrono_literals;

constexpr int kFramesPerSecond = 50;
constexpr std::size_t kFrame = 160;

std::int16_t sample_of(std::size_t party, std::size_t at, unsigned rate) {
    const double hertz = 300.0 + 7.0 * static_cast<double>(party);
    return static_cast<std::int16_t>(
        std::lround(2000 * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(at) / rate)));
}

/// One frame of 50 who all talk, which is a second of one of them: decoded, taken out of the jitter buffer,
/// added up, subtracted and encoded; nothing is sent.
void mix_participant(benchmark::State& state) {
    constexpr std::size_t kParties = 50;
    const auto rate = static_cast<unsigned>(state.range(0));
    const auto frame = rate / kFramesPerSecond;
    bench::PortListener listener;
    media::Recorder recorder(listener);
    SystemRandom random;
    std::vector<media::Event> events;
    const std::shared_ptr<const media::DtlsIdentity> nobody;
    const media::Step step{Instant{}, recorder, events, random, "bench", 5s, nobody};
    media::Room room(media::RoomId{1}, rate);
    std::vector<std::unique_ptr<media::Leg>> legs;
    std::vector<std::vector<std::uint8_t>> codes(kParties);
    for (std::size_t i = 0; i < kParties; ++i) {
        auto& leg =
            legs.emplace_back(std::make_unique<media::Leg>(media::LegId{i + 1}, media::PortPair{}, false));
        media::ConfigureLeg configure;
        configure.leg = leg->id();
        configure.formats = {{8, "PCMA", 8000, 1, ""}};
        leg->configure(configure, step);
        leg->enter(room, {leg->id(), room.id()});
        for (std::size_t at = 0; at < frame; ++at)
            codes[i].push_back(media::encode_g711(media::Law::A, sample_of(i, at, rate)));
    }
    std::vector<std::int16_t> samples(frame);
    std::uint32_t timestamp = 0;
    for (auto _ : state) {
        for (std::size_t i = 0; i < kParties; ++i) {
            std::ranges::transform(codes[i], samples.begin(),
                                   [](std::uint8_t code) { return media::decode_g711(media::Law::A, code); });
            legs[i]->seat()->buffer.put(static_cast<std::uint32_t>(i), timestamp, samples);
        }
        timestamp += frame;
        room.tick(step);
    }
}
BENCHMARK(mix_participant)->Arg(8000)->Arg(16000)->Unit(benchmark::kMillisecond);

double seconds_of(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

struct Phone {
    int descriptor = -1;
    sockaddr_in address{};
    sockaddr_in to{};

    Phone() : descriptor(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof(address);
        ::bind(descriptor, reinterpret_cast<sockaddr*>(&address), length);
        ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length);
        to = address;
    }
    ~Phone() { ::close(descriptor); }
    Phone(const Phone&) = delete;
    Phone& operator=(const Phone&) = delete;
};

/// All talk. The engine's threads are measured: those of the process less this one, which plays the phones.
void conference(benchmark::State& state) {
    const auto count = static_cast<std::size_t>(state.range(0));
    bench::PortListener listener;
    media::Settings settings;
    settings.bind = NetAddress::parse("127.0.0.1", 0).value();
    settings.first_port = 40000;
    settings.last_port = 60000;
    const auto engine = media::Engine::start(settings, listener);
    if (!engine) return state.SkipWithError("no engine");
    (*engine)->command(media::PreparePorts{count});
    const auto ports = listener.ports(count);
    std::vector<std::unique_ptr<Phone>> phones;
    std::vector<std::array<std::uint8_t, media::kRtpHeaderSize + kFrame>> packets(count);
    for (std::size_t i = 0; i < count; ++i) {
        auto& phone = *phones.emplace_back(std::make_unique<Phone>());
        phone.to.sin_port = htons(ports[i]);
        const media::LegId leg{i + 1};
        (*engine)->command(media::OpenLeg{leg, ports[i]});
        media::ConfigureLeg configure;
        configure.leg = leg;
        configure.remote = NetAddress::parse("127.0.0.1", ntohs(phone.address.sin_port)).value();
        configure.formats = {{8, "PCMA", 8000, 1, ""}, {101, "TELEPHONE-EVENT", 8000, 1, "0-16"}};
        (*engine)->command(configure);
        (*engine)->command(media::EnterRoom{leg, media::RoomId{1}});
        packets[i][0] = 0x80;
        for (std::size_t at = 0; at < kFrame; ++at)
            packets[i][media::kRtpHeaderSize + at] =
                media::encode_g711(media::Law::A, sample_of(i, at, 8000));
    }
    double used = 0;
    std::uint64_t frames = 0;
    std::uint64_t heard = 0;
    std::array<std::uint8_t, 2048> buffer;
    for (auto _ : state) {
        const auto all = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
        const auto own = seconds_of(CLOCK_THREAD_CPUTIME_ID);
        auto next = std::chrono::steady_clock::now();
        for (int frame = 0; frame < kFramesPerSecond; ++frame, ++frames) {
            for (std::size_t i = 0; i < count; ++i) {
                media::RtpHeader header;
                header.payload_type = 8;
                header.sequence = static_cast<std::uint16_t>(frames);
                header.timestamp = static_cast<std::uint32_t>(frames * kFrame);
                header.ssrc = static_cast<std::uint32_t>(i + 1);
                header.write_into(packets[i].data());
                ::sendto(phones[i]->descriptor, packets[i].data(), packets[i].size(), 0,
                         reinterpret_cast<const sockaddr*>(&phones[i]->to), sizeof(sockaddr_in));
                while (::recv(phones[i]->descriptor, buffer.data(), buffer.size(), 0) > 0)
                    ++heard;
            }
            next += 20ms;
            std::this_thread::sleep_until(next);
        }
        used += seconds_of(CLOCK_PROCESS_CPUTIME_ID) - all - (seconds_of(CLOCK_THREAD_CPUTIME_ID) - own);
    }
    const auto seconds = static_cast<double>(frames) / kFramesPerSecond;
    if (static_cast<double>(heard) < 0.9 * static_cast<double>(frames * count) && seconds > 1)
        return state.SkipWithError("packets were lost");
    state.counters["engine_ms"] = used * 1000 / seconds / static_cast<double>(count);
}
BENCHMARK(conference)->Arg(50)->Arg(300)->Iterations(4)->Unit(benchmark::kMillisecond);

}  // namespace
