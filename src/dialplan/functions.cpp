// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialplan/functions.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/base64.hpp"
#include "base/digest_hash.hpp"
#include "base/whole_number.hpp"
#include "dialplan/arguments.hpp"
#include "dialplan/expression.hpp"
#include "dialplan/substitution.hpp"
#include "dialplan/time_range.hpp"

namespace almon::dialplan {
namespace {

/// Without waiting for anything.
constexpr int kMostEvaluations = 200;

tl::unexpected<Error> wrong(std::string field, std::string reason) {
    return refuse(ErrorCode::InvalidArgument, std::move(field), std::move(reason));
}

std::string truth(bool of) {
    return of ? "1" : "0";
}

/// As it is written in an argument: `\n`, `\t` and a character behind a backslash stand for one.
char divider_of(std::string_view written, char otherwise) {
    if (written.empty()) return otherwise;
    if (written.size() > 1 && written[0] == '\\')
        return written[1] == 'n' ? '\n' : written[1] == 't' ? '\t' : written[1];
    return written[0];
}

std::vector<std::string_view> divided(std::string_view text, char divider) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = std::min(text.find(divider), text.size());
        parts.push_back(text.substr(0, end));
        if (end == text.size()) return parts;
        text.remove_prefix(end + 1);
    }
}

Result<std::string> length(std::string_view text, Values&) {
    return std::to_string(text.size());
}

Result<std::string> is_null(std::string_view text, Values&) {
    return truth(text.empty());
}

Result<std::string> exists(std::string_view text, Values&) {
    return truth(!text.empty());
}

template <int change(int)>
Result<std::string> changed(std::string_view text, Values&) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return static_cast<unsigned char>(c) < 128 ? static_cast<char>(change(static_cast<unsigned char>(c)))
                                                   : c;
    });
    return out;
}

Result<std::string> quote(std::string_view text, Values&) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

/// CUT(variable,divider,places): "2", "2-3", "2-", "1&3".
Result<std::string> cut(std::string_view text, Values& values) {
    // The divider may be a space or a comma.
    const auto first_comma = text.find(',');
    const auto last_comma = text.rfind(',');
    if (first_comma == last_comma) return wrong("CUT", "needs a variable, a divider and which parts");
    const auto value = values.variable(trimmed(text.substr(0, first_comma)));
    const char divider = divider_of(text.substr(first_comma + 1, last_comma - first_comma - 1), '-');
    const auto parts = divided(value, divider);
    std::string out;
    bool is_first = true;
    for (const auto range : divided(trimmed(text.substr(last_comma + 1)), '&')) {
        const auto dash = std::min(range.find('-'), range.size());
        const auto first =
            dash == 0 ? 1 : whole_number<std::size_t>(trimmed(range.substr(0, dash))).value_or(0);
        const auto until = range.substr(std::min(dash + 1, range.size()));
        const auto last = dash == range.size() ? first
                          : until.empty()      ? parts.size()
                                               : whole_number<std::size_t>(trimmed(until)).value_or(0);
        if (first == 0 || last == 0) return wrong("CUT", fmt::format("{} is no part", range));
        for (auto at = first; at <= std::min(last, parts.size()); ++at) {
            if (!std::exchange(is_first, false)) out += divider;
            out += parts[at - 1];
        }
    }
    return out;
}

Result<std::string> field_count(std::string_view text, Values& values) {
    const auto comma = text.find(',');
    if (comma == std::string_view::npos) return wrong("FIELDQTY", "needs a variable and a divider");
    const auto value = values.variable(trimmed(text.substr(0, comma)));
    if (value.empty()) return "0";
    return std::to_string(divided(value, divider_of(text.substr(comma + 1), '-')).size());
}

/// The characters that "0-9a-f\-" lists.
std::vector<bool> listed(std::string_view characters) {
    std::vector<bool> allowed(256, false);
    for (std::size_t at = 0; at < characters.size(); ++at) {
        if (characters[at] == '\\' && at + 1 < characters.size()) ++at;
        const auto first = static_cast<unsigned char>(characters[at]);
        auto last = first;
        if (at + 2 < characters.size() && characters[at + 1] == '-') {
            last = static_cast<unsigned char>(characters[at + 2]);
            at += 2;
        }
        for (unsigned each = first; each <= last; ++each)
            allowed[each] = true;
    }
    return allowed;
}

