// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "base/random.hpp"
#include "sip/digest.hpp"
#include "sip/message.hpp"
#include "sip/message_writer.hpp"

namespace almon::sip {

/// What digest needs to answer a challenge of a server.
struct Credentials {
    std::string username;
    std::string password;

    friend bool operator==(const Credentials&, const Credentials&) = default;
};
BOOST_DESCRIBE_STRUCT(Credentials, (), (username, password))

/// Answers the challenges that servers and proxies make to our requests (RFC 3261 22): remembers them, so
/// that later requests carry their proof at once, and counts the uses of each nonce. A plain value.
class DigestClient final {
public:
    std::optional<Credentials> credentials;

    /// Takes the challenge of a 401 or 407. False where trying again is of no use: no credentials, no
    /// algorithm that we know, or our last answer to this realm was refused and not merely stale.
    [[nodiscard]] bool take(const Message& response);
    /// Our proofs were good: the next challenge is a new one.
    void accepted() noexcept;
    /// Adds Authorization and Proxy-Authorization. An ACK repeats those of the INVITE (RFC 3261 22.1).
    void add_to(MessageWriter& writer, std::string_view method, std::string_view uri, Random& random);

    struct Known {
        bool proxy = false;  ///< 407: Proxy-Authenticate.
        DigestChallenge challenge;
        std::uint32_t count = 0;
        bool answered = false;  ///< Since the last success.
        std::string in_invite;  ///< The proof that our latest INVITE carried.
    };

private:
    std::vector<Known> known_;

    BOOST_DESCRIBE_CLASS(DigestClient, (), (credentials), (), (known_))
};
BOOST_DESCRIBE_STRUCT(DigestClient::Known, (), (proxy, challenge, count, answered, in_invite))

}  // namespace almon::sip
