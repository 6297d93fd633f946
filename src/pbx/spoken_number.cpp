// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/spoken_number.hpp"

#include <fmt/format.h>

namespace almon::pbx {
namespace {

constexpr std::uint32_t kHundred = 100;
constexpr std::uint32_t kThousand = 1000;
constexpr std::uint32_t kMillion = 1'000'000;

/// One sound each from 0 to 99, as languages are irregular there.
std::string below_hundred(std::uint32_t number) {
    return fmt::format("digits/{}", number);
}

void say_below_thousand(std::vector<std::string>& said, bool french, std::uint32_t number) {
    const auto hundreds = number / kHundred;
    if (hundreds > 1 || (hundreds == 1 && !french)) said.push_back(below_hundred(hundreds));
    if (hundreds > 0) said.emplace_back("digits/hundred");
    if (number % kHundred != 0 || hundreds == 0) said.push_back(below_hundred(number % kHundred));
}

}  // namespace

std::vector<std::string> spoken_digits(std::string_view number) {
    std::vector<std::string> said;
    for (const char each : number) {
        if (each >= '0' && each <= '9') said.push_back(fmt::format("digits/{}", each));
        if (each == '*') said.emplace_back("digits/star");
        if (each == '#') said.emplace_back("digits/pound");
    }
    return said;
}

std::vector<std::string> spoken_number(std::string_view language, std::uint32_t number) {
    if (number >= kMillion) return spoken_digits(std::to_string(number));
    const bool french = language.starts_with("fr");
    std::vector<std::string> said;
    const auto thousands = number / kThousand;
    if (thousands > 1 || (thousands == 1 && !french)) say_below_thousand(said, french, thousands);
    if (thousands > 0) said.emplace_back("digits/thousand");
    if (number % kThousand != 0 || thousands == 0) say_below_thousand(said, french, number % kThousand);
    return said;
}

}  // namespace almon::pbx
