// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/dialog.hpp"

#include <algorithm>
#include <utility>

#include "sip/syntax.hpp"

namespace almon::sip {

namespace {

std::string first_contact(const Message& message) {
    if (!message.header(HeaderName::Contact)) return {};
    const auto contacts = message.contacts();
    // What is no URI cannot be written into a Request-URI.
    if (!contacts || contacts->empty() || !contacts->front().sip_uri()) return {};
    return std::string(contacts->front().uri);
}

std::vector<std::string> record_route(const Message& message, bool reversed) {
    std::vector<std::string> routes;
    if (!message.header(HeaderName::RecordRoute)) return routes;
    for (const auto element : message.list(HeaderName::RecordRoute)) {
        const auto hop = NameAddr::parse(element);
        if (hop && hop->sip_uri()) routes.emplace_back(element);
    }
    if (reversed) std::ranges::reverse(routes);
    return routes;
}

/// Addresses that mean something on one network only: RFC 1918, 6598, loopback, link-local, unique local.
bool is_local_scope(const NetAddress& address) noexcept {
    const auto& b = address.bytes;
    if (address.ipv6) {
        return (b[0] & 0xfeU) == 0xfcU || (b[0] == 0xfeU && (b[1] & 0xc0U) == 0x80U) ||
               std::all_of(b.begin(), b.begin() + 15, [](std::uint8_t byte) { return byte == 0; });
    }
    return b[0] == 10 || b[0] == 127 || b[0] == 0 || (b[0] == 172 && (b[1] & 0xf0U) == 16) ||
           (b[0] == 192 && b[1] == 168) || (b[0] == 169 && b[1] == 254) ||
           (b[0] == 100 && (b[1] & 0xc0U) == 64);
}

/// True for an address that only makes sense on the far side of a NAT.
bool is_behind_nat(const NetAddress& named, const NetAddress& seen) noexcept {
    return !named.same_host(seen) && is_local_scope(named);
}

}  // namespace

Dialog Dialog::of_callee(const Message& invite, const Flow& flow, std::string local_tag) {
    Dialog dialog;
    dialog.call_id = invite.call_id();
    dialog.local = invite.header(HeaderName::To).value_or("");
    dialog.local += ";tag=";
    dialog.local += local_tag;
    dialog.local_tag = std::move(local_tag);
    dialog.remote = invite.header(HeaderName::From).value_or("");
    if (const auto from = invite.from()) dialog.remote_tag = from->tag();
    if (const auto cseq = invite.cseq()) dialog.remote_cseq = cseq->number;
    dialog.remote_target = first_contact(invite);
    if (const auto from = invite.from(); from && dialog.remote_target.empty())
        dialog.remote_target = from->uri;
    dialog.route_set = record_route(invite, false);
    dialog.choose_flow(flow, std::ranges::count(invite.fields(), HeaderName::Via, &HeaderField::name) > 1);
    return dialog;
}

Dialog Dialog::of_caller(const Message& response, const Flow& flow, std::string_view local,
                         std::string_view local_tag, std::string_view request_uri, std::uint32_t cseq) {
    Dialog dialog;
    dialog.call_id = response.call_id();
    dialog.local = local;
    dialog.local_tag = local_tag;
    dialog.remote = response.header(HeaderName::To).value_or("");
    if (const auto to = response.to()) dialog.remote_tag = to->tag();
    dialog.local_cseq = cseq;
    dialog.remote_target = first_contact(response);
    if (dialog.remote_target.empty()) dialog.remote_target = request_uri;
    dialog.route_set = record_route(response, true);
    dialog.flow = flow;
    return dialog;
}

void Dialog::refresh_target(const Message& message) {
    if (auto target = first_contact(message); !target.empty()) remote_target = std::move(target);
}

void Dialog::confirm(const Message& response) {
    confirmed = true;
    refresh_target(response);
    route_set = record_route(response, true);
}

bool Dialog::take_cseq(std::uint32_t number) noexcept {
    if (remote_cseq && number < *remote_cseq) return false;
    remote_cseq = number;
    return true;
}

void Dialog::choose_flow(const Flow& arrived, bool through_proxies) {
    // Whoever recorded a route is our neighbour; so is whoever keeps a connection to us.
    if (!route_set.empty() || arrived.transport != TransportKind::Udp) {
        flow = arrived;
    } else {
        flow = flow_to_target(arrived, remote_target, through_proxies);
    }
}

Flow flow_to_target(const Flow& arrived, std::string_view remote_target, bool through_proxies) {
    const auto target = SipUri::parse(remote_target);
    if (!target || target->scheme != UriScheme::Sip) return arrived;
    const auto transport = target->transport();
    if (!transport.empty() && transport != "udp" && transport != "UDP") return arrived;
    const auto address = NetAddress::parse(target->host, target->effective_port());
    if (!address || address->port == 0 || address->ipv6 != arrived.remote.ipv6) return arrived;
    if (address->is_unspecified() || (is_behind_nat(*address, arrived.remote) && !through_proxies))
        return arrived;
    Flow flow = arrived;
    flow.remote = *address;
    return flow;
}

void Dialog::leave_connection() {
    flow.connection = 0;
    const auto hop = route_set.empty() ? Result<NameAddr>(NameAddr{{}, remote_target, {}})
                                       : NameAddr::parse(route_set.front());
    const auto uri = hop ? hop->sip_uri() : Result<SipUri>(refuse(hop));
    if (!uri || !equal_ignoring_case(uri->transport(), uri_name(flow.transport))) return;
    const auto address = NetAddress::parse(uri->host, uri->effective_port());
    if (!address || address->ipv6 != flow.local.ipv6 || address->is_unspecified()) return;
    if (!is_behind_nat(*address, flow.remote)) flow.remote = *address;
}

Dialog::Path Dialog::path() const {
    Path path{remote_target, route_set};
    if (route_set.empty()) return path;
    const auto first = NameAddr::parse(route_set.front());
    const auto uri = first ? first->sip_uri() : Result<SipUri>(refuse(first));
    if (!uri || uri->is_loose_router()) return path;
    path.request_uri = first->uri;
    path.route.erase(path.route.begin());
    path.route.push_back('<' + remote_target + '>');
    return path;
}

}  // namespace almon::sip
