// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/control_socket.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "support/files.hpp"

namespace almon::server {
namespace {

struct ControlSocketTest : testing::Test {
    test::TemporaryFolder folder;
    const std::string path = (folder.path() / "almon.sock").string();
    ControlQuestion heard;
    Result<std::string> says = "all is well\n";
    ControlSocket socket{[this](const ControlQuestion& question) {
        heard = question;
        return says;
    }};
};

TEST_F(ControlSocketTest, CarriesTheWordsAndTheAnswer) {
    ASSERT_TRUE(socket.open(path));
    EXPECT_EQ(ControlSocket::ask(path, {true, {"dialplan", "show", "a context"}}), "all is well\n");
    EXPECT_TRUE(heard.json);
    EXPECT_EQ(heard.words, (std::vector<std::string>{"dialplan", "show", "a context"}));
    EXPECT_EQ(ControlSocket::ask(path, {}), "all is well\n");
    EXPECT_FALSE(heard.json);
    EXPECT_TRUE(heard.words.empty());
    using std::filesystem::perms;
    EXPECT_EQ(std::filesystem::status(path).permissions(), perms::owner_read | perms::owner_write);
}

TEST_F(ControlSocketTest, RefusalsComeBack) {
    ASSERT_TRUE(socket.open(path));
    says = refuse(ErrorCode::NotFound, "call", "1.1 is not up");
    const auto answer = ControlSocket::ask(path, {false, {"hangup", "1.1"}});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().reason, "call: 1.1 is not up");
}

TEST_F(ControlSocketTest, WhatCannotBeSaidInALineIsNotAsked) {
    ASSERT_TRUE(socket.open(path));
    for (const auto& word : {std::string("a\tb"), std::string("a\nb"), std::string(5000, 'a')}) {
        const auto answer = ControlSocket::ask(path, {false, {word}});
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, ErrorCode::InvalidArgument);
    }
}

TEST_F(ControlSocketTest, ASystemThatDoesNotRunIsToldInASentence) {
    const auto answer = ControlSocket::ask(path, {false, {"status"}});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::Unavailable);
    EXPECT_EQ(answer.error().reason, "almon is not running, or has its data elsewhere than in " +
                                         folder.path().string() + " (--data)");
}

}  // namespace
}  // namespace almon::server
