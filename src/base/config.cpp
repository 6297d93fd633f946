// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/config.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <numeric>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include "base/net_address.hpp"

namespace almon {
namespace {

constexpr std::size_t kDeepest = 8;
constexpr std::size_t kMostValues = 10'000;

/// A value as it was found.
struct Found {
    std::string key;
    std::string text;
    int line = 0;
};

tl::unexpected<Error> wrong(std::string key, std::string_view reason) {
    return refuse(ErrorCode::InvalidArgument, std::move(key), std::string(reason));
}

tl::unexpected<Error> wrong_at(const std::string& key, std::string_view reason, const std::string& file,
                               int line) {
    return wrong(key, fmt::format("{} ({}, line {})", reason, file, line));
}

/// Edits that turn one name into the other (Levenshtein).
std::size_t distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < from.size(); ++i) {
        auto diagonal = row[0]++;
        for (std::size_t j = 0; j < to.size(); ++j) {
            const auto substituted = diagonal + (from[i] == to[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

std::string unknown(std::string_view key, std::span<const ConfigKey> keys) {
    constexpr std::size_t kLikely = 4;
    const ConfigKey* nearest = nullptr;
    std::size_t best = kLikely;
    if (key.size() < 64) {
        for (const auto& candidate : keys) {
            if (const auto edits = distance(key, candidate.name); edits < best) {
                best = edits;
                nearest = &candidate;
            }
        }
    }
    return nearest ? fmt::format("there is no such setting; {} may be meant", nearest->name)
                   : std::string("there is no such setting");
}

const ConfigKey* declared(std::string_view name, std::span<const ConfigKey> keys) {
    const auto key =
        std::find_if(keys.begin(), keys.end(), [&](const ConfigKey& k) { return k.name == name; });
    return key == keys.end() ? nullptr : &*key;
}

bool is_section(std::string_view name, std::span<const ConfigKey> keys) {
    return std::any_of(keys.begin(), keys.end(), [&](const ConfigKey& key) {
        return key.name.size() > name.size() && key.name.starts_with(name) && key.name[name.size()] == '.';
    });
}

/// Brings a YAML tree down to "a.b.c" and its value.
class Flattener final {
public:
    Flattener(std::string file, std::span<const ConfigKey> keys) : file_(std::move(file)), keys_(keys) {}

    Result<std::vector<Found>> flatten(const YAML::Node& root) {
        if (root.IsNull()) return found_;
        if (!root.IsMap())
            return wrong_at("", "must be settings of the form 'name: value'", file_, root.Mark().line + 1);
        if (const auto outcome = section(root, "", 0); !outcome) return refuse(outcome);
        return std::move(found_);
    }

private:
    Result<void> section(const YAML::Node& map, const std::string& prefix, std::size_t depth) {
        for (const auto& entry : map) {
            const int line = entry.first.Mark().line + 1;
            if (!entry.first.IsScalar()) return wrong_at(prefix, "a name must be a plain word", file_, line);
            const std::string name =
                prefix.empty() ? entry.first.Scalar() : prefix + "." + entry.first.Scalar();
            if (depth >= kDeepest || found_.size() >= kMostValues)
                return wrong_at("", "too large", file_, line);
            if (!is_section(name, keys_) && declared(name, keys_) == nullptr)
                return wrong_at(name, unknown(name, keys_), file_, line);
            if (!names_.insert(name).second) return wrong_at(name, "is set twice", file_, line);
            if (const auto outcome = value(entry.second, name, line, depth); !outcome) return outcome;
        }
        return {};
    }

    Result<void> value(const YAML::Node& node, const std::string& name, int line, std::size_t depth) {
        const ConfigKey* key = declared(name, keys_);
        if (key == nullptr) {
            if (node.IsMap()) return section(node, name, depth + 1);
            // A section of which every line is commented out.
            if (node.IsNull()) return {};
            return wrong_at(name, "is a section and takes no value", file_, line);
        }
        if (node.IsNull())
            return wrong_at(name, fmt::format("has no value; it must be {}", key->kind), file_, line);
        if (!node.IsScalar()) return wrong_at(name, fmt::format("must be {}", key->kind), file_, line);
        found_.push_back({name, node.Scalar(), line});
        return {};
    }

    std::string file_;
    std::span<const ConfigKey> keys_;
    std::vector<Found> found_;
    std::set<std::string> names_;
};

Result<std::vector<Found>> parse(const std::string& text, const std::string& file,
                                 std::span<const ConfigKey> keys) {
    try {
        return Flattener(file, keys).flatten(YAML::Load(text));
    } catch (const YAML::Exception& exception) {
        return wrong_at("", exception.msg, file, exception.mark.is_null() ? 1 : exception.mark.line + 1);
    }
}

Result<void> assign_override(const std::string& text, std::span<const ConfigKey> keys) {
    const auto equals = text.find('=');
    if (equals == std::string::npos) return wrong(text, "must have the form key=value (command line)");
    const auto name = text.substr(0, equals);
    const auto* key = declared(name, keys);
    if (key == nullptr) return wrong(name, unknown(name, keys) + " (command line)");
    if (const auto outcome = key->assign(text.substr(equals + 1)); !outcome)
        return wrong(name, outcome.error().reason + " (command line)");
    return {};
}

Result<std::string> read_file(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (!stream || std::filesystem::is_directory(file))
        return refuse(ErrorCode::Unavailable, file.string(), "cannot be read");
    return text;
}

Result<void> read_one(const std::filesystem::path& file, std::span<const ConfigKey> keys) {
    const auto text = read_file(file);
    if (!text) return refuse(text);
    return read_config_text(*text, file.string(), keys);
}

Result<std::vector<std::filesystem::path>> files_of(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    if (folder.empty() || !std::filesystem::exists(folder, error)) return files;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const auto name = entry.path().filename().string();
        if (!name.starts_with('.') && name.ends_with(".yml")) files.push_back(entry.path());
    }
    if (error) return refuse(ErrorCode::Unavailable, folder.string(), "cannot be read: " + error.message());
    std::sort(files.begin(), files.end());
    return files;
}

Result<void> assign_number(const std::string& text, const std::string& kind, int minimum, int maximum,
                           int& variable) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < minimum || number > maximum)
        return wrong("", fmt::format("must be {}, not '{}'", kind, text));
    variable = number;
    return {};
}

/// As a YAML scalar that reads back as the same text.
std::string yaml_scalar(const std::string& text) {
    if (text.empty() || text.find_first_of(":#'\"{}[]*&!|>%@`") != std::string::npos)
        return "\"" + text + "\"";
    return text;
}

std::string comment_of(const ConfigKey& key, const std::string& indent) {
    constexpr std::size_t kColumns = 100;
    std::string comment, line = indent + "#";
    const std::string text =
        key.description + " " + static_cast<char>(std::toupper(key.kind.front())) + key.kind.substr(1) + ".";
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(' ', at), text.size());
        const auto word = text.substr(at, end - at);
        if (line.size() + 1 + word.size() > kColumns) {
            comment += line + "\n";
            line = indent + "#";
        }
        line += " " + word;
        at = end + 1;
    }
    return comment + line + "\n";
}

