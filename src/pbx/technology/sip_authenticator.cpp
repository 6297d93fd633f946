// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/sip_authenticator.hpp"

#include <cstring>
#include <optional>
#include <utility>

namespace almon::pbx {

namespace {

sip::DigestNonces::Key key_or_drawn(sip::DigestNonces::Key key, Random& random) {
    if (key != sip::DigestNonces::Key{}) return key;
    for (std::size_t i = 0; i < key.size(); i += sizeof(std::uint64_t)) {
        const auto drawn = random.next();
        std::memcpy(key.data() + i, &drawn, sizeof(drawn));
    }
    return key;
}

std::optional<sip::DigestCredentials> credentials_in(const sip::Message& request, std::string_view realm) {
    for (const auto& field : request.fields()) {
        if (field.name != sip::HeaderName::Authorization) continue;
        auto credentials = sip::DigestCredentials::parse(field.value);
        if (credentials && credentials->realm == realm) return *credentials;
    }
    return std::nullopt;
}

}  // namespace

SipAuthenticator::SipAuthenticator(SipAuthenticatorSettings settings, const StepClock& clock, Random& random)
    : realm_(std::move(settings.realm)),
      algorithms_(std::move(settings.algorithms)),
      clock_(clock),
      random_(random),
      nonces_(key_or_drawn(settings.nonce_key, random)),
      guard_(settings.guesses, clock) {}

tl::expected<const model::EndpointSip*, SipAuthenticator::Refusal> SipAuthenticator::identify(
    const model::Snapshot& snapshot, const sip::Message& request, const sip::Flow& flow) {
    const auto credentials = credentials_in(request, realm_);
    if (!credentials) return tl::unexpected(challenge(false));
    const auto nonce = nonces_.check(credentials->nonce, clock_.utc());
    if (nonce.verdict == sip::DigestNonces::Verdict::Forged) return tl::unexpected(challenge(true));

    // The hash is compared for an unknown account too: the time it takes must not tell which accounts exist.
    static const model::EndpointSip kNobody = [] {
        model::EndpointSip nobody;
        nobody.a1_md5 = std::string(32, '0');
        nobody.a1_sha256 = std::string(64, '0');
        return nobody;
    }();
    const model::EndpointSip* endpoint = snapshot.endpoint_sip_by_username(credentials->username_text());
    const auto& account = endpoint != nullptr ? *endpoint : kNobody;
    const auto& a1 =
        credentials->algorithm == sip::DigestAlgorithm::Sha256 ? account.a1_sha256 : account.a1_md5;
    if (!credentials->prove(a1, request.method_name()) || endpoint == nullptr || a1.empty()) {
        guard_.wrong(flow.remote);
        return tl::unexpected(challenge(false));
    }
    guard_.right(flow.remote);
    if (nonce.verdict == sip::DigestNonces::Verdict::Stale) return tl::unexpected(challenge(true));
    if (credentials->qop_auth && !counts_.accept(nonce.serial, credentials->nonce_count, clock_.instant(),
                                                 clock_.instant() + nonces_.lifetime())) {
        return tl::unexpected(challenge(true));
    }
    return endpoint;
}

SipAuthenticator::Refusal SipAuthenticator::challenge(bool stale) {
    sip::DigestChallenge challenge;
    challenge.realm = realm_;
    challenge.nonce = nonces_.issue(random_, clock_.utc());
    challenge.stale = stale;
    Refusal refusal;
    for (const auto algorithm : algorithms_) {
        challenge.algorithm = algorithm;
        refusal.headers.push_back({"WWW-Authenticate", challenge.text()});
    }
    return refusal;
}

void SipAuthenticator::save(Archive& archive) const {
    archive.put(counts_);
    archive.put(guard_);
}

void SipAuthenticator::restore(ArchiveReader& reader) {
    reader.get(counts_);
    reader.get(guard_);
}

}  // namespace almon::pbx
