// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/describe.hpp>

#include "base/digest_hash.hpp"
#include "base/result.hpp"
#include "sip/message.hpp"

// Digest authentication: RFC 3261 22, RFC 7616, RFC 8760. Quality of protection "auth" only, so that a body
// is not covered; "auth-int" and "-sess" algorithms are not offered and refused.
namespace almon::sip {

using almon::digest_a1;
using almon::DigestAlgorithm;

/// "SHA-256", "MD5".
[[nodiscard]] std::string_view name_of(DigestAlgorithm algorithm) noexcept;

/// A challenge: WWW-Authenticate or Proxy-Authenticate. One field holds one challenge; a server that offers
/// both algorithms sends two fields, SHA-256 first (RFC 8760 2.4).
struct DigestChallenge {
    DigestAlgorithm algorithm = DigestAlgorithm::Md5;
    std::string realm;
    std::string nonce;
    std::string opaque;
    bool stale = false;
    bool qop_auth = true;  ///< False for a server of RFC 2069, which sends no qop.

    /// Another scheme, algorithm, or "auth-int" alone is refused as Unsupported.
    [[nodiscard]] static Result<DigestChallenge> parse(std::string_view value);
    [[nodiscard]] std::string text() const;
    /// The challenge to answer: the first that we support, in the server's order (RFC 8760 2.4), of the 401's
    /// WWW-Authenticate or the 407's Proxy-Authenticate fields.
    [[nodiscard]] static Result<DigestChallenge> of(const Message& response);
};
BOOST_DESCRIBE_STRUCT(DigestChallenge, (), (algorithm, realm, nonce, opaque, stale, qop_auth))

/// What a client proves with: Authorization or Proxy-Authorization. Views into the text it was parsed from,
/// kept as written: quoted values without quotes, but with their backslashes.
struct DigestCredentials {
    DigestAlgorithm algorithm = DigestAlgorithm::Md5;
    std::string_view username;
    std::string_view realm;
    std::string_view nonce;
    std::string_view uri;
    std::string_view response;
    std::string_view opaque;
    std::string_view cnonce;
    std::string_view nonce_count_text;
    std::uint32_t nonce_count = 0;
    bool qop_auth = false;

    /// Another scheme, algorithm or qop is refused as Unsupported (RFC 4475 3.3.7: as if nothing had come).
    [[nodiscard]] static Result<DigestCredentials> parse(std::string_view value);
    [[nodiscard]] std::string username_text() const;
    /// Whether `a1` (see digest_a1) was known to whoever made the response. In constant time. Whether the
    /// nonce is ours and fresh is DigestNonces' question; credentials without qop prove nothing against a
    /// replay.
    [[nodiscard]] bool prove(std::string_view a1, std::string_view method) const;
};

/// The response value of RFC 7616 3.4.1; an empty `nonce_count` means no qop (RFC 2069).
[[nodiscard]] std::string digest_response(DigestAlgorithm algorithm, std::string_view a1,
                                          std::string_view nonce, std::string_view nonce_count,
                                          std::string_view cnonce, std::string_view method,
                                          std::string_view uri);

/// The value of Authorization or Proxy-Authorization that answers a challenge. `uri` is the Request-URI,
/// `nonce_count` starts at 1 for each nonce.
[[nodiscard]] std::string digest_authorization(const DigestChallenge& challenge, std::string_view username,
                                               std::string_view password, std::string_view method,
                                               std::string_view uri, std::string_view cnonce,
                                               std::uint32_t nonce_count);

}  // namespace almon::sip
