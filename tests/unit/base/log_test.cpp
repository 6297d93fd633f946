// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/log.hpp"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/files.hpp"

namespace almon {
namespace {

class Log : public testing::Test {
protected:
    /// What is in the file after `write` has logged at `level` or above.
    template <class Write>
    std::string logged(LogLevel level, Write&& write) {
        {
            const auto output = LogOutput::open(level, file.string());
            EXPECT_TRUE(output);
            write();
        }
        return test::read_file(file);
    }

    test::TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "almon.log";
};

TEST_F(Log, WithoutAnOutputLinesGoNowhere) {
    EXPECT_FALSE(logs(LogLevel::Critical));
    log_error("nobody {}", "hears");
}

TEST_F(Log, WritesLevelAndText_AtTheLevelAndAbove) {
    const auto text = logged(LogLevel::Warning, [] {
        log_info("not this");
        log_warning("port {} is taken", 5060);
        log_error("and this");
    });
    EXPECT_NE(text.find(" warning: port 5060 is taken\n"), std::string::npos) << text;
    EXPECT_NE(text.find(" error: and this\n"), std::string::npos);
    EXPECT_EQ(text.find("not this"), std::string::npos);
}

TEST_F(Log, DebugLinesAreThereAtDebugLevel) {  // CTR-012
    EXPECT_NE(logged(LogLevel::Debug, [] { log_debug("detail"); }).find(" debug: detail\n"),
              std::string::npos);
}

TEST_F(Log, OutsideTextForgesNoLines) {
    const auto text =
        logged(LogLevel::Info, [] { log_info("User-Agent {}", "x\r\n2026 error: all is lost\x1b[2J"); });
    EXPECT_NE(text.find("x\\x0d\\x0a2026 error: all is lost\\x1b[2J\n"), std::string::npos) << text;
}

TEST_F(Log, IsAppendedTo) {
    logged(LogLevel::Info, [] { log_info("first"); });
    const auto text = logged(LogLevel::Info, [] { log_info("second"); });
    EXPECT_LT(text.find("first"), text.find("second"));
}

TEST_F(Log, EveryThreadMayWrite) {
    const auto text = logged(LogLevel::Info, [] {
        std::vector<std::thread> threads;
        for (int thread = 0; thread < 4; ++thread)
            threads.emplace_back([] {
                for (int line = 0; line < 100; ++line)
                    log_info("line");
            });
        for (auto& thread : threads)
            thread.join();
    });
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 400);
}

TEST_F(Log, AFileThatCannotBeOpenedIsRefused) {
    const auto refused = LogOutput::open(LogLevel::Info, (folder.path() / "file" / "x").string() + "/");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().field, "log.file");
}

TEST(LogLevelName, IsOneOfSix) {
    EXPECT_EQ(*parse_log_level("debug"), LogLevel::Debug);
    EXPECT_EQ(*parse_log_level("critical"), LogLevel::Critical);
    EXPECT_FALSE(parse_log_level("loud"));
}

}  // namespace
}  // namespace almon
