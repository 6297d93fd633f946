// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace almon;
    if (size > 4096) return 0;  // YAML that is long is slow, and an administrator's own
    bool enabled = true;
    int port = 5060;
    std::chrono::seconds interval{90};
    std::string level = "info", address = "::1", realm = "almon";
    const std::vector<ConfigKey> keys = {
        boolean_key("sip.enabled", enabled, "Enabled."),
        number_key("sip.port", port, 1, 65535, "Port."),
        seconds_key("sip.interval", interval, 1, 9999, "Interval."),
        choice_key("level", level, {"debug", "info"}, "Level."),
        address_key("sip.address", address, Emptiness::Refused, "Address."),
        text_key("sip.realm", realm, Emptiness::Allowed, "Realm."),
    };
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto outcome = read_config_text(text, "config.yml", keys);
    if (port < 1 || port > 65535) __builtin_trap();
    if (!outcome && outcome.error().reason.find("config.yml, line ") == std::string::npos) __builtin_trap();
    return 0;
}
