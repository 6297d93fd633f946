// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialplan/number_pattern.hpp"

#include <algorithm>

namespace almon::dialplan {
namespace {

template <std::size_t size>
void allow(std::bitset<size>& characters, char first, char last) noexcept {
    for (int each = static_cast<unsigned char>(first); each <= static_cast<unsigned char>(last); ++each) {
        if (static_cast<std::size_t>(each) < size) characters.set(static_cast<std::size_t>(each));
    }
}

}  // namespace

bool NumberPattern::is_pattern(std::string_view text) noexcept {
    return text.starts_with('_') || text.find_first_of("XZN.![") != std::string_view::npos;
}

NumberPattern::NumberPattern(std::string_view text) {
    if (text.starts_with('_')) text.remove_prefix(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '.' || text[i] == '!') {
            rest_ = text[i] == '.' ? Rest::Something : Rest::Anything;
            return;
        }
        Characters allowed;
        if (text[i] == '[') {
            for (++i; i < text.size() && text[i] != ']'; ++i) {
                const bool is_range = i + 2 < text.size() && text[i + 1] == '-' && text[i + 2] != ']';
                allow(allowed, text[i], is_range ? text[i + 2] : text[i]);
                if (is_range) i += 2;
            }
        } else if (text[i] == 'X') {
            allow(allowed, '0', '9');
        } else if (text[i] == 'Z') {
            allow(allowed, '1', '9');
        } else if (text[i] == 'N') {
            allow(allowed, '2', '9');
        } else {
            allow(allowed, text[i], text[i]);
        }
        places_.push_back(allowed);
    }
}

/// As far as both go.
bool NumberPattern::allows(std::string_view number) const noexcept {
    const auto count = std::min(number.size(), places_.size());
    for (std::size_t i = 0; i < count; ++i) {
        const auto character = static_cast<unsigned char>(number[i]);
        if (character >= places_[i].size() || !places_[i][character]) return false;
    }
    return true;
}

bool NumberPattern::may_go_on(std::string_view number) const noexcept {
    return (number.size() < places_.size() || rest_ != Rest::Nothing) && allows(number);
}

bool NumberPattern::matches(std::string_view number) const noexcept {
    if (number.size() < places_.size() || !allows(number)) return false;
    const bool goes_on = number.size() > places_.size();
    return rest_ == Rest::Anything || goes_on == (rest_ == Rest::Something);
}

std::size_t NumberPattern::width_at(std::size_t place) const noexcept {
    if (place < places_.size()) return places_[place].count();
    // Where the number must end nothing is left open; then come those that want more, then those that may.
    return rest_ == Rest::Nothing ? 0 : Characters{}.size() + static_cast<std::size_t>(rest_);
}

std::strong_ordering NumberPattern::operator<=>(const NumberPattern& other) const noexcept {
    const auto longest = std::max(places_.size(), other.places_.size());
    for (std::size_t i = 0; i <= longest; ++i) {
        if (const auto order = width_at(i) <=> other.width_at(i); order != 0) return order;
    }
    return std::strong_ordering::equal;
}

}  // namespace almon::dialplan
