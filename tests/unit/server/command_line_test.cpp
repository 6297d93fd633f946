// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/command_line.hpp"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>

#include "services/command_line/command.hpp"
#include "support/files.hpp"

namespace almon::server {
namespace {

using testing::HasSubstr;

ControlQuestion question_of(const std::string& text) {
    CommandLine line("9.9");
    line.app().parse(text);
    return line.question();
}

TEST(CommandLine, WordsAndArgumentsBecomeAQuestion) {
    EXPECT_EQ(question_of("call 1001 1002 --json").words, (std::vector<std::string>{"call", "1001", "1002"}));
    EXPECT_TRUE(question_of("call 1001 1002 --json").json);
    EXPECT_EQ(question_of("why").words, (std::vector<std::string>{"why"}));
    EXPECT_EQ(question_of("core show channels").words,
              (std::vector<std::string>{"core", "show", "channels"}));
    const auto counted = question_of("core show channels count --json");
    EXPECT_EQ(counted.words.back(), "count");
    EXPECT_TRUE(counted.json);
    EXPECT_FALSE(question_of("sip show peers").json);
}

TEST(CommandLine, WhatIsMissingOrUnknownIsRefused) {
    for (const auto* text :
         {"", "call 1001", "sip", "sip show", "sip show nothing", "status now", "nonsense"})
        EXPECT_THROW(question_of(text), CLI::ParseError) << text;
}

TEST(CommandLine, OptionsOfEveryCommandAreTaken) {
    CommandLine line("9.9");
    line.app().parse("dialplan show default --data /srv/almon --set sip.udp.port=5070");
    EXPECT_EQ(line.data, "/srv/almon");
    EXPECT_EQ(line.overrides, std::vector<std::string>{"sip.udp.port=5070"});
    EXPECT_FALSE(line.serves());
}

TEST(CommandLine, EveryCommandIsInTheManualTheCompletionAndTheGuide) {
    CommandLine line("9.9");
    const auto manual = line.manual();
    const auto completion = line.bash_completion();
    std::ifstream file(test::source_root() / "docs/command_line.md");
    const std::string guide{std::istreambuf_iterator<char>(file), {}};
    for (const auto& command : services::commands()) {
        for (const auto words : {command.words, command.also}) {
            if (words.empty()) continue;
            EXPECT_THAT(manual, HasSubstr(".B " + std::string(words)));
            EXPECT_THAT(completion, HasSubstr("'" + std::string(words) + "'"));
            EXPECT_THAT(guide, HasSubstr("`almon " + std::string(words)));
        }
    }
    EXPECT_THAT(manual, HasSubstr(".TH ALMON 1 \"\" \"almon 9.9\""));
    EXPECT_THAT(manual, HasSubstr(".B call \\fIfrom\\fP \\fIto\\fP"));
    EXPECT_THAT(manual, HasSubstr(".B \\-\\-json"));
}

}  // namespace
}  // namespace almon::server
