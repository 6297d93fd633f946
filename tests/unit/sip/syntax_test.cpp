// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/syntax.hpp"

#include <cstdint>
#include <iterator>

#include <gtest/gtest.h>

#include "sip/comma_list.hpp"
#include "sip/parameters.hpp"

namespace almon::sip {
namespace {

TEST(Syntax, ANumberIsDigitsWithinItsRange) {
    EXPECT_EQ(parse_number<std::uint8_t>("255"), 255);
    EXPECT_EQ(parse_number<std::uint32_t>("0068", 70U), 68U);
    EXPECT_EQ(parse_number<std::uint32_t>("71", 70U), std::nullopt);
    for (const std::string_view text : {"", "256", "-1", "+1", " 1", "1 ", "1x", "99999999999999999999999"})
        EXPECT_EQ(parse_number<std::uint8_t>(text), std::nullopt) << text;
}

TEST(Syntax, QuotesAndTakesThemOffAgain) {
    EXPECT_EQ(quote("a\"b\\c\n"), "\"a\\\"b\\\\c \"");
    EXPECT_EQ(unescape_quoted(without_quotes("\"a\\\"b\\\\c\"")), "a\"b\\c");
    EXPECT_EQ(unescape_quoted("a\\"), "a\\");
    EXPECT_EQ(quoted_length("\"a\\\"b\" rest"), 6U);
    EXPECT_EQ(quoted_length("\"never"), 0U);
    EXPECT_EQ(quoted_length("\"never\\\""), 0U);
}

TEST(CommaList, SplitsOutsideQuotesAndAngles) {
    CommaList list("\"a, b\" <sip:c,d@e>;x=\"f,g\" , , last");
    EXPECT_EQ(list.next(), "\"a, b\" <sip:c,d@e>;x=\"f,g\"");
    EXPECT_EQ(list.next(), "");
    EXPECT_EQ(list.next(), "last");
    EXPECT_EQ(list.next(), std::nullopt);
    CommaList unbalanced("\"a, b");
    EXPECT_EQ(unbalanced.next(), "\"a, b");
    EXPECT_EQ(unbalanced.next(), std::nullopt);
}

TEST(Parameters, AreFoundWithoutCaseAndQuotes) {
    const auto parameters = Parameters::parse(" ; Tag = x;flag ;q=\"a;b\\\"\";TAG=y", "To");
    ASSERT_TRUE(parameters) << parameters.error().reason;
    EXPECT_EQ(parameters->find("tag"), "x");
    EXPECT_EQ(parameters->find("FLAG"), "");
    EXPECT_EQ(parameters->find("q"), "a;b\\\"");
    EXPECT_EQ(parameters->find("none"), std::nullopt);
    EXPECT_EQ(std::ranges::distance(parameters->begin(), parameters->end()), 4);
}

}  // namespace
}  // namespace almon::sip
