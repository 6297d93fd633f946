// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialplan/number_pattern.hpp"

#include <gtest/gtest.h>

namespace almon::dialplan {
namespace {

bool matches(std::string_view pattern, std::string_view number) {
    return NumberPattern(pattern).matches(number);
}

TEST(NumberPattern, LettersStandForRangesOfDigits) {  // ADB-004, ADB-029, ADB-047
    EXPECT_TRUE(matches("XXXX", "0199"));
    EXPECT_FALSE(matches("XXXX", "019"));
    EXPECT_FALSE(matches("XXXX", "01999"));
    EXPECT_FALSE(matches("XXXX", "01*9"));
    EXPECT_TRUE(matches("_ZN", "12"));
    EXPECT_FALSE(matches("_ZN", "02"));
    EXPECT_FALSE(matches("_ZN", "11"));
    EXPECT_TRUE(matches("+33XX", "+3399"));
}

TEST(NumberPattern, BracketsListCharactersAndRanges) {
    EXPECT_TRUE(matches("0[1-37]X", "035"));
    EXPECT_TRUE(matches("0[1-37]X", "075"));
    EXPECT_FALSE(matches("0[1-37]X", "045"));
    EXPECT_TRUE(matches("[*#]1", "*1"));
    EXPECT_TRUE(matches("1[2-]", "1-"));
    EXPECT_TRUE(matches("1[23", "13"));
    EXPECT_FALSE(matches("1[]", "1"));
}

TEST(NumberPattern, APeriodIsOneOrMoreAnExclamationMarkNoneOrMore) {  // ADB-029
    EXPECT_TRUE(matches("**99.", "**99101"));
    EXPECT_FALSE(matches("**99.", "**99"));
    EXPECT_TRUE(matches("**99!", "**99"));
    EXPECT_TRUE(matches("_X.", "12"));
    EXPECT_FALSE(matches("_X.", "1"));
    EXPECT_TRUE(matches(".", "anything at all"));
    EXPECT_FALSE(matches(".", ""));
}

TEST(NumberPattern, OnlyWhatHoldsAPatternLetterIsAPattern) {
    EXPECT_TRUE(NumberPattern::is_pattern("_1001"));
    EXPECT_TRUE(NumberPattern::is_pattern("99X."));
    EXPECT_FALSE(NumberPattern::is_pattern("1001"));
    EXPECT_FALSE(NumberPattern::is_pattern("*98"));
    EXPECT_FALSE(NumberPattern::is_pattern("+331"));
}

TEST(NumberPattern, KnowsWhetherALongerNumberMatches) {
    EXPECT_TRUE(NumberPattern("31").may_go_on("3"));
    EXPECT_TRUE(NumberPattern("31").may_go_on(""));
    EXPECT_FALSE(NumberPattern("31").may_go_on("31"));
    EXPECT_FALSE(NumberPattern("31").may_go_on("2"));
    EXPECT_TRUE(NumberPattern("_4X.").may_go_on("412"));
    EXPECT_TRUE(NumberPattern("_4!").may_go_on("4"));
    EXPECT_FALSE(NumberPattern("_4!").may_go_on("5"));
}

TEST(NumberPattern, TheNarrowerOneComesFirst) {
    const auto before = [](std::string_view a, std::string_view b) {
        return NumberPattern(a) < NumberPattern(b) && NumberPattern(b) > NumberPattern(a);
    };
    EXPECT_TRUE(before("01X", "0XX"));
    EXPECT_TRUE(before("NX", "ZX"));
    EXPECT_TRUE(before("XX.", "X."));
    EXPECT_TRUE(before("X.", "X!"));
    EXPECT_TRUE(before("01XX", "01X."));
    EXPECT_TRUE(before("418.", "X."));
    EXPECT_EQ(NumberPattern("_X."), NumberPattern("X."));
}

}  // namespace
}  // namespace almon::dialplan
