// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "http/method.hpp"
#include "http/request.hpp"

namespace almon::http {

/// What is asked for, in words: "confd.users.17.read" are four. Views into the text or request it is made of.
using AclWords = boost::container::small_vector<std::string_view, 24>;

/// Splits at the dots.
[[nodiscard]] AclWords acl_words(std::string_view text);
/// The same of a route's template ("confd.users.{user_id}.read"): each {name} becomes the request's path
/// parameter of that name as one word, whatever dots it has. Both are lent to the result.
[[nodiscard]] AclWords acl_words(std::string_view acl_template, const Request& request);

/// The last word of what a request asks for (API-038): read, create, update or delete.
[[nodiscard]] std::string_view acl_action(Method method) noexcept;

/// What somebody may do: a set of rules (API-038..API-040). In a rule the word * stands for any one word, #
/// for one or more, and a rule that is # alone grants everything. The word `me` stands for itself and for
/// `me` as given. Words are compared exactly; an empty word is granted by a lone # only. Immutable; any
/// thread.
class Acl final {
public:
    Acl() = default;
    /// `me`: the uuid of the user whose rules these are; empty: they are no user's.
    explicit Acl(std::span<const std::string> rules, std::string_view me = {});

    /// Allocates nothing for what is asked in up to 24 words.
    [[nodiscard]] bool grants(std::string_view required) const { return grants(acl_words(required)); }
    [[nodiscard]] bool grants(const AclWords& required) const noexcept;

private:
    enum class Kind : std::uint8_t { Literal, Me, One, Many };
    struct Word {
        Kind kind = Kind::Literal;
        std::uint32_t begin = 0;  ///< Of its letters in `text_`.
        std::uint32_t size = 0;
    };
    using Rule = std::span<const Word>;

    [[nodiscard]] bool fits(const Word& word, std::string_view asked) const noexcept;
    [[nodiscard]] bool fits(Rule rule, const AclWords& required) const noexcept;

    std::string text_;
    std::string me_;
    std::vector<Word> words_;          ///< Of all rules, one after the other.
    std::vector<std::uint32_t> ends_;  ///< Where each rule ends in `words_`.
    bool everything_ = false;
};

}  // namespace almon::http
