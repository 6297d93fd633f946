// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/leg_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using sdp::Protection;
using sdp::Setup;
using test::CallOffice;
using testing::HasSubstr;

const std::string kTheirs =
    "sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08";

std::string browser(const std::string& fragment = "frag", const std::string& setup = "actpass") {
    return "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n"
           "m=audio 9 UDP/TLS/RTP/SAVPF 111 8 126\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:" +
           fragment + "\r\na=ice-pwd:someicepasswordsomeice22\r\na=fingerprint:" + kTheirs +
           "\r\na=setup:" + setup +
           "\r\na=mid:0\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:8 PCMA/8000\r\n"
           "a=rtpmap:126 telephone-event/8000\r\n";
}

class LegTransport : public testing::Test {
protected:
    static CallCoreSettings settings() {
        auto settings = CallOffice::default_settings();
        settings.dtls_fingerprint = "sha-256 OURS";
        return settings;
    }
    CallOffice office{settings()};
};

TEST_F(LegTransport, ABrowserCallsADeskPhoneThatIsOfferedPlainRtp) {
    const auto alice = office.call("alice", "1002", browser());
    const auto bob = office.invited(0);
    const auto& offered = office.phones.invited.at(0).second.offer;
    ASSERT_TRUE(offered);
    EXPECT_EQ(offered->streams.at(0).protocol, "RTP/AVP");
    EXPECT_THAT(offered->text(), testing::Not(HasSubstr("ice-")));
    office.answer(bob);
    const auto told = office.phones.told[alice].text();
    for (const auto* line : {"UDP/TLS/RTP/SAVPF 8 126", "a=fingerprint:sha-256 OURS", "a=setup:passive",
                             "a=ice-lite", "a=rtcp-mux", "a=mid:0", "a=group:BUNDLE 0"})
        EXPECT_THAT(told, HasSubstr(line));
    const auto leg = office.recorder.configured(office.port_of(alice));
    EXPECT_EQ(leg.security.protection, media::LegSecurity::Protection::Dtls);
    EXPECT_EQ(leg.security.fingerprint, kTheirs);
    EXPECT_FALSE(leg.security.dtls_client);
    EXPECT_TRUE(leg.rtcp_mux);
    ASSERT_TRUE(leg.ice);
    EXPECT_THAT(told, HasSubstr("a=ice-ufrag:" + leg.ice->local_fragment));
    EXPECT_THAT(told, HasSubstr("a=ice-pwd:" + leg.ice->local_password));
    EXPECT_EQ(office.recorder.configured(office.port_of(bob)).security, media::LegSecurity{});
}

TEST_F(LegTransport, HoldKeepsWhatWasAgreedAndARestartOfIceIsAnsweredWithNewCredentials) {
    const auto alice = office.call("alice", "1002", browser());
    office.answer(office.invited(0));
    const auto port = office.port_of(alice);
    const auto first = office.recorder.configured(port);
    office.offer(alice, browser() + "a=sendonly\r\n");
    EXPECT_EQ(office.recorder.configured(port).security, first.security);
    EXPECT_EQ(office.recorder.configured(port).ice, first.ice);
    office.offer(alice, browser("other"));
    EXPECT_EQ(office.recorder.configured(port).security, first.security);
    EXPECT_NE(office.recorder.configured(port).ice, first.ice);
}

TEST_F(LegTransport, AFailedHandshakeEndsTheCallAndTheRecordSaysWhy) {
    const auto alice = office.call("alice", "1002", browser());
    office.answer(office.invited(0));
    office.media(media::ProtectionFailed{office.recorder.leg_at(office.port_of(alice)), "no DTLS"});
    EXPECT_EQ(office.phones.ended.size(), 2U);
    EXPECT_THAT(office.why(""), HasSubstr("cannot be protected: no DTLS"));
}

TEST(AnsweredTransport, TheClientOfTheAssociationStaysItsClient) {
    SeededRandom random(1);
    Leg leg;
    sdp::StreamTransport offered;
    offered.protection = Protection::Dtls;
    offered.setup = Setup::Passive;
    EXPECT_EQ(answered_transport(offered, leg, "f", random).setup, Setup::Active);
    leg.dtls_client = true;
    offered.setup = Setup::ActivePassive;
    EXPECT_EQ(answered_transport(offered, leg, "f", random).setup, Setup::Active);
}

TEST(OfferedTransport, KeysAreMadeOnceAndTheAnswerMustUseTheirSuite) {
    SeededRandom random(1);
    Leg leg;
    const auto ours = offered_transport(OfferedMedia::Keys, leg, 0, "f", random);
    ASSERT_TRUE(ours.crypto);
    EXPECT_EQ(offered_transport(OfferedMedia::Keys, leg, 0, "f", random).crypto, ours.crypto);
    auto theirs = ours;
    media::ConfigureLeg configure;
    ASSERT_TRUE(secure(configure, leg, theirs));
    EXPECT_EQ(configure.security.keys.local.size(), 30U);
    theirs.crypto->suite = "AES_CM_128_HMAC_SHA1_32";
    EXPECT_FALSE(secure(configure, leg, theirs));
    // Nobody talks us into plain RTP.
    EXPECT_FALSE(secure(configure, leg, sdp::StreamTransport{}));
}

}  // namespace
}  // namespace almon::pbx
