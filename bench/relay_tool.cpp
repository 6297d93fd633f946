// SPDX-License-Identifier: GPL-3.0-or-later
// What a relayed packet costs, beside the floor: a plain epoll relay with a socket for each leg, which looks
// at nothing. Both relays run as processes of their own under one load, in turns, so that their CPU time can
// be compared.
//   bench_relay [--calls N] [--seconds N] [--rounds N] [--quick]
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/net_address.hpp"
#include "media/engine.hpp"
#include "media/rtp_packet.hpp"
#include "port_listener.hpp"

namespace {

using namespace almon;
using namespace std::chrono_literals;

constexpr int kPacketsPerSecond = 50;
constexpr int kTicksPerPacket = 20;  // one packet of each phone in 20 ticks of a millisecond
constexpr std::size_t kPayload = 160;

[[noreturn]] void fail(const std::string& why) {
    fmt::print(stderr, "bench_relay: {}: {}\n", why, std::strerror(errno));
    std::exit(1);
}

std::int64_t nanoseconds(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

int loopback_socket(sockaddr_in& address) {
    const int descriptor = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    if (descriptor < 0 || ::bind(descriptor, reinterpret_cast<sockaddr*>(&address), length) != 0)
        fail("socket");
    ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length);
    return descriptor;
}

/// The phones of all calls: phone 2n talks with phone 2n + 1.
struct Phones {
    std::vector<int> sockets;
    std::vector<sockaddr_in> addresses;

    explicit Phones(int calls) {
        for (int i = 0; i < calls * 2; ++i)
            sockets.push_back(loopback_socket(addresses.emplace_back()));
        const int on = 1;
        for (const int descriptor : sockets)
            ::setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
    }
};

/// Load and relays on cores of their own, where there are two: otherwise chance decides which relay shares a
/// core.
void pin_to(int core) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    ::sched_setaffinity(0, sizeof(cores), &cores);
}

/// A relay in a process of its own.
struct Relay {
    std::string name;
    pid_t process = -1;
    std::vector<sockaddr_in> ports;  ///< Where each phone sends.
};

void announce(int pipe, const std::vector<sockaddr_in>& ports) {
    const auto size = ports.size() * sizeof(sockaddr_in);
    if (::write(pipe, ports.data(), size) != static_cast<ssize_t>(size)) fail("write");
}

/// The floor.
[[noreturn]] void run_floor(const Phones& phones, int pipe) {
    std::vector<int> sockets;
    std::vector<sockaddr_in> ports;
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    for (std::size_t i = 0; i < phones.sockets.size(); ++i) {
        sockets.push_back(loopback_socket(ports.emplace_back()));
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = i;
        ::epoll_ctl(epoll, EPOLL_CTL_ADD, sockets.back(), &event);
    }
    announce(pipe, ports);
    std::array<epoll_event, 256> events;
    std::array<std::uint8_t, 2048> buffer;
    for (;;) {
        const int ready = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < ready; ++i) {
            const auto from = events[static_cast<std::size_t>(i)].data.u64;
            sockaddr_in source{};
            socklen_t length = sizeof(source);
            const auto size = ::recvfrom(sockets[from], buffer.data(), buffer.size(), 0,
                                         reinterpret_cast<sockaddr*>(&source), &length);
            if (size < 0) continue;
            const auto to = from ^ 1U;
            ::sendto(sockets[to], buffer.data(), static_cast<std::size_t>(size), 0,
                     reinterpret_cast<const sockaddr*>(&phones.addresses[to]), sizeof(sockaddr_in));
        }
    }
}

/// Ours, as the call core drives it.
[[noreturn]] void run_engine(const Phones& phones, int pipe) {
    bench::PortListener listener;
    media::Settings settings;
    settings.bind = NetAddress::parse("127.0.0.1", 0).value();
    settings.first_port = 40000;
    settings.last_port = 60000;
    const auto engine = media::Engine::start(settings, listener);
    if (!engine) fail(engine.error().reason);
    const auto count = phones.sockets.size();
    (*engine)->command(media::PreparePorts{count});
    const auto prepared = listener.ports(count);
    std::vector<sockaddr_in> ports;
    for (std::size_t i = 0; i < count; ++i) {
        const media::LegId leg{i + 1};
        (*engine)->command(media::OpenLeg{leg, prepared[i]});
        media::ConfigureLeg configure;
        configure.leg = leg;
        configure.remote = NetAddress::parse("127.0.0.1", ntohs(phones.addresses[i].sin_port)).value();
        configure.formats = {{8, "PCMA", 8000, 1, ""}, {101, "TELEPHONE-EVENT", 8000, 1, "0-16"}};
        (*engine)->command(configure);
        if (i % 2 == 1) (*engine)->command(media::JoinLegs{media::LegId{i}, leg});
        ports.push_back(phones.addresses[i]);
        ports.back().sin_port = htons(prepared[i]);
    }
    announce(pipe, ports);
    for (;;)
        ::pause();
}

