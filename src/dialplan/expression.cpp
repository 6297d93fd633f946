// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialplan/expression.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>

#include <regex.h>

#include <fmt/format.h>

namespace almon::dialplan {
namespace {

constexpr int kDeepest = 64;
constexpr std::size_t kLongestMatched = 1024;

bool is_space(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// How often the parts of a regular expression may be repeated, multiplied: the library unrolls them.
constexpr std::uint64_t kMostRepetitions = 1000;

/// Whether it is compiled and matched in no time, whoever has written it: a caller may.
bool is_harmless(std::string_view expression) {
    std::uint64_t repetitions = 1;
    for (std::size_t at = 0; at < expression.size(); ++at) {
        if (expression[at] == '\\') {
            if (at + 1 < expression.size() && expression[at + 1] >= '1' && expression[at + 1] <= '9')
                return false;
            ++at;
            continue;
        }
        if (expression[at] != '{') continue;
        std::uint64_t most = 1;
        std::uint64_t bound = 0;
        for (++at; at < expression.size() && expression[at] != '}'; ++at) {
            const char c = expression[at];
            bound = c >= '0' && c <= '9' ? bound * 10 + static_cast<std::uint64_t>(c - '0') : 0;
            most = std::max(most, bound);
            if (most > kMostRepetitions) return false;
        }
        repetitions *= most;
        if (repetitions > kMostRepetitions) return false;
    }
    return true;
}

/// In the order in which they bind.
enum class Operator : std::uint8_t {
    None,
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Divided,
    Remainder,
    MatchedFromStart,
    Matched,
    Joined,
};

int strength(Operator of) noexcept {
    switch (of) {
        case Operator::None:
            return 0;
        case Operator::Or:
            return 1;
        case Operator::And:
            return 2;
        case Operator::Plus:
        case Operator::Minus:
            return 4;
        case Operator::Times:
        case Operator::Divided:
        case Operator::Remainder:
            return 5;
        case Operator::MatchedFromStart:
        case Operator::Matched:
        case Operator::Joined:
            return 6;
        default:
            return 3;
    }
}

class Evaluation final {
public:
    explicit Evaluation(std::string_view text) : text_(text) {}

    Result<std::string> whole() {
        auto value = conditional();
        skip_spaces();
        if (value && at_ < text_.size())
            return refuse(ErrorCode::Malformed, "expression",
                          fmt::format("nothing is expected before {}", rest()));
        return value;
    }

private:
    Result<std::string> conditional() {
        if (++depth_ > kDeepest) return refuse(ErrorCode::Malformed, "expression", "has too many brackets");
        auto condition = binary(1);
        skip_spaces();
        if (condition && take("?")) {
            auto first = conditional();
            if (!first) return first;
            skip_spaces();
            if (!take("::"))
                return refuse(ErrorCode::Malformed, "expression",
                              fmt::format(":: is expected before {}", rest()));
            auto second = conditional();
            if (!second) return second;
            condition = is_true(*condition) ? std::move(first) : std::move(second);
        }
        --depth_;
        return condition;
    }

    Result<std::string> binary(int least) {
        auto left = operand();
        while (left) {
            const auto before = at_;
            const auto found = next_operator();
            if (found == Operator::None || strength(found) < least) {
                at_ = before;
                break;
            }
            auto right = binary(strength(found) + 1);
            if (!right) return right;
            left = apply(found, std::move(*left), *right);
        }
        return left;
    }

    /// Words that no operator divides are one text.
    Result<std::string> operand() {
        auto value = single();
        while (value) {
            const auto before = at_;
            skip_spaces();
            if (at_ == text_.size() || is_end(text_[at_]) || next_operator() != Operator::None) {
                at_ = before;
                break;
            }
            auto next = single();
            if (!next) return next;
            *value += ' ';
            *value += *next;
        }
        return value;
    }

    static bool is_end(char c) noexcept { return c == ')' || c == '?' || c == ':'; }

    Result<std::string> single() {
        skip_spaces();
        if (at_ == text_.size()) return std::string();
        const char first = text_[at_];
        if (first == '!' || first == '-') {
            ++at_;
            if (++depth_ > kDeepest)
                return refuse(ErrorCode::Malformed, "expression", "has too many brackets");
            auto value = single();
            --depth_;
            if (!value) return value;
            if (first == '!') return std::string(is_true(*value) ? "0" : "1");
            double number = 0;
            return read_number(*value, number) ? number_text(-number) : "-" + *value;
        }
        if (first == '(') {
            ++at_;
            auto value = conditional();
            skip_spaces();
            if (value && !take(")"))
                return refuse(ErrorCode::Malformed, "expression", "a bracket is not closed");
            return value;
        }
        if (first == '"') return quoted();
        // What cannot stand there is nothing: `$[ = 1]` of a variable that is not set.
        return word();
    }

    std::string quoted() {
        std::string value;
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
            value += text_[at_];
        }
        if (at_ < text_.size()) ++at_;
        return value;
    }

    std::string word() {
        std::string value;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (is_space(c) || std::string_view("|&=!<>()\"?").find(c) != std::string_view::npos) break;
            if (text_.substr(at_).starts_with("::") || text_.substr(at_).starts_with("~~")) break;
            // In "SIP/bob-1" they are letters like any other, between numbers they reckon.
            double number = 0;
            if (std::string_view("+-*/%").find(c) != std::string_view::npos &&
                (value.empty() || read_number(value, number)))
                break;
            value += c;
        }
        return value;
    }

