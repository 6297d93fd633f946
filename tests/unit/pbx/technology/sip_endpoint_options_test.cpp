// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/sip_endpoint_options.hpp"

#include <gtest/gtest.h>

namespace almon::pbx {
namespace {

using Encodings = std::vector<std::string>;

model::EndpointSip with(std::vector<std::pair<std::string, std::string>> options) {
    model::EndpointSip endpoint;
    endpoint.options = std::move(options);
    return endpoint;
}

TEST(SipEndpointOptions, WithoutOptionsEveryCodecIsAllowed) {
    EXPECT_TRUE(allowed_encodings(nullptr).empty());
    const auto endpoint = with({});
    EXPECT_TRUE(allowed_encodings(&endpoint).empty());
}

TEST(SipEndpointOptions, CodecsKeepTheOrderInWhichTheyAreAllowed) {
    const auto endpoint = with({{"disallow", "all"}, {"allow", "g722,alaw"}, {"allow", "opus"}});
    EXPECT_EQ(allowed_encodings(&endpoint), (Encodings{"G722", "PCMA", "OPUS"}));
}

TEST(SipEndpointOptions, ALaterDisallowTakesOneAwayAgainAndUnknownNamesAreIgnored) {
    const auto endpoint = with({{"allow", "alaw,ulaw,nonsense"}, {"disallow", "alaw"}});
    EXPECT_EQ(allowed_encodings(&endpoint), (Encodings{"PCMU"}));
}

TEST(SipEndpointOptions, TheLastValueOfAnOptionCounts) {
    const auto endpoint = with({{"dtmfmode", "rfc2833"}, {"dtmfmode", "info"}});
    EXPECT_EQ(option_of(endpoint, "dtmfmode"), "info");
    EXPECT_TRUE(wants_digits_by_info(&endpoint));
    EXPECT_FALSE(wants_digits_by_info(nullptr));
}

TEST(SipEndpointOptions,
     ABrowserIsOfferedWhatBrowsersSpeakWithoutAnyOption) {  // API-090: encryption, transport
    model::EndpointSip endpoint;
    EXPECT_EQ(offered_media(&endpoint, sip::TransportKind::Udp), OfferedMedia::Plain);
    EXPECT_EQ(offered_media(&endpoint, sip::TransportKind::Wss), OfferedMedia::Browser);
    EXPECT_EQ(offered_media(nullptr, sip::TransportKind::Ws), OfferedMedia::Browser);
    endpoint.options = {{"encryption", "yes"}};
    EXPECT_EQ(offered_media(&endpoint, sip::TransportKind::Tls), OfferedMedia::Keys);
    EXPECT_EQ(offered_media(&endpoint, sip::TransportKind::Wss), OfferedMedia::Browser);
    EXPECT_TRUE(demands_encryption(&endpoint));
    endpoint.options = {{"webrtc", "yes"}};
    EXPECT_EQ(offered_media(&endpoint, sip::TransportKind::Tcp), OfferedMedia::Browser);
    EXPECT_FALSE(demands_encryption(&endpoint));
}

}  // namespace
}  // namespace almon::pbx
