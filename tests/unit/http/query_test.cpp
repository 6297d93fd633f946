// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/query.hpp"

#include <gtest/gtest.h>

namespace almon::http {
namespace {

using Parameters = std::vector<Query::Parameter>;

TEST(Query, KeepsParametersInTheirOrder) {
    Query query;
    ASSERT_TRUE(query.assign("search=caf%C3%A9+au+lait&limit=10&&flag&limit=20&a=b=c&=x").has_value());
    EXPECT_EQ(query.parameters(), (Parameters{{"search", "café au lait"},
                                              {"limit", "10"},
                                              {"flag", ""},
                                              {"limit", "20"},
                                              {"a", "b=c"},
                                              {"", "x"}}));
    EXPECT_EQ(query.find("limit"), "10");
    EXPECT_EQ(query.find("flag"), "");
    EXPECT_FALSE(query.find("absent").has_value());
    ASSERT_TRUE(query.assign("").has_value());
    EXPECT_TRUE(query.parameters().empty());
}

TEST(Query, RefusesWhatNoTextCouldHold) {
    Query query;
    for (const char* bad : {"a=%", "a=%4", "a=%g0", "%zz=1", "a=%00", "a=%ff", "a=%c3", "a=%c0%80",
                            "a=%ed%a0%80", "a=%f4%90%80%80", "ok=1&a=%fe"}) {
        const auto refused = query.assign(bad);
        ASSERT_FALSE(refused.has_value()) << bad;
        EXPECT_EQ(refused.error().code, ErrorCode::Malformed);
        EXPECT_EQ(refused.error().field, "query");
        EXPECT_TRUE(query.parameters().empty());
    }
}

TEST(PercentEncoding, IsUndone) {
    const std::string text = "a b/c?d&e=f%g+é~-._\n";
    std::string decoded;
    ASSERT_TRUE(percent_decode(percent_encode(text), PlusSign::Literal, decoded).has_value());
    EXPECT_EQ(decoded, text);
    EXPECT_EQ(percent_encode("a b+é"), "a%20b%2B%C3%A9");
    decoded.clear();
    ASSERT_TRUE(percent_decode("a+b", PlusSign::Literal, decoded).has_value());
    EXPECT_EQ(decoded, "a+b");
}

}  // namespace
}  // namespace almon::http
