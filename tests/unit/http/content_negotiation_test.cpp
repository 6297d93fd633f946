// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/content_negotiation.hpp"

#include <gtest/gtest.h>

namespace almon::http {
namespace {

bool json_for(const char* accept) {
    Request request;
    request.headers.add("Accept", accept);
    return accepts_json(request);
}

// API-046
TEST(Accept, AdmitsJsonByNameOrByRange) {
    EXPECT_TRUE(json_for("application/json"));
    EXPECT_TRUE(json_for("APPLICATION/JSON; charset=utf-8"));
    EXPECT_TRUE(json_for("text/html, application/*;q=0.1"));
    EXPECT_TRUE(json_for("*/*"));
    EXPECT_TRUE(json_for("text/html,*;q=.2"));
    EXPECT_FALSE(json_for("text/html"));
    EXPECT_FALSE(json_for("application/jsonp"));
    EXPECT_FALSE(json_for(""));
    EXPECT_FALSE(json_for("*/*;q=0"));
    EXPECT_FALSE(accepts_json(Request{}));
}

TEST(Accept, TheMostSpecificRangeDecides) {
    EXPECT_FALSE(json_for("*/*, application/json;q=0"));
    EXPECT_FALSE(json_for("application/json;q=0, */*"));
    EXPECT_TRUE(json_for("application/*;q=0, application/json;q=0.1"));
    Request request;
    request.headers.add("Accept", "text/html");
    request.headers.add("Accept", "application/json");
    EXPECT_TRUE(accepts_json(request)) << "the field may be repeated";
}

// API-046
TEST(ContentType, IsJsonWhateverItsParameters) {
    Request request;
    EXPECT_FALSE(has_json(request));
    request.headers.set("Content-Type", "application/json");
    EXPECT_TRUE(has_json(request));
    request.headers.set("Content-Type", "Application/JSON ; charset=UTF-8");
    EXPECT_TRUE(has_json(request));
    request.headers.set("Content-Type", "text/json");
    EXPECT_FALSE(has_json(request));
}

}  // namespace
}  // namespace almon::http