Result<std::string> filter(std::string_view text, Values&) {
    const auto comma = text.find(',');
    if (comma == std::string_view::npos) return wrong("FILTER", "needs characters and a text");
    const auto allowed = listed(text.substr(0, comma));
    std::string out;
    std::ranges::copy_if(text.substr(comma + 1), std::back_inserter(out),
                         [&](char c) { return allowed[static_cast<unsigned char>(c)]; });
    return out;
}

/// REPLACE(variable,characters[,by])
Result<std::string> replace(std::string_view text, Values& values) {
    const auto given = split_arguments(text, 3);
    if (given.size() < 2) return wrong("REPLACE", "needs a variable and characters");
    const auto replaced = listed(given[1]);
    std::string out;
    for (const char c : values.variable(given[0])) {
        if (!replaced[static_cast<unsigned char>(c)])
            out += c;
        else if (!argument(given, 2).empty())
            out += given[2].front();
    }
    return out;
}

/// STRREPLACE(variable,text,by[,most])
Result<std::string> replace_text(std::string_view text, Values& values) {
    const auto given = split_arguments(text);
    if (given.size() < 2 || given[1].empty()) return wrong("STRREPLACE", "needs a variable and a text");
    auto value = values.variable(given[0]);
    auto left = whole_number<std::size_t>(argument(given, 3)).value_or(value.size());
    for (auto at = value.find(given[1]); at != std::string::npos && left-- > 0;
         at = value.find(given[1], at)) {
        value.replace(at, given[1].size(), argument(given, 2));
        at += argument(given, 2).size();
        if (value.size() > kLongestText) return wrong("STRREPLACE", "makes too long a text");
    }
    return value;
}

/// REGEX("expression" text)
Result<std::string> regex(std::string_view text, Values&) {
    const auto first = text.find('"');
    const auto last = first == std::string_view::npos ? first : text.find('"', first + 1);
    if (last == std::string_view::npos) return wrong("REGEX", "needs an expression in quotes and a text");
    auto subject = text.substr(last + 1);
    if (subject.starts_with(' ')) subject.remove_prefix(1);
    const auto match = match_regular(text.substr(first + 1, last - first - 1), subject, false);
    if (!match) return refuse(match);
    return truth(match->matches);
}

Result<std::string> choose(std::string_view text, Values&) {
    const auto choice = split_choice(text);
    const auto chosen = is_true(choice.condition) ? choice.if_true : choice.if_false;
    return std::string(chosen);
}

Result<std::string> choose_by_time(std::string_view text, Values& values) {
    // The first colon of a time is none between choices: the question mark stands behind them.
    const auto choice = split_choice(text);
    const auto range = TimeRange::parse(choice.condition);
    if (!range) return refuse(range);
    return std::string(range->holds(values.local_time({}, {})) ? choice.if_true : choice.if_false);
}

/// STRFTIME([seconds][,[zone][,format]])
Result<std::string> time_text(std::string_view text, Values& values) {
    const auto given = split_arguments(text, 3);
    const auto seconds = argument(given, 0);
    const auto at = seconds.empty() ? std::optional<std::int64_t>() : whole_number<std::int64_t>(seconds);
    if (!seconds.empty() && !at) return wrong("STRFTIME", fmt::format("{} is no time", seconds));
    const auto time = values.local_time(at, argument(given, 1));
    const auto format = argument(given, 2).empty() ? std::string("%c") : given[2];
    std::array<char, 512> out{};
    // The format is an administrator's: it cannot be one that the compiler sees.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    const auto size = std::strftime(out.data(), out.size(), format.c_str(), &time);
#pragma GCC diagnostic pop
    return std::string(out.data(), size);
}

