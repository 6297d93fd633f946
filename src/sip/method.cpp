// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/method.hpp"

#include <array>
#include <cstddef>

namespace almon::sip {

namespace {

constexpr std::array<std::string_view, 14> kNames = {"INVITE",   "ACK",   "BYE",     "CANCEL",    "OPTIONS",
                                                     "REGISTER", "PRACK", "UPDATE",  "SUBSCRIBE", "NOTIFY",
                                                     "REFER",    "INFO",  "MESSAGE", "PUBLISH"};
static_assert(kNames.size() == static_cast<std::size_t>(Method::Other));

}  // namespace

std::string_view name_of(Method method) noexcept {
    const auto index = static_cast<std::size_t>(method);
    return index < kNames.size() ? kNames[index] : std::string_view{};
}

Method method_of(std::string_view name) noexcept {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (kNames[i] == name) return static_cast<Method>(i);
    }
    return Method::Other;
}

}  // namespace almon::sip
