// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/identity.hpp"

#include <gtest/gtest.h>

namespace almon::sip {
namespace {

Message with(std::string_view fields) {
    return std::move(*Message::parse("INVITE sip:a@b SIP/2.0\r\n" + std::string(fields) + "\r\n"));
}

TEST(Identity, TheAssertedIdentityIsTheFirstThatParses) {
    const Message message =
        with("P-Asserted-Identity: broken, \"Cullen, J\" <sip:fluffy@cisco.com>, <tel:+14085264000>\r\n");
    const auto identity = asserted_identity(message);
    ASSERT_TRUE(identity);
    EXPECT_EQ(identity->display_text(), "Cullen, J");
    EXPECT_EQ(identity->uri, "sip:fluffy@cisco.com");
    EXPECT_FALSE(asserted_identity(with("")));
}

TEST(Identity, RemotePartyIdReadsWhatIsWritten) {
    const Message message =
        with("Remote-Party-ID: <sip:c@d>;party=called\r\nRemote-Party-ID: " +
             remote_party_id("Al", "sip:a@b", RemotePartyId::Party::Calling, RemotePartyId::Privacy::Full) +
             "\r\n");
    const auto calling = RemotePartyId::of(message, RemotePartyId::Party::Calling);
    ASSERT_TRUE(calling);
    EXPECT_EQ(calling->address.uri, "sip:a@b");
    EXPECT_TRUE(calling->screened);
    EXPECT_EQ(calling->privacy, RemotePartyId::Privacy::Full);
    const auto called = RemotePartyId::of(message, RemotePartyId::Party::Called);
    ASSERT_TRUE(called);
    EXPECT_EQ(called->privacy, RemotePartyId::Privacy::Off);
    EXPECT_EQ(RemotePartyId::parse("<sip:a@b>;privacy=dunno")->privacy, RemotePartyId::Privacy::Full);
}

TEST(Identity, PrivacyHidesTheIdentityUnlessNone) {
    EXPECT_TRUE(PrivacyRequest::of(with("Privacy: user ; ID\r\n")).hides_identity());
    EXPECT_FALSE(PrivacyRequest::of(with("Privacy: id;none\r\n")).hides_identity());
    EXPECT_FALSE(PrivacyRequest::of(with("Privacy: header;session;critical\r\n")).hides_identity());
    EXPECT_FALSE(PrivacyRequest::of(with("")).hides_identity());
}

TEST(Identity, KnowsTheAnonymousAddress) {
    EXPECT_TRUE(is_anonymous(*NameAddr::parse("\"Anonymous\" <sip:x@y>")));
    EXPECT_TRUE(is_anonymous(*NameAddr::parse("<sip:anonymous@anonymous.invalid>")));
    EXPECT_FALSE(is_anonymous(*NameAddr::parse("<sip:a@b>")));
}

}  // namespace
}  // namespace almon::sip
