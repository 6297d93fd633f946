// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace almon::http {

/// What a request wants done (RFC 9110 section 9). `Other` is any method that no route can be declared for.
enum class Method : std::uint8_t { Get, Head, Post, Put, Patch, Delete, Options, Other };
inline constexpr std::size_t kMethods = 8;

/// As on the wire, case-sensitive: "GET".
[[nodiscard]] Method parse_method(std::string_view name) noexcept;
/// "GET"; for Other "".
[[nodiscard]] std::string_view method_name(Method method) noexcept;

}  // namespace almon::http
