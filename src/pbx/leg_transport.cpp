// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/leg_transport.hpp"

#include "base/base64.hpp"

namespace almon::pbx {
namespace {

using sdp::Protection;
using sdp::Setup;
using sdp::StreamTransport;

/// What every phone with SRTP speaks (RFC 4568 6.2.1).
constexpr std::string_view kUsualSuite = "AES_CM_128_HMAC_SHA1_80";

std::string random_bytes(std::size_t count, Random& random) {
    std::string bytes;
    while (bytes.size() < count) {
        auto word = random.next();
        for (int i = 0; i < 8 && bytes.size() < count; ++i, word >>= 8U)
            bytes += static_cast<char>(word & 0xffU);
    }
    return bytes;
}

sdp::Crypto new_crypto(std::uint32_t tag, std::string_view suite, Random& random) {
    return {tag, std::string(suite), base64_encode(random_bytes(sdp::key_length(suite), random))};
}

/// RFC 8445 5.3: 24 bits and 128 bits of randomness at least.
sdp::IceCredentials new_credentials(Random& random) {
    return {random.token(8), random.token(32)};
}

}  // namespace

StreamTransport answered_transport(const StreamTransport& offered, Leg& leg, const std::string& fingerprint,
                                   Random& random) {
    const auto before = leg.said;
    StreamTransport ours = offered;
    if (offered.crypto) {
        const bool same_suite = before && before->crypto && before->crypto->suite == offered.crypto->suite;
        if (same_suite) {
            ours.crypto = before->crypto;
            ours.crypto->tag = offered.crypto->tag;
        } else {
            ours.crypto = new_crypto(offered.crypto->tag, offered.crypto->suite, random);
        }
    }
    if (offered.protection == Protection::Dtls) {
        ours.fingerprint = fingerprint;
        // RFC 8842 5.3: who opened the association stays its client; else the party begins (RFC 5763 5),
        // which knows first that its packets get through.
        const bool we_begin =
            offered.setup == Setup::Passive || (offered.setup == Setup::ActivePassive && leg.dtls_client);
        ours.setup = we_begin ? Setup::Active : Setup::Passive;
    }
    if (offered.ice) {
        // RFC 8445 9: new credentials are a restart, and are answered with new ones.
        const bool restarts = !before || !before->ice || leg.their_ice != offered.ice;
        ours.ice = restarts ? new_credentials(random) : *before->ice;
        leg.their_ice = offered.ice;
    }
    leg.said = ours;
    return ours;
}

StreamTransport offered_transport(OfferedMedia wanted, Leg& leg, std::size_t index,
                                  const std::string& fingerprint, Random& random) {
    if (leg.said) {
        auto again = *leg.said;
        again.setup = Setup::ActivePassive;
        leg.said = again;
        return again;
    }
    StreamTransport ours;
    if (wanted == OfferedMedia::Keys) {
        ours.protection = Protection::Sdes;
        ours.crypto = new_crypto(1, kUsualSuite, random);
    } else if (wanted == OfferedMedia::Browser) {
        ours.protection = Protection::Dtls;
        ours.feedback = true;
        ours.fingerprint = fingerprint;
        ours.ice = new_credentials(random);
        ours.rtcp_mux = true;
        ours.mid = std::to_string(index);
    }
    leg.said = ours;
    return ours;
}

Result<void> secure(media::ConfigureLeg& configure, Leg& leg, const StreamTransport& theirs) {
    if (!leg.said) return {};
    const auto& ours = *leg.said;
    if (ours.protection != theirs.protection) {
        return refuse(ErrorCode::InvalidArgument, "m=", "does not protect its media as agreed");
    }
    // RFC 8445: ICE is used where both have spoken of it.
    if (ours.ice && theirs.ice) {
        configure.ice = media::IceSettings{ours.ice->username_fragment, ours.ice->password};
        leg.their_ice = theirs.ice;
    }
    configure.rtcp_mux = ours.rtcp_mux && theirs.rtcp_mux;
    auto& security = configure.security;
    if (ours.protection == Protection::Sdes) {
        if (!ours.crypto || !theirs.crypto || ours.crypto->suite != theirs.crypto->suite)
            return refuse(ErrorCode::InvalidArgument, "crypto", "names another suite than agreed");
        const auto local = base64_decode(ours.crypto->key);
        const auto remote = base64_decode(theirs.crypto->key);
        if (!local || !remote) return refuse(ErrorCode::Malformed, "crypto", "has a key that is no base64");
        security.protection = media::LegSecurity::Protection::Keys;
        security.keys = {ours.crypto->suite, *local, *remote};
    } else if (ours.protection == Protection::Dtls) {
        security.protection = media::LegSecurity::Protection::Dtls;
        security.fingerprint = theirs.fingerprint;
        if (ours.setup == Setup::Active || theirs.setup == Setup::Passive) leg.dtls_client = true;
        if (ours.setup == Setup::Passive || theirs.setup == Setup::Active) leg.dtls_client = false;
        security.dtls_client = leg.dtls_client;
    }
    return {};
}

}  // namespace almon::pbx
