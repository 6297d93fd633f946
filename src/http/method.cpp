// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/method.hpp"

#include <array>

namespace almon::http {

namespace {

constexpr std::array<std::string_view, kMethods> kNames = {"GET",   "HEAD",   "POST",    "PUT",
                                                           "PATCH", "DELETE", "OPTIONS", ""};

}  // namespace

Method parse_method(std::string_view name) noexcept {
    for (std::size_t index = 0; index + 1 < kMethods; ++index) {
        if (kNames[index] == name) return static_cast<Method>(index);
    }
    return Method::Other;
}

std::string_view method_name(Method method) noexcept {
    return kNames[static_cast<std::size_t>(method)];
}

}  // namespace almon::http
