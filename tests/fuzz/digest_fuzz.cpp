// SPDX-License-Identifier: GPL-3.0-or-later
// Challenges and credentials: what parses is answered, and the answer proves the password; no nonce of a
// stranger is taken for ours.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sip/digest.hpp"
#include "sip/digest_nonce.hpp"

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace almon::sip;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (const auto challenge = DigestChallenge::parse(bytes)) {
        const auto again = DigestChallenge::parse(challenge->text());
        require(again && again->algorithm == challenge->algorithm && again->qop_auth == challenge->qop_auth);
        const std::string answer =
            digest_authorization(*challenge, "1001", "secret", "INVITE", "sip:a@b", "cnonce", 1);
        const auto credentials = DigestCredentials::parse(answer);
        // Control characters and escapes are cleaned on the way out, so that such a nonce is another one.
        if (challenge->nonce.find_first_of("\"\\") == std::string::npos && credentials &&
            credentials->nonce == challenge->nonce) {
            const std::string a1 = digest_a1(challenge->algorithm, "1001", challenge->realm, "secret");
            require(credentials->prove(a1, "INVITE"));
            require(!credentials->prove(a1, "BYE"));
        }
    }
    if (const auto credentials = DigestCredentials::parse(bytes)) {
        (void)credentials->username_text();
        require(!credentials->prove(digest_a1(credentials->algorithm, "1001", "almon", "secret"), "INVITE"));
        const DigestNonces nonces({7, 7, 7});
        require(nonces.check(credentials->nonce, almon::UtcTime{}).verdict == DigestNonces::Verdict::Forged);
    }
    return 0;
}
