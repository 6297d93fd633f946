// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/describe.hpp>

#include "base/id.hpp"

namespace almon::model {

// What an administrator configures, as plain values. Names and meanings follow the documented REST resources.

struct User;
struct Line;
struct EndpointSip;
struct Extension;
struct Context;
using UserId = Id<User>;
using LineId = Id<Line>;
using EndpointSipId = Id<EndpointSip>;
using ExtensionId = Id<Extension>;
using ContextId = Id<Context>;

struct User {
    UserId id;
    std::string uuid;
    std::string firstname;
    std::string lastname;
    std::string caller_id;  ///< `"Alice Martin" <1001>` or a name only; empty: first and last name.
    std::string language;   ///< "fr_FR"; empty: the system's.
    std::chrono::seconds ring_time{30};  ///< 0: as long as the caller waits.
    int simultaneous_calls = 5;
    bool enabled = true;
};
BOOST_DESCRIBE_STRUCT(User, (),
                      (id, uuid, firstname, lastname, caller_id, language, ring_time, simultaneous_calls,
                       enabled))

/// What joins a user, an endpoint and an extension.
struct Line {
    LineId id;
    std::string name;
    std::string context;
    EndpointSipId endpoint_sip;  ///< 0: none yet.
    int position = 1;
    std::string caller_id_name;
    std::string caller_id_number;
};
BOOST_DESCRIBE_STRUCT(Line, (), (id, name, context, endpoint_sip, position, caller_id_name, caller_id_number))

/// A SIP account.
struct EndpointSip {
    EndpointSipId id;
    std::string username;  ///< Also the address of record.
    std::string secret;    ///< Clear only in memory, sealed in the database.
    std::string type = "friend";
    std::string host = "dynamic";
    std::vector<std::pair<std::string, std::string>> options;  ///< In the documented order; names may repeat.

    // Derived by the store when it loads or saves the endpoint, in lower-case hexadecimal digits; not
    // described, since they are neither saved nor shown. H(username ":" realm ":" secret), RFC 7616
    // section 3.4.2.
    std::string a1_md5;
    std::string a1_sha256;
};
BOOST_DESCRIBE_STRUCT(EndpointSip, (), (id, username, secret, type, host, options))

/// A number within a context, and whom it leads to.
struct Extension {
    ExtensionId id;
    std::string exten;
    std::string context;
};
BOOST_DESCRIBE_STRUCT(Extension, (), (id, exten, context))

struct ExtensionRange {
    std::string start;
    std::string end;
};
BOOST_DESCRIBE_STRUCT(ExtensionRange, (), (start, end))

struct Context {
    ContextId id;
    std::string name;
    std::string label;
    std::string type = "internal";
    std::vector<ExtensionRange> user_ranges;
    std::vector<std::string> includes;  ///< Contexts looked into after this one, in order.
};
BOOST_DESCRIBE_STRUCT(Context, (), (id, name, label, type, user_ranges, includes))

struct UserLine {
    UserId user;
    LineId line;
    bool main_user = true;
    bool main_line = true;
};
BOOST_DESCRIBE_STRUCT(UserLine, (), (user, line, main_user, main_line))

struct LineExtension {
    LineId line;
    ExtensionId extension;
    bool main_extension = true;
};
BOOST_DESCRIBE_STRUCT(LineExtension, (), (line, extension, main_extension))

}  // namespace almon::model
