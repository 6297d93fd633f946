// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/message_writer.hpp"

#include <string>

#include <gtest/gtest.h>

namespace almon::sip {
namespace {

const std::string kInvite =
    "INVITE sip:1002@192.0.2.1 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 10.0.0.7:5062;branch=z9hG4bK776asdhds;rport;received=6.6.6.6, SIP/2.0/TCP "
    "p.example.com\r\n"
    "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK3\r\n"
    "Record-Route: <sip:p.example.com;lr>\r\n"
    "Max-Forwards: 70\r\n"
    "To: <sip:1002@192.0.2.1>\r\n"
    "From: Alice <sip:1001@192.0.2.1>;tag=1928301774\r\n"
    "Call-ID: a84b4c76e66710\r\n"
    "Timestamp: 54\r\n"
    "CSeq: 1 INVITE\r\n\r\n";

TEST(MessageWriter, AResponseCopiesWhatRfc3261Section8_2_6_2Asks) {
    const auto request = Message::parse(kInvite);
    const auto source = NetAddress::parse("192.0.2.7", 40000);
    auto writer = MessageWriter::response(*request, 200, {}, {.to_tag = "8321234356", .source = &*source});
    writer.add(HeaderName::Contact, "<sip:192.0.2.1>");
    EXPECT_EQ(writer.finish("application/sdp", "v=0\r\n"),
              "SIP/2.0 200 OK\r\n"
              "Via: SIP/2.0/UDP 10.0.0.7:5062;branch=z9hG4bK776asdhds;received=192.0.2.7;rport=40000, "
              "SIP/2.0/TCP p.example.com\r\n"
              "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK3\r\n"
              "Record-Route: <sip:p.example.com;lr>\r\n"
              "To: <sip:1002@192.0.2.1>;tag=8321234356\r\n"
              "From: Alice <sip:1001@192.0.2.1>;tag=1928301774\r\n"
              "Call-ID: a84b4c76e66710\r\n"
              "CSeq: 1 INVITE\r\n"
              "Contact: <sip:192.0.2.1>\r\n"
              "Content-Type: application/sdp\r\n"
              "Content-Length: 5\r\n\r\nv=0\r\n");
}

TEST(MessageWriter, A100TryingCopiesTimestampAndAddsNoTag) {
    const auto request = Message::parse(kInvite);
    const std::string bytes = MessageWriter::response(*request, 100, {}, {.to_tag = "x"}).finish();
    EXPECT_NE(bytes.find("SIP/2.0 100 Trying\r\n"), std::string::npos);
    EXPECT_NE(bytes.find("Timestamp: 54\r\n"), std::string::npos);
    EXPECT_NE(bytes.find("To: <sip:1002@192.0.2.1>\r\n"), std::string::npos);
    EXPECT_EQ(bytes.find("Record-Route"), std::string::npos);
    EXPECT_NE(bytes.find("Content-Length: 0\r\n\r\n"), std::string::npos);
}

TEST(MessageWriter, ReceivedIsLeftOutWhereViaNamesTheSource) {
    const auto request =
        Message::parse("OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bKx\r\n\r\n");
    const auto source = NetAddress::parse("192.0.2.7", 5060);
    EXPECT_NE(MessageWriter::response(*request, 200, {}, {.to_tag = {}, .source = &*source})
                  .finish()
                  .find("Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bKx\r\n"),
              std::string::npos);
}

TEST(MessageWriter, AValueCannotBreakOutOfItsLine) {
    auto writer = MessageWriter::request(Method::Options, "sip:a@b\r\nX-Evil: 1");
    writer.add("Subject", "one\r\nX-Evil: 2\n\nbody").add("X-Bad\r\nX-Evil", "3");
    const std::string bytes = writer.finish();
    EXPECT_EQ(
        bytes,
        "OPTIONS sip:a@b  X-Evil: 1 SIP/2.0\r\nSubject: one  X-Evil: 2  body\r\nContent-Length: 0\r\n\r\n");
}

TEST(MessageWriter, ARequestIsWhatWasAdded) {
    auto writer = MessageWriter::request("NOTIFY", "sip:1002@192.0.2.1");
    writer.add_via("UDP", "192.0.2.1:5060", "z9hG4bKabc")
        .add_cseq(7, "NOTIFY")
        .add_number(HeaderName::MaxForwards, 70);
    EXPECT_EQ(
        writer.finish(),
        "NOTIFY sip:1002@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKabc;rport\r\n"
        "CSeq: 7 NOTIFY\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n");
}

}  // namespace
}  // namespace almon::sip
