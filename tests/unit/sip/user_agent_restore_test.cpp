// SPDX-License-Identifier: GPL-3.0-or-later
// Live state is a value: user agents that are saved and restored at every step do and say the same as others,
// over a network that loses, repeats and reorders.
#include <gtest/gtest.h>

#include "support/sip_network.hpp"

namespace almon::test {
namespace {

using namespace sip;
using std::chrono::seconds;

/// A few calls with holds, refusals, cancels and early media, each decided by the seed.
class RandomCalls {
public:
    RandomCalls(std::uint64_t seed, bool restore)
        : network({.seed = seed,
                   .loss_percent = static_cast<unsigned>(seed % 3) * 10,
                   .duplicate_percent = static_cast<unsigned>(seed % 4) * 5,
                   .shortest_delay = 2ms,
                   .longest_delay = 2ms + Duration(60ms) * static_cast<int>(seed % 5)}),
          random(seed + 1000) {
        network.restore_at_each_step = restore;
        alice.act = [this](const UserAgentEvent& event) { react(alice, event); };
        bob.act = [this](const UserAgentEvent& event) { react(bob, event); };
    }

    void run() {
        for (int i = 0; i < 6; ++i) {
            SipParty& from = random.below(2) == 0 ? alice : bob;
            SipParty& to = &from == &alice ? bob : alice;
            auto invite = from.invite_to(to.address, random.below(4) == 0 ? "" : "offer");
            invite.timers = {seconds(90 + random.below(100)), seconds(90)};
            last[&from] = from.agent->invite(invite, network.now());
            network.run_for(Duration(random.below(200'000'000)));
            act_at_random(from);
            network.run_for(Duration(random.below(3'000'000'000)));
            act_at_random(to);
            network.run_for(Duration(random.below(60'000'000'000)));
            act_at_random(from);
        }
        for (auto* party : {&alice, &bob}) {
            for (const auto session : sessions[party])
                party->agent->end(session, {}, network.now());
        }
        network.run_for(seconds(200));
    }

    SipNetwork network;
    SipParty& alice = network.add("alice", "192.0.2.1");
    SipParty& bob = network.add("bob", "192.0.2.2");

private:
    void act_at_random(SipParty& party) {
        if (sessions[&party].empty() && !last[&party]) return;
        const auto session = last[&party] ? last[&party] : sessions[&party].back();
        sessions[&party].push_back(session);
        switch (random.below(5)) {
            case 0:
                return party.agent->end(session, {}, network.now());
            case 1:
                return party.agent->offer(session, sdp("hold"), false, network.now());
            case 2:
                return party.agent->offer(session, sdp("hold"), true, network.now());
            case 3:
                party.agent->request_in(session, "INFO", {}, {}, network.now());
                return;
            default:
                return;
        }
    }

    void react(SipParty& party, const UserAgentEvent& event) {
        const auto now = network.now();
        UserAgent& agent = *party.agent;
        if (const auto* invite = std::get_if<IncomingInvite>(&event)) {
            sessions[&party].push_back(invite->session);
            switch (random.below(6)) {
                case 0:
                    return agent.reject(invite->session, 486, {}, {}, now);
                case 1:
                    agent.progress(invite->session, 180, {}, Reliability::IfSupported, {}, now);
                    agent.progress(invite->session, 183, sdp("early"), Reliability::IfSupported, {}, now);
                    return agent.accept(invite->session, sdp("answer"), {}, now);
                case 2:
                    return agent.progress(invite->session, 180, {}, Reliability::IfRequired, {}, now);
                default:
                    agent.progress(invite->session, 180, {}, Reliability::IfRequired, {}, now);
                    return agent.accept(invite->session, sdp("answer"), {}, now);
            }
        }
        if (const auto* offered = std::get_if<SessionOffered>(&event)) {
            if (random.below(4) == 0) return agent.refuse_offer(offered->session, 488, now);
            return agent.answer_offer(offered->session, sdp("agreed"), now);
        }
        if (const auto* answered = std::get_if<SessionAnswered>(&event); answered && answered->offer) {
            return agent.answer_offer(answered->session, sdp("agreed"), now);
        }
        if (const auto* progress = std::get_if<SessionProgress>(&event); progress && progress->reliable) {
            return agent.answer_offer(progress->session, sdp("agreed"), now);
        }
        if (const auto* request = std::get_if<SessionRequest>(&event)) {
            return agent.respond(request->request_id, 200, {}, {}, {}, now);
        }
    }

    SeededRandom random;
    std::map<SipParty*, std::vector<SessionId>> sessions;
    std::map<SipParty*, SessionId> last;
};

TEST(UserAgentRestore, ContinuesIdenticallyFromEveryStep) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        SCOPED_TRACE(seed);
        RandomCalls plain(seed, false);
        plain.run();
        RandomCalls restored(seed, true);
        restored.run();
        ASSERT_EQ(plain.network.trace.size(), restored.network.trace.size());
        for (std::size_t i = 0; i < plain.network.trace.size(); ++i)
            ASSERT_EQ(plain.network.trace[i], restored.network.trace[i]) << "line " << i;
    }
}

TEST(UserAgentRestore, NothingIsLeftOverAfterRandomCalls) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        SCOPED_TRACE(seed);
        RandomCalls calls(seed, false);
        calls.run();
        for (const auto* party : {&calls.alice, &calls.bob}) {
            ASSERT_EQ(party->agent->session_count(), 0U) << party->name;
            ASSERT_EQ(party->agent->transaction_count(), 0U) << party->name;
            ASSERT_FALSE(party->agent->next_deadline()) << party->name;
        }
    }
}

TEST(UserAgentRestore, BytesThatEndEarlyAreRefused) {
    RandomCalls calls(1, false);
    auto invite = calls.alice.invite_to(calls.bob.address);
    calls.alice.agent->invite(invite, calls.network.now());
    calls.network.run_for(seconds(1));
    Archive archive;
    calls.bob.agent->save(archive);
    const auto bytes = archive.take();
    for (std::size_t size = 0; size < bytes.size(); size += 7) {
        UserAgent fresh({}, calls.bob.random, calls.bob, calls.bob);
        ArchiveReader reader(std::string_view(bytes).substr(0, size));
        fresh.restore(reader);
        EXPECT_FALSE(reader.ok());
    }
}

}  // namespace
}  // namespace almon::test
