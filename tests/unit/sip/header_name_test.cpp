// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/header_name.hpp"

#include <string>

#include <gtest/gtest.h>

#include "sip/syntax.hpp"

namespace almon::sip {
namespace {

TEST(HeaderName, EveryNameIsRecognizedInAnyCase) {
    for (int i = 0; i < static_cast<int>(HeaderName::Other); ++i) {
        const auto name = static_cast<HeaderName>(i);
        std::string text(name_of(name));
        EXPECT_EQ(header_name_of(text), name) << text;
        for (char& c : text)
            c = to_lower(c);
        EXPECT_EQ(header_name_of(text), name) << text;
        EXPECT_EQ(header_name_of(text + "x"), HeaderName::Other) << text;
    }
}

// IANA, SIP header fields: the compact forms.
TEST(HeaderName, CompactFormsAreRecognized) {
    EXPECT_EQ(header_name_of("v"), HeaderName::Via);
    EXPECT_EQ(header_name_of("F"), HeaderName::From);
    EXPECT_EQ(header_name_of("t"), HeaderName::To);
    EXPECT_EQ(header_name_of("i"), HeaderName::CallId);
    EXPECT_EQ(header_name_of("m"), HeaderName::Contact);
    EXPECT_EQ(header_name_of("l"), HeaderName::ContentLength);
    EXPECT_EQ(header_name_of("c"), HeaderName::ContentType);
    EXPECT_EQ(header_name_of("e"), HeaderName::ContentEncoding);
    EXPECT_EQ(header_name_of("k"), HeaderName::Supported);
    EXPECT_EQ(header_name_of("s"), HeaderName::Subject);
    EXPECT_EQ(header_name_of("r"), HeaderName::ReferTo);
    EXPECT_EQ(header_name_of("b"), HeaderName::ReferredBy);
    EXPECT_EQ(header_name_of("o"), HeaderName::Event);
    EXPECT_EQ(header_name_of("u"), HeaderName::AllowEvents);
    EXPECT_EQ(header_name_of("x"), HeaderName::SessionExpires);
    EXPECT_EQ(header_name_of("z"), HeaderName::Other);
    EXPECT_EQ(header_name_of("1"), HeaderName::Other);
    EXPECT_EQ(header_name_of(""), HeaderName::Other);
}

}  // namespace
}  // namespace almon::sip
