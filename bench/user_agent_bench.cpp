// SPDX-License-Identifier: GPL-3.0-or-later
// What SIP alone costs of a call: a whole one between two user agents, INVITE to BYE, retransmission timers
// and the end of every transaction included.
#include <deque>
#include <string>

#include <benchmark/benchmark.h>

#include "base/random.hpp"
#include "sip/user_agent.hpp"

namespace {

using namespace almon;
using namespace almon::sip;

constexpr std::string_view kDescription =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 10000 RTP/AVP 8 0 "
    "101\r\n"
    "a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
    "a=sendrecv\r\n";

/// Two user agents in one process, without delay between them.
class Pair final : public Wire, public UserAgentListener {
public:
    Pair() {
        now_.instant += std::chrono::hours(1);
        to_callee_.local = NetAddress::parse("192.0.2.1", 5060).value();
        to_callee_.remote = NetAddress::parse("192.0.2.2", 5060).value();
        to_caller_ = {TransportKind::Udp, to_callee_.remote, to_callee_.local, 0};
    }

    void call() {
        InviteSettings settings;
        settings.flow = to_callee_;
        settings.request_uri = "sip:bob@192.0.2.2:5060";
        settings.from = "\"Alice\" <sip:1001@192.0.2.1>";
        settings.to = "<sip:1002@192.0.2.1>";
        settings.headers = {{"P-Asserted-Identity", "\"Alice\" <sip:1001@192.0.2.1>"}};
        settings.offer = description_;
        const auto session = caller_.invite(settings, now_);
        deliver();
        callee_.accept(session_, description_, {}, now_);
        deliver();
        caller_.end(session, {}, now_);
        deliver();
        now_.instant += std::chrono::milliseconds(5);
        caller_.advance(now_);
        callee_.advance(now_);
    }

    void send(const Flow& flow, std::string_view bytes) override {
        wire_.push_back({flow, std::string(bytes)});
    }
    void on_user_agent(const UserAgentEvent& event) override {
        if (const auto* invite = std::get_if<IncomingInvite>(&event)) {
            session_ = invite->session;
            callee_.progress(session_, 180, {}, Reliability::IfRequired, {}, now_);
        }
    }

private:
    struct Sent {
        Flow flow;
        std::string bytes;
    };
    void deliver() {
        while (!wire_.empty()) {
            const Sent sent = std::move(wire_.front());
            wire_.pop_front();
            const bool towards_callee = sent.flow.remote == to_callee_.remote;
            (towards_callee ? callee_ : caller_)
                .receive(towards_callee ? to_caller_ : to_callee_, std::move(*Message::parse(sent.bytes)),
                         now_);
        }
    }

    Now now_{};
    Flow to_callee_;
    Flow to_caller_;
    SeededRandom random_{1};
    Body description_{"application/sdp", std::string(kDescription)};
    std::deque<Sent> wire_;
    SessionId session_;
    UserAgent caller_{{}, random_, *this, *this};
    UserAgent callee_{{}, random_, *this, *this};
};

/// Both sides: what a call through a back-to-back user agent asks of this layer.
void user_agent_call(benchmark::State& state) {
    Pair pair;
    for (auto _ : state)
        pair.call();
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(user_agent_call)->Unit(benchmark::kMicrosecond);

}  // namespace
