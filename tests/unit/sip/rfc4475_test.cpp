// SPDX-License-Identifier: GPL-3.0-or-later
// The torture tests of RFC 4475, each with what the parser has to say to it, and the response of the layer
// above where the parser has nothing against the message.
#include <algorithm>
#include <array>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "sip/digest.hpp"
#include "sip/identity.hpp"
#include "sip/message.hpp"
#include "sip/message_framer.hpp"
#include "sip/message_writer.hpp"
#include "sip/multipart.hpp"
#include "sip/numeric_headers.hpp"
#include "support/files.hpp"

namespace almon::sip {
namespace {

constexpr int kValid = 0;
constexpr int kDiscard = -1;  // parse() refuses it: there is nothing to answer
constexpr int kDropped = -2;  // a response that parses, with a defect: it is dropped

struct Case {
    const char* file;
    const char* section;
    int verdict;          ///< A status: defect() asks for it.
    const char* because;  ///< Part of the defect's reason: refused, and for the right cause.
    const char* above;    ///< Who decides the rest, and how.
};

constexpr std::array kCases = {
    // Valid messages
    Case{"wsinv.dat", "3.1.1.1", kValid, "", ""},
    Case{"intmeth.dat", "3.1.1.2", kValid, "", "user agent: 405, the method is unknown"},
    Case{"esc01.dat", "3.1.1.3", kValid, "", ""},
    Case{"escnull.dat", "3.1.1.4", kValid, "", "registrar: two contacts with %00 in them"},
    Case{"esc02.dat", "3.1.1.5", kValid, "", "user agent: 405, RE%47IST%45R is not REGISTER"},
    Case{"lwsdisp.dat", "3.1.1.6", kValid, "", ""},
    Case{"longreq.dat", "3.1.1.7", kValid, "", ""},
    Case{"dblreq.dat", "3.1.1.8", kValid, "", "what follows the REGISTER in its datagram is ignored"},
    Case{"semiuri.dat", "3.1.1.9", kValid, "", ""},
    Case{"transports.dat", "3.1.1.10", kValid, "", ""},
    Case{"mpart01.dat", "3.1.1.11", kValid, "", ""},
    Case{"unreason.dat", "3.1.1.12", kValid, "", ""},
    Case{"noreason.dat", "3.1.1.13", kValid, "", ""},
    // Invalid messages
    Case{"badinv01.dat", "3.1.2.1", 400, "Via: a parameter", ""},
    Case{"clerr.dat", "3.1.2.2", 400, "body is shorter", "over TCP: the framer waits for the rest"},
    Case{"ncl.dat", "3.1.2.3", 400, "Content-Length is not",
         "over TCP: the framer refuses, the connection is closed"},
    Case{"scalar02.dat", "3.1.2.4", 400, "CSeq", ""},
    Case{"scalarlg.dat", "3.1.2.5", kDropped, "CSeq", ""},
    Case{"quotbal.dat", "3.1.2.6", 400, "quote that does not end", ""},
    Case{"ltgtruri.dat", "3.1.2.7", 400, "Request-URI", ""},
    Case{"lwsruri.dat", "3.1.2.8", 400, "Request-URI", ""},
    Case{"lwsstart.dat", "3.1.2.9", 400, "white space in the start line", ""},
    Case{"trws.dat", "3.1.2.10", 400, "white space in the start line", ""},
    Case{"escruri.dat", "3.1.2.11", 400, "Request-URI has header", ""},
    Case{"baddate.dat", "3.1.2.12", kValid, "", "we do not use Date of a request, so that it is ignored"},
    Case{"regbadct.dat", "3.1.2.13", 400, "Contact: ", ""},
    Case{"badaspec.dat", "3.1.2.14", 400, "To: ", ""},
    Case{"baddn.dat", "3.1.2.15", 400, "From: the name needs quotes", ""},
    Case{"badvers.dat", "3.1.2.16", 505, "Version", ""},
    Case{"mismatch01.dat", "3.1.2.17", 400, "CSeq names another", ""},
    Case{"mismatch02.dat", "3.1.2.18", 501, "Not Implemented", ""},
    Case{"bigcode.dat", "3.1.2.19", kDiscard, "", ""},
    // Transaction layer semantics
    Case{"badbranch.dat", "3.2.1", kValid, "", "transactions: matched as those of RFC 2543 (17.2.3)"},
    // Application layer semantics
    Case{"insuf.dat", "3.3.1", 400, "Call-ID", ""},
    Case{"unkscm.dat", "3.3.2", 416, "Scheme", ""},
    Case{"novelsc.dat", "3.3.3", 416, "Scheme", ""},
    Case{"unksm2.dat", "3.3.4", kValid, "", "registrar: 400, To is no SIP address"},
    Case{"bext01.dat", "3.3.5", kValid, "", "user agent: 420 with Unsupported"},
    Case{"invut.dat", "3.3.6", kValid, "", "user agent: 415 with Accept"},
    Case{"regaut01.dat", "3.3.7", kValid, "", "registrar: 401, as if no credentials had come"},
    Case{"multi01.dat", "3.3.8", 400, "more than one CSeq", ""},
    Case{"mcl01.dat", "3.3.9", 400, "more than one Content-Length",
         "over TCP: the framer refuses, the connection is closed"},
    Case{"bcast.dat", "3.3.10", kValid, "", "transactions: the topmost Via is not ours, dropped"},
    Case{"zeromf.dat", "3.3.11", kValid, "",
         "answered like any OPTIONS by a user agent; 483 where it is forwarded"},
    Case{"cparam01.dat", "3.3.12", kValid, "", "registrar: unknownparam belongs to the field"},
    Case{"cparam02.dat", "3.3.13", kValid, "", "registrar: unknownparam belongs to the URI"},
    Case{"regescrt.dat", "3.3.14", kValid, "", "registrar: the contact is kept with its Route"},
    Case{"sdp01.dat", "3.3.15", kValid, "", "user agent: 406, no answer it could read"},
    // Backward compatibility
    Case{"inv2543.dat", "3.4.1", kValid, "", ""},
};

std::filesystem::path folder() {
    return test::reference_folder() / "rfc4475";
}

class Rfc4475 : public testing::TestWithParam<Case> {
protected:
    void SetUp() override { ALMON_NEEDS_REFERENCE("rfc4475"); }
};

TEST_P(Rfc4475, IsJudgedAsTheRfcAsks) {
    const Case& expected = GetParam();
    std::string bytes = test::read_file(folder() / expected.file);
    ASSERT_FALSE(bytes.empty());
    if (std::string_view(expected.file) == "baddn.dat") bytes += "\r\n";  // the file lacks its empty line
    const auto message = Message::parse(bytes);
    if (expected.verdict == kDiscard) {
        EXPECT_FALSE(message);
        return;
    }
    ASSERT_TRUE(message) << message.error().field << ' ' << message.error().reason;
    const auto defect = message->defect();
    if (expected.verdict == kValid) {
        EXPECT_FALSE(defect) << defect->reason;
        return;
    }
    ASSERT_TRUE(defect);
    EXPECT_NE(defect->reason.find(expected.because), std::string::npos) << defect->reason;
    if (expected.verdict == kDropped) {
        EXPECT_FALSE(message->is_request());
        return;
    }
    EXPECT_TRUE(message->is_request());
    EXPECT_EQ(defect->status, expected.verdict) << defect->reason;
    // The refusal can be written, and is a message itself.
    const NetAddress source = *NetAddress::parse("192.0.2.254", 5060);
    const std::string refusal =
        MessageWriter::response(*message, defect->status, defect->reason, {.to_tag = "t", .source = &source})
            .finish();
    const auto read_back = Message::parse(refusal);
    ASSERT_TRUE(read_back) << refusal;
    EXPECT_EQ(read_back->status(), expected.verdict);
    EXPECT_EQ(read_back->call_id(), message->call_id());
}

INSTANTIATE_TEST_SUITE_P(All, Rfc4475, testing::ValuesIn(kCases), [](const auto& instance) {
    return std::filesystem::path(instance.param.file).stem().string();
});

class Rfc4475Files : public testing::Test {
protected:
    void SetUp() override { ALMON_NEEDS_REFERENCE("rfc4475"); }
    static Message read(const std::string& file) {
        bytes_ = test::read_file(folder() / file);
        return std::move(*Message::parse(bytes_));
    }
    static inline std::string bytes_;
};

TEST_F(Rfc4475Files, EveryFileOfTheArchiveHasItsCase) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder())) {
        if (entry.path().extension() != ".dat") continue;
        ++files;
        EXPECT_TRUE(std::ranges::any_of(kCases, [&](const Case& known) {
            return entry.path().filename() == known.file;
        })) << entry.path();
    }
    EXPECT_EQ(files, 49U);
    EXPECT_EQ(kCases.size(), 49U);
}

