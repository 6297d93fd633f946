// SPDX-License-Identifier: GPL-3.0-or-later
// Authorization fields and rules: nothing of a stranger proves a password, and a rule that is granted
// literally is granted by wildcards in its place. The first line is a field, the second a rule, the third
// what is asked for.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest_hash.hpp"
#include "base/random.hpp"
#include "http/acl.hpp"
#include "http/authorization.hpp"
#include "http/digest_access.hpp"

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

std::string_view take_line(std::string_view& rest) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace almon;
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    const std::string_view field = take_line(rest);
    if (const auto basic = http::BasicCredentials::parse(field))
        require(basic->login.find(':') == std::string::npos);
    if (const auto digest = http::DigestCredentials::parse(field)) {
        require(!digest->prove(digest_a1(DigestAlgorithm::Md5, digest->username, "almon", "secret"), "GET"));
        SeededRandom random(7);
        const http::DigestNonces nonces(random);
        require(nonces.check(digest->nonce, UtcTime{}) == http::DigestNonces::Verdict::Forged);
    }
    const std::string rule(take_line(rest));
    const std::string asked(rest);
    const bool granted = http::Acl(std::vector<std::string>{rule}, "uuid").grants(asked);
    if (rule == "#") require(granted);
    const auto words = http::acl_words(asked);
    bool whole = true;
    for (const auto word : words)
        whole = whole && !word.empty();
    if (!whole && rule != "#") require(!granted);
    if (!whole) return 0;
    require(http::Acl(std::vector<std::string>{asked}).grants(asked));
    // What a rule grants, one with # in place of its last word grants too.
    if (granted) {
        const std::size_t dot = rule.rfind('.');
        const std::string wider = dot == std::string::npos ? "#" : rule.substr(0, dot + 1) + "#";
        require(http::Acl(std::vector<std::string>{wider}, "uuid").grants(asked));
    }
    return 0;
}
