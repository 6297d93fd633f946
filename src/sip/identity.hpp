// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "sip/message.hpp"
#include "sip/name_addr.hpp"

// Who calls, as a trusted neighbour tells it. Whether the neighbour is trusted is not decided here.
namespace almon::sip {

/// P-Asserted-Identity (RFC 3325 9.1): the first sip, sips or tel address that parses. Views into the
/// message.
[[nodiscard]] std::optional<NameAddr> asserted_identity(const Message& message);

/// Remote-Party-ID (draft-ietf-sip-privacy-04, which phones still use). Views into the text.
struct RemotePartyId {
    enum class Party : std::uint8_t { Calling, Called, Other };
    enum class Privacy : std::uint8_t { Off, Name, Uri, Full };

    NameAddr address;
    Party party = Party::Calling;
    bool screened = false;
    Privacy privacy = Privacy::Off;

    [[nodiscard]] static Result<RemotePartyId> parse(std::string_view value);
    /// The first one of that party in a message.
    [[nodiscard]] static std::optional<RemotePartyId> of(const Message& message, Party party);
};

/// `"display" <uri>;party=calling;screen=yes;privacy=off`.
[[nodiscard]] std::string remote_party_id(std::string_view display, std::string_view uri,
                                          RemotePartyId::Party party, RemotePartyId::Privacy privacy);

/// Privacy (RFC 3323 4.2, RFC 3325 9.3) as asked for in a message.
struct PrivacyRequest {
    bool id = false;    ///< Keep the asserted identity inside the trust domain.
    bool user = false;  ///< Hide the user's own headers.
    bool header = false;
    bool session = false;
    bool none = false;  ///< Explicitly no privacy, whatever the default.
    bool critical = false;

    [[nodiscard]] static PrivacyRequest of(const Message& message);
    /// The identity must not be shown to the one called.
    [[nodiscard]] bool hides_identity() const noexcept { return !none && (id || user); }
};

/// "Anonymous" <sip:anonymous@anonymous.invalid> (RFC 3323 4.1.1.3).
[[nodiscard]] bool is_anonymous(const NameAddr& address) noexcept;

}  // namespace almon::sip
