// SPDX-License-Identifier: GPL-3.0-or-later
// Our parser against a plain splitter of the same 1.2 kB INVITE. The splitter finds start line, names, values
// and body and understands nothing: what any parser has to do at the least. Like our Message it owns its
// bytes, since a message outlives the buffer it was received into; `split_invite_in_place` is the same
// without that copy. Allocations are counted, not guessed.
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "sip/digest.hpp"
#include "sip/message.hpp"
#include "sip/message_framer.hpp"
#include "sip/message_writer.hpp"

namespace {

std::size_t allocations = 0;

}  // namespace

// The whole family, so that none falls back to another. Not inline: GCC would take the pair apart and find
// malloc() released by a delete it does not know.
[[gnu::noinline]] void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size != 0 ? size : 1)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new[](std::size_t size) {
    return operator new(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace {

using namespace almon::sip;

const std::string kInvite =
    "INVITE sip:1002@pbx.example.com;user=phone SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.55:5060;branch=z9hG4bK-524287-1---3ab1f9c0de8e1c42;rport\r\n"
    "Max-Forwards: 70\r\n"
    "Contact: "
    "<sip:1001@192.0.2.55:5060;transport=udp>;+sip.instance=\"<urn:uuid:3f1c7c9e-17d3-4d0b-9b6e>\"\r\n"
    "To: \"Bob Baker\" <sip:1002@pbx.example.com;user=phone>\r\n"
    "From: \"Alice Archer\" <sip:1001@pbx.example.com>;tag=6c0f4a12\r\n"
    "Call-ID: 81872ZjRkNzYxOTk1ZjY5ODQ2NzM1OGQ5MjQ0ODk4NzY2NTY\r\n"
    "CSeq: 1 INVITE\r\n"
    "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, MESSAGE, SUBSCRIBE, INFO, PRACK, UPDATE\r\n"
    "Supported: replaces, timer, 100rel, norefersub\r\n"
    "Session-Expires: 1800\r\n"
    "Min-SE: 90\r\n"
    "User-Agent: Deskphone T46 66.84.0.15\r\n"
    "Allow-Events: hold, talk, conference, dialog\r\n"
    "Content-Type: application/sdp\r\n"
    "Content-Length: 414\r\n"
    "\r\n"
    "v=0\r\n"
    "o=- 20518 20518 IN IP4 192.0.2.55\r\n"
    "s=SDP data\r\n"
    "c=IN IP4 192.0.2.55\r\n"
    "t=0 0\r\n"
    "m=audio 11780 RTP/AVP 9 0 8 18 101\r\n"
    "a=rtpmap:9 G722/8000\r\n"
    "a=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:8 PCMA/8000\r\n"
    "a=rtpmap:18 G729/8000\r\n"
    "a=fmtp:18 annexb=no\r\n"
    "a=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-15\r\n"
    "a=ptime:20\r\n"
    "a=sendrecv\r\n"
    "a=rtcp:11781\r\n"
    "a=label:audio-of-the-first-line\r\n"
    "a=mid:0\r\n"
    "a=rtcp-fb:* trr-int 5000\r\n"
    "a=ssrc:1804289383 cname:desk\r\n";

struct Split {
    std::unique_ptr<char[]> bytes;
    std::string_view first;
    std::string_view second;
    std::string_view third;
    std::vector<std::pair<std::string_view, std::string_view>> fields;
    std::string_view body;
};

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

Split split(std::string_view bytes) {
    Split result;
    result.fields.reserve(24);
    std::size_t end = bytes.find('\n');
    std::string_view line = trimmed(bytes.substr(0, end));
    const std::size_t space = line.find(' ');
    const std::size_t last = line.rfind(' ');
    result.first = line.substr(0, space);
    result.second = line.substr(space + 1, last - space - 1);
    result.third = line.substr(last + 1);
    while (true) {
        bytes.remove_prefix(end + 1);
        end = bytes.find('\n');
        if (end == std::string_view::npos) break;
        line = bytes.substr(0, end);
        if (line == "\r") {
            result.body = bytes.substr(end + 1);
            break;
        }
        const std::size_t colon = line.find(':');
        result.fields.emplace_back(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    }
    return result;
}

void count_allocations(benchmark::State& state, std::size_t before) {
    state.counters["allocations"] =
        benchmark::Counter(static_cast<double>(allocations - before), benchmark::Counter::kAvgIterations);
}

void split_invite(benchmark::State& state) {
    const std::size_t before = allocations;
    for (auto _ : state) {
        auto owned = std::make_unique_for_overwrite<char[]>(kInvite.size());
        std::memcpy(owned.get(), kInvite.data(), kInvite.size());
        Split result = split({owned.get(), kInvite.size()});
        result.bytes = std::move(owned);
        benchmark::DoNotOptimize(result);
    }
    count_allocations(state, before);
}
BENCHMARK(split_invite);

void split_invite_in_place(benchmark::State& state) {
    const std::size_t before = allocations;
    for (auto _ : state)
        benchmark::DoNotOptimize(split(kInvite));
    count_allocations(state, before);
}
BENCHMARK(split_invite_in_place);

void parse_invite(benchmark::State& state) {
    const std::size_t before = allocations;
    for (auto _ : state) {
        const auto message = Message::parse(kInvite);
        const auto from = message->from();
        const auto to = message->to();
        const auto via = message->via();
        const auto cseq = message->cseq();
        const auto contacts = message->contacts();
        if (!from || !to || !via || !cseq || !contacts || message->body().empty())
            state.SkipWithError("refused");
        benchmark::DoNotOptimize(from);
        benchmark::DoNotOptimize(to);
        benchmark::DoNotOptimize(via);
        benchmark::DoNotOptimize(cseq);
        benchmark::DoNotOptimize(contacts);
        benchmark::DoNotOptimize(message->body());
    }
    count_allocations(state, before);
}
BENCHMARK(parse_invite);

void parse_and_judge_invite(benchmark::State& state) {
    const std::size_t before = allocations;
    for (auto _ : state) {
        const auto message = Message::parse(kInvite);
        if (message->defect()) state.SkipWithError("defect");
    }
    count_allocations(state, before);
}
BENCHMARK(parse_and_judge_invite);

void frame_and_parse_invite(benchmark::State& state) {
    MessageFramer framer;
    for (auto _ : state) {
        framer.feed(kInvite);
        const auto frame = framer.next();
        if (!frame || !*frame) state.SkipWithError("not framed");
        benchmark::DoNotOptimize(Message::parse((*frame)->bytes));
    }
}
BENCHMARK(frame_and_parse_invite);

void write_200_ok(benchmark::State& state) {
    const auto invite = Message::parse(kInvite);
    const almon::NetAddress source = *almon::NetAddress::parse("192.0.2.55", 5060);
    const std::string_view sdp = invite->body();
    const std::size_t before = allocations;
    for (auto _ : state) {
        MessageWriter writer =
            MessageWriter::response(*invite, 200, {}, {.to_tag = "z9f8e7d6c5", .source = &source});
        writer.add(HeaderName::Contact, "<sip:192.0.2.1:5060>")
            .add(HeaderName::Allow, "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO, REFER, NOTIFY")
            .add(HeaderName::Supported, "replaces, timer, 100rel")
            .add(HeaderName::Server, "Almon");
        benchmark::DoNotOptimize(writer.finish("application/sdp", sdp));
    }
    count_allocations(state, before);
}
BENCHMARK(write_200_ok);

void prove_digest(benchmark::State& state) {
    const auto algorithm = state.range(0) == 0 ? DigestAlgorithm::Md5 : DigestAlgorithm::Sha256;
    DigestChallenge challenge;
    challenge.algorithm = algorithm;
    challenge.realm = "almon";
    challenge.nonce = "655a1b2c0123456789abcdef0123456789abcdef0123456789abcdef";
    const std::string value =
        digest_authorization(challenge, "1001", "secret", "REGISTER", "sip:almon", "cn", 1);
    const std::string a1 = digest_a1(algorithm, "1001", "almon", "secret");
    for (auto _ : state) {
        const auto credentials = DigestCredentials::parse(value);
        if (!credentials->prove(a1, "REGISTER")) state.SkipWithError("not proved");
    }
}
BENCHMARK(prove_digest)->Arg(0)->Arg(1);

}  // namespace
