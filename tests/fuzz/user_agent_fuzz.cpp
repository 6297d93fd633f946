// SPDX-License-Identifier: GPL-3.0-or-later
// A user agent against a hostile peer. The input is a script of blocks between lines "%%": a block that
// begins with
// '!' is something that we do ("!accept", "!time 500"), any other is a message of the peer, in which $T
// stands for our latest tag, $B for the branch, $C for the Call-ID, $Q for the CSeq number and $R for the
// RSeq that we sent last. Whatever happens: nothing is left when all has been ended and time has passed.
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "sip/user_agent.hpp"

namespace {

using namespace almon;
using namespace almon::sip;

class Peer final : public Wire, public UserAgentListener {
public:
    Peer() {
        now_.instant += std::chrono::hours(1);
        UserAgentSettings settings;
        settings.timers = {std::chrono::seconds(120), std::chrono::seconds(90)};
        agent_ = std::make_unique<UserAgent>(settings, random_, *this, *this);
        flow_.local = NetAddress::parse("192.0.2.1", 5060).value();
        flow_.remote = NetAddress::parse("192.0.2.2", 5060).value();
    }

    void run(std::string_view script) {
        while (!script.empty()) {
            const auto end = script.find("\n%%\n");
            const auto block = script.substr(0, end);
            script = end == std::string_view::npos ? std::string_view{} : script.substr(end + 4);
            if (block.starts_with('!')) {
                act(block.substr(1));
            } else {
                receive(block);
            }
        }
        finish();
    }

    void send(const Flow& /*flow*/, std::string_view bytes) override {
        const auto message = Message::parse(bytes);
        if (!message || (message->is_request() && message->defect()))
            std::abort();  // what we write, we can read
        const auto ours = message->is_request() ? message->from() : message->to();
        if (ours && !ours->tag().empty()) tag_ = ours->tag();
        if (const auto via = message->via()) branch_ = via->branch();
        call_id_ = message->call_id();
        if (const auto cseq = message->cseq()) cseq_ = std::to_string(cseq->number);
        if (const auto rseq = message->header(HeaderName::RSeq)) rseq_ = *rseq;
    }

    void on_user_agent(const UserAgentEvent& event) override {
        std::visit(
            [this](const auto& e) {
                if constexpr (requires { e.session; }) sessions_.push_back(e.session);
                if constexpr (requires { e.request_id; }) requests_.push_back(e.request_id);
            },
            event);
        if (answers_at_once_ && std::holds_alternative<SessionOffered>(event)) {
            agent_->answer_offer(sessions_.back(), {"application/sdp", "agreed"}, now_);
        }
        if (ends_at_once_) agent_->end(sessions_.empty() ? SessionId{} : sessions_.back(), {}, now_);
    }

private:
    void receive(std::string_view block) {
        std::string bytes;
        for (std::size_t i = 0; i < block.size(); ++i) {
            const char c = block[i];
            if (c == '\n' && (bytes.empty() || bytes.back() != '\r')) bytes += '\r';
            if (c != '$' || i + 1 == block.size()) {
                bytes += c;
                continue;
            }
            switch (block[++i]) {
                case 'T':
                    bytes += tag_;
                    break;
                case 'B':
                    bytes += branch_;
                    break;
                case 'C':
                    bytes += call_id_;
                    break;
                case 'Q':
                    bytes += cseq_;
                    break;
                case 'R':
                    bytes += rseq_;
                    break;
                default:
                    bytes += block[i];
                    break;
            }
        }
        auto message = Message::parse(bytes);
        if (message) agent_->receive(flow_, std::move(*message), now_);
    }

    void act(std::string_view action) {
        const SessionId session = sessions_.empty() ? SessionId{} : sessions_.back();
        const Body body{"application/sdp", "body"};
        if (action == "ring") agent_->progress(session, 180, {}, Reliability::IfSupported, {}, now_);
        if (action == "early") agent_->progress(session, 183, body, Reliability::IfSupported, {}, now_);
        if (action == "accept") agent_->accept(session, body, {}, now_);
        if (action == "reject") agent_->reject(session, 486, {}, {}, now_);
        if (action == "end") agent_->end(session, {}, now_);
        if (action == "offer") agent_->offer(session, body, false, now_);
        if (action == "update") agent_->offer(session, body, true, now_);
        if (action == "answer") agent_->answer_offer(session, body, now_);
        if (action == "refuse") agent_->refuse_offer(session, 488, now_);
        if (action == "info") agent_->request_in(session, "INFO", body, {}, now_);
        if (action == "respond" && !requests_.empty())
            agent_->respond(requests_.back(), 200, {}, {}, {}, now_);
        if (action == "restore") restore();
        if (action == "lost") agent_->flow_lost(flow_, now_);
        if (action == "tcp") flow_.transport = TransportKind::Tcp;
        if (action == "eager") answers_at_once_ = true;
        if (action == "impatient") ends_at_once_ = true;
        if (action == "invite" || action == "invite without offer") {
            InviteSettings settings;
            settings.flow = flow_;
            settings.request_uri = "sip:peer@192.0.2.2";
            settings.from = "<sip:us@example.com>";
            settings.to = "<sip:peer@example.com>";
            if (action == "invite") settings.offer = body;
            settings.credentials = Credentials{"us", "secret"};
            sessions_.push_back(agent_->invite(settings, now_));
        }
        if (action.starts_with("time ")) {
            unsigned milliseconds = 0;
            std::from_chars(action.data() + 5, action.data() + action.size(), milliseconds);
            pass(std::chrono::milliseconds(milliseconds % 200'000));
        }
    }

    void pass(Duration duration) {
        const Instant until = now_.instant + duration;
        // More steps than any honest timer needs would be a timer that starts itself at once.
        for (int steps = 0; steps < 100'000; ++steps) {
            const auto next = agent_->next_deadline();
            if (!next || *next > until) {
                now_.instant = until;
                return;
            }
            if (*next > now_.instant) now_.instant = *next;
            agent_->advance(now_);
        }
        std::abort();
    }

    void restore() {
        Archive archive;
        agent_->save(archive);
        const std::string bytes = archive.take();
        agent_ = std::make_unique<UserAgent>(UserAgentSettings{}, random_, *this, *this);
        ArchiveReader reader(bytes);
        agent_->restore(reader);
        Archive again;
        agent_->save(again);
        if (!reader.ok() || again.bytes() != bytes) std::abort();
    }

    void finish() {
        for (std::uint64_t id = 1; id < 64; ++id)
            agent_->end(SessionId{id}, {}, now_);
        for (const auto request : requests_)
            agent_->respond(request, 200, {}, {}, {}, now_);
        requests_.clear();
        pass(std::chrono::seconds(300));
        for (const auto request : requests_)
            agent_->respond(request, 200, {}, {}, {}, now_);
        pass(std::chrono::seconds(300));
        if (agent_->session_count() != 0 || agent_->transaction_count() != 0) std::abort();
        if (agent_->next_deadline()) std::abort();
    }

    Now now_{};
    SeededRandom random_{1};
    std::unique_ptr<UserAgent> agent_;
    Flow flow_;
    std::vector<SessionId> sessions_;
    std::vector<RequestId> requests_;
    std::string tag_;
    std::string branch_;
    std::string call_id_;
    std::string cseq_ = "1";
    std::string rseq_ = "1";
    bool answers_at_once_ = false;
    bool ends_at_once_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 20'000) return 0;
    Peer peer;
    peer.run({reinterpret_cast<const char*>(data), size});
    return 0;
}
