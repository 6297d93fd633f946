// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/digest_client.hpp"

#include <utility>

namespace almon::sip {

namespace {

/// More realms than a chain of proxies has.
constexpr std::size_t kMaximumRealms = 8;

}  // namespace

bool DigestClient::take(const Message& response) {
    if (!credentials) return false;
    auto challenge = DigestChallenge::of(response);
    if (!challenge) return false;
    const bool proxy = response.status() == 407;
    for (auto& known : known_) {
        if (known.proxy != proxy || known.challenge.realm != challenge->realm) continue;
        if (known.answered && !challenge->stale) return false;
        known.challenge = std::move(*challenge);
        known.count = 0;
        return true;
    }
    if (known_.size() >= kMaximumRealms) return false;
    known_.push_back({proxy, std::move(*challenge), 0, false, {}});
    return true;
}

void DigestClient::accepted() noexcept {
    for (auto& known : known_)
        known.answered = false;
}

void DigestClient::add_to(MessageWriter& writer, std::string_view method, std::string_view uri,
                          Random& random) {
    if (!credentials) return;
    for (auto& known : known_) {
        const auto name = known.proxy ? HeaderName::ProxyAuthorization : HeaderName::Authorization;
        if (method == "ACK") {
            if (!known.in_invite.empty()) writer.add(name, known.in_invite);
            continue;
        }
        auto proof = digest_authorization(known.challenge, credentials->username, credentials->password,
                                          method, uri, random.token(16), ++known.count);
        writer.add(name, proof);
        known.answered = true;
        if (method == "INVITE") known.in_invite = std::move(proof);
    }
}

}  // namespace almon::sip
