// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/digest_access.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include <fmt/format.h>

#include "base/digest_hash.hpp"
#include "http/headers.hpp"

namespace almon::http {

namespace {

constexpr const char* kField = "Authorization";

tl::unexpected<Error> malformed(const char* reason) {
    return refuse(ErrorCode::Malformed, kField, reason);
}
tl::unexpected<Error> unsupported(const char* reason) {
    return refuse(ErrorCode::Unsupported, kField, reason);
}

/// Takes name=value off the front, with the comma behind it; false where the grammar breaks.
bool take_parameter(std::string_view& rest, std::string_view& name, std::string& value) {
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return false;
    name = trim(rest.substr(0, equals));
    if (name.empty() || name.find_first_of(" \t\",") != std::string_view::npos) return false;
    rest = trim(rest.substr(equals + 1));
    value.clear();
    if (rest.starts_with('"')) {
        std::size_t at = 1;
        for (; at < rest.size() && rest[at] != '"'; ++at) {
            if (rest[at] == '\\' && ++at == rest.size()) return false;
            value += rest[at];
        }
        if (at >= rest.size()) return false;
        rest = trim(rest.substr(at + 1));
        if (!rest.empty() && rest.front() != ',') return false;
    } else {
        value = trim(rest.substr(0, rest.find(',')));
        rest.remove_prefix(std::min(rest.find(','), rest.size()));
    }
    while (!rest.empty() && (rest.front() == ',' || rest.front() == ' ' || rest.front() == '\t'))
        rest.remove_prefix(1);
    return true;
}

}  // namespace

Result<DigestCredentials> DigestCredentials::parse(std::string_view field) {
    field = trim(field);
    const std::size_t space = std::min(field.find(' '), field.size());
    if (!equal_ignoring_case(field.substr(0, space), "Digest"))
        return unsupported("is not of the Digest scheme");
    std::string_view rest = trim(field.substr(space));
    DigestCredentials credentials;
    std::string algorithm;
    std::string qop;
    std::string opaque;
    struct Name {
        std::string_view name;
        std::string* into;
        bool seen = false;
    };
    std::array names = {Name{"username", &credentials.username},
                        Name{"realm", &credentials.realm},
                        Name{"nonce", &credentials.nonce},
                        Name{"uri", &credentials.uri},
                        Name{"response", &credentials.response},
                        Name{"cnonce", &credentials.cnonce},
                        Name{"nc", &credentials.nonce_count},
                        Name{"algorithm", &algorithm},
                        Name{"qop", &qop},
                        Name{"opaque", &opaque}};
    std::string_view name;
    std::string value;
    while (!rest.empty()) {
        if (!take_parameter(rest, name, value)) return malformed("does not follow the grammar");
        const auto known = std::find_if(names.begin(), names.end(), [&](const Name& each) {
            return equal_ignoring_case(each.name, name);
        });
        if (known == names.end()) continue;
        if (known->seen) return malformed("names a parameter twice");
        known->seen = true;
        *known->into = std::move(value);
    }
    if (!algorithm.empty() && !equal_ignoring_case(algorithm, "MD5"))
        return unsupported("has an algorithm that is not supported");
    if (credentials.username.empty() || credentials.nonce.empty() || credentials.uri.empty() ||
        credentials.response.size() != 32)
        return malformed("lacks username, nonce, uri or response");
    if (qop.empty()) return credentials;
    if (!equal_ignoring_case(qop, "auth")) return unsupported("has a qop that is not supported");
    credentials.qop_auth = true;
    if (credentials.nonce_count.size() != 8 || credentials.cnonce.empty())
        return malformed("lacks cnonce, or nc of eight digits");
    return credentials;
}

bool DigestCredentials::prove(std::string_view a1, std::string_view method) const {
    const HexHash a2 = hash_joined(DigestAlgorithm::Md5, {method, uri});
    const HexHash expected =
        qop_auth ? hash_joined(DigestAlgorithm::Md5, {a1, nonce, nonce_count, cnonce, "auth", a2.view()})
                 : hash_joined(DigestAlgorithm::Md5, {a1, nonce, a2.view()});
    std::string lower(response);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return equal_in_constant_time(expected.view(), lower);
}

DigestNonces::DigestNonces(Random& random, std::chrono::seconds lifetime)
    : first_{{random.next(), random.next()}}, second_{{random.next(), random.next()}}, lifetime_(lifetime) {}

std::string DigestNonces::sign(std::uint64_t microseconds) const {
    std::string nonce = fmt::format("{:016x}", microseconds);
    nonce += fmt::format("{:016x}{:016x}", first_(nonce), second_(nonce));
    return nonce;
}

std::string DigestNonces::issue(UtcTime now) const {
    return sign(static_cast<std::uint64_t>(now.time_since_epoch().count()));
}

DigestNonces::Verdict DigestNonces::check(std::string_view nonce, UtcTime now) const {
    std::uint64_t issued = 0;
    const std::string_view time = nonce.substr(0, 16);
    const auto [end, error] = std::from_chars(time.data(), time.data() + time.size(), issued, 16);
    if (error != std::errc{} || end != time.data() + time.size() ||
        !equal_in_constant_time(sign(issued), nonce))
        return Verdict::Forged;
    const auto age = now.time_since_epoch() - std::chrono::microseconds(static_cast<std::int64_t>(issued));
    // A clock that was set back must not give a nonce a longer life.
    return age >= -std::chrono::seconds(5) && age <= lifetime_ ? Verdict::Fresh : Verdict::Stale;
}

std::string digest_challenge(std::string_view realm, std::string_view nonce, bool stale) {
    return fmt::format(R"(Digest realm="{}", nonce="{}", qop="auth", algorithm=MD5{})", realm, nonce,
                       stale ? ", stale=true" : "");
}

}  // namespace almon::http
