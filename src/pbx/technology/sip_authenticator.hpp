// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "base/archive.hpp"
#include "base/random.hpp"
#include "base/step_clock.hpp"
#include "model/snapshot.hpp"
#include "pbx/technology/guess_guard.hpp"
#include "sip/digest.hpp"
#include "sip/digest_nonce.hpp"
#include "sip/user_agent.hpp"

namespace almon::pbx {

struct SipAuthenticatorSettings {
    std::string realm = "almon";
    /// Offered in this order, one challenge each. More than one, and SHA-256 at all, break many phones:
    /// docs/decisions/0006-md5-challenges-by-default.md.
    std::vector<sip::DigestAlgorithm> algorithms{sip::DigestAlgorithm::Md5};
    /// Signs the challenges. All zero: drawn from the random source at start.
    sip::DigestNonces::Key nonce_key{};
    GuessGuardSettings guesses;
};

/// Who sends this request? Digest with SHA-256 or MD5 against the accounts of the snapshot (RFC 8760). An
/// unknown account is answered exactly like a wrong password, so that scanners learn nothing.
class SipAuthenticator final {
public:
    SipAuthenticator(SipAuthenticatorSettings settings, const StepClock& clock, Random& random);

    /// How to answer whoever has not proven who they are.
    struct Refusal {
        int status = 401;
        sip::ExtraHeaders headers;
    };
    /// The account whose password the sender knows; it lives as long as the snapshot.
    [[nodiscard]] tl::expected<const model::EndpointSip*, Refusal> identify(const model::Snapshot& snapshot,
                                                                            const sip::Message& request,
                                                                            const sip::Flow& flow);
    /// Too many wrong guesses came from there: it is not to be answered at all.
    [[nodiscard]] bool shut_out(const NetAddress& address) const { return guard_.shut_out(address); }

    void save(Archive& archive) const;
    void restore(ArchiveReader& reader);

private:
    [[nodiscard]] Refusal challenge(bool stale);

    std::string realm_;
    std::vector<sip::DigestAlgorithm> algorithms_;
    const StepClock& clock_;
    Random& random_;
    sip::DigestNonces nonces_;
    sip::NonceCounts counts_;
    GuessGuard guard_;
};

}  // namespace almon::pbx
