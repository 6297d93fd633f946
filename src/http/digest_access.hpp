// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/keyed_hash.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

// HTTP Digest (RFC 7616) with MD5 and qop "auth", or none as in RFC 2069: what programs of old can do.
namespace almon::http {

/// An Authorization field of the scheme Digest. Quoted values are unescaped.
struct DigestCredentials {
    std::string username;
    std::string realm;
    std::string nonce;
    std::string uri;
    std::string response;
    std::string cnonce;
    std::string nonce_count;
    bool qop_auth = false;

    /// Refused: another scheme, algorithm or qop (Unsupported); what does not follow the grammar, names a
    /// parameter twice or lacks one (Malformed).
    [[nodiscard]] static Result<DigestCredentials> parse(std::string_view field);
    /// Whether `a1` (digest_a1()) was known to whoever made the response. In constant time. Whether the nonce
    /// is ours and fresh, and the URI the request's, is for others to say.
    [[nodiscard]] bool prove(std::string_view a1, std::string_view method) const;
};

/// Nonces that carry their own proof, so that nothing is kept of them: the time and keyed hashes of it, under
/// keys that go with the process. One may be used again while it is fresh: they travel in
/// TLS only, where nobody can listen and repeat. Any thread.
class DigestNonces final {
public:
    explicit DigestNonces(Random& random, std::chrono::seconds lifetime = std::chrono::minutes(5));

    [[nodiscard]] std::string issue(UtcTime now) const;
    enum class Verdict { Fresh, Stale, Forged };
    [[nodiscard]] Verdict check(std::string_view nonce, UtcTime now) const;

private:
    [[nodiscard]] std::string sign(std::uint64_t microseconds) const;

    KeyedHash first_;
    KeyedHash second_;
    std::chrono::microseconds lifetime_;
};

/// The value of a WWW-Authenticate field.
[[nodiscard]] std::string digest_challenge(std::string_view realm, std::string_view nonce, bool stale);

}  // namespace almon::http
