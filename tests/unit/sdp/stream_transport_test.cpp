// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdp/stream_transport.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sdp/offer_answer.hpp"

namespace almon::sdp {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kFingerprint =
    "sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08";
const std::string kKey = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj";

/// As a browser offers (RFC 8829), with what matters here.
std::string browser_offer() {
    return "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=msid-semantic: WMS\r\n"
           "m=audio 9 UDP/TLS/RTP/SAVPF 111 0 8 126\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n"
           "a=candidate:1 1 udp 2113937151 abc.local 50000 typ host\r\na=ice-ufrag:someufrag\r\n"
           "a=ice-pwd:someicepasswordsomeice22\r\na=ice-options:trickle\r\na=fingerprint:" +
           kFingerprint +
           "\r\na=setup:actpass\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
           "a=rtpmap:126 telephone-event/8000\r\na=ssrc:1 cname:x\r\n";
}
std::string secure_offer(const std::string& crypto, const std::string& profile = "RTP/SAVP") {
    return "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 " +
           profile + " 8\r\n" + crypto;
}
SessionDescription parsed(const std::string& text) {
    auto description = SessionDescription::parse(text);
    EXPECT_TRUE(description) << description.error().reason;
    return description.value_or(SessionDescription{});
}
Result<StreamTransport> transport_in(const std::string& text) {
    const auto description = parsed(text);
    return transport_of(description, description.streams.at(0));
}

TEST(StreamTransport, ReadsWhatABrowserOffers) {
    const auto transport = transport_in(browser_offer());
    ASSERT_TRUE(transport) << transport.error().reason;
    EXPECT_EQ(transport->protection, Protection::Dtls);
    EXPECT_TRUE(transport->feedback);
    EXPECT_EQ(transport->fingerprint, kFingerprint);
    EXPECT_EQ(transport->setup, Setup::ActivePassive);
    EXPECT_EQ(transport->ice, (IceCredentials{"someufrag", "someicepasswordsomeice22"}));
    EXPECT_TRUE(transport->rtcp_mux);
    EXPECT_EQ(transport->mid, "0");
    EXPECT_TRUE(transport->bundled);
}

TEST(StreamTransport, TakesTheFirstKeyThatItCanSpeak) {  // RFC 4568 5.1.1
    const auto transport =
        transport_in(secure_offer("a=crypto:1 F8_128_HMAC_SHA1_80 inline:" + kKey + "\r\n" +
                                  "a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:" + kKey + "|2^31\r\n" +
                                  "a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:" + kKey + "\r\n"));
    ASSERT_TRUE(transport) << transport.error().reason;
    EXPECT_EQ(transport->protection, Protection::Sdes);
    EXPECT_EQ(transport->crypto, (Crypto{2, "AES_CM_128_HMAC_SHA1_32", kKey}));
}

TEST(StreamTransport, RefusesProtectionThatItCannotSpeak) {
    for (const auto& text : {
             secure_offer(""),
             secure_offer("a=crypto:1 F8_128_HMAC_SHA1_80 inline:" + kKey + "\r\n"),
             secure_offer("a=crypto:x AES_CM_128_HMAC_SHA1_80 inline:" + kKey + "\r\n"),
             secure_offer("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2hvcnQ=\r\n"),
             secure_offer("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + kKey + "|1:4\r\n"),
             secure_offer("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + kKey + " UNENCRYPTED_SRTP\r\n"),
             secure_offer("", "UDP/TLS/RTP/SAVPF"),
             secure_offer("a=fingerprint:md5 AA\r\n", "UDP/TLS/RTP/SAVPF"),
             secure_offer("a=fingerprint:sha-256 AA:BB\r\n", "UDP/TLS/RTP/SAVPF"),
             secure_offer("", "TCP/RTP/AVP"),
         }) {
        EXPECT_FALSE(transport_in(text)) << text;
        // Such a stream is refused, not passed on in the clear.
        EXPECT_TRUE(relay_offer(parsed(text), {}).streams.at(0).refused());
    }
}

TEST(StreamTransport, NothingOfItIsRelayed) {
    const auto relayed = relay_offer(parsed(browser_offer()), {});
    auto addressed = relayed;
    set_addresses(addressed, {NetAddress::parse("192.0.2.9", 10000).value()});
    const auto text = addressed.text();
    EXPECT_THAT(text, HasSubstr("m=audio 10000 RTP/AVP 111 0 8 126\r\n"));
    for (const auto* name :
         {"fingerprint", "ice-", "candidate", "mid", "BUNDLE", "setup", "ssrc", "rtcp-mux"})
        EXPECT_THAT(text, Not(HasSubstr(name)));
}

TEST(StreamTransport, AnAnswerToABrowserSaysAllItNeeds) {
    const auto offer = parsed(browser_offer());
    auto answer = local_answer(offer, {"PCMA"}).value();
    set_addresses(answer, {NetAddress::parse("192.0.2.9", 10000).value()});
    auto ours = transport_of(offer, offer.streams[0]).value();
    ours.setup = Setup::Passive;
    ours.ice = IceCredentials{"ours", "ourpassword"};
    set_transports(answer, {ours});
    const auto text = answer.text();
    for (const auto* line :
         {"a=group:BUNDLE 0\r\n", "a=ice-lite\r\n", "m=audio 10000 UDP/TLS/RTP/SAVPF 8 126\r\n",
          "a=ice-ufrag:ours\r\n", "a=ice-pwd:ourpassword\r\n", "a=setup:passive\r\n", "a=mid:0\r\n",
          "a=rtcp-mux\r\n", "a=candidate:1 1 UDP 2130706431 192.0.2.9 10000 typ host\r\n",
          "a=end-of-candidates\r\n"})
        EXPECT_THAT(text, HasSubstr(line));
    // Said twice, it is the same.
    set_transports(answer, {ours});
    EXPECT_EQ(answer.text(), text);
}

TEST(StreamTransport, AnOfferTakesTheProfileOfItsProtection) {
    auto offer = local_offer({{"PCMA"}, {}});
    set_addresses(offer, {NetAddress::parse("192.0.2.9", 10000).value()});
    StreamTransport keys;
    keys.protection = Protection::Sdes;
    keys.crypto = Crypto{1, "AES_CM_128_HMAC_SHA1_80", kKey};
    set_transports(offer, {keys});
    EXPECT_THAT(offer.text(), HasSubstr("m=audio 10000 RTP/SAVP 8"));
    EXPECT_THAT(offer.text(), HasSubstr("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + kKey));
    set_transports(offer, {StreamTransport{}});
    EXPECT_THAT(offer.text(), HasSubstr("m=audio 10000 RTP/AVP 8"));
    EXPECT_THAT(offer.text(), Not(HasSubstr("crypto")));
}

}  // namespace
}  // namespace almon::sdp
