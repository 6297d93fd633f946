// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "base/time.hpp"
#include "sip/user_agent.hpp"

namespace almon::test {

class SipNetwork;

/// A user agent on a virtual network. What it is told becomes lines of text; `act` is what the test does
/// then.
class SipParty final : public sip::Wire, public sip::UserAgentListener {
public:
    SipParty(SipNetwork& network, std::string name, NetAddress address, sip::UserAgentSettings settings);

    /// The way from here to `address`.
    [[nodiscard]] sip::Flow flow_to(const NetAddress& address) const;
    /// An INVITE to `address`, ready to be changed.
    [[nodiscard]] sip::InviteSettings invite_to(const NetAddress& address,
                                                std::string_view offer = "offer") const;
    /// Saves all state, throws the user agent away and restores it into another.
    void save_and_restore();
    /// How often a line that begins with `start` was told.
    [[nodiscard]] int count(std::string_view start) const;
    [[nodiscard]] bool was_told(std::string_view start) const { return count(start) > 0; }

    void send(const sip::Flow& flow, std::string_view bytes) override;
    void on_user_agent(const sip::UserAgentEvent& event) override;

    std::string name;
    NetAddress address;
    SeededRandom random;
    std::unique_ptr<sip::UserAgent> agent;
    std::function<void(const sip::UserAgentEvent&)> act;
    std::vector<std::string> told;
    std::vector<std::string> sent;
    sip::SessionId session;  ///< Of the latest event.
    sip::RequestId request;  ///< Of the latest request.

private:
    SipNetwork& network_;
    sip::UserAgentSettings settings_;
};

/// What the network does to datagrams, each decided by the seed.
struct SipConditions {
    std::uint64_t seed = 1;
    unsigned loss_percent = 0;
    unsigned duplicate_percent = 0;
    Duration shortest_delay = 5ms;
    Duration longest_delay = 5ms;  ///< Longer than the shortest: messages overtake each other.
};

/// Joins user agents and scripted peers by datagrams in virtual time.
class SipNetwork final {
public:
    explicit SipNetwork(SipConditions conditions = {});

    SipParty& add(std::string name, std::string_view host, sip::UserAgentSettings settings = {});
    /// Delivers messages and fires timers until `duration` has passed.
    void run_for(Duration duration);
    /// One message or timer; false when nothing is left to happen before `until`.
    bool step(Instant until);

    void carry(const NetAddress& from, const sip::Flow& flow, std::string_view bytes);
    [[nodiscard]] Now now() const noexcept { return now_; }

    // A scripted peer is any address without party.
    /// Puts a message on the way; '\n' becomes CR LF, and Content-Length is added.
    void send_as(const NetAddress& peer, SipParty& to, std::string_view message);
    /// What arrived at a scripted peer and was not taken, oldest first.
    [[nodiscard]] std::optional<std::string> take(const NetAddress& peer);
    /// Takes messages until one begins with `start`; fails the test when none does.
    std::string take(const NetAddress& peer, std::string_view start);

    /// Every party is saved and restored before each step.
    bool restore_at_each_step = false;
    /// All that was sent and told, in order: equal for equal runs.
    std::vector<std::string> trace;

private:
    struct Datagram {
        NetAddress from;
        NetAddress to;
        sip::TransportKind transport = sip::TransportKind::Udp;
        std::string bytes;
    };
    SipParty* party_at(const NetAddress& address);

    SipConditions conditions_;
    SeededRandom random_;
    Now now_{};
    std::vector<std::unique_ptr<SipParty>> parties_;
    std::multimap<Instant, Datagram> on_the_way_;
    std::map<NetAddress, std::deque<std::string>> inboxes_;
};

[[nodiscard]] NetAddress address_of(std::string_view host, std::uint16_t port = 5060);
[[nodiscard]] sip::Message parsed(std::string_view bytes);
/// The value of the first field of that name, empty when there is none.
[[nodiscard]] std::string header_of(std::string_view bytes, std::string_view name);
[[nodiscard]] std::string body_of(std::string_view bytes);
/// A response that a scripted peer gives to `request`; `fields` are whole lines ending in '\n'.
[[nodiscard]] std::string response_to(std::string_view request, int status, std::string_view to_tag,
                                      std::string_view fields = {}, std::string_view body = {});
[[nodiscard]] inline sip::Body sdp(std::string_view text) {
    return {"application/sdp", std::string(text)};
}

}  // namespace almon::test
