// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/reason.hpp"

#include <gtest/gtest.h>

#include "sip/message.hpp"

namespace almon::sip {
namespace {

TEST(Reason, ReadsWhatItWrites) {
    const Reason elsewhere{"SIP", 200, "Call completed \"elsewhere\""};
    EXPECT_EQ(elsewhere.header_value(), "SIP;cause=200;text=\"Call completed \\\"elsewhere\\\"\"");
    const auto parsed = Reason::parse(elsewhere.header_value());
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->protocol, "SIP");
    EXPECT_EQ(parsed->cause, 200);
    EXPECT_EQ(parsed->text, elsewhere.text);
}

TEST(Reason, IsFoundByItsProtocol) {
    const auto bye = Message::parse(
        "BYE sip:a@b SIP/2.0\r\nReason: Q.850 ;cause=16 ;text=\"Terminated, normally\", "
        "SIP;cause=600\r\n\r\n");
    EXPECT_EQ(Reason::of(*bye, "q.850")->cause, 16);
    EXPECT_EQ(Reason::of(*bye, "q.850")->text, "Terminated, normally");
    EXPECT_EQ(Reason::of(*bye, "SIP")->cause, 600);
    EXPECT_FALSE(Reason::of(*bye, "preemption"));
}

TEST(Reason, RefusesBrokenValues) {
    EXPECT_FALSE(Reason::parse(";cause=1"));
    EXPECT_FALSE(Reason::parse("SIP;cause=many"));
}

}  // namespace
}  // namespace almon::sip
