// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/sip_network.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "sip/message_writer.hpp"

namespace almon::test {

using namespace sip;

namespace {

std::string text_of(const UserAgentEvent& event) {
    struct Text {
        std::string operator()(const IncomingInvite& e) const {
            return "invite " + std::string(e.offer != nullptr ? e.offer->bytes : "without offer");
        }
        std::string operator()(const IncomingRequest& e) const {
            return "request " + std::string(e.request.method_name());
        }
        std::string operator()(const SessionRequest& e) const {
            return "session request " + std::string(e.request.method_name());
        }
        std::string operator()(const SessionProgress& e) const {
            return "progress " + std::to_string(e.response.status()) + (e.reliable ? " reliable" : "") +
                   (e.description != nullptr ? ' ' + e.description->bytes : std::string());
        }
        std::string operator()(const SessionAnswered& e) const {
            return "answered" + (e.offer != nullptr ? " with offer " + e.offer->bytes : std::string());
        }
        std::string operator()(const SessionFailed& e) const {
            return "failed " + std::to_string(e.status) + (e.response == nullptr ? " locally" : "");
        }
        std::string operator()(const SessionOffered& e) const {
            return "offered " + std::string(e.request.method_name()) + ' ' +
                   (e.offer != nullptr ? e.offer->bytes : "nothing");
        }
        std::string operator()(const SessionAnswer& e) const { return "answer " + e.answer.bytes; }
        std::string operator()(const OfferRefused& e) const {
            return "offer refused " + std::to_string(e.status);
        }
        std::string operator()(const SessionConfirmed&) const { return "confirmed"; }
        std::string operator()(const SessionEnded& e) const {
            static constexpr const char* kNames[] = {"bye",     "cancelled",   "no acknowledgement",
                                                     "expired", "dialog lost", "flow lost"};
            return std::string("ended ") + kNames[static_cast<std::size_t>(e.end)];
        }
        std::string operator()(const RequestCompleted& e) const {
            return "completed " +
                   (e.response != nullptr ? std::to_string(e.response->status()) : "without response");
        }
    };
    return std::visit(Text{}, event);
}

}  // namespace

NetAddress address_of(std::string_view host, std::uint16_t port) {
    return NetAddress::parse(host, port).value();
}

Message parsed(std::string_view bytes) {
    return std::move(Message::parse(bytes).value());
}

std::string header_of(std::string_view bytes, std::string_view name) {
    return std::string(parsed(bytes).header(name).value_or(""));
}

std::string body_of(std::string_view bytes) {
    return std::string(parsed(bytes).body());
}

std::string response_to(std::string_view request, int status, std::string_view to_tag,
                        std::string_view fields, std::string_view body) {
    const auto message = parsed(request);
    std::string text = "SIP/2.0 " + std::to_string(status) + ' ' + std::string(reason_phrase(status)) + '\n';
    for (const auto& field : message.fields()) {
        switch (field.name) {
            case HeaderName::To:
                text += "To: " + std::string(field.value);
                if (!to_tag.empty() && field.value.find(";tag=") == std::string_view::npos) {
                    text += ";tag=" + std::string(to_tag);
                }
                text += '\n';
                break;
            case HeaderName::Via:
            case HeaderName::From:
            case HeaderName::CallId:
            case HeaderName::CSeq:
                text += std::string(name_of(field.name)) + ": " + std::string(field.value) + '\n';
                break;
            default:
                break;
        }
    }
    text += fields;
    if (!body.empty()) text += "Content-Type: application/sdp\n";
    text += '\n';
    text += body;
    return text;
}

SipParty::SipParty(SipNetwork& network, std::string party_name, NetAddress party_address,
                   UserAgentSettings settings)
    : name(std::move(party_name)),
      address(party_address),
      random(std::hash<std::string>{}(name)),
      network_(network),
      settings_(std::move(settings)) {
    agent = std::make_unique<UserAgent>(settings_, random, *this, *this);
}

Flow SipParty::flow_to(const NetAddress& remote) const {
    return {TransportKind::Udp, address, remote, 0};
}

InviteSettings SipParty::invite_to(const NetAddress& remote, std::string_view offer) const {
    InviteSettings settings;
    settings.flow = flow_to(remote);
    settings.request_uri = "sip:peer@" + remote.text();
    settings.from = '<' + std::string("sip:") + name + "@example.com>";
    settings.to = "<sip:peer@example.com>";
    if (!offer.empty()) settings.offer = sdp(offer);
    return settings;
}

void SipParty::save_and_restore() {
    Archive archive;
    agent->save(archive);
    const std::string bytes = archive.take();
    agent = std::make_unique<UserAgent>(settings_, random, *this, *this);
    ArchiveReader reader(bytes);
    agent->restore(reader);
    EXPECT_TRUE(reader.ok());
    EXPECT_TRUE(reader.at_end());
    Archive again;
    agent->save(again);
    EXPECT_EQ(again.bytes(), bytes);
}

int SipParty::count(std::string_view start) const {
    return static_cast<int>(
        std::ranges::count_if(told, [&](const std::string& line) { return line.starts_with(start); }));
}

void SipParty::send(const Flow& flow, std::string_view bytes) {
    sent.emplace_back(bytes);
    network_.trace.push_back(name + " > " + std::string(bytes));
    network_.carry(address, flow, bytes);
}

void SipParty::on_user_agent(const UserAgentEvent& event) {
    told.push_back(text_of(event));
    network_.trace.push_back(name + " : " + told.back());
    std::visit(
        [this](const auto& e) {
            if constexpr (requires { e.session; }) session = e.session;
            if constexpr (requires { e.request_id; }) request = e.request_id;
        },
        event);
    if (act) act(event);
}

SipNetwork::SipNetwork(SipConditions conditions) : conditions_(conditions), random_(conditions.seed) {
    now_.instant += std::chrono::hours(1);
}

SipParty& SipNetwork::add(std::string name, std::string_view host, UserAgentSettings settings) {
    return *parties_.emplace_back(
        std::make_unique<SipParty>(*this, std::move(name), address_of(host), std::move(settings)));
}

SipParty* SipNetwork::party_at(const NetAddress& address) {
    for (const auto& party : parties_) {
        if (party->address == address) return party.get();
    }
    return nullptr;
}

void SipNetwork::carry(const NetAddress& from, const Flow& flow, std::string_view bytes) {
    if (random_.below(100) < conditions_.loss_percent) return;
    const auto spread =
        static_cast<std::uint64_t>((conditions_.longest_delay - conditions_.shortest_delay).count());
    const int copies = random_.below(100) < conditions_.duplicate_percent ? 2 : 1;
    for (int copy = 0; copy < copies; ++copy) {
        const Duration delay = conditions_.shortest_delay + Duration(random_.below(spread + 1));
        on_the_way_.emplace(now_.instant + delay,
                            Datagram{from, flow.remote, flow.transport, std::string(bytes)});
    }
}

bool SipNetwork::step(Instant until) {
    std::optional<Instant> next;
    SipParty* due = nullptr;
    if (!on_the_way_.empty()) next = on_the_way_.begin()->first;
    for (const auto& party : parties_) {
        const auto deadline = party->agent->next_deadline();
        if (deadline && (!next || *deadline < *next)) {
            next = deadline;
            due = party.get();
        }
    }
    if (!next || *next > until) return false;
    const auto passed = std::max(*next, now_.instant) - now_.instant;
    now_.instant += passed;
    now_.utc += std::chrono::duration_cast<std::chrono::microseconds>(passed);
    if (restore_at_each_step) {
        for (const auto& party : parties_)
            party->save_and_restore();
    }
    if (due != nullptr) {
        due->agent->advance(now_);
        return true;
    }
    const Datagram datagram = std::move(on_the_way_.begin()->second);
    on_the_way_.erase(on_the_way_.begin());
    if (SipParty* party = party_at(datagram.to)) {
        auto message = Message::parse(datagram.bytes);
        if (message) {
            party->agent->receive({datagram.transport, datagram.to, datagram.from, 0}, std::move(*message),
                                  now_);
        }
    } else {
        inboxes_[datagram.to].push_back(datagram.bytes);
    }
    return true;
}

void SipNetwork::run_for(Duration duration) {
    const Instant until = now_.instant + duration;
    while (step(until)) {
    }
    const auto passed = until - now_.instant;
    now_.instant = until;
    now_.utc += std::chrono::duration_cast<std::chrono::microseconds>(passed);
}

void SipNetwork::send_as(const NetAddress& peer, SipParty& to, std::string_view message) {
    std::string head(message.substr(0, message.find("\n\n")));
    const std::string body(message.find("\n\n") == std::string_view::npos ? ""
                                                                          : message.substr(head.size() + 2));
    head += "\nContent-Length: " + std::to_string(body.size()) + "\n\n";
    std::string bytes;
    for (const char c : head) {
        if (c == '\n') bytes += '\r';
        bytes += c;
    }
    bytes += body;
    on_the_way_.emplace(now_.instant, Datagram{peer, to.address, TransportKind::Udp, std::move(bytes)});
    run_for(20ms);
}

std::optional<std::string> SipNetwork::take(const NetAddress& peer) {
    auto& inbox = inboxes_[peer];
    if (inbox.empty()) return std::nullopt;
    std::string bytes = std::move(inbox.front());
    inbox.pop_front();
    return bytes;
}

std::string SipNetwork::take(const NetAddress& peer, std::string_view start) {
    while (const auto bytes = take(peer)) {
        if (bytes->starts_with(start)) return *bytes;
    }
    ADD_FAILURE() << "nothing that begins with '" << start << "' arrived";
    return {};
}

}  // namespace almon::test
