// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialplan/substitution.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/whole_number.hpp"
#include "dialplan/expression.hpp"
#include "dialplan/functions.hpp"

namespace almon::dialplan {
namespace {

constexpr int kDeepest = 32;

/// A number at the beginning of `text`, which it is taken from; nothing: there is none.
std::optional<std::int64_t> take_number(std::string_view& text) {
    const auto end = std::min(text.find(':'), text.size());
    const auto number = whole_number<std::int64_t>(text.substr(0, end));
    text.remove_prefix(end);
    return number;
}

/// @param range ":offset", ":offset:length" or nothing.
std::string part_of(std::string value, std::string_view range) {
    if (!range.starts_with(':')) return value;
    range.remove_prefix(1);
    const auto size = static_cast<std::int64_t>(value.size());
    auto offset = take_number(range).value_or(0);
    if (offset < 0) offset = std::max<std::int64_t>(0, size + std::max(offset, -size));
    offset = std::min(offset, size);
    auto length = size - offset;
    if (range.starts_with(':')) {
        range.remove_prefix(1);
        const auto wanted = take_number(range);
        if (wanted && *wanted < 0) length = std::max<std::int64_t>(0, length + std::max(*wanted, -size));
        if (wanted && *wanted >= 0) length = std::min(length, *wanted);
    }
    return value.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(length));
}

/// Behind the bracket that closes the one at `open`.
std::size_t behind_brackets(std::string_view text, std::size_t open) {
    int depth = 0;
    for (auto at = open; at < text.size(); ++at) {
        if (text[at] == '(') ++depth;
        if (text[at] == ')' && --depth == 0) return at + 1;
    }
    return text.size();
}

std::string call(std::string_view function, std::string_view arguments, Values& values) {
    auto result = call_function(function, arguments, values);
    if (result) return *std::move(result);
    values.mistake(
        result.error().code == ErrorCode::NotFound
            ? fmt::format("there is no function {}", function)
            : fmt::format("{}({}): {} {}", function, arguments, result.error().field, result.error().reason));
    return {};
}

}  // namespace

class Substitution::Reading final {
public:
    explicit Reading(std::string_view text) : text_(text) {}

    /// Until the character that closes what was opened; 0: until the end.
    Result<std::vector<Piece>> until(char closing, int depth) {
        std::vector<Piece> pieces;
        int open_brackets = 0;
        const char opening = closing == ']' ? '[' : '{';
        while (at_ < text_.size()) {
            const char c = text_[at_];
            const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
            if (c == '$' && (next == '{' || next == '[')) {
                if (depth == kDeepest)
                    return refuse(ErrorCode::Malformed, "", "too many brackets stand in each other");
                at_ += 2;
                auto inside = until(next == '{' ? '}' : ']', depth + 1);
                if (!inside) return inside;
                pieces.push_back({next == '{' ? Kind::Variable : Kind::Expression, {}, *std::move(inside)});
                continue;
            }
            if (closing != 0 && c == closing && open_brackets-- == 0) {
                ++at_;
                return pieces;
            }
            if (closing != 0 && c == opening) ++open_brackets;
            if (pieces.empty() || pieces.back().kind != Kind::Text) pieces.emplace_back();
            pieces.back().text += c;
            ++at_;
        }
        if (closing != 0) return refuse(ErrorCode::Malformed, "", fmt::format("a {} is missing", closing));
        return pieces;
    }

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

Result<Substitution> Substitution::parse(std::string_view text) {
    auto pieces = Reading(text).until(0, 0);
    if (!pieces) return refuse(pieces);
    Substitution read;
    read.pieces_ = *std::move(pieces);
    return read;
}

std::string Substitution::fill_in(Values& values) const {
    std::string out;
    append(out, pieces_, values);
    return out;
}

bool Substitution::says(std::string_view characters) const noexcept {
    return std::ranges::any_of(pieces_, [&](const Piece& piece) {
        return piece.kind == Kind::Text && piece.text.find_first_of(characters) != std::string::npos;
    });
}

void Substitution::append(std::string& out, const std::vector<Piece>& pieces, Values& values) {
    for (const auto& piece : pieces) {
        if (piece.kind == Kind::Text) {
            out += piece.text;
        } else {
            std::string inside;
            append(inside, piece.inside, values);
            if (piece.kind == Kind::Variable) {
                out += value_of(inside, values);
            } else if (const auto value = evaluate(inside)) {
                out += *value;
            } else {
                values.mistake(
                    fmt::format("$[{}]: the {} {}", inside, value.error().field, value.error().reason));
            }
        }
        if (out.size() > kLongestText) out.resize(kLongestText);
    }
}

std::string value_of(std::string_view reference, Values& values) {
    const auto end = std::min(reference.find_first_of("(:"), reference.size());
    const auto name = reference.substr(0, end);
    if (end == reference.size() || reference[end] == ':')
        return part_of(values.variable(name), reference.substr(end));
    const auto behind = behind_brackets(reference, end);
    const auto arguments = reference.substr(end + 1, behind - end - 1);
    return part_of(
        call(name, arguments.ends_with(')') ? arguments.substr(0, arguments.size() - 1) : arguments, values),
        reference.substr(behind));
}

}  // namespace almon::dialplan
