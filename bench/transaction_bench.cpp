// SPDX-License-Identifier: GPL-3.0-or-later
// What the transaction layer itself costs: parsed messages in, bytes out to a wire that drops them, with as
// many older transactions waiting for their timers as a busy minute leaves behind.
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/random.hpp"
#include "base/timer_queue.hpp"
#include "sip/message_writer.hpp"
#include "sip/transaction_layer.hpp"

namespace {

using namespace almon;
using namespace almon::sip;

class Silence final : public Wire, public TransactionUser {
public:
    void send(const Flow&, std::string_view bytes) override { benchmark::DoNotOptimize(bytes.data()); }
    void on_request(ServerTransactionId id, const Flow&, const Message&) override { server = id; }
    void on_ack(const Flow&, const Message&) override {}
    void on_cancel(ServerTransactionId, const Message&) override {}
    void on_response(ClientTransactionId, const Flow&, const Message&) override {}
    void on_stray_response(const Flow&, const Message&) override {}
    void on_failure(ClientTransactionId, Failure) override {}
    void on_terminated(ServerTransactionId) override {}

    ServerTransactionId server;
};

std::string request(const std::string& method, const std::string& branch) {
    return method +
           " sip:1002@192.0.2.100 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5062;rport;branch=" + branch +
           "\r\nMax-Forwards: 70\r\nFrom: \"Alice\" <sip:1001@192.0.2.100>;tag=0123456789\r\n"
           "To: <sip:1002@192.0.2.100>\r\nCall-ID: 0123456789abcdef" +
           branch + "@192.0.2.1\r\nCSeq: 20 " + method +
           "\r\nContact: <sip:1001@192.0.2.1:5062>\r\nAllow: INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, "
           "UPDATE\r\n"
           "Supported: replaces, timer, 100rel\r\nUser-Agent: bench\r\nContent-Length: 0\r\n\r\n";
}

struct Bench {
    Bench() {
        flow.local = NetAddress::parse("192.0.2.100", 5060).value();
        flow.remote = NetAddress::parse("192.0.2.1", 5062).value();
        now.instant = Instant{1000s};
    }

    std::string respond(const Message& message, int status) const {
        return MessageWriter::response(message, status, {}, {.to_tag = "9876543210", .source = &flow.remote})
            .finish();
    }
    /// Both sides of a call's INVITE: in from the caller, out to the callee, 180, 200.
    void invite_pair(const Message& invite, const std::string& outgoing, const std::string& branch,
                     const Message& ringing, const Message& ok) {
        layer.receive(flow, invite, now);
        const auto server = silence.server;
        layer.send(flow, Method::Invite, "INVITE", branch, outgoing, now);
        layer.receive(flow, ringing, now);
        layer.respond(server, 180, ringing_bytes, now);
        layer.receive(flow, ok, now);
        layer.respond(server, 200, ok_bytes, now);
    }

    Flow flow;
    Now now{};
    Silence silence;
    SeededRandom random{1};
    TransactionLayer layer{random, silence, silence, {.transactions = 10'000'000}};
    std::string ringing_bytes, ok_bytes;
};

/// Messages are parsed and written beforehand: the layer alone is measured, with its timers running out.
void BM_InvitePair(benchmark::State& state) {
    Bench bench;
    constexpr std::size_t kPrepared = 64;  // Few, as fresh in the caches as what has just been parsed.
    struct Call {
        Message invite, ringing, ok;
        std::string branch, outgoing;
    };
    std::uint64_t number = 0;
    const auto prepare = [&] {
        std::vector<Call> calls;
        calls.reserve(kPrepared);
        for (std::size_t i = 0; i < kPrepared; ++i) {
            std::string branch = bench.layer.new_branch();
            std::string outgoing = request("INVITE", branch);
            const auto sent = Message::parse(outgoing).value();
            calls.push_back({Message::parse(request("INVITE", "z9hG4bK" + std::to_string(++number))).value(),
                             Message::parse(bench.respond(sent, 180)).value(),
                             Message::parse(bench.respond(sent, 200)).value(), std::move(branch),
                             std::move(outgoing)});
        }
        return calls;
    };
    auto calls = prepare();
    bench.ringing_bytes = bench.respond(calls[0].invite, 180);
    bench.ok_bytes = bench.respond(calls[0].invite, 200);
    std::size_t next = 0;
    // As many calls per second of the layer's clock as asked for: what 32 s of them leave is in the tables.
    const auto interval = Duration{1s} / state.range(0);
    for (auto _ : state) {
        if (next == kPrepared) {
            state.PauseTiming();
            calls = prepare();
            next = 0;
            state.ResumeTiming();
        }
        const Call& call = calls[next++];
        bench.invite_pair(call.invite, call.outgoing, call.branch, call.ringing, call.ok);
        bench.now.instant += interval;
        bench.layer.advance(bench.now);
    }
    state.counters["transactions"] = static_cast<double>(bench.layer.size());
}
BENCHMARK(BM_InvitePair)->Arg(200)->Arg(2000);

/// OPTIONS in and answered, and its timer J 32 s later.
void BM_NonInviteServer(benchmark::State& state) {
    Bench bench;
    std::uint64_t number = 0;
    std::vector<Message> messages;
    std::size_t next = 0;
    std::string ok;
    for (auto _ : state) {
        if (next == messages.size()) {
            state.PauseTiming();
            messages.clear();
            for (int i = 0; i < 64; ++i) {
                messages.push_back(
                    Message::parse(request("OPTIONS", "z9hG4bK" + std::to_string(++number))).value());
            }
            ok = bench.respond(messages[0], 200);
            next = 0;
            state.ResumeTiming();
        }
        bench.layer.receive(bench.flow, messages[next++], bench.now);
        bench.layer.respond(bench.silence.server, 200, ok, bench.now);
        bench.now.instant += 500us;
        bench.layer.advance(bench.now);
    }
}
BENCHMARK(BM_NonInviteServer);

/// Start, most often stop, sometimes fire, among many that wait.
void BM_TimerQueue(benchmark::State& state) {
    struct Purpose {
        std::uint64_t id = 0;
        std::uint8_t kind = 0;
    };
    TimerQueue<Purpose> timers;
    Instant now{};
    for (std::int64_t i = 0; i < state.range(0); ++i)
        timers.start(now + 32s * i / state.range(0), {});
    for (auto _ : state) {
        now += 32s / state.range(0);
        auto brief = timers.start(now + 500ms, {1, 1});
        timers.start(now + 32s, {2, 2});
        timers.stop(brief);
        while (timers.take_due(now)) {
        }
    }
}
BENCHMARK(BM_TimerQueue)->Arg(1000)->Arg(100'000);

}  // namespace
