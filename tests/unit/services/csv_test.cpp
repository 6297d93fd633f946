// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/csv.hpp"

#include <gtest/gtest.h>

namespace almon::services {
namespace {

using Row = std::vector<std::string>;

std::string refusal(std::string_view text, const CsvLimits& limits = {}) {
    const auto table = read_csv(text, limits);
    return table ? "" : table.error().reason;
}

TEST(Csv, LinesEndAsTheyMayAndEmptyOnesArePassedOver) {  // ADB-192
    for (const auto* text : {"a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n\r\n3,4", "\na,b\r1,2\r3,4\r"}) {
        const auto table = read_csv(text);
        ASSERT_TRUE(table) << text;
        EXPECT_EQ(table->header, (Row{"a", "b"}));
        EXPECT_EQ(table->rows, (std::vector<Row>{{"1", "2"}, {"3", "4"}}));
    }
}

TEST(Csv, QuotesHoldCommasLinesAndDoubledQuotes) {  // ADB-192
    const auto table = read_csv("name,note\n\"Robert \"\"Bob\"\" Jenkins\",\"one,\r\ntwo\"\n5\" screen,\n");
    ASSERT_TRUE(table);
    EXPECT_EQ(table->rows[0], (Row{"Robert \"Bob\" Jenkins", "one,\r\ntwo"}));
    EXPECT_EQ(table->rows[1], (Row{"5\" screen", ""}));
}

TEST(Csv, WhatIsNoTableIsRefusedWithItsLine) {
    EXPECT_NE(refusal("").find("empty"), std::string::npos);
    EXPECT_NE(refusal("\xef\xbb\xbf"
                      "a\n1\n")
                  .find("byte order mark"),
              std::string::npos);
    EXPECT_NE(refusal("a\n\xff\n").find("UTF-8"), std::string::npos);
    EXPECT_EQ(refusal("a\n1\n\"2\n3\n"), "line 3 leaves a quote open");
    EXPECT_EQ(refusal("a\n\"1\"x\n"), "line 2 has text after a closing quote");
    EXPECT_EQ(refusal("a,b\n1,2\n\n3\n"), "line 4 has 1 fields instead of 2");
    EXPECT_EQ(refusal("a,b\n\"1\n\",2\n3\n"), "line 4 has 1 fields instead of 2");
}

TEST(Csv, WhatIsTooLargeIsRefused) {
    EXPECT_NE(refusal("a\n1\n2\n3\n", {.rows = 2}).find("more than 2 rows"), std::string::npos);
    EXPECT_NE(refusal("a,b,c\n", {.columns = 2}).find("more than 2 columns"), std::string::npos);
    EXPECT_NE(refusal("a\n12345\n", {.field = 4}).find("more than 4 bytes"), std::string::npos);
    EXPECT_NE(refusal("a\n\"12345\"\n", {.field = 4}).find("more than 4 bytes"), std::string::npos);
}

TEST(Csv, WhatIsWrittenIsReadAgain) {
    const std::vector<Row> lines = {{"\xef\xbb\xbfno mark of a file"}, {"x,\"y\"\r\nz"}, {"é"}};
    std::string text;
    for (const auto& line : lines)
        append_csv_line(text, line);
    const auto table = read_csv(text);
    ASSERT_TRUE(table);
    EXPECT_EQ(table->header, lines.front());
    EXPECT_EQ(table->rows, (std::vector<Row>{lines.begin() + 1, lines.end()}));
}

}  // namespace
}  // namespace almon::services
