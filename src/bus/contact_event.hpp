// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "base/net_address.hpp"
#include "base/time.hpp"

namespace almon::bus {

/// A registration's binding as it is stored, so that a phone is reachable at once after a restart (RFC
/// 3261 10.3). One row per (username, uri).
struct StoredContact {
    std::string username;   ///< Of the SIP endpoint: the address of record.
    std::string uri;        ///< The Contact's URI as the phone gave it.
    std::string transport;  ///< "udp", "tcp" ...: of the flow on which it registered.
    NetAddress local;
    NetAddress remote;
    std::uint64_t connection = 0;
    UtcTime expires{};
    std::string call_id;
    std::uint32_t cseq = 0;
    double q = 1.0;
    std::string user_agent;
    std::string instance;  ///< +sip.instance, without angle brackets; empty: none.
    std::uint32_t reg_id = 0;
    std::vector<std::string> path;

    friend bool operator==(const StoredContact&, const StoredContact&) = default;
};
BOOST_DESCRIBE_STRUCT(StoredContact, (),
                      (username, uri, transport, local, remote, connection, expires, call_id, cseq, q,
                       user_agent, instance, reg_id, path))

/// A binding was added or refreshed.
struct ContactBound {
    StoredContact contact;
};
BOOST_DESCRIBE_STRUCT(ContactBound, (), (contact))

/// A binding was removed, expired, or its connection was lost for good.
struct ContactRemoved {
    std::string username;
    std::string uri;
};
BOOST_DESCRIBE_STRUCT(ContactRemoved, (), (username, uri))

}  // namespace almon::bus
