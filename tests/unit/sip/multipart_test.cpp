// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/multipart.hpp"

#include <string>

#include <gtest/gtest.h>

namespace almon::sip {
namespace {

constexpr std::string_view kType = "multipart/mixed;boundary=\"b1\"";
constexpr std::string_view kBody =
    "preamble --b1\r\n--b1\r\n\r\nplain text\r\n--b1  \r\nContent-Type:\r\n application/sdp\r\n"
    "Content-Disposition: session;handling=required\r\n\r\nv=0\r\no=--b1\r\n\r\n--b1x is not "
    "it\r\n--b1--\r\nepilogue";

TEST(Multipart, SplitsAsRfc2046) {
    const auto parts = split_multipart(kType, kBody);
    ASSERT_TRUE(parts) << parts.error().reason;
    ASSERT_EQ(parts->size(), 2U);
    EXPECT_EQ(parts->at(0).content_type, "text/plain");
    EXPECT_EQ(parts->at(0).bytes, "plain text");
    EXPECT_EQ(parts->at(1).content_type, "application/sdp");
    EXPECT_EQ(parts->at(1).disposition, "session;handling=required");
    EXPECT_EQ(parts->at(1).bytes, "v=0\r\no=--b1\r\n\r\n--b1x is not it");
}

TEST(Multipart, FindsTheSessionDescription) {
    EXPECT_EQ(find_body(kType, kBody, "application/sdp")->bytes.substr(0, 3), "v=0");
    EXPECT_EQ(find_body("Application/SDP ;x=y", "v=0", "application/sdp")->bytes, "v=0");
    EXPECT_FALSE(find_body("text/plain", "v=0", "application/sdp"));
    EXPECT_FALSE(find_body("", "v=0", "application/sdp"));
    const std::string nested =
        "--o\r\nContent-Type: " + std::string(kType) + "\r\n\r\n" + std::string(kBody) + "\r\n--o--";
    EXPECT_TRUE(find_body("multipart/alternative;boundary=o", nested, "application/sdp"));
}

TEST(Multipart, GivesWhatIsWholeOfABodyThatIsCutOff) {
    const auto parts = split_multipart(kType, "--b1\n\none\n--b1\n\ntwo");
    ASSERT_TRUE(parts);
    ASSERT_EQ(parts->size(), 2U);
    EXPECT_EQ(parts->at(0).bytes, "one");
    EXPECT_EQ(parts->at(1).bytes, "two");
}

TEST(Multipart, RefusesWhatCannotBeSplit) {
    EXPECT_FALSE(split_multipart("multipart/mixed", kBody));
    EXPECT_FALSE(split_multipart("multipart/mixed;boundary=\"\"", kBody));
    EXPECT_FALSE(split_multipart(kType, ""));
    EXPECT_FALSE(split_multipart(kType, "--b1--"));
    std::string many;
    for (int i = 0; i < 40; ++i)
        many += "--b1\r\n\r\nx\r\n";
    EXPECT_EQ(split_multipart(kType, many).error().code, ErrorCode::Exhausted);
}

}  // namespace
}  // namespace almon::sip
