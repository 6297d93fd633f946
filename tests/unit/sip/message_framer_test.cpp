// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/message_framer.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sip/message.hpp"

namespace almon::sip {
namespace {

const std::string kFirst = "OPTIONS sip:a@b SIP/2.0\r\nl:  5\r\nSubject: one\r\n two\r\n\r\nhello";
const std::string kSecond = "SIP/2.0 200 OK\r\nContent-Length\t:\r\n 0\r\n\r\n";

std::vector<std::string> frames(MessageFramer& framer) {
    std::vector<std::string> all;
    while (true) {
        auto frame = framer.next();
        if (!frame) {
            all.push_back("refused: " + frame.error().field);
            return all;
        }
        if (!*frame) return all;
        all.push_back((*frame)->kind == StreamFrame::Kind::Ping ? "ping" : std::string((*frame)->bytes));
    }
}

std::vector<std::string> frames(std::string_view bytes) {
    MessageFramer framer;
    framer.feed(bytes);
    return frames(framer);
}

TEST(MessageFramer, CutsSeveralMessagesOutOfOneRead) {
    EXPECT_EQ(frames(kFirst + kSecond + kFirst.substr(0, 20)), (std::vector{kFirst, kSecond}));
}

TEST(MessageFramer, GivesTheSameHoweverTheBytesAreSplit) {
    const std::string stream = "\r\n" + kFirst + "\r\n\r\n" + kSecond + kFirst;
    const std::vector<std::string> expected{kFirst, "ping", kSecond, kFirst};
    for (std::size_t first = 0; first <= stream.size(); ++first) {
        for (std::size_t second = first; second <= stream.size(); second += 7) {
            MessageFramer framer;
            std::vector<std::string> all;
            for (const std::string& part :
                 {stream.substr(0, first), stream.substr(first, second - first), stream.substr(second)}) {
                framer.feed(part);
                for (std::string& frame : frames(framer))
                    all.push_back(std::move(frame));
            }
            ASSERT_EQ(all, expected) << first << ' ' << second;
        }
    }
}

TEST(MessageFramer, GivesTheSameByteByByte) {
    const std::string stream = kFirst + "\r\n\r\n\r\n" + kSecond + "\r\n\r\n";
    MessageFramer framer;
    std::vector<std::string> all;
    for (const char byte : stream) {
        framer.feed({&byte, 1});
        for (std::string& frame : frames(framer))
            all.push_back(std::move(frame));
    }
    EXPECT_EQ(all, (std::vector<std::string>{kFirst, "ping", kSecond, "ping"}));
    EXPECT_EQ(framer.pending(), 0U);
}

TEST(MessageFramer, RefusesAStreamThatCannotBeFollowed) {
    EXPECT_EQ(frames("OPTIONS sip:a@b SIP/2.0\r\n\r\n"), std::vector<std::string>{"refused: Content-Length"});
    EXPECT_EQ(frames("OPTIONS sip:a@b SIP/2.0\r\nContent-Length: -1\r\n\r\n"),
              std::vector<std::string>{"refused: Content-Length"});
    EXPECT_EQ(frames("OPTIONS sip:a@b SIP/2.0\r\nl: 1\r\nContent-Length: 2\r\n\r\n"),
              std::vector<std::string>{"refused: Content-Length"});
    EXPECT_EQ(frames("OPTIONS sip:a@b SIP/2.0\r\nl: 99999999999999999999\r\n\r\n"),
              std::vector<std::string>{"refused: Content-Length"});
}

TEST(MessageFramer, RefusesMoreThanTheSizeLimit) {
    EXPECT_EQ(frames("OPTIONS sip:a@b SIP/2.0\r\nl: 65536\r\n\r\n"),
              std::vector<std::string>{"refused: message"});
    EXPECT_EQ(frames(std::string(kMessageSizeLimit + 1, 'x')), std::vector<std::string>{"refused: message"});
}

TEST(MessageFramer, AContinuedLineIsNoContentLength) {
    EXPECT_EQ(frames("OPTIONS sip:a@b SIP/2.0\r\nSubject: x\r\n Content-Length: 9\r\nl: 0\r\n\r\n").size(),
              1U);
}

}  // namespace
}  // namespace almon::sip
