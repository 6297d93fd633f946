// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/request.hpp"

#include <gtest/gtest.h>

namespace almon::http {
namespace {

TEST(RequestTarget, IsAPathAndAQuery) {
    Request request;
    ASSERT_TRUE(request.set_target("/users/a%2Fb%20c?search=x%26y#part").has_value());
    EXPECT_EQ(request.target, "/users/a%2Fb%20c?search=x%26y");
    EXPECT_EQ(request.path, "/users/a/b c");
    EXPECT_EQ(request.raw_path(), "/users/a%2Fb%20c");
    EXPECT_EQ(request.query.find("search"), "x&y");
    ASSERT_TRUE(request.set_target("/plain").has_value());
    EXPECT_TRUE(request.query.parameters().empty());
}

TEST(RequestTarget, MayNameTheHost) {
    Request request;
    ASSERT_TRUE(request.set_target("http://pbx.example:9486/1.1/users?limit=1").has_value());
    EXPECT_EQ(request.target, "/1.1/users?limit=1");
    ASSERT_TRUE(request.set_target("https://pbx.example").has_value());
    EXPECT_EQ(request.target, "/");
    ASSERT_TRUE(request.set_target("https://pbx.example?a=b").has_value());
    EXPECT_EQ(request.target, "/?a=b");
    ASSERT_TRUE(request.set_target("*").has_value());
    EXPECT_EQ(request.raw_path(), "*");
}

TEST(RequestTarget, RefusesWhatMeansHarm) {
    Request request;
    for (const char* bad : {"", "users", "pbx.example:443", "/../etc/passwd", "/a/..", "/a/%2e%2E/b", "/./a",
                            "/a%2F..%2Fb", "/%", "/%00", "/%ff", "/a?b=%"}) {
        const auto refused = request.set_target(bad);
        ASSERT_FALSE(refused.has_value()) << bad;
        EXPECT_EQ(refused.error().code, ErrorCode::Malformed);
    }
    EXPECT_TRUE(request.set_target("/a../..b/...").has_value());
}

TEST(Request, ForgetsEverythingButItsPeer) {
    Request request;
    request.remote = *NetAddress::parse("192.0.2.1", 5);
    request.secure = true;
    ASSERT_TRUE(request.set_target("/a?b=c").has_value());
    request.headers.add("A", "b");
    request.body = "body";
    request.path_parameters.push_back({"name", "value"});
    request.caller = std::make_shared<Caller>();
    EXPECT_EQ(request.path_parameter("name"), "value");
    EXPECT_EQ(request.path_parameter("other"), "");
    request.clear();
    EXPECT_TRUE(request.target.empty() && request.path.empty() && request.body.empty());
    EXPECT_TRUE(request.path_parameters.empty() && request.query.parameters().empty());
    EXPECT_EQ(request.headers.size(), 0u);
    EXPECT_EQ(request.caller, nullptr);
    EXPECT_EQ(request.remote.text(), "192.0.2.1:5");
    EXPECT_TRUE(request.secure);
}

}  // namespace
}  // namespace almon::http
