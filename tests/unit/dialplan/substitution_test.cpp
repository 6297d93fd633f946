// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialplan/substitution.hpp"

#include <gtest/gtest.h>

#include "dialplan/expression.hpp"
#include "fake_host.hpp"

namespace almon::dialplan {
namespace {

class Texts : public ::testing::Test {
protected:
    std::string filled(std::string_view text) {
        const auto read = Substitution::parse(text);
        return read ? read->fill_in(host) : "refused: " + read.error().reason;
    }
    FakeHost host;
};

TEST_F(Texts, VariablesStandForTheirValues) {  // INS-132
    host.variables = {{"XIVO_DSTNUM", "0123456789"}, {"name", "XIVO_DSTNUM"}};
    EXPECT_EQ(filled("to ${XIVO_DSTNUM}!"), "to 0123456789!");
    EXPECT_EQ(filled("${xivo_dstnum}"), "");
    EXPECT_EQ(filled("${${name}}"), "0123456789");
    EXPECT_EQ(filled("$5 and 100%"), "$5 and 100%");
}

TEST_F(Texts, PartsOfVariablesAreCountedFromEitherEnd) {
    host.variables = {{"EXTEN", "0123456789"}, {"n", "3"}};
    EXPECT_EQ(filled("${EXTEN:1}"), "123456789");
    EXPECT_EQ(filled("${EXTEN:0:3}"), "012");
    EXPECT_EQ(filled("${EXTEN:-4}"), "6789");
    EXPECT_EQ(filled("${EXTEN:-4:2}"), "67");
    EXPECT_EQ(filled("${EXTEN:2:-3}"), "23456");
    EXPECT_EQ(filled("${EXTEN:${n}:1}"), "3");
    EXPECT_EQ(filled("${EXTEN:40}"), "");
    EXPECT_EQ(filled("${EXTEN:-40:2}"), "01");
    EXPECT_EQ(filled("${EXTEN:2:-40}"), "");
    EXPECT_EQ(filled("${EXTEN:-9223372036854775808:-9223372036854775808}"), "");
}

TEST_F(Texts, ExpressionsReckonWithWhatIsPutIn) {
    host.variables = {{"counter", "2"}};
    EXPECT_EQ(filled("$[${counter} + 1]"), "3");
    EXPECT_EQ(filled("a$[1 + 1]b$[${nothing} = 1]"), "a2b0");
    EXPECT_EQ(filled("$[1 / 0]"), "");
    EXPECT_EQ(host.mistakes.back(), "$[1 / 0]: the expression divides by zero");
}

TEST_F(Texts, FunctionsMayContainAnything) {  // ADB-058
    host.variables = {{"CALLERID(num)", "1001"}, {"list", "a-b-c"}};
    EXPECT_EQ(filled("${CALLERID(num)}"), "1001");
    EXPECT_EQ(filled("${CALLERID(num):2}"), "01");
    EXPECT_EQ(filled("${LEN(${CALLERID(num)})}"), "4");
    EXPECT_EQ(filled("${IF($[${CALLERID(num)} = 1001]?yes:no)}"), "yes");
    EXPECT_EQ(filled("${CUT(list,-,2)}${CUT(list,,2-)}${CUT(list,-,1&3)}"), "bb-ca-c");
    EXPECT_EQ(filled("call from ${CARLLERID(num)}"), "call from ");
    EXPECT_EQ(host.mistakes.back(), "there is no function CARLLERID");
}

TEST_F(Texts, WhatIsNotClosedIsRefused) {
    EXPECT_EQ(filled("${EXTEN"), "refused: a } is missing");
    EXPECT_EQ(filled("$[1 + 1"), "refused: a ] is missing");
    std::string deep;
    for (int i = 0; i < 100; ++i)
        deep += "${";
    EXPECT_EQ(filled(deep), "refused: too many brackets stand in each other");
}

TEST_F(Texts, WhatEvaluatesItselfEnds) {
    host.variables = {{"x", "${EVAL(${x})}"}};
    EXPECT_EQ(filled("${EVAL(${x})}"), "");
    EXPECT_EQ(host.mistakes.size(), 1U);
    host.variables["x"] = "${EVAL(${x})}${EVAL(${x})}${EVAL(${x})}";
    EXPECT_EQ(filled("${EVAL(${x})}"), "");
}

TEST_F(Texts, NoTextGrowsWithoutEnd) {
    host.variables = {{"x", std::string(kLongestText, 'x')}};
    EXPECT_EQ(filled("${x}${x}").size(), kLongestText);
}

TEST_F(Texts, FunctionsOfTextsNumbersAndTimes) {
    host.variables = {{"dirty", "+33 (0)1-23"}, {"words", "to be or not to be"}};
    EXPECT_EQ(filled("${FILTER(0-9+,${dirty})}"), "+330123");
    EXPECT_EQ(filled("${REPLACE(words,o-t,_)}"), "__ be __ n__ __ be");
    EXPECT_EQ(filled("${STRREPLACE(words,be,do,1)}"), "to do or not to be");
    EXPECT_EQ(filled("${REGEX(\"^[0-9]{3}$\" 123)}${REGEX(\"^[0-9]{3}$\" 12a)}"), "10");
    EXPECT_EQ(filled("${FIELDQTY(words, )}"), "6");
    EXPECT_EQ(filled("${MATH(7/2,int)} ${MATH(7/2)} ${MATH(255,hex)}"), "3 3.500000 ff");
    EXPECT_EQ(filled("${ISNULL(${nothing})}${EXISTS(${words})}"), "11");
    EXPECT_EQ(filled("${TOUPPER(abc é)}${TOLOWER(ABC)}"), "ABC éabc");
    EXPECT_EQ(filled("${URIENCODE(a b/c)} ${URIDECODE(a%20b%zz)}"), "a%20b%2Fc a b%zz");
    EXPECT_EQ(filled("${BASE64_ENCODE(hello)} ${BASE64_DECODE(aGVsbG8=)}"), "aGVsbG8= hello");
    EXPECT_EQ(filled("${MD5(hello)}"), "5d41402abc4b2a76b9719d911017c592");
    EXPECT_EQ(filled("${STRFTIME(1480000000,,%Y-%m-%d %H:%M)}"), "2016-11-24 15:06");
    EXPECT_EQ(filled("${RAND(3,7)}"), "7");
    EXPECT_EQ(filled("${QUOTE(say \"hi\")}"), "\"say \\\"hi\\\"\"");
    host.now.tm_hour = 10;
    host.now.tm_wday = 1;
    EXPECT_EQ(filled("${IFTIME(09:00-12:00,mon-fri,*,*?open:closed)}"), "open");
    host.now.tm_hour = 13;
    EXPECT_EQ(filled("${IFTIME(09:00-12:00,mon-fri,*,*?open:closed)}"), "closed");
}

struct Reckoned {
    const char* expression;
    const char* value;
};
class Expressions : public ::testing::TestWithParam<Reckoned> {};

TEST_P(Expressions, HaveTheValueThatIsExpected) {
    const auto value = evaluate(GetParam().expression);
    ASSERT_TRUE(value) << value.error().reason;
    EXPECT_EQ(*value, GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(
    All, Expressions,
    ::testing::Values(Reckoned{"1 + 2 * 3", "7"}, Reckoned{"(1 + 2) * 3", "9"}, Reckoned{"10 - 4 - 3", "3"},
                      Reckoned{"7 / 2", "3.5"}, Reckoned{"7 % 4", "3"}, Reckoned{"-3 + 1", "-2"},
                      Reckoned{"2 -3", "-1"}, Reckoned{"5-3", "2"}, Reckoned{"1.5 + 1.5", "3"},
                      Reckoned{"0 + 1 + 1 >= 3", "0"}, Reckoned{"0 + 1 + 1 + 1>=3", "1"},
                      Reckoned{"abc = abc", "1"}, Reckoned{"\"abc\" = abc", "1"},
                      Reckoned{"\"a b\" = a b", "1"}, Reckoned{"abc < abd", "1"}, Reckoned{"9 < 10", "1"},
                      Reckoned{"a9 < a10", "0"}, Reckoned{"02 = 2", "1"}, Reckoned{"1 != 2", "1"},
                      Reckoned{"1 & 0", "0"}, Reckoned{"7 & 1", "7"}, Reckoned{"0 | 5", "5"},
                      Reckoned{"1 = 1 && 2 = 2", "1"}, Reckoned{"1 = 2 || 2 = 2", "1"}, Reckoned{"!0", "1"},
                      Reckoned{"!(1 = 1)", "0"}, Reckoned{"1 > 0 ? yes :: no", "yes"},
                      Reckoned{"0 ? yes :: no", "no"}, Reckoned{"SIP/bob-1 = SIP/bob-1", "1"},
                      Reckoned{"09:30", "09:30"}, Reckoned{"\"abc123\" =~ \"[0-9]+\"", "3"},
                      Reckoned{"\"abc123\" : \"[0-9]+\"", "0"}, Reckoned{"\"abc123\" =~ \"([0-9])\"", "1"},
                      Reckoned{"foo ~~ bar", "foobar"}, Reckoned{"", ""}, Reckoned{" = ", "1"},
                      Reckoned{"\"\" = \"\"", "1"}));

TEST(Expression, WhatIsNoneIsRefused) {
    for (const auto* text : {"(1", "1 / 0", "5 % 0", "1 ? 2", "1)", "\"a\" =~ \"(\""})
        EXPECT_FALSE(evaluate(text)) << text;
    EXPECT_FALSE(evaluate("\"a\" =~ \"((((a{255}){255}){255}){255})\"")) << "which would take all memory";
    EXPECT_FALSE(evaluate("\"aa\" =~ \"(a)\\\\1\""));
    EXPECT_TRUE(evaluate("\"0141\" =~ \"^[0-9]{4}$\""));
    EXPECT_FALSE(evaluate(std::string(1000, '(')));
    EXPECT_FALSE(evaluate(std::string(1000, '!')));
}

TEST(Expression, NothingAndZeroDoNotHold) {
    EXPECT_FALSE(is_true(""));
    EXPECT_FALSE(is_true("0"));
    EXPECT_FALSE(is_true(" 0.0 "));
    EXPECT_TRUE(is_true("1"));
    EXPECT_TRUE(is_true("no"));
}

}  // namespace
}  // namespace almon::dialplan