    Operator next_operator() {
        skip_spaces();
        static constexpr std::array<std::pair<std::string_view, Operator>, 20> kOperators{{
            {"||", Operator::Or},
            {"|", Operator::Or},
            {"&&", Operator::And},
            {"&", Operator::And},
            {"=~", Operator::Matched},
            {"==", Operator::Equal},
            {"=", Operator::Equal},
            {"!=", Operator::NotEqual},
            {"<=", Operator::LessOrEqual},
            {"<", Operator::Less},
            {">=", Operator::GreaterOrEqual},
            {">", Operator::Greater},
            {"+", Operator::Plus},
            {"-", Operator::Minus},
            {"*", Operator::Times},
            {"/", Operator::Divided},
            {"%", Operator::Remainder},
            {"~~", Operator::Joined},
            {"::", Operator::None},
            {":", Operator::MatchedFromStart},
        }};
        for (const auto& [written, meant] : kOperators) {
            if (!text_.substr(at_).starts_with(written)) continue;
            if (meant != Operator::None) at_ += written.size();
            return meant;
        }
        return Operator::None;
    }

    static Result<std::string> apply(Operator what, std::string left, const std::string& right) {
        switch (what) {
            case Operator::Or:
                return is_true(left) ? std::move(left) : right;
            case Operator::And:
                return is_true(left) && is_true(right) ? std::move(left) : "0";
            case Operator::Joined:
                return left + right;
            case Operator::Matched:
            case Operator::MatchedFromStart: {
                const auto match = match_regular(right, left, what == Operator::MatchedFromStart);
                if (!match) return refuse(match);
                if (match->has_group) return match->group;
                return std::to_string(match->length);
            }
            default:
                break;
        }
        double first = 0;
        double second = 0;
        const bool are_numbers = read_number(left, first) && read_number(right, second);
        if (strength(what) == 3) {
            const int order = are_numbers ? (first < second   ? -1
                                             : first > second ? 1
                                                              : 0)
                                          : left.compare(right);
            return std::string(holds(what, order) ? "1" : "0");
        }
        // What is no number counts for nothing.
        if (!read_number(left, first)) first = 0;
        if (!read_number(right, second)) second = 0;
        return reckon(what, first, second);
    }

    static bool holds(Operator comparison, int order) noexcept {
        switch (comparison) {
            case Operator::Equal:
                return order == 0;
            case Operator::NotEqual:
                return order != 0;
            case Operator::Less:
                return order < 0;
            case Operator::LessOrEqual:
                return order <= 0;
            case Operator::Greater:
                return order > 0;
            default:
                return order >= 0;
        }
    }

    static Result<std::string> reckon(Operator what, double first, double second) {
        if ((what == Operator::Divided || what == Operator::Remainder) && second == 0)
            return refuse(ErrorCode::InvalidArgument, "expression", "divides by zero");
        switch (what) {
            case Operator::Plus:
                return number_text(first + second);
            case Operator::Minus:
                return number_text(first - second);
            case Operator::Times:
                return number_text(first * second);
            case Operator::Divided:
                return number_text(first / second);
            default:
                return number_text(std::fmod(first, second));
        }
    }

    void skip_spaces() noexcept {
        while (at_ < text_.size() && is_space(text_[at_]))
            ++at_;
    }
    bool take(std::string_view expected) noexcept {
        if (!text_.substr(at_).starts_with(expected)) return false;
        at_ += expected.size();
        return true;
    }
    [[nodiscard]] std::string rest() const {
        return at_ == text_.size() ? "the end" : fmt::format("\"{}\"", text_.substr(at_, 40));
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace

Result<std::string> evaluate(std::string_view expression) {
    return Evaluation(expression).whole();
}

bool is_true(std::string_view value) {
    double number = 0;
    return read_number(value, number) ? number != 0 : !value.empty();
}

bool read_number(std::string_view text, double& number) {
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    if (text.starts_with('+')) text.remove_prefix(1);
    const auto last = text.find_last_of("0123456789.");
    if (text.empty() || last + 1 != text.size() ||
        text.find_first_not_of("0123456789.-") != std::string_view::npos)
        return false;
    const auto [behind, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && behind == text.data() + text.size();
}

std::string number_text(double number) {
    // Negative zero is nobody's number.
    if (number == 0) return "0";
    if (std::abs(number) < 1e15 && std::trunc(number) == number)
        return std::to_string(static_cast<std::int64_t>(number));
    return fmt::format("{:.15g}", number);
}

Result<RegularMatch> match_regular(std::string_view expression, std::string_view text, bool from_start) {
    if (expression.size() >= kLongestMatched || text.size() >= kLongestMatched)
        return refuse(ErrorCode::InvalidArgument, "regular expression",
                      "or what it is matched with is too long");
    if (!is_harmless(expression))
        return refuse(ErrorCode::InvalidArgument, "regular expression", "repeats too much");
    regex_t compiled{};
    if (::regcomp(&compiled, std::string(expression).c_str(), REG_EXTENDED) != 0) {
        return refuse(ErrorCode::InvalidArgument, "regular expression",
                      fmt::format("{} is none", expression));
    }
    std::array<regmatch_t, 2> found{};
    RegularMatch match;
    const std::string subject(text);
    if (::regexec(&compiled, subject.c_str(), found.size(), found.data(), 0) == 0 &&
        (!from_start || found[0].rm_so == 0)) {
        match.matches = true;
        match.length = static_cast<std::size_t>(found[0].rm_eo - found[0].rm_so);
        if (found[1].rm_so >= 0) {
            match.group = subject.substr(static_cast<std::size_t>(found[1].rm_so),
                                         static_cast<std::size_t>(found[1].rm_eo - found[1].rm_so));
        }
    }
    match.has_group = compiled.re_nsub > 0;
    ::regfree(&compiled);
    return match;
}

}  // namespace almon::dialplan
