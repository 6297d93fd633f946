// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/digest.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/digest_hash.hpp"
#include "sip/auth_parameters.hpp"
#include "sip/comma_list.hpp"
#include "sip/syntax.hpp"

namespace almon::sip {

namespace {

constexpr std::string_view kChallenge = "challenge";
constexpr std::string_view kCredentials = "credentials";

tl::unexpected<Error> malformed(std::string_view field, const char* reason) {
    return refuse(ErrorCode::Malformed, std::string(field), reason);
}
tl::unexpected<Error> unsupported(std::string_view field, const char* reason) {
    return refuse(ErrorCode::Unsupported, std::string(field), reason);
}

std::optional<DigestAlgorithm> algorithm_of(std::string_view name) noexcept {
    if (equal_ignoring_case(name, "MD5")) return DigestAlgorithm::Md5;
    if (equal_ignoring_case(name, "SHA-256")) return DigestAlgorithm::Sha256;
    return std::nullopt;
}

void append(std::string& out, std::string_view name, std::string_view value) {
    out += ", ";
    out += name;
    out += '=';
    out += value;
}

std::array<char, 8> hexadecimal(std::uint32_t number) noexcept {
    std::array<char, 8> digits;
    for (std::size_t i = digits.size(); i-- > 0; number >>= 4U)
        digits[i] = "0123456789abcdef"[number & 15U];
    return digits;
}

bool is_lower_hex(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

}  // namespace

std::string_view name_of(DigestAlgorithm algorithm) noexcept {
    return algorithm == DigestAlgorithm::Md5 ? "MD5" : "SHA-256";
}

Result<DigestChallenge> DigestChallenge::parse(std::string_view value) {
    AuthParameters parameters(value);
    if (!equal_ignoring_case(parameters.scheme(), "Digest")) {
        return unsupported(kChallenge, "is not of the Digest scheme");
    }
    DigestChallenge challenge;
    challenge.qop_auth = false;
    bool has_qop = false;
    bool has_realm = false;
    while (const auto parameter = parameters.next()) {
        if (equal_ignoring_case(parameter->name, "realm")) {
            challenge.realm = unescape_quoted(parameter->value);
            has_realm = true;
        } else if (equal_ignoring_case(parameter->name, "nonce")) {
            challenge.nonce = unescape_quoted(parameter->value);
        } else if (equal_ignoring_case(parameter->name, "opaque")) {
            challenge.opaque = unescape_quoted(parameter->value);
        } else if (equal_ignoring_case(parameter->name, "stale")) {
            challenge.stale = equal_ignoring_case(parameter->value, "true");
        } else if (equal_ignoring_case(parameter->name, "algorithm")) {
            const auto algorithm = algorithm_of(parameter->value);
            if (!algorithm) return unsupported(kChallenge, "has an algorithm that is not supported");
            challenge.algorithm = *algorithm;
        } else if (equal_ignoring_case(parameter->name, "qop")) {
            has_qop = true;
            CommaList choices(parameter->value);
            while (const auto choice = choices.next())
                challenge.qop_auth = challenge.qop_auth || equal_ignoring_case(*choice, "auth");
        }
    }
    if (parameters.failed()) return malformed(kChallenge, "does not follow the grammar");
    if (!has_realm || challenge.nonce.empty()) return malformed(kChallenge, "lacks realm or nonce");
    if (has_qop && !challenge.qop_auth) return unsupported(kChallenge, "does not offer qop \"auth\"");
    return challenge;
}

std::string DigestChallenge::text() const {
    std::string out = "Digest realm=";
    out += quote(realm);
    append(out, "nonce", quote(nonce));
    if (!opaque.empty()) append(out, "opaque", quote(opaque));
    if (stale) append(out, "stale", "true");
    append(out, "algorithm", name_of(algorithm));
    if (qop_auth) append(out, "qop", "\"auth\"");
    return out;
}

Result<DigestChallenge> DigestChallenge::of(const Message& response) {
    const HeaderName name =
        response.status() == 407 ? HeaderName::ProxyAuthenticate : HeaderName::WwwAuthenticate;
    Result<DigestChallenge> last = malformed(kChallenge, "is missing");
    for (const HeaderField& field : response.fields()) {
        if (field.name != name) continue;
        last = parse(field.value);
        if (last) break;
    }
    return last;
}

Result<DigestCredentials> DigestCredentials::parse(std::string_view value) {
    AuthParameters parameters(value);
    if (!equal_ignoring_case(parameters.scheme(), "Digest")) {
        return unsupported(kCredentials, "are not of the Digest scheme");
    }
    DigestCredentials credentials;
    struct Name {
        std::string_view name;
        std::string_view* into;
    };
    std::string_view algorithm;
    std::string_view qop;
    const std::array names = {
        Name{"username", &credentials.username}, Name{"realm", &credentials.realm},
        Name{"nonce", &credentials.nonce},       Name{"uri", &credentials.uri},
        Name{"response", &credentials.response}, Name{"opaque", &credentials.opaque},
        Name{"cnonce", &credentials.cnonce},     Name{"nc", &credentials.nonce_count_text},
        Name{"algorithm", &algorithm},           Name{"qop", &qop}};
    unsigned seen = 0;
    while (const auto parameter = parameters.next()) {
        const auto* found = std::ranges::find_if(
            names, [&](const Name& known) { return equal_ignoring_case(known.name, parameter->name); });
        if (found == names.end()) continue;
        const unsigned bit = 1U << static_cast<unsigned>(found - names.begin());
        if ((seen & bit) != 0) return malformed(kCredentials, "name a parameter twice");
        seen |= bit;
        *found->into = parameter->value;
    }
    if (parameters.failed()) return malformed(kCredentials, "do not follow the grammar");
    if (!algorithm.empty()) {
        const auto known = algorithm_of(algorithm);
        if (!known) return unsupported(kCredentials, "have an algorithm that is not supported");
        credentials.algorithm = *known;
    }
    if (credentials.username.empty() || credentials.nonce.empty() || credentials.uri.empty() ||
        credentials.response.empty()) {
        return malformed(kCredentials, "lack username, nonce, uri or response");
    }
    if (qop.empty()) return credentials;
    if (!equal_ignoring_case(qop, "auth"))
        return unsupported(kCredentials, "have a qop that is not supported");
    credentials.qop_auth = true;
    // RFC 7616 3.4: eight hexadecimal digits.
    const std::string_view count = credentials.nonce_count_text;
    const auto [end, error] =
        std::from_chars(count.data(), count.data() + count.size(), credentials.nonce_count, 16);
    if (count.size() != 8 || error != std::errc{} || end != count.data() + count.size() ||
        credentials.cnonce.empty()) {
        return malformed(kCredentials, "lack cnonce, or nc of eight digits");
    }
    return credentials;
}

std::string DigestCredentials::username_text() const {
    return unescape_quoted(username);
}

bool DigestCredentials::prove(std::string_view a1, std::string_view method) const {
    const std::string expected = digest_response(
        algorithm, a1, nonce, qop_auth ? nonce_count_text : std::string_view{}, cnonce, method, uri);
    if (is_lower_hex(response)) return equal_in_constant_time(expected, response);
    std::string lower(response);  // some phones write capitals
    std::ranges::transform(lower, lower.begin(), to_lower);
    return equal_in_constant_time(expected, lower);
}

std::string digest_response(DigestAlgorithm algorithm, std::string_view a1, std::string_view nonce,
                            std::string_view nonce_count, std::string_view cnonce, std::string_view method,
                            std::string_view uri) {
    const HexHash a2 = hash_joined(algorithm, {method, uri});
    const HexHash response =
        nonce_count.empty() ? hash_joined(algorithm, {a1, nonce, a2.view()})
                            : hash_joined(algorithm, {a1, nonce, nonce_count, cnonce, "auth", a2.view()});
    return std::string(response.view());
}

std::string digest_authorization(const DigestChallenge& challenge, std::string_view username,
                                 std::string_view password, std::string_view method, std::string_view uri,
                                 std::string_view cnonce, std::uint32_t nonce_count) {
    const std::array<char, 8> digits = hexadecimal(nonce_count);
    const std::string_view count(digits.data(), digits.size());
    const std::string response = digest_response(
        challenge.algorithm, digest_a1(challenge.algorithm, username, challenge.realm, password),
        challenge.nonce, challenge.qop_auth ? count : std::string_view{}, cnonce, method, uri);
    std::string out = "Digest username=";
    out += quote(username);
    append(out, "realm", quote(challenge.realm));
    append(out, "nonce", quote(challenge.nonce));
    append(out, "uri", quote(uri));
    append(out, "response", quote(response));
    append(out, "algorithm", name_of(challenge.algorithm));
    if (!challenge.opaque.empty()) append(out, "opaque", quote(challenge.opaque));
    if (challenge.qop_auth) {
        append(out, "qop", "auth");
        append(out, "nc", count);
        append(out, "cnonce", quote(cnonce));
    }
    return out;
}

}  // namespace almon::sip