TEST_F(Rfc4475Files, TheTortuousInviteIsReadRight) {
    const Message message = read("wsinv.dat");
    EXPECT_EQ(message.to()->tag(), "1918181833n");
    EXPECT_EQ(message.from()->display_text(), "J Rosenberg \\\"");
    EXPECT_EQ(message.from()->tag(), "98asjd8");
    EXPECT_EQ(max_forwards(message), 68);
    EXPECT_EQ(message.cseq()->number, 9U);
    EXPECT_EQ(message.cseq()->method, Method::Invite);
    EXPECT_EQ(message.list(HeaderName::Via).size(), 3U);
    EXPECT_EQ(message.via()->host, "192.0.2.2");
    EXPECT_FALSE(message.via()->has_magic_cookie());
    EXPECT_EQ(Via::parse(message.list(HeaderName::Via)[2])->branch(), "z9hG4bK30239");
    EXPECT_EQ(message.header(HeaderName::Subject), "");
    EXPECT_EQ(message.contacts()->at(0).display_text(), "Quoted string \"\"");
    EXPECT_EQ(message.contacts()->at(0).q(), 330);
    EXPECT_EQ(message.contacts()->at(0).parameters.find("newparam"), "newvalue");
    EXPECT_EQ(message.body().size(), 150U);
}

