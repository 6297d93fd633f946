// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/server_settings.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "support/files.hpp"

namespace almon::server {
namespace {

TEST(ServerSettings, ShareConfigYmlIsWhatTheDeclarationsSay) {
    ServerSettings settings;
    const auto expected = config_documentation(settings_keys(settings));
    const auto file = test::source_root() / "share" / "config.yml";
    if (test::read_file(file) == expected) return;
    const auto draft = std::filesystem::temp_directory_path() / "almon-config.yml";
    std::ofstream(draft) << expected;
    ADD_FAILURE() << file << " is not what the declarations say: cp " << draft.string() << " "
                  << file.string();
}

TEST(ServerSettings, WithoutAFileTheDefaultsHold) {
    test::TemporaryFolder folder;
    const auto settings = load_settings(folder.path() / "config.yml", "", {});
    ASSERT_TRUE(settings) << sentence_of(settings.error());
    EXPECT_EQ(settings->sip.udp.port, 5060);
    EXPECT_EQ(settings->database_uri(), "sqlite:///var/lib/almon/almon.db");
}

TEST(ServerSettings, TheDataDirectoryOfTheCommandLineWins) {
    test::TemporaryFolder folder;
    const auto settings = load_settings(folder.path() / "config.yml", "var", {"data_directory=/srv"});
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->database_uri(), "sqlite://var/almon.db");
}

TEST(ServerSettings, DebugTurnsOnTheDebugLevel) {  // CTR-012
    test::TemporaryFolder folder;
    std::filesystem::create_directory(folder.path() / "conf.d");
    std::ofstream(folder.path() / "conf.d" / "10-debug.yml") << "debug: true\n";
    const auto settings = load_settings(folder.path() / "config.yml", "", {});
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->log_level(), "debug");
}

TEST(ServerSettings, ValuesThatContradictEachOtherAreRefused) {
    test::TemporaryFolder folder;
    const auto refused = [&](std::vector<std::string> overrides) {
        const auto settings = load_settings(folder.path() / "config.yml", "", overrides);
        return settings ? std::string() : settings.error().field;
    };
    EXPECT_EQ(refused({"media.ports.first=20000", "media.ports.last=20001"}), "media.ports.last");
    EXPECT_EQ(refused({"sip.udp.enabled=false", "sip.tcp.enabled=false"}), "sip.udp.enabled");
    EXPECT_EQ(refused({"sip.session_timers.interval=90", "sip.session_timers.minimum=120"}),
              "sip.session_timers.interval");
    EXPECT_EQ(refused({"sip.registration.maximum_expiry=100"}), "sip.registration.default_expiry");
}

TEST(ServerSettings, ARefusalReadsAsASentence) {
    test::TemporaryFolder folder;
    std::ofstream(folder.path() / "config.yml") << "sip:\n  udp:\n    port: hello\n";
    const auto settings = load_settings(folder.path() / "config.yml", "", {});
    ASSERT_FALSE(settings);
    EXPECT_EQ(sentence_of(settings.error()), "sip.udp.port: must be a number from 0 to 65535, not 'hello' (" +
                                                 (folder.path() / "config.yml").string() + ", line 3)");
}

}  // namespace
}  // namespace almon::server