Relay start(std::string name, const Phones& phones, void (*run)(const Phones&, int)) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) fail("pipe");
    Relay relay{std::move(name), ::fork(), {}};
    if (relay.process < 0) fail("fork");
    if (relay.process == 0) {
        if (::sysconf(_SC_NPROCESSORS_ONLN) > 1) pin_to(1);
        // The phones belong to the parent.
        for (const int descriptor : phones.sockets)
            ::close(descriptor);
        run(phones, pipe[1]);
    }
    ::close(pipe[1]);
    relay.ports.resize(phones.sockets.size());
    auto* at = reinterpret_cast<char*>(relay.ports.data());
    auto left = relay.ports.size() * sizeof(sockaddr_in);
    while (left > 0) {
        const auto size = ::read(pipe[0], at, left);
        if (size <= 0) fail("the relay '" + relay.name + "' did not start");
        at += size;
        left -= static_cast<std::size_t>(size);
    }
    ::close(pipe[0]);
    return relay;
}

struct Measured {
    double cpu_ns = 0;
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    std::vector<float> transit_ms;
};

/// Fifty packets a second from each phone, spread evenly; transit is measured from the call of sendto to the
/// moment at which the kernel has the packet for the other phone, so that this process's own delay does not
/// count.
class LoadGenerator final {
public:
    explicit LoadGenerator(const Phones& phones) : phones_(phones), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        timer_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
        watch(timer_, kTimer);
        for (std::size_t i = 0; i < phones.sockets.size(); ++i)
            watch(phones.sockets[i], i);
        itimerspec period{};
        period.it_interval.tv_nsec = period.it_value.tv_nsec = 1'000'000;
        ::timerfd_settime(timer_, 0, &period, nullptr);
    }

    void run(const Relay& relay, std::chrono::milliseconds length, Measured& into) {
        clockid_t cpu_clock{};
        ::clock_getcpuclockid(relay.process, &cpu_clock);
        pump(relay, 200ms, nullptr);  // warm: sources latched, caches filled
        const auto before = nanoseconds(cpu_clock);
        pump(relay, length, &into);
        into.cpu_ns += static_cast<double>(nanoseconds(cpu_clock) - before);
    }

