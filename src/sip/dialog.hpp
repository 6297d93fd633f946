// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "sip/flow.hpp"
#include "sip/message.hpp"

namespace almon::sip {

/// One dialog (RFC 3261 12), early or confirmed: a plain value.
struct Dialog {
    std::string call_id;
    std::string local_tag;
    std::string remote_tag;              ///< Empty with an RFC 2543 peer.
    std::string local;                   ///< Our side as a name-addr with tag: From of our requests.
    std::string remote;                  ///< The peer's, with its tag.
    std::string remote_target;           ///< URI of the peer's Contact.
    std::vector<std::string> route_set;  ///< name-addrs, the next hop first.
    std::uint32_t local_cseq = 0;        ///< Of our latest request.
    std::optional<std::uint32_t> remote_cseq;
    Flow flow;  ///< Where our requests go.
    bool confirmed = false;

    /// The callee's dialog (RFC 3261 12.1.1). `invite` is free of defects.
    [[nodiscard]] static Dialog of_callee(const Message& invite, const Flow& flow, std::string local_tag);
    /// The caller's dialog (RFC 3261 12.1.2) from a response with To tag. `local` and `local_tag` are those
    /// of our INVITE, `request_uri` stands in where the response has no Contact.
    [[nodiscard]] static Dialog of_caller(const Message& response, const Flow& flow, std::string_view local,
                                          std::string_view local_tag, std::string_view request_uri,
                                          std::uint32_t cseq);

    /// Takes the Contact of a target refresh request or response (RFC 3261 12.2.1.2, 12.2.2).
    void refresh_target(const Message& message);
    /// A 2xx sets the route set anew (RFC 3261 13.2.2.4).
    void confirm(const Message& response);
    /// A request of the peer: false when it is older than one seen (RFC 3261 12.2.2), to be refused with 500.
    [[nodiscard]] bool take_cseq(std::uint32_t number) noexcept;
    /// Chooses where our requests go, after `arrived` brought a message of the peer. `through_proxies` is
    /// true where the peer is known not to be the neighbour itself.
    void choose_flow(const Flow& arrived, bool through_proxies);

    /// The connection of `flow` is gone: the next request opens one to where the route or the peer's Contact
    /// points, since the far end of a connection that the peer opened listens to nobody (RFC 3261 18.2.2, RFC
    /// 5923).
    void leave_connection();

    /// Request-URI and Route of a request within the dialog (RFC 3261 12.2.1.1): with a strict router in
    /// front, the Request-URI is that router and the remote target comes last.
    struct Path {
        std::string request_uri;
        std::vector<std::string> route;
    };
    [[nodiscard]] Path path() const;

    friend bool operator==(const Dialog&, const Dialog&) = default;
};
BOOST_DESCRIBE_STRUCT(Dialog, (),
                      (call_id, local_tag, remote_tag, local, remote, remote_target, route_set, local_cseq,
                       remote_cseq, flow, confirmed))

/// Where a datagram for `remote_target` shall go, given that the peer's last message came by `arrived`.
/// The Contact is followed (RFC 3261 12.2.1.1) unless it names an address that only makes sense on the far
/// side of a NAT: then the way back is the way it came.
[[nodiscard]] Flow flow_to_target(const Flow& arrived, std::string_view remote_target, bool through_proxies);

}  // namespace almon::sip
