// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/caller_number_rules.hpp"

#include <gtest/gtest.h>

namespace almon::pbx {
namespace {

bool matches(std::string_view expression, std::string_view number) {
    const auto parsed = NumberExpression::parse(expression);
    EXPECT_TRUE(parsed) << expression;
    return parsed && parsed->matches(number);
}

TEST(NumberExpression, MatchesAsRegularExpressionsDo) {
    EXPECT_TRUE(matches(R"(^0[1-9]\d{8}$)", "0140506070"));
    EXPECT_FALSE(matches(R"(^0[1-9]\d{8}$)", "0040506070"));
    EXPECT_FALSE(matches(R"(^0[1-9]\d{8}$)", "01405060701"));
    EXPECT_TRUE(matches(R"(^\+33)", "+33140506070"));
    EXPECT_TRUE(matches("5060", "0140506070"));
    EXPECT_TRUE(matches("^00?1+$", "011"));
    EXPECT_FALSE(matches("^00?1+$", "00"));
    EXPECT_TRUE(matches("^[^0].*9$", "1239"));
    EXPECT_FALSE(matches("^[^0].*9$", "0239"));
    EXPECT_TRUE(matches(R"(^\d{2,3}$)", "123"));
    EXPECT_FALSE(matches(R"(^\d{2,3}$)", "1234"));
    EXPECT_TRUE(matches(R"(^\d{2,}$)", "123456"));
    EXPECT_TRUE(matches("", "anything"));
    EXPECT_FALSE(matches(".", std::string(65, '1')));
}

TEST(NumberExpression, TakesNoTimeForWhatIsMeantToTakeMuch) {
    EXPECT_FALSE(matches("^.*.*.*.*.*.*.*.*.*.*x$", std::string(64, '1')));
}

TEST(NumberExpression, RefusesWhatItDoesNotKnow) {
    for (const auto* text : {"^(0|1)$", "1|2", "[1-", "\\", "1{2", "1{3,2}", "*1", "1{99}", "^^"})
        EXPECT_FALSE(NumberExpression::parse(text)) << text;
}

TEST(CallerNumberRules, TheFirstThatMatchesChangesTheNumber) {  // INS-024
    const auto rules = parse_caller_number_rules(
        "# of the operator\n[international]\ncallerid = ^00\nstrip=2\nadd = +\n"
        "\n[national1]\r\ncallerid = ^0[1-9]\\d{8}$\r\nstrip = 1\nadd = +33\n");
    ASSERT_TRUE(rules);
    ASSERT_EQ(rules->size(), 2U);
    EXPECT_EQ(rewritten(*rule_for(*rules, "0140506070"), "0140506070"), "+33140506070");
    EXPECT_EQ(rewritten(*rule_for(*rules, "0044123"), "0044123"), "+44123");
    EXPECT_EQ(rule_for(*rules, "1001"), nullptr);
}

TEST(CallerNumberRules, RefusesWithTheLine) {
    const auto line = [](std::string_view file) {
        const auto rules = parse_caller_number_rules(file);
        return rules ? "" : rules.error().field;
    };
    EXPECT_EQ(line("[a]\ncallerid = (1)\n"), "line 2");
    EXPECT_EQ(line("callerid = 1\n"), "line 1");
    EXPECT_EQ(line("[a]\ncallerid = 1\nstrip = one\n"), "line 3");
    EXPECT_EQ(line("[a]\ncolour = red\n"), "line 2");
    EXPECT_EQ(line("[a\n"), "line 1");
    EXPECT_EQ(line("[a]\nstrip = 1\n"), "line 2");
}

}  // namespace
}  // namespace almon::pbx