private:
    static constexpr std::uint64_t kTimer = ~std::uint64_t{0};

    void watch(int descriptor, std::uint64_t key) const {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = key;
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
    }

    void pump(const Relay& relay, std::chrono::milliseconds length, Measured* measured) {
        const auto end = nanoseconds(CLOCK_MONOTONIC) + std::chrono::nanoseconds(length).count();
        std::array<epoll_event, 256> events;
        bool sending = true;
        auto last_arrival = nanoseconds(CLOCK_MONOTONIC);
        // When sending is over, wait for what is still on the way.
        while (sending || nanoseconds(CLOCK_MONOTONIC) - last_arrival < 50'000'000) {
            const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 10);
            for (int i = 0; i < ready; ++i) {
                const auto key = events[static_cast<std::size_t>(i)].data.u64;
                if (key == kTimer) {
                    std::uint64_t ticks = 0;
                    if (::read(timer_, &ticks, sizeof(ticks)) != sizeof(ticks)) continue;
                    for (; ticks > 0 && sending; --ticks)
                        send_tick(relay, measured);
                } else if (receive(key, measured)) {
                    last_arrival = nanoseconds(CLOCK_MONOTONIC);
                }
            }
            if (sending && nanoseconds(CLOCK_MONOTONIC) >= end) {
                sending = false;
                last_arrival = nanoseconds(CLOCK_MONOTONIC);
            }
        }
    }

    void send_tick(const Relay& relay, Measured* measured) {
        for (std::size_t i = tick_ % kTicksPerPacket; i < phones_.sockets.size(); i += kTicksPerPacket) {
            std::array<std::uint8_t, media::kRtpHeaderSize + kPayload> packet{};
            packet[0] = 0x80;
            media::RtpHeader header;
            header.payload_type = 8;
            header.sequence = static_cast<std::uint16_t>(tick_ / kTicksPerPacket);
            header.timestamp = static_cast<std::uint32_t>(tick_ / kTicksPerPacket * kPayload);
            header.ssrc = static_cast<std::uint32_t>(i + 1);
            header.write_into(packet.data());
            const auto now = nanoseconds(CLOCK_REALTIME);
            std::memcpy(packet.data() + media::kRtpHeaderSize, &now, sizeof(now));
            const auto sent =
                ::sendto(phones_.sockets[i], packet.data(), packet.size(), 0,
                         reinterpret_cast<const sockaddr*>(&relay.ports[i]), sizeof(sockaddr_in));
            if (sent > 0 && measured) ++measured->sent;
        }
        ++tick_;
    }

    bool receive(std::size_t phone, Measured* measured) const {
        std::array<std::uint8_t, 2048> packet;
        alignas(cmsghdr) std::array<char, 64> control;
        iovec part{packet.data(), packet.size()};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        const auto size = ::recvmsg(phones_.sockets[phone], &message, 0);
        if (size != static_cast<ssize_t>(media::kRtpHeaderSize + kPayload)) return false;
        const auto* const stamp = CMSG_FIRSTHDR(&message);
        if (!stamp || stamp->cmsg_type != SCM_TIMESTAMPNS || !measured) return true;
        timespec arrived{};
        std::memcpy(&arrived, CMSG_DATA(stamp), sizeof(arrived));
        std::int64_t left = 0;
        std::memcpy(&left, packet.data() + media::kRtpHeaderSize, sizeof(left));
        ++measured->received;
        measured->transit_ms.push_back(static_cast<float>(
            static_cast<double>(arrived.tv_sec * 1'000'000'000LL + arrived.tv_nsec - left) / 1e6));
        return true;
    }

    const Phones& phones_;
    int epoll_;
    int timer_ = -1;
    std::uint64_t tick_ = 0;
};

double percentile(std::vector<float>& values, double part) {
    if (values.empty()) return 0;
    const auto at = static_cast<std::ptrdiff_t>(static_cast<double>(values.size() - 1) * part);
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

}  // namespace

int main(int argc, char** argv) {
    int calls = 200;
    int seconds = 4;
    int rounds = 2;
    for (int i = 1; i < argc; ++i) {
        const std::string option = argv[i];
        if (option == "--quick") {
            seconds = rounds = 1;
        } else if (i + 1 < argc && option == "--calls") {
            calls = std::atoi(argv[++i]);
        } else if (i + 1 < argc && option == "--seconds") {
            seconds = std::atoi(argv[++i]);
        } else if (i + 1 < argc && option == "--rounds") {
            rounds = std::atoi(argv[++i]);
        } else {
            fmt::print(stderr, "usage: bench_relay [--calls N] [--seconds N] [--rounds N] [--quick]\n");
            return 2;
        }
    }
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);

    const Phones phones(calls);
    const auto floor = start("floor", phones, run_floor);
    const auto engine = start("engine", phones, run_engine);
    if (::sysconf(_SC_NPROCESSORS_ONLN) > 1) pin_to(0);
    LoadGenerator load(phones);
    Measured of_floor;
    Measured of_engine;
    for (int round = 0; round < rounds; ++round) {
        load.run(floor, std::chrono::seconds(seconds), of_floor);
        load.run(engine, std::chrono::seconds(seconds), of_engine);
    }
    for (const auto& relay : {floor, engine}) {
        ::kill(relay.process, SIGKILL);
        ::waitpid(relay.process, nullptr, 0);
    }
    const auto per_packet = [](const Measured& measured) {
        return measured.cpu_ns / static_cast<double>(std::max<std::uint64_t>(1, measured.received));
    };
    for (const auto* const measured : {&of_floor, &of_engine}) {
        if (measured->received * 100 < measured->sent * 99) {
            fmt::print(stderr, "bench_relay: of {} packets only {} arrived\n", measured->sent,
                       measured->received);
            return 1;
        }
    }
    const auto row = [](const char* name, double value, const char* unit, double target) {
        fmt::print("{{\"name\": \"{}\", \"value\": {:.4g}, \"unit\": \"{}\", \"target\": {}}}\n", name, value,
                   unit, target);
    };
    row("relay_epoll_floor_ratio", per_packet(of_engine) / per_packet(of_floor), "ratio", 1.3);
    // One call for one second: fifty packets each way.
    row("relay_cpu_ms_per_call_s", per_packet(of_engine) * 2 * kPacketsPerSecond / 1e6, "ms", 1.2);
    row("relay_added_p99_ms", percentile(of_engine.transit_ms, 0.99), "ms", 3);
    fmt::print(stderr,
               "{} calls: floor {:.2f} us a packet, p50 {:.3f} ms, p99 {:.3f} ms; engine {:.2f} us, p50 "
               "{:.3f} ms, p99 "
               "{:.3f} ms\n",
               calls, per_packet(of_floor) / 1e3, percentile(of_floor.transit_ms, 0.5),
               percentile(of_floor.transit_ms, 0.99), per_packet(of_engine) / 1e3,
               percentile(of_engine.transit_ms, 0.5), percentile(of_engine.transit_ms, 0.99));
    return 0;
}
