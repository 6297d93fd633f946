// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "sdp/session_description.hpp"

namespace almon::sdp {

/// How the packets of a stream are protected: not at all, by keys in the description (RFC 4568), or by keys
/// that the two ends agree on in the media path (RFC 5763).
enum class Protection : std::uint8_t { None, Sdes, Dtls };

/// One a=crypto line.
struct Crypto {
    std::uint32_t tag = 1;
    std::string suite;  ///< "AES_CM_128_HMAC_SHA1_80"
    std::string key;    ///< Key and salt as their writer sends, base64.
    friend bool operator==(const Crypto&, const Crypto&) = default;
};
BOOST_DESCRIBE_STRUCT(Crypto, (), (tag, suite, key))

/// Of one end, for the checks of ICE (RFC 8445 section 5.3).
struct IceCredentials {
    std::string username_fragment;
    std::string password;
    friend bool operator==(const IceCredentials&, const IceCredentials&) = default;
};
BOOST_DESCRIBE_STRUCT(IceCredentials, (), (username_fragment, password))

/// Who opens the DTLS association (RFC 4145, RFC 5763 section 5).
enum class Setup : std::uint8_t { ActivePassive, Active, Passive };

/// What one party says of how a stream travels: all that belongs to one hop and is never relayed.
struct StreamTransport {
    Protection protection = Protection::None;
    bool feedback = false;         ///< A profile with feedback (RFC 4585): AVPF, SAVPF.
    std::optional<Crypto> crypto;  ///< With Sdes.
    std::string fingerprint;       ///< With Dtls: "sha-256 AB:CD:...", as written.
    Setup setup = Setup::ActivePassive;
    std::optional<IceCredentials> ice;
    bool rtcp_mux = false;
    std::string mid;       ///< Empty: not said.
    bool bundled = false;  ///< Named in a=group:BUNDLE.
    friend bool operator==(const StreamTransport&, const StreamTransport&) = default;
};
BOOST_DESCRIBE_STRUCT(StreamTransport, (),
                      (protection, feedback, crypto, fingerprint, setup, ice, rtcp_mux, mid, bundled))

/// The suites we can speak, best first.
[[nodiscard]] const std::vector<std::string_view>& crypto_suites() noexcept;
/// Bytes of master key and salt together; 0 for a suite we cannot speak.
[[nodiscard]] std::size_t key_length(std::string_view suite) noexcept;

/// What `stream`, one of `description`, says of its transport. Unsupported where we cannot speak it: no RTP,
/// a secure profile without a key that we understand, or with a fingerprint of an unknown kind. Of several
/// a=crypto lines the first that we can speak is taken (RFC 4568 5.1.1: the offerer's preference).
[[nodiscard]] Result<StreamTransport> transport_of(const SessionDescription& description,
                                                   const Stream& stream);

/// Writes how each stream travels into a description that is ours and has its addresses: profile, keys,
/// candidates. `transports[i]` is of `streams[i]`; refused streams and those beyond its end are left alone.
/// What was written before is replaced.
void set_transports(SessionDescription& description, const std::vector<StreamTransport>& transports);

/// Attributes that describe one hop of transport and mean nothing, or harm, on the next.
[[nodiscard]] bool names_transport(std::string_view attribute) noexcept;
[[nodiscard]] std::vector<Attribute> without_transport(const std::vector<Attribute>& attributes);

}  // namespace almon::sdp
