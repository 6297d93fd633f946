// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/sip_peers.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "model/registration.hpp"
#include "model/trunk.hpp"
#include "pbx/technology/sip_endpoint_options.hpp"

namespace almon::pbx {
namespace {

constexpr std::uint16_t kSipPort = 5060;
constexpr std::uint16_t kSipsPort = 5061;
/// Where the option qualifyfreq does not say.
constexpr std::chrono::seconds kQualifyInterval{60};

/// The first of "udp", "tcp" and "tls" that a list names.
sip::TransportKind transport_named(std::string_view list) noexcept {
    const auto first = list.substr(0, list.find(','));
    if (first == "tcp") return sip::TransportKind::Tcp;
    return first == "tls" ? sip::TransportKind::Tls : sip::TransportKind::Udp;
}

std::uint16_t port_of(const model::EndpointSip& endpoint) noexcept {
    const auto text = option_of(endpoint, "port");
    std::uint16_t port = 0;
    std::from_chars(text.data(), text.data() + text.size(), port);
    return port;
}

std::uint16_t or_default(std::uint16_t port, sip::TransportKind transport) noexcept {
    if (port != 0) return port;
    return transport == sip::TransportKind::Tls ? kSipsPort : kSipPort;
}

}  // namespace

bool has_own_host(const model::EndpointSip& endpoint) noexcept {
    return !endpoint.host.empty() && endpoint.host != "dynamic";
}

void SipPeers::use(const model::Snapshot& snapshot) {
    std::set<std::string> hosts;
    const auto before = std::exchange(monitored_, {});
    known_by_address_.clear();
    snapshot.for_each<model::Trunk>([&](const model::Trunk& trunk) {
        const auto* endpoint = snapshot.endpoint_sip(trunk.endpoint_sip);
        if (endpoint == nullptr || !has_own_host(*endpoint)) return;
        hosts.insert(endpoint->host);
        monitor(*endpoint);
        const bool proves_itself = endpoint->type != "peer" &&
                                   option_of(*endpoint, "insecure").find("invite") == std::string_view::npos;
        if (!proves_itself) known_by_address_.push_back(endpoint->id);
    });
    snapshot.for_each<model::RegisterSip>([&](const model::RegisterSip& account) {
        if (account.enabled) hosts.insert(account.remote_host);
    });
    for (auto& [id, monitored] : monitored_) {
        const auto known = before.find(id);
        if (known != before.end() && known->second.interval == monitored.interval) monitored = known->second;
    }
    names_.want(std::move(hosts));
}

void SipPeers::monitor(const model::EndpointSip& endpoint) {
    const auto wish = option_of(endpoint, "qualify");
    if (wish.empty() || wish == "no" || wish == "0") return;
    int seconds = 0;
    const auto text = option_of(endpoint, "qualifyfreq");
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    monitored_[endpoint.id] = {
        seconds > 0 ? std::chrono::seconds(seconds) : kQualifyInterval, clock_.instant(), {}, true, {}};
}

std::vector<model::EndpointSipId> SipPeers::take_due() {
    std::vector<model::EndpointSipId> due;
    for (auto& [id, monitored] : monitored_) {
        if (monitored.request || monitored.ask_at > clock_.instant()) continue;
        monitored.ask_at = clock_.instant() + monitored.interval;
        due.push_back(id);
    }
    return due;
}

void SipPeers::asked(model::EndpointSipId endpoint, sip::ClientRequestId request) {
    const auto found = monitored_.find(endpoint);
    if (found != monitored_.end()) found->second.request = request;
}

bool SipPeers::on_completed(const sip::RequestCompleted& event) {
    for (auto& [id, monitored] : monitored_) {
        if (monitored.request != event.request) continue;
        monitored.request = {};
        const bool reachable = event.response != nullptr;
        if (!monitored.since || reachable != monitored.reachable) monitored.since = clock_.utc();
        monitored.reachable = reachable;
        return true;
    }
    return false;
}

bool SipPeers::is_reachable(model::EndpointSipId endpoint) const {
    const auto found = monitored_.find(endpoint);
    return found == monitored_.end() || found->second.reachable;
}

std::vector<SipPeers::Shown> SipPeers::monitored() const {
    std::vector<Shown> all;
    for (const auto& [id, monitored] : monitored_)
        all.push_back({id, monitored.reachable, monitored.since});
    return all;
}

std::optional<Instant> SipPeers::next_deadline() const {
    auto next = names_.next_deadline();
    for (const auto& [id, monitored] : monitored_) {
        if (!monitored.request && (!next || monitored.ask_at < *next)) next = monitored.ask_at;
    }
    return next;
}

void SipPeers::save(Archive& archive) const {
    archive.put(names_);
    archive.put(monitored_);
}

void SipPeers::restore(ArchiveReader& reader) {
    reader.get(names_);
    reader.get(monitored_);
}

std::optional<SipWay> SipPeers::way_to(std::string_view host, std::uint16_t port,
                                       sip::TransportKind transport) const {
    for (auto remote : names_.addresses(host)) {
        const auto ours = std::ranges::find_if(listening_, [&](const ListeningAddress& listening) {
            return listening.transport == transport && listening.address.ipv6 == remote.ipv6;
        });
        if (ours == listening_.end()) continue;
        remote.port = or_default(port, transport);
        SipWay way;
        way.flow = {transport, ours->address, remote, 0};
        const bool is_ipv6 = host.find(':') != std::string_view::npos && !host.starts_with('[');
        way.host_port = is_ipv6 ? '[' + std::string(host) + ']' : std::string(host);
        if (port != 0) way.host_port += ':' + std::to_string(port);
        if (transport != sip::TransportKind::Udp) {
            way.host_port += ";transport=";
            way.host_port += sip::uri_name(transport);
        }
        return way;
    }
    return std::nullopt;
}

std::optional<SipWay> SipPeers::way_to(const model::EndpointSip& endpoint) const {
    return way_to(endpoint.host, port_of(endpoint), transport_named(option_of(endpoint, "transport")));
}

const model::EndpointSip* SipPeers::sender(const model::Snapshot& snapshot, const sip::Flow& flow) const {
    const model::EndpointSip* sender = nullptr;
    for (const auto id : known_by_address_) {
        const auto* endpoint = snapshot.endpoint_sip(id);
        if (endpoint == nullptr) continue;
        const auto addresses = names_.addresses(endpoint->host);
        const bool is_there = std::ranges::any_of(
            addresses, [&](const NetAddress& address) { return address.same_host(flow.remote); });
        if (!is_there) continue;
        const auto port = or_default(port_of(*endpoint), transport_named(option_of(*endpoint, "transport")));
        if (port == flow.remote.port) return endpoint;
        // Connections come from any port.
        const bool from_any_port = sip::is_reliable(flow.transport) ||
                                   option_of(*endpoint, "insecure").find("port") != std::string_view::npos;
        if (from_any_port && sender == nullptr) sender = endpoint;
    }
    return sender;
}

}  // namespace almon::pbx
