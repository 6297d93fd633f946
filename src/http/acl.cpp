// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/acl.hpp"

#include <algorithm>

namespace almon::http {

namespace {

template <class Take>
void split(std::string_view text, Take take) {
    while (true) {
        const std::size_t dot = text.find('.');
        take(text.substr(0, dot));
        if (dot == std::string_view::npos) return;
        text.remove_prefix(dot + 1);
    }
}

}  // namespace

AclWords acl_words(std::string_view text) {
    AclWords words;
    split(text, [&](std::string_view word) { words.push_back(word); });
    return words;
}

AclWords acl_words(std::string_view acl_template, const Request& request) {
    AclWords words;
    split(acl_template, [&](std::string_view word) {
        if (word.size() > 2 && word.front() == '{' && word.back() == '}')
            word = request.path_parameter(word.substr(1, word.size() - 2));
        words.push_back(word);
    });
    return words;
}

std::string_view acl_action(Method method) noexcept {
    switch (method) {
        case Method::Post:
            return "create";
        case Method::Put:
        case Method::Patch:
            return "update";
        case Method::Delete:
            return "delete";
        default:
            return "read";
    }
}

Acl::Acl(std::span<const std::string> rules, std::string_view me) : me_(me) {
    for (const std::string& rule : rules) {
        if (rule == "#") everything_ = true;
        split(rule, [&](std::string_view word) {
            const Kind kind = word == "*"    ? Kind::One
                              : word == "#"  ? Kind::Many
                              : word == "me" ? Kind::Me
                                             : Kind::Literal;
            words_.push_back(
                {kind, static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(word.size())});
            text_ += word;
        });
        ends_.push_back(static_cast<std::uint32_t>(words_.size()));
    }
}

bool Acl::grants(const AclWords& required) const noexcept {
    if (everything_) return true;
    if (std::any_of(required.begin(), required.end(), [](std::string_view word) { return word.empty(); }))
        return false;
    std::uint32_t begin = 0;
    for (const std::uint32_t end : ends_) {
        if (fits(Rule(words_).subspan(begin, end - begin), required)) return true;
        begin = end;
    }
    return false;
}

bool Acl::fits(const Word& word, std::string_view asked) const noexcept {
    switch (word.kind) {
        case Kind::Literal:
            return std::string_view(text_).substr(word.begin, word.size) == asked;
        case Kind::Me:
            return asked == "me" || (!me_.empty() && asked == me_);
        case Kind::One:
        case Kind::Many:
            return true;
    }
    return false;
}

bool Acl::fits(Rule rule, const AclWords& required) const noexcept {
    // Whatever a # has taken, what follows it is tried first with as few words as possible; when it fits no
    // more, the last # takes one word more. Earlier ones need not be reconsidered, so that this is quick.
    std::size_t at = 0;              // in the rule
    std::size_t taken = 0;           // of `required`
    std::size_t many = rule.size();  // behind the last #
    std::size_t retry = 0;           // of `required`, behind what that # has taken
    while (taken < required.size()) {
        if (at < rule.size() && fits(rule[at], required[taken])) {
            if (rule[at].kind == Kind::Many) {
                many = at + 1;
                retry = taken + 1;
            }
            ++at;
            ++taken;
        } else if (retry > 0) {
            at = many;
            taken = ++retry;
            if (taken > required.size()) return false;
        } else {
            return false;
        }
    }
    return at == rule.size();
}

}  // namespace almon::http
