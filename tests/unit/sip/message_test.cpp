// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/message.hpp"

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace almon::sip {
namespace {

const std::string kInvite =
    "INVITE sip:1002@192.0.2.1 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.7:5062;branch=z9hG4bK776asdhds;rport, SIP/2.0/TCP "
    "proxy.example.com;branch=z9hG4bK2\r\n"
    "v: SIP/2.0/UDP [2001:db8::9]:5070;branch=z9hG4bK3\r\n"
    "Max-Forwards: 70\r\n"
    "To: \"Bob \\\"B\\\" <x>\" <sip:1002@192.0.2.1>\r\n"
    "f: Alice\r\n"
    " <sip:1001@192.0.2.1>\r\n"
    "\t;tag=1928301774\r\n"
    "i: a84b4c76e66710@192.0.2.7\r\n"
    "CSeq: 314159 INVITE\r\n"
    "Contact: <sip:1001@192.0.2.7:5062;transport=udp>\r\n"
    "Supported: timer, 100rel\r\n"
    "k: replaces\r\n"
    "X-Unknown: here\r\n"
    "Content-Type: application/sdp\r\n"
    "Content-Length: 4\r\n"
    "\r\n"
    "v=0\n";

std::string with(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(Message, GivesTheTypedFieldsOfARequest) {
    const auto parsed = Message::parse(kInvite);
    ASSERT_TRUE(parsed) << parsed.error().reason;
    const Message& message = *parsed;
    EXPECT_FALSE(message.defect());
    EXPECT_TRUE(message.is_request());
    EXPECT_EQ(message.method(), Method::Invite);
    EXPECT_EQ(message.method_name(), "INVITE");
    EXPECT_EQ(message.request_uri(), "sip:1002@192.0.2.1");
    EXPECT_EQ(message.status(), 0);
    const auto via = message.via();
    ASSERT_TRUE(via);
    EXPECT_EQ(via->transport, "UDP");
    EXPECT_EQ(via->host, "192.0.2.7");
    EXPECT_EQ(via->port, 5062);
    EXPECT_EQ(via->branch(), "z9hG4bK776asdhds");
    EXPECT_TRUE(via->has_rport());
    EXPECT_EQ(message.from()->display, "Alice");
    EXPECT_EQ(message.from()->uri, "sip:1001@192.0.2.1");
    EXPECT_EQ(message.from()->tag(), "1928301774");
    EXPECT_EQ(message.to()->display_text(), "Bob \"B\" <x>");
    EXPECT_EQ(message.to()->tag(), "");
    EXPECT_EQ(message.call_id(), "a84b4c76e66710@192.0.2.7");
    EXPECT_EQ(message.cseq()->number, 314159U);
    EXPECT_EQ(message.cseq()->method, Method::Invite);
    ASSERT_EQ(message.contacts()->size(), 1U);
    EXPECT_EQ(message.contacts()->front().uri, "sip:1001@192.0.2.7:5062;transport=udp");
    EXPECT_EQ(message.header("x-unknown"), "here");
    EXPECT_EQ(message.body(), "v=0\n");
    EXPECT_EQ(message.content_type(), "application/sdp");
}

TEST(Message, JoinsListsOverLinesAndCompactForms) {
    const auto message = Message::parse(kInvite);
    EXPECT_EQ(message->list(HeaderName::Via).size(), 3U);
    EXPECT_EQ(message->list(HeaderName::Supported),
              (std::vector<std::string_view>{"timer", "100rel", "replaces"}));
    EXPECT_TRUE(message->has_token(HeaderName::Supported, "REPLACES"));
    EXPECT_FALSE(message->has_token(HeaderName::Require, "100rel"));
}

TEST(Message, ViewsStayValidWhenItMoves) {
    auto parsed = Message::parse(kInvite);
    const std::string_view call_id = parsed->call_id();
    const Message moved = std::move(*parsed);
    EXPECT_EQ(call_id.data(), moved.call_id().data());
    EXPECT_EQ(moved.call_id(), "a84b4c76e66710@192.0.2.7");
}

TEST(Message, GivesStatusAndMethodOfAResponse) {
    const auto message = Message::parse(
        "SIP/2.0 180 Ringing\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKa\r\nFrom: <sip:a@b>;tag=1\r\n"
        "To: <sip:c@d>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\r\n");
    ASSERT_TRUE(message);
    EXPECT_FALSE(message->defect());
    EXPECT_FALSE(message->is_request());
    EXPECT_EQ(message->status(), 180);
    EXPECT_EQ(message->reason(), "Ringing");
    EXPECT_EQ(message->method(), Method::Invite);
}

TEST(Message, TakesTheRestOfADatagramWithoutContentLengthAsItsBody) {
    const auto message = Message::parse(with(kInvite, "Content-Length: 4\r\n", ""));
    EXPECT_EQ(message->body(), "v=0\n");
    EXPECT_FALSE(message->defect());
}

TEST(Message, IgnoresWhatFollowsContentLength) {
    EXPECT_EQ(Message::parse(kInvite + "INVITE again")->body(), "v=0\n");
}

TEST(Message, IgnoresLineBreaksBeforeTheStartLine) {
    EXPECT_TRUE(Message::parse("\r\n\r\n" + kInvite));
}

TEST(Message, AcceptsLoneLineFeeds) {
    std::string text = kInvite;
    std::erase(text, '\r');
    const auto message = Message::parse(text);
    ASSERT_TRUE(message);
    EXPECT_FALSE(message->defect());
    EXPECT_EQ(message->from()->tag(), "1928301774");
}

TEST(Message, RefusesWhatIsNoSip) {
    for (const std::string_view bytes :
         {"", "\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "INVITE\r\n\r\n", "SIP/2.0 4294967301 x\r\n\r\n",
          "SIP/2.0 99 x\r\n\r\n", "SIP/2.0 700 x\r\n\r\n", "SIP/2.0 1000 x\r\n\r\n", "A  SIP/2.0\r\n\r\n"}) {
        EXPECT_FALSE(Message::parse(bytes)) << bytes;
    }
}

TEST(Message, TellsWhatToRefuseARequestWith) {
    const auto status = [](const std::string& text) {
        const auto message = Message::parse(text);
        if (!message) return -1;
        const auto defect = message->defect();
        return defect ? defect->status : 0;
    };
    EXPECT_EQ(status(kInvite), 0);
    EXPECT_EQ(status(with(kInvite, " SIP/2.0\r\n", " SIP/7.0\r\n")), 505);
    EXPECT_EQ(status(with(kInvite, "i: a84b4c76e66710@192.0.2.7\r\n", "")), 400);
    EXPECT_EQ(status(with(kInvite, "CSeq: 314159 INVITE", "CSeq: 314159 BYE")), 400);
    EXPECT_EQ(status(with(kInvite, "CSeq: 314159 INVITE", "CSeq: 2147483648 INVITE")), 400);
    EXPECT_EQ(status(with(kInvite, "Content-Length: 4", "Content-Length: 5")), 400);
    EXPECT_EQ(status(with(kInvite, "Content-Length: 4", "Content-Length: -4")), 400);
    EXPECT_EQ(status(with(kInvite, "Max-Forwards: 70", "Max-Forwards: 256")), 400);
    EXPECT_EQ(status(with(kInvite, "X-Unknown: here", "To: <sip:z@y>")), 400);
    EXPECT_EQ(status(with(kInvite, "INVITE sip:1002", "INVITE  sip:1002")), 400);
    EXPECT_EQ(status(with(kInvite, "INVITE sip:1002@192.0.2.1", "INVITE http://example.com/")), 416);
    EXPECT_EQ(status(with(kInvite, "INVITE sip:1002@192.0.2.1", "INVITE <sip:1002@192.0.2.1>")), 400);
}

TEST(Message, RefusesMoreThanItsLimits) {
    EXPECT_EQ(Message::parse(kInvite + std::string(kMessageSizeLimit, 'x')).error().code,
              ErrorCode::Exhausted);
    EXPECT_EQ(Message::parse(with(kInvite, "here", std::string(kFieldSizeLimit, 'x'))).error().code,
              ErrorCode::Exhausted);
    std::string many;
    for (std::size_t i = 0; i < kFieldCountLimit; ++i)
        many += "X: y\r\n";
    EXPECT_EQ(Message::parse(with(kInvite, "X-Unknown: here\r\n", many)).error().code, ErrorCode::Exhausted);
}

}  // namespace
}  // namespace almon::sip
