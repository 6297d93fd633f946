// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdp/stream_transport.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include <fmt/format.h>

#include "sdp/payload_types.hpp"

namespace almon::sdp {
namespace {

struct Suite {
    std::string_view name;
    std::size_t key_length;
};
/// RFC 4568 6.2, RFC 6188, RFC 7714.
constexpr std::array<Suite, 6> kSuites{{{"AEAD_AES_256_GCM", 44},
                                        {"AEAD_AES_128_GCM", 28},
                                        {"AES_256_CM_HMAC_SHA1_80", 46},
                                        {"AES_256_CM_HMAC_SHA1_32", 46},
                                        {"AES_CM_128_HMAC_SHA1_80", 30},
                                        {"AES_CM_128_HMAC_SHA1_32", 30}}};

constexpr std::size_t kMostCredential = 256;  // RFC 8839 5.4: ice-char of 4 (22) to 256

/// The value of an attribute of the stream, else of the session.
const std::string* attribute(const SessionDescription& description, const Stream& stream,
                             std::string_view name) noexcept {
    for (const auto* attributes : {&stream.attributes, &description.attributes}) {
        const auto found = std::ranges::find(*attributes, name, &Attribute::name);
        if (found != attributes->end()) return &found->value;
    }
    return nullptr;
}

std::string_view take_word(std::string_view& rest) noexcept {
    while (rest.starts_with(' '))
        rest.remove_prefix(1);
    const auto word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(word.size());
    return word;
}

bool is_base64(std::string_view text) noexcept {
    while (text.ends_with('='))
        text.remove_suffix(1);
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
               c == '/';
    });
}

/// "1 AES_CM_128_HMAC_SHA1_80 inline:KEY|2^31|1:4 FLAGS"; nothing for what we do not speak.
std::optional<Crypto> parse_crypto(std::string_view value) {
    Crypto crypto;
    const auto tag = take_word(value);
    const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), crypto.tag);
    if (error != std::errc{} || end != tag.data() + tag.size()) return std::nullopt;
    const auto suite = std::ranges::find_if(kSuites, [name = take_word(value)](const Suite& known) {
        return equals_ignoring_case(known.name, name);
    });
    if (suite == kSuites.end()) return std::nullopt;
    crypto.suite = suite->name;
    auto key = take_word(value);
    constexpr std::string_view kInline = "inline:";
    if (!key.starts_with(kInline)) return std::nullopt;
    key.remove_prefix(kInline.size());
    // Several keys, or one with a key index in each packet (MKI), are beyond what phones do.
    if (key.find(';') != std::string_view::npos || key.find(':') != std::string_view::npos)
        return std::nullopt;
    crypto.key = key.substr(0, key.find('|'));
    if (!is_base64(crypto.key) || crypto.key.size() != (suite->key_length + 2) / 3 * 4) return std::nullopt;
    // Session parameters change how packets are formed: UNENCRYPTED_SRTP and the like.
    while (!value.empty()) {
        const auto parameter = take_word(value);
        if (!parameter.empty() && !parameter.starts_with("WSH=")) return std::nullopt;
    }
    return crypto;
}

/// "sha-256 AB:CD", of a hash that is not broken.
bool is_fingerprint(std::string_view value) noexcept {
    const auto hash = take_word(value);
    const std::size_t bytes = equals_ignoring_case(hash, "sha-256")   ? 32
                              : equals_ignoring_case(hash, "sha-384") ? 48
                              : equals_ignoring_case(hash, "sha-512") ? 64
                                                                      : 0;
    const auto digits = take_word(value);
    return bytes != 0 && digits.size() == bytes * 3 - 1;
}

std::optional<IceCredentials> ice_of(const SessionDescription& description, const Stream& stream) {
    const auto* fragment = attribute(description, stream, "ice-ufrag");
    const auto* password = attribute(description, stream, "ice-pwd");
    if (fragment == nullptr || password == nullptr || fragment->empty() || password->empty() ||
        fragment->size() > kMostCredential || password->size() > kMostCredential)
        return std::nullopt;
    return IceCredentials{*fragment, *password};
}

