// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/headers.hpp"

#include <gtest/gtest.h>

namespace almon::http {
namespace {

TEST(Headers, AreFoundWithoutRegardToCase_InTheirOrder) {
    Headers headers;
    headers.add("Accept", "  application/json\t");
    headers.add("X-Twice", "one");
    headers.add("x-twice", "two");
    EXPECT_EQ(headers.get("ACCEPT"), "application/json");
    EXPECT_EQ(headers.get("X-TWICE"), "one");
    EXPECT_EQ(headers.count("X-Twice"), 2u);
    EXPECT_FALSE(headers.find("Accep").has_value());
    EXPECT_EQ(headers.get("Absent"), "");
    ASSERT_EQ(headers.size(), 3u);
    EXPECT_EQ(headers[2].name, "x-twice");
    headers.set("X-Twice", "three");
    EXPECT_EQ(headers.count("X-Twice"), 1u);
    EXPECT_EQ(headers.get("X-Twice"), "three");
    headers.clear();
    EXPECT_EQ(headers.size(), 0u);
    EXPECT_FALSE(headers.contains("Accept"));
}

TEST(Headers, LetNobodySplitAResponse) {
    Headers headers;
    headers.add("Location", "/1.1/users/1\r\nSet-Cookie: a=b");
    headers.add("X\r\nY", std::string_view("a\0b\x7f", 4));
    EXPECT_EQ(headers.get("Location"), "/1.1/users/1  Set-Cookie: a=b");
    EXPECT_EQ(headers[1].name, "X  Y");
    EXPECT_EQ(headers[1].value, "a b ");
}

TEST(HeaderList, AdmitsWhatItNames_UnlessItWeighsNothing) {
    EXPECT_TRUE(list_admits("gzip, deflate", "gzip"));
    EXPECT_TRUE(list_admits("deflate , GZIP;q=0.5", "gzip"));
    EXPECT_TRUE(list_admits("gzip;q=1.0", "gzip"));
    EXPECT_FALSE(list_admits("gzip;q=0", "gzip"));
    EXPECT_FALSE(list_admits("gzip; Q=0.000", "gzip"));
    EXPECT_FALSE(list_admits("gzipped", "gzip"));
    EXPECT_FALSE(list_admits("", "gzip"));
    EXPECT_FALSE(list_admits(",,;", "gzip"));
}

}  // namespace
}  // namespace almon::http
