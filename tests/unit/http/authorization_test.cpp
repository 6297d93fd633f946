// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/authorization.hpp"

#include <gtest/gtest.h>

namespace almon::http {
namespace {

TEST(BasicCredentials, AreLoginAndPassword) {
    const auto parsed = BasicCredentials::parse("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");  // RFC 7617 section 2
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->login, "Aladdin");
    EXPECT_EQ(parsed->password, "open sesame");
    EXPECT_EQ(BasicCredentials::parse("basic   dGVzdDoxMjPCow==")->password, "123£");
    EXPECT_EQ(BasicCredentials::parse("Basic YTpi")->password, "b");
    EXPECT_EQ(BasicCredentials::parse("Basic YTpiOmM")->password, "b:c");
    EXPECT_EQ(BasicCredentials::parse("Basic Og==")->login, "");
}

TEST(BasicCredentials, AnythingElseIsRefused) {
    for (const char* field : {"", "Basic", "Basic ", "Bearer YTpi", "Basic YTp!", "Basic YWI=", "Basic A",
                              "Basic YTpiYTpi=YTpi", "Basic YTr/", "Basic YToA", "Basic ===="}) {
        EXPECT_FALSE(BasicCredentials::parse(field)) << field;
    }
}

}  // namespace
}  // namespace almon::http