bool is_bundled(const SessionDescription& description, std::string_view mid) noexcept {
    if (mid.empty()) return false;
    return std::ranges::any_of(description.attributes, [&](const Attribute& group) {
        if (group.name != "group") return false;
        std::string_view rest = group.value;
        if (take_word(rest) != "BUNDLE") return false;
        while (!rest.empty()) {
            if (take_word(rest) == mid) return true;
        }
        return false;
    });
}

std::string_view profile(const StreamTransport& transport) noexcept {
    switch (transport.protection) {
        case Protection::Sdes:
            return transport.feedback ? "RTP/SAVPF" : "RTP/SAVP";
        case Protection::Dtls:
            return transport.feedback ? "UDP/TLS/RTP/SAVPF" : "UDP/TLS/RTP/SAVP";
        case Protection::None:
            break;
    }
    return transport.feedback ? "RTP/AVPF" : "RTP/AVP";
}

std::string_view setup_name(Setup setup) noexcept {
    switch (setup) {
        case Setup::Active:
            return "active";
        case Setup::Passive:
            return "passive";
        case Setup::ActivePassive:
            break;
    }
    return "actpass";
}

void write(Stream& stream, const StreamTransport& transport) {
    stream.attributes = without_transport(stream.attributes);
    const auto add = [&stream](std::string_view name, std::string value) {
        stream.attributes.push_back({std::string(name), std::move(value)});
    };
    if (transport.protection == Protection::None && stream.protocol.find("SAVP") == std::string::npos &&
        !transport.ice && !transport.rtcp_mux && transport.mid.empty())
        return;
    // A profile that was answered keeps the spelling of its offer: "RTP/SAVPF" with fingerprint of old
    // browsers.
    const bool secure = stream.protocol.find("SAVP") != std::string::npos;
    if (secure != (transport.protection != Protection::None)) stream.protocol = profile(transport);
    if (transport.ice) {
        add("ice-ufrag", transport.ice->username_fragment);
        add("ice-pwd", transport.ice->password);
    }
    if (transport.protection == Protection::Dtls) {
        add("fingerprint", transport.fingerprint);
        add("setup", std::string(setup_name(transport.setup)));
    }
    if (transport.crypto) {
        add("crypto", fmt::format("{} {} inline:{}", transport.crypto->tag, transport.crypto->suite,
                                  transport.crypto->key));
    }
    if (!transport.mid.empty()) add("mid", transport.mid);
    if (transport.rtcp_mux) add("rtcp-mux", {});
    if (!transport.ice) return;
    // RFC 8445 5.1.2.1: type preference 126 of a host candidate, one address, component 1 or 2.
    const auto candidate = [&](unsigned component, std::uint16_t port) {
        add("candidate",
            fmt::format("1 {} UDP {} {} {} typ host", component,
                        (126U << 24U) | (65535U << 8U) | (256U - component), stream.address.host(), port));
    };
    candidate(1, stream.address.port);
    if (!transport.rtcp_mux) candidate(2, static_cast<std::uint16_t>(stream.address.port + 1));
    add("end-of-candidates", {});
}

}  // namespace

const std::vector<std::string_view>& crypto_suites() noexcept {
    static const std::vector<std::string_view> kNames = [] {
        std::vector<std::string_view> names;
        std::ranges::transform(kSuites, std::back_inserter(names), &Suite::name);
        return names;
    }();
    return kNames;
}

std::size_t key_length(std::string_view suite) noexcept {
    const auto* const found = std::ranges::find(kSuites, suite, &Suite::name);
    return found == kSuites.end() ? 0 : found->key_length;
}