/// MATH(expression[,int|float|hex|octal|char])
Result<std::string> math(std::string_view text, Values&) {
    const auto given = split_arguments(text, 2);
    if (given.empty()) return wrong("MATH", "needs an expression");
    const auto value = evaluate(given[0]);
    if (!value) return value;
    double number = 0;
    if (!read_number(*value, number)) return wrong("MATH", fmt::format("{} is no number", *value));
    const auto type = argument(given, 1);
    if (type.empty() || type == "float" || type == "f") return fmt::format("{:f}", number);
    if (std::abs(number) > 9e15) return wrong("MATH", "is too large for a whole number");
    const auto whole = static_cast<std::int64_t>(number);
    if (type == "int" || type == "i") return std::to_string(whole);
    if (type == "hex" || type == "h") return fmt::format("{:x}", whole);
    if (type == "octal" || type == "o") return fmt::format("{:o}", whole);
    if (type == "char" || type == "c") return std::string(1, static_cast<char>(whole));
    return wrong("MATH", fmt::format("{} is no type of number", type));
}

Result<std::string> random_number(std::string_view text, Values& values) {
    const auto given = split_arguments(text);
    const auto least = whole_number<std::int64_t>(argument(given, 0)).value_or(0);
    const auto most = whole_number<std::int64_t>(argument(given, 1)).value_or(2'147'483'647);
    if (most < least || most - least > 2'147'483'647) return wrong("RAND", "needs the least and the most");
    return std::to_string(
        least + static_cast<std::int64_t>(values.random_below(static_cast<std::uint64_t>(most - least) + 1)));
}

Result<std::string> evaluated(std::string_view text, Values& values) {
    const auto read = Substitution::parse(text);
    if (!read) return refuse(read);
    // A variable whose text evaluates itself would never end.
    if (++values.evaluations > kMostEvaluations) return wrong("EVAL", "goes in circles");
    return read->fill_in(values);
}

Result<std::string> passed(std::string_view text, Values&) {
    return std::string(text);
}

Result<std::string> uri_encoded(std::string_view text, Values&) {
    std::string out;
    for (const char c : text) {
        const bool is_plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                              std::string_view("-_.~").find(c) != std::string_view::npos;
        out += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

Result<std::string> uri_decoded(std::string_view text, Values&) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        unsigned code = 0;
        const auto digits = text.substr(std::min(at + 1, text.size()), 2);
        const auto [behind, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
        if (text[at] == '%' && digits.size() == 2 && error == std::errc() && behind == digits.data() + 2) {
            out += static_cast<char>(code);
            at += 2;
        } else {
            out += text[at];
        }
    }
    return out;
}

Result<std::string> base64(std::string_view text, Values&) {
    return base64_encode(text);
}

Result<std::string> base64_read(std::string_view text, Values&) {
    auto bytes = base64_decode(text);
    if (!bytes) return wrong("BASE64_DECODE", "is given what is no base64");
    return *std::move(bytes);
}

Result<std::string> md5(std::string_view text, Values&) {
    return std::string(hash_joined(DigestAlgorithm::Md5, {text}).view());
}

using Function = Result<std::string> (*)(std::string_view, Values&);
constexpr std::array<std::pair<std::string_view, Function>, 24> kFunctions{{
    {"BASE64_DECODE", base64_read},
    {"BASE64_ENCODE", base64},
    {"CUT", cut},
    {"EVAL", evaluated},
    {"EXISTS", exists},
    {"FIELDQTY", field_count},
    {"FILTER", filter},
    {"IF", choose},
    {"IFTIME", choose_by_time},
    {"ISNULL", is_null},
    {"LEN", length},
    {"MATH", math},
    {"MD5", md5},
    {"PASSTHRU", passed},
    {"QUOTE", quote},
    {"RAND", random_number},
    {"REGEX", regex},
    {"REPLACE", replace},
    {"STRFTIME", time_text},
    {"STRREPLACE", replace_text},
    {"TOLOWER", changed<::tolower>},
    {"TOUPPER", changed<::toupper>},
    {"URIDECODE", uri_decoded},
    {"URIENCODE", uri_encoded},
}};

}  // namespace

Result<std::string> call_function(std::string_view name, std::string_view arguments, Values& values) {
    const auto found = std::ranges::find(kFunctions, name, &std::pair<std::string_view, Function>::first);
    if (found == kFunctions.end()) return values.read(name, arguments);
    return found->second(arguments, values);
}

}  // namespace almon::dialplan
