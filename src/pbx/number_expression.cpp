// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/number_expression.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace almon::pbx {
namespace {

constexpr std::size_t kLongest = 64;

tl::unexpected<Error> wrong(std::string_view text, std::string_view why) {
    return refuse(ErrorCode::InvalidArgument, "callerid", "'" + std::string(text) + "' " + std::string(why));
}

void allow(std::bitset<128>& characters, char first, char last) {
    for (int each = static_cast<unsigned char>(first); each <= static_cast<unsigned char>(last) && each < 128;
         ++each)
        characters.set(static_cast<std::size_t>(each));
}

/// Takes "d" after a backslash, or the character that stands there. False at the end.
bool take_escaped(std::string_view& rest, std::bitset<128>& characters) {
    if (rest.empty()) return false;
    const char escaped = rest.front();
    rest.remove_prefix(1);
    if (escaped == 'd')
        allow(characters, '0', '9');
    else
        allow(characters, escaped, escaped);
    return true;
}

/// Takes the inside of brackets and the one that closes them.
bool take_set(std::string_view& rest, std::bitset<128>& characters) {
    const bool others = rest.starts_with('^');
    if (others) rest.remove_prefix(1);
    for (bool first = true; !rest.empty() && (first || rest.front() != ']'); first = false) {
        const char from = rest.front();
        rest.remove_prefix(1);
        if (from == '\\') {
            if (!take_escaped(rest, characters)) return false;
        } else if (rest.size() >= 2 && rest[0] == '-' && rest[1] != ']') {
            allow(characters, from, rest[1]);
            rest.remove_prefix(2);
        } else {
            allow(characters, from, from);
        }
    }
    if (rest.empty()) return false;
    rest.remove_prefix(1);
    if (others) characters.flip();
    return true;
}

bool take_count(std::string_view& rest, std::size_t& count) {
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
    if (error != std::errc{} || count > kLongest) return false;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return true;
}

/// Takes what says how often; none: once.
bool take_times(std::string_view& rest, std::size_t& least, std::size_t& most) {
    if (rest.empty()) return true;
    const char sign = rest.front();
    if (sign != '*' && sign != '+' && sign != '?' && sign != '{') return true;
    rest.remove_prefix(1);
    least = sign == '+' ? 1 : 0;
    most = sign == '?' ? 1 : kLongest;
    if (sign != '{') return true;
    if (!take_count(rest, least)) return false;
    most = least;
    if (rest.starts_with(',')) {
        rest.remove_prefix(1);
        most = kLongest;
        if (!rest.starts_with('}') && !take_count(rest, most)) return false;
    }
    if (!rest.starts_with('}') || most < least) return false;
    rest.remove_prefix(1);
    return true;
}

}  // namespace

Result<NumberExpression> NumberExpression::parse(std::string_view text) {
    NumberExpression made;
    auto rest = text;
    if (rest.starts_with('^')) {
        made.from_start_ = true;
        rest.remove_prefix(1);
    }
    while (!rest.empty()) {
        const char next = rest.front();
        rest.remove_prefix(1);
        if (next == '$' && rest.empty()) {
            made.to_end_ = true;
            break;
        }
        Step step;
        if (next == '(' || next == ')' || next == '|' || next == '^' || next == '$')
            return wrong(text, "has groups or alternatives, which are not known here");
        if (next == '*' || next == '+' || next == '?' || next == '{') {
            if (next != '+' || !made.steps_.empty()) return wrong(text, "repeats nothing");
        }
        bool sound = true;
        if (next == '\\')
            sound = take_escaped(rest, step.characters);
        else if (next == '[')
            sound = take_set(rest, step.characters);
        else if (next == '.')
            step.characters.set();
        else
            allow(step.characters, next, next);
        if (!sound || !take_times(rest, step.least, step.most)) return wrong(text, "does not end");
        made.steps_.push_back(step);
    }
    return made;
}

bool NumberExpression::matches(std::string_view number) const {
    if (number.size() > kLongest) return false;
    // Where in the number the steps so far may have ended.
    std::bitset<kLongest + 1> ends;
    if (from_start_)
        ends.set(0);
    else
        for (std::size_t i = 0; i <= number.size(); ++i)
            ends.set(i);
    for (const auto& step : steps_) {
        std::bitset<kLongest + 1> next;
        for (std::size_t from = 0; from <= number.size(); ++from) {
            if (!ends[from]) continue;
            for (std::size_t count = 0; count <= step.most; ++count) {
                const auto at = from + count;
                if (count >= step.least) next.set(at);
                if (at >= number.size()) break;
                const auto character = static_cast<unsigned char>(number[at]);
                if (character >= step.characters.size() || !step.characters[character]) break;
            }
        }
        ends = next;
    }
    return to_end_ ? ends[number.size()] : ends.any();
}

}  // namespace almon::pbx