std::vector<std::string> parts_of(std::string_view name) {
    std::vector<std::string> parts;
    for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
        parts.emplace_back(name.substr(0, dot));
        name.remove_prefix(dot + 1);
    }
    parts.emplace_back(name);
    return parts;
}

}  // namespace

ConfigKey boolean_key(std::string name, bool& variable, std::string description) {
    return {std::move(name), "true or false", variable ? "true" : "false", std::move(description),
            [&variable](const std::string& text) -> Result<void> {
                if (text != "true" && text != "false")
                    return wrong("", fmt::format("must be true or false, not '{}'", text));
                variable = text == "true";
                return {};
            }};
}

ConfigKey number_key(std::string name, int& variable, int minimum, int maximum, std::string description) {
    const auto kind = fmt::format("a number from {} to {}", minimum, maximum);
    return {std::move(name), kind, std::to_string(variable), std::move(description),
            [kind, minimum, maximum, &variable](const std::string& text) {
                return assign_number(text, kind, minimum, maximum, variable);
            }};
}

ConfigKey seconds_key(std::string name, std::chrono::seconds& variable, int minimum, int maximum,
                      std::string description) {
    const auto kind = fmt::format("a number of seconds from {} to {}", minimum, maximum);
    return {std::move(name), kind, std::to_string(variable.count()), std::move(description),
            [kind, minimum, maximum, &variable](const std::string& text) -> Result<void> {
                int seconds = 0;
                if (const auto outcome = assign_number(text, kind, minimum, maximum, seconds); !outcome)
                    return outcome;
                variable = std::chrono::seconds{seconds};
                return {};
            }};
}

