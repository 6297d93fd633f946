// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/config.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "support/files.hpp"

namespace almon {
namespace {

class Config : public testing::Test {
protected:
    void write(const std::string& name, const std::string& text) {
        const auto file = folder.path() / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << text;
    }
    Result<void> read(std::vector<std::string> overrides = {}) {
        return read_config({folder.path() / "config.yml", folder.path() / "conf.d", std::move(overrides)},
                           keys);
    }
    Error refusal(const std::string& text) {
        const auto outcome = read_config_text(text, "config.yml", keys);
        EXPECT_FALSE(outcome) << text;
        return outcome ? Error{} : outcome.error();
    }

    test::TemporaryFolder folder;
    std::string log_level = "warning";
    int port = 5060;
    bool tcp = true;
    std::chrono::seconds interval{1800};
    std::string address = "0.0.0.0";
    std::string realm = "almon";
    std::vector<ConfigKey> keys = {
        choice_key("log_level", log_level, {"debug", "info", "warning", "error", "critical"},
                   "How much is logged."),
        number_key("sip.udp.port", port, 1, 65535, "Port for SIP over UDP."),
        boolean_key("sip.tcp.enabled", tcp, "Whether SIP over TCP is served."),
        seconds_key("sip.interval", interval, 90, 7200, "Of session timers."),
        address_key("sip.address", address, Emptiness::Refused, "Where SIP listens."),
        text_key("sip.realm", realm, Emptiness::Refused, "Realm of digest authentication."),
    };
};

TEST_F(Config, WithoutAnyFileTheDefaultsHold) {
    EXPECT_TRUE(read());
    EXPECT_EQ(port, 5060);
}

TEST_F(Config, ConfdInAlphabeticalOrder_TheFirstFileWins_OthersAreIgnored) {  // SYS-042
    write("conf.d/.01-critical.yml", "log_level: critical");
    write("conf.d/02-error.yml.dpkg-old", "log_level: error");
    write("conf.d/10-debug.yml", "log_level: debug");
    write("conf.d/20-nodebug.yml", "log_level: info");
    ASSERT_TRUE(read());
    EXPECT_EQ(log_level, "debug");
}

TEST_F(Config, ConfdWinsOverTheFile_KeyByKey) {  // SYS-042
    write("config.yml", "log_level: error\nsip:\n  udp:\n    port: 5061\n  realm: file\n");
    write("conf.d/50-site.yml", "sip:\n  realm: site\n");
    ASSERT_TRUE(read());
    EXPECT_EQ(log_level, "error");
    EXPECT_EQ(port, 5061);
    EXPECT_EQ(realm, "site");
}

TEST_F(Config, TheCommandLineWinsOverAll) {
    write("conf.d/50-site.yml", "sip: {udp: {port: 5061}}");
    ASSERT_TRUE(read({"sip.udp.port=5070", "sip.tcp.enabled=false", "sip.interval=90", "sip.address=::1"}));
    EXPECT_EQ(port, 5070);
    EXPECT_FALSE(tcp);
    EXPECT_EQ(interval, std::chrono::seconds{90});
    EXPECT_EQ(address, "::1");
}

TEST_F(Config, AWrongValueIsRefusedWithFileLineKeyAndReason) {
    write("config.yml", "log_level: info\nsip:\n  udp:\n    port: 70000\n");
    const auto refused = read();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().field, "sip.udp.port");
    EXPECT_EQ(refused.error().reason, "must be a number from 1 to 65535, not '70000' (" +
                                          (folder.path() / "config.yml").string() + ", line 4)");
}

TEST_F(Config, AnUnknownNameIsRefusedWithWhatMayBeMeant) {
    const auto refused = refusal("sip:\n  udp:\n    prot: 5060\n");
    EXPECT_EQ(refused.field, "sip.udp.prot");
    EXPECT_EQ(refused.reason, "there is no such setting; sip.udp.port may be meant (config.yml, line 3)");
    EXPECT_EQ(refusal("telephony: true").reason, "there is no such setting (config.yml, line 1)");
}

TEST_F(Config, AWrongValueIsRefusedWhereAnotherFileOverrulesItToo) {
    write("config.yml", "log_level: loud");
    write("conf.d/10.yml", "log_level: info");
    EXPECT_FALSE(read());
}

TEST_F(Config, EveryKindOfWrongValueIsRefused) {
    EXPECT_EQ(refusal("sip: {tcp: {enabled: maybe}}").field, "sip.tcp.enabled");
    EXPECT_EQ(refusal("sip: {interval: 5}").field, "sip.interval");
    EXPECT_EQ(refusal("sip: {interval: 90s}").field, "sip.interval");
    EXPECT_EQ(refusal("sip: {address: localhost}").field, "sip.address");
    EXPECT_EQ(refusal("sip: {realm: ''}").field, "sip.realm");
    EXPECT_EQ(refusal("sip: {realm: }").field, "sip.realm");
    EXPECT_EQ(refusal("sip: {realm: [a, b]}").field, "sip.realm");
    EXPECT_EQ(refusal("sip: 5").field, "sip");
    EXPECT_EQ(refusal("sip: {realm: a, realm: b}").field, "sip.realm");
    EXPECT_EQ(refusal("- a\n- b\n").reason,
              "must be settings of the form 'name: value' (config.yml, line 1)");
}

TEST_F(Config, TextThatIsNotYamlIsRefusedWithItsLine) {
    EXPECT_NE(refusal("log_level: info\nsip: {udp: [\n").reason.find("config.yml, line"), std::string::npos);
    EXPECT_NE(refusal("a: b: c").reason.find("config.yml, line 1"), std::string::npos);
}

TEST_F(Config, AnOverrideThatIsWrongSaysSo) {
    EXPECT_EQ(read({"sip.udp.port"}).error().reason, "must have the form key=value (command line)");
    EXPECT_EQ(read({"sip.udp.port=x"}).error().field, "sip.udp.port");
    EXPECT_EQ(read({"x=1"}).error().field, "x");
}

TEST_F(Config, TheDocumentationIsYamlThatSetsNothing) {
    const auto text = config_documentation(keys);
    EXPECT_TRUE(read_config_text(text, "share/config.yml", keys));
    for (const auto& key : keys)
        EXPECT_NE(text.find(key.description), std::string::npos) << key.name;
    // Taking the # away in front of every setting gives the defaults.
    std::string active = text;
    for (auto at = active.find("#"); at != std::string::npos; at = active.find("#", at + 1)) {
        if (active[at + 1] != ' ') active.erase(at, 1);
    }
    port = 1;
    EXPECT_TRUE(read_config_text(active, "share/config.yml", keys)) << active;
    EXPECT_EQ(port, 5060);
}

}  // namespace
}  // namespace almon