Result<StreamTransport> transport_of(const SessionDescription& description, const Stream& stream) {
    const auto unsupported = [](std::string reason) -> tl::unexpected<Error> {
        return refuse(ErrorCode::Unsupported, "m=", std::move(reason));
    };
    struct Profile {
        std::string_view name;
        bool secure;
        bool feedback;
        bool dtls;
    };
    static constexpr std::array<Profile, 6> kProfiles{{{"RTP/AVP", false, false, false},
                                                       {"RTP/AVPF", false, true, false},
                                                       {"RTP/SAVP", true, false, false},
                                                       {"RTP/SAVPF", true, true, false},
                                                       {"UDP/TLS/RTP/SAVP", true, false, true},
                                                       {"UDP/TLS/RTP/SAVPF", true, true, true}}};
    const auto* const known = std::ranges::find(kProfiles, stream.protocol, &Profile::name);
    if (known == kProfiles.end())
        return unsupported("the profile " + stream.protocol + " is not spoken here");

    StreamTransport transport;
    transport.feedback = known->feedback;
    const auto has = [&](std::string_view name) {
        return std::ranges::find(stream.attributes, name, &Attribute::name) != stream.attributes.end();
    };
    transport.rtcp_mux = has("rtcp-mux");
    transport.ice = ice_of(description, stream);
    if (const auto mid = std::ranges::find(stream.attributes, "mid", &Attribute::name);
        mid != stream.attributes.end())
        transport.mid = mid->value;
    transport.bundled = is_bundled(description, transport.mid);
    if (!known->secure) return transport;

    if (const auto* fingerprint = attribute(description, stream, "fingerprint")) {
        if (!is_fingerprint(*fingerprint)) return unsupported("the fingerprint is of an unknown kind");
        transport.protection = Protection::Dtls;
        transport.fingerprint = *fingerprint;
        const auto* setup = attribute(description, stream, "setup");
        if (setup != nullptr && *setup == "active") transport.setup = Setup::Active;
        if (setup != nullptr && *setup == "passive") transport.setup = Setup::Passive;
        return transport;
    }
    if (known->dtls) return unsupported("a DTLS profile without a fingerprint");
    for (const auto& line : stream.attributes) {
        if (line.name != "crypto") continue;
        if (auto crypto = parse_crypto(line.value)) {
            transport.protection = Protection::Sdes;
            transport.crypto = std::move(*crypto);
            return transport;
        }
    }
    return unsupported("a secure profile without a key that is understood here");
}

void set_transports(SessionDescription& description, const std::vector<StreamTransport>& transports) {
    description.attributes = without_transport(description.attributes);
    std::string bundle;
    bool lite = false;
    for (std::size_t i = 0; i < description.streams.size() && i < transports.size(); ++i) {
        auto& stream = description.streams[i];
        if (stream.refused()) continue;
        write(stream, transports[i]);
        lite = lite || transports[i].ice.has_value();
        // Each stream has a port of its own: the first stays in the group, the others leave it (RFC
        // 8843 7.3.3).
        if (transports[i].bundled && bundle.empty()) bundle = "BUNDLE " + transports[i].mid;
    }
    if (!bundle.empty()) description.attributes.push_back({"group", std::move(bundle)});
    if (lite) description.attributes.push_back({"ice-lite", {}});
}

bool names_transport(std::string_view name) noexcept {
    static constexpr std::array<std::string_view, 27> kNames{"candidate",
                                                             "remote-candidates",
                                                             "end-of-candidates",
                                                             "crypto",
                                                             "fingerprint",
                                                             "setup",
                                                             "connection",
                                                             "tls-id",
                                                             "key-mgmt",
                                                             "zrtp-hash",
                                                             "mid",
                                                             "group",
                                                             "bundle-only",
                                                             "msid",
                                                             "msid-semantic",
                                                             "ssrc",
                                                             "ssrc-group",
                                                             "rtcp",
                                                             "rtcp-mux",
                                                             "rtcp-mux-only",
                                                             "rtcp-rsize",
                                                             "rtcp-xr",
                                                             "extmap",
                                                             "extmap-allow-mixed",
                                                             "rid",
                                                             "simulcast",
                                                             "identity"};
    return name.starts_with("ice-") || std::ranges::find(kNames, name) != kNames.end();
}

std::vector<Attribute> without_transport(const std::vector<Attribute>& attributes) {
    std::vector<Attribute> kept;
    std::ranges::copy_if(attributes, std::back_inserter(kept),
                         [](const Attribute& attribute) { return !names_transport(attribute.name); });
    return kept;
}

}  // namespace almon::sdp
