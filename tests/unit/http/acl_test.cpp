// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/acl.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace almon::http {
namespace {

constexpr const char* kUuid = "6a1f0c1e-3b9b-4a8f-9d2e-0f6f0f8f7a11";

bool grants(std::vector<std::string> rules, std::string_view required, std::string_view me = {}) {
    return Acl(rules, me).grants(required);
}

TEST(Acl, WithoutRulesGrantsNothing) {
    EXPECT_FALSE(Acl().grants("confd.users.read"));
    EXPECT_FALSE(grants({}, "confd.users.read"));
    EXPECT_FALSE(grants({""}, "confd.users.read"));
    EXPECT_FALSE(grants({""}, ""));
}

TEST(Acl, ARuleGrantsWhatItSaysWordByWord) {  // API-038
    EXPECT_TRUE(grants({"confd.users.17.lines.read"}, "confd.users.17.lines.read"));
    EXPECT_FALSE(grants({"confd.users.17.lines.read"}, "confd.users.17.lines.update"));
    EXPECT_FALSE(grants({"confd.users.17.lines.read"}, "confd.users.17.lines"));
    EXPECT_FALSE(grants({"confd.users.17.lines"}, "confd.users.17.lines.read"));
    EXPECT_FALSE(grants({"confd.users.read"}, "Confd.users.read"));
    EXPECT_FALSE(grants({"confd.users.1"}, "confd.users.17"));
}

TEST(Acl, AnyRuleSuffices) {
    EXPECT_TRUE(grants({"confd.lines.read", "confd.users.read"}, "confd.users.read"));
    EXPECT_FALSE(grants({"confd.lines.read", "confd.users.create"}, "confd.users.read"));
}

TEST(Acl, AStarIsExactlyOneWord) {  // API-039
    EXPECT_TRUE(grants({"confd.users.*.read"}, "confd.users.17.read"));
    EXPECT_FALSE(grants({"confd.users.*.read"}, "confd.users.read"));
    EXPECT_FALSE(grants({"confd.users.*.read"}, "confd.users.17.lines.read"));
    EXPECT_FALSE(grants({"*"}, "confd.users"));
    EXPECT_TRUE(grants({"*"}, "websocketd"));
    EXPECT_FALSE(grants({"conf*.users"}, "confd.users"));
}

TEST(Acl, AHashIsOneWordOrMore) {  // API-039
    EXPECT_TRUE(grants({"confd.#"}, "confd.users"));
    EXPECT_TRUE(grants({"confd.#"}, "confd.users.17.lines.read"));
    EXPECT_FALSE(grants({"confd.#"}, "confd"));
    EXPECT_FALSE(grants({"confd.#"}, "agentd.agents.read"));
    EXPECT_TRUE(grants({"confd.#.read"}, "confd.users.17.lines.read"));
    EXPECT_FALSE(grants({"confd.#.read"}, "confd.read"));
    EXPECT_TRUE(grants({"#.read"}, "confd.read.read"));
    EXPECT_TRUE(grants({"#.#"}, "a.b"));
    EXPECT_FALSE(grants({"#.#"}, "a"));
    EXPECT_TRUE(grants({"#.b.#.b"}, "a.b.b.b"));
    EXPECT_FALSE(grants({"#.b.#.b"}, "a.b.b"));
}

TEST(Acl, ALoneHashGrantsEverything) {  // API-031, API-039
    EXPECT_TRUE(grants({"#"}, "confd.users.read"));
    EXPECT_TRUE(grants({"#"}, "websocketd"));
    EXPECT_TRUE(grants({"#"}, "a..b"));
}

TEST(Acl, MeIsTheWordAndTheUuidButNotTheNumber) {  // API-040
    const std::vector<std::string> rules = {"confd.users.me.#.read"};
    for (const std::string rest :
         {"cti", "funckeys", "funckeys.1", "funckeys.templates", "lines", "lines.3", "voicemail"}) {
        EXPECT_TRUE(grants(rules, "confd.users." + std::string(kUuid) + "." + rest + ".read", kUuid));
        EXPECT_TRUE(grants(rules, "confd.users.me." + rest + ".read", kUuid));
        EXPECT_FALSE(grants(rules, "confd.users.17." + rest + ".read", kUuid));
        EXPECT_FALSE(
            grants(rules, "confd.users.00000000-0000-4000-8000-000000000000." + rest + ".read", kUuid));
        EXPECT_FALSE(grants(rules, "confd.users.me." + rest + ".update", kUuid));
    }
    EXPECT_FALSE(grants(rules, "confd.users.me.read", kUuid));
    EXPECT_TRUE(grants({"ctid-ng.users.me.calls.read"}, "ctid-ng.users.me.calls.read"));
    EXPECT_FALSE(grants({"confd.users.me.read"}, "confd.users..read"));
}

TEST(Acl, OwnFunctionKeys) {  // API-039
    const std::vector<std::string> rules = {"confd.users.me.funckeys.*.*"};
    const std::string own = "confd.users." + std::string(kUuid) + ".funckeys.";
    EXPECT_TRUE(grants(rules, own + "1.delete", kUuid));
    EXPECT_TRUE(grants(rules, own + "1.read", kUuid));
    EXPECT_TRUE(grants(rules, own + "1.update", kUuid));
    EXPECT_TRUE(grants(rules, own + "templates.read", kUuid));
    EXPECT_FALSE(grants(rules, own + "read", kUuid));
    EXPECT_FALSE(grants(rules, own + "templates.3.update", kUuid));
}

TEST(Acl, EmptyWordsAreGrantedByNoWildcard) {
    EXPECT_FALSE(grants({"confd.*.read"}, "confd..read"));
    EXPECT_FALSE(grants({"confd.#"}, "confd."));
    EXPECT_FALSE(grants({"confd.#"}, "confd..read"));
    EXPECT_FALSE(grants({"confd..read"}, "confd..read"));
    EXPECT_FALSE(grants({"*"}, ""));
}

TEST(Acl, WildcardsInWhatIsAskedForAreWordsLikeOthers) {
    EXPECT_FALSE(grants({"confd.users.17.read"}, "confd.users.*.read"));
    EXPECT_FALSE(grants({"confd.users.17.read"}, "confd.#"));
    EXPECT_TRUE(grants({"confd.users.*.read"}, "confd.users.#.read"));
}

TEST(Acl, APathParameterIsOneWordWhateverItHolds) {
    Request request;
    request.path_parameters = {{"user_id", "17.lines"}, {"line_id", "me"}};
    const auto words = acl_words("confd.users.{user_id}.lines.{line_id}.read", request);
    EXPECT_EQ(words, (AclWords{"confd", "users", "17.lines", "lines", "me", "read"}));
    EXPECT_TRUE(Acl(std::vector<std::string>{"confd.users.*.lines.*.read"}).grants(words));
    EXPECT_FALSE(Acl(std::vector<std::string>{"confd.users.17.lines.lines.me.read"}).grants(words));
    // A missing one is granted by nothing but everything.
    const auto missing = acl_words("confd.users.{uuid}.read", request);
    EXPECT_FALSE(Acl(std::vector<std::string>{"confd.users.*.read"}).grants(missing));
}

TEST(Acl, TakesVeryLongQuestions) {
    std::string asked = "a";
    for (int count = 0; count < 10'000; ++count)
        asked += ".a";
    EXPECT_TRUE(grants({"a.#"}, asked));
    EXPECT_FALSE(grants({"#.b"}, asked));
    EXPECT_FALSE(grants({"#.a.#.a.#.b.#"}, asked));
}

/// The same, as the sentence of the specification says it, without thought of speed.
bool fits(const std::vector<std::string>& rule, std::size_t at, const std::vector<std::string>& asked,
          std::size_t taken) {
    if (at == rule.size()) return taken == asked.size();
    if (rule[at] == "#") {
        for (std::size_t next = taken + 1; next <= asked.size(); ++next) {
            if (fits(rule, at + 1, asked, next)) return true;
        }
        return false;
    }
    if (taken == asked.size()) return false;
    const bool same =
        rule[at] == "*" || rule[at] == asked[taken] || (rule[at] == "me" && asked[taken] == "uuid");
    return same && fits(rule, at + 1, asked, taken + 1);
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : ".") + word;
    return text;
}

TEST(Acl, RandomRulesGrantWhatTheSpecificationSays) {
    SeededRandom random(20261124);
    const std::vector<std::string> rule_words = {"a", "b", "*", "#", "me", "#"};
    const std::vector<std::string> asked_words = {"a", "b", "me", "uuid"};
    int granted = 0;
    for (int round = 0; round < 200'000; ++round) {
        std::vector<std::string> rule(1 + random.below(6));
        std::vector<std::string> asked(1 + random.below(8));
        for (auto& word : rule)
            word = rule_words[random.below(rule_words.size())];
        for (auto& word : asked)
            word = asked_words[random.below(asked_words.size())];
        const bool expected = fits(rule, 0, asked, 0);
        granted += expected;
        ASSERT_EQ(grants({joined(rule)}, joined(asked), "uuid"), expected)
            << joined(rule) << " " << joined(asked);
    }
    EXPECT_GT(granted, 10'000);
}

}  // namespace
}  // namespace almon::http