TEST_F(Rfc4475Files, TheWideRangeOfCharactersIsReadRight) {
    const Message message = read("intmeth.dat");
    EXPECT_EQ(message.method(), Method::Other);
    EXPECT_EQ(message.method_name(), "!interesting-Method0123456789_*+`.%indeed'~");
    EXPECT_EQ(message.to()->display_text(), std::string("BEL:\x07 NUL:\0 DEL:\x7f", 17));
    EXPECT_EQ(message.from()->tag(), "_token~1'+`*%!-.");
    EXPECT_EQ(SipUri::parse(message.request_uri())->host, "example.com");
    EXPECT_EQ(SipUri::parse(message.request_uri())->password, "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)");
}

TEST_F(Rfc4475Files, EscapesAreResolvedOnceAndOnlyInUris) {
    const Message first = read("esc01.dat");
    EXPECT_EQ(SipUri::parse(first.request_uri())->unescaped_user(), "sips:user@example.com");
    EXPECT_TRUE(first.to()->sip_uri()->equivalent(*SipUri::parse("sip:user@example.com")));
    const SipUri contact = *first.contacts()->at(0).sip_uri();
    EXPECT_EQ(contact.unescaped_user(), "caller");
    EXPECT_TRUE(contact.is_loose_router());
    EXPECT_EQ(unescape(*contact.parameter("name")), "value%41");
    const Message nulls = read("escnull.dat");
    ASSERT_EQ(nulls.contacts()->size(), 2U);
    EXPECT_FALSE(nulls.contacts()->at(0).sip_uri()->equivalent(*nulls.contacts()->at(1).sip_uri()));
    const Message second = read("esc02.dat");
    EXPECT_EQ(second.method(), Method::Other);
    EXPECT_EQ(second.to()->display_text(), "%Z%45");
    EXPECT_EQ(second.contacts()->size(), 2U);  // C%6Fntact is another field
}

TEST_F(Rfc4475Files, ThePartsOfTheMultipartBodyAreFound) {
    const Message message = read("mpart01.dat");
    const auto parts = split_multipart(message.content_type(), message.body());
    ASSERT_TRUE(parts);
    ASSERT_EQ(parts->size(), 2U);
    EXPECT_EQ(parts->at(0).bytes, "Hello");
    EXPECT_EQ(parts->at(1).content_type, "application/octet-stream");
}

TEST_F(Rfc4475Files, UnknownParametersBelongWhereTheyStand) {
    EXPECT_TRUE(read("cparam01.dat").contacts()->at(0).parameters.has("unknownparam"));
    EXPECT_FALSE(read("cparam02.dat").contacts()->at(0).parameters.has("unknownparam"));
    EXPECT_EQ(read("regescrt.dat").contacts()->at(0).sip_uri()->header("Route"), "<sip:sip.example.com>");
}

TEST_F(Rfc4475Files, WhatIsDecidedAboveIsThereToDecideOn) {
    EXPECT_TRUE(read("bext01.dat").has_token(HeaderName::Require, "nothingSupportsThis"));
    EXPECT_EQ(read("invut.dat").content_type(), "application/unknownformat");
    EXPECT_EQ(DigestCredentials::parse(*read("regaut01.dat").header(HeaderName::Authorization)).error().code,
              ErrorCode::Unsupported);
    EXPECT_EQ(read("bcast.dat").via()->host, "192.0.2.198");
    EXPECT_EQ(max_forwards(read("zeromf.dat")), 0);
    EXPECT_FALSE(read("badbranch.dat").via()->has_magic_cookie());
    EXPECT_EQ(read("unksm2.dat").to()->sip_uri().error().code, ErrorCode::Unsupported);
    EXPECT_EQ(read("dblreq.dat").body(), "");
    EXPECT_EQ(read("noreason.dat").reason(), "");
    EXPECT_EQ(read("longreq.dat").list(HeaderName::Via).size(), 34U);
}

TEST_F(Rfc4475Files, OverAStreamTheFramerCutsOrRefuses) {
    for (const Case& known : kCases) {
        const std::string bytes = test::read_file(folder() / known.file);
        MessageFramer framer;
        framer.feed(bytes);
        const auto frame = framer.next();
        const std::string_view file = known.file;
        if (file == "ncl.dat" || file == "mcl01.dat" || file == "inv2543.dat") {
            EXPECT_FALSE(frame) << file;                          // the last has no Content-Length
        } else if (file == "clerr.dat" || file == "baddn.dat") {  // the latter lacks its empty line
            ASSERT_TRUE(frame) << file;
            EXPECT_FALSE(*frame) << file;
        } else {
            ASSERT_TRUE(frame && *frame) << file;
            if (file != "dblreq.dat") {
                EXPECT_TRUE(bytes.starts_with((*frame)->bytes)) << file;
            }
        }
    }
}

}  // namespace
}  // namespace almon::sip
