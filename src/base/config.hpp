// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace almon {

/// A setting, declared once: from it come the checking of what is written in the files, the typed value, and
/// the text of share/config.yml. `assign` puts a value into the variable that the declaration names, or
/// refuses it with a reason such as "must be a number from 1 to 65535".
struct ConfigKey {
    std::string name;           ///< "sip.udp.port"
    std::string kind;           ///< "true or false", "a number from 1 to 65535"
    std::string default_value;  ///< As in YAML.
    std::string description;    ///< A sentence or more.
    std::function<Result<void>(const std::string& text)> assign;
};

// What a key's value may be. The variable's present value is the default; it must outlive the key.
[[nodiscard]] ConfigKey boolean_key(std::string name, bool& variable, std::string description);
[[nodiscard]] ConfigKey number_key(std::string name, int& variable, int minimum, int maximum,
                                   std::string description);
[[nodiscard]] ConfigKey seconds_key(std::string name, std::chrono::seconds& variable, int minimum,
                                    int maximum, std::string description);
enum class Emptiness { Refused, Allowed };
[[nodiscard]] ConfigKey text_key(std::string name, std::string& variable, Emptiness emptiness,
                                 std::string description);
[[nodiscard]] ConfigKey choice_key(std::string name, std::string& variable, std::vector<std::string> choices,
                                   std::string description);
/// An IP address literal, IPv4 or IPv6.
[[nodiscard]] ConfigKey address_key(std::string name, std::string& variable, Emptiness emptiness,
                                    std::string description);

/// Where settings come from, the weakest first: the file, the files of the folder, `overrides` ("key=value").
/// In the folder the first file in alphabetical order wins, key by key; files whose name begins with a dot or
/// does not end in ".yml" are ignored (ledger SYS-042).
struct ConfigSources {
    std::filesystem::path file;    ///< May be absent; unreadable is refused.
    std::filesystem::path folder;  ///< Usually conf.d beside the file; may be absent.
    std::vector<std::string> overrides;
};

/// Reads all sources and assigns what they say. The first thing wrong is refused, in a source that another
/// one overrules too: `field` is the key, `reason` names what is wrong, file and line.
[[nodiscard]] Result<void> read_config(const ConfigSources& sources, std::span<const ConfigKey> keys);

/// Assigns what one YAML text says; `file` is for the error text. What read_config() does with each file.
[[nodiscard]] Result<void> read_config_text(const std::string& text, const std::string& file,
                                            std::span<const ConfigKey> keys);

/// A YAML file that explains every key and sets none: share/config.yml.
[[nodiscard]] std::string config_documentation(std::span<const ConfigKey> keys);

}  // namespace almon