ConfigKey text_key(std::string name, std::string& variable, Emptiness emptiness, std::string description) {
    const std::string kind = emptiness == Emptiness::Allowed ? "text, may be empty" : "text";
    return {std::move(name), kind, yaml_scalar(variable), std::move(description),
            [emptiness, &variable](const std::string& text) -> Result<void> {
                if (text.empty() && emptiness == Emptiness::Refused) return wrong("", "must not be empty");
                if (text.find('\0') != std::string::npos) return wrong("", "must not hold a zero byte");
                variable = text;
                return {};
            }};
}

ConfigKey choice_key(std::string name, std::string& variable, std::vector<std::string> choices,
                     std::string description) {
    const auto kind = fmt::format("one of {}", fmt::join(choices, ", "));
    return {std::move(name), kind, variable, std::move(description),
            [kind, choices = std::move(choices), &variable](const std::string& text) -> Result<void> {
                if (std::find(choices.begin(), choices.end(), text) == choices.end())
                    return wrong("", fmt::format("must be {}, not '{}'", kind, text));
                variable = text;
                return {};
            }};
}

ConfigKey address_key(std::string name, std::string& variable, Emptiness emptiness, std::string description) {
    const std::string kind =
        emptiness == Emptiness::Allowed ? "an IP address, may be empty" : "an IP address";
    return {std::move(name), kind, yaml_scalar(variable), std::move(description),
            [kind, emptiness, &variable](const std::string& text) -> Result<void> {
                const bool none = text.empty() && emptiness == Emptiness::Allowed;
                if (!none && !NetAddress::parse(text, 0))
                    return wrong("", fmt::format("must be {}, not '{}'", kind, text));
                variable = text;
                return {};
            }};
}

Result<void> read_config_text(const std::string& text, const std::string& file,
                              std::span<const ConfigKey> keys) {
    const auto found = parse(text, file, keys);
    if (!found) return refuse(found);
    for (const auto& value : *found) {
        if (const auto outcome = declared(value.key, keys)->assign(value.text); !outcome)
            return wrong_at(value.key, outcome.error().reason, file, value.line);
    }
    return {};
}

Result<void> read_config(const ConfigSources& sources, std::span<const ConfigKey> keys) {
    std::error_code error;
    if (!sources.file.empty() && std::filesystem::exists(sources.file, error)) {
        if (const auto outcome = read_one(sources.file, keys); !outcome) return outcome;
    }
    const auto files = files_of(sources.folder);
    if (!files) return refuse(files);
    // The first file wins, so it comes last.
    for (auto file = files->rbegin(); file != files->rend(); ++file) {
        if (const auto outcome = read_one(*file, keys); !outcome) return outcome;
    }
    for (const auto& text : sources.overrides) {
        if (const auto outcome = assign_override(text, keys); !outcome) return outcome;
    }
    return {};
}

std::string config_documentation(std::span<const ConfigKey> keys) {
    std::string text =
        "# SPDX-License-Identifier: GPL-3.0-or-later\n"
        "# Settings of Almon. Every one is listed with its default; take the # away in front of what you "
        "change, or\n"
        "# better write it into a file of your own in conf.d/ beside this one: there the first file in "
        "alphabetical\n"
        "# order wins, key by key. A wrong name or value stops the start with file, line and reason.\n";
    std::vector<std::string> open;  // the sections that the last key was in
    for (const auto& key : keys) {
        auto parts = parts_of(key.name);
        const auto leaf = std::move(parts.back());
        parts.pop_back();
        auto common = static_cast<std::size_t>(
            std::mismatch(open.begin(), open.end(), parts.begin(), parts.end()).first - open.begin());
        text += "\n";
        for (; common < parts.size(); ++common)
            text += std::string(2 * common, ' ') + parts[common] + ":\n";
        open = parts;
        const std::string indent(2 * parts.size(), ' ');
        text += comment_of(key, indent);
        text += indent + "#" + leaf + ": " + key.default_value + "\n";
    }
    return text;
}

}  // namespace almon
