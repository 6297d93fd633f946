// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "sip/parameters.hpp"

namespace almon::sip {

/// The scheme and the parameters of a challenge or of credentials (RFC 7235 2.1): `Digest realm="x",
/// nonce=y`.
class AuthParameters final {
public:
    explicit AuthParameters(std::string_view value) noexcept;
    [[nodiscard]] std::string_view scheme() const noexcept { return scheme_; }
    /// The next parameter, its value without quotes but not unescaped. Nothing at the end, or where the
    /// syntax breaks: then failed() is true.
    [[nodiscard]] std::optional<Parameter> next() noexcept;
    [[nodiscard]] bool failed() const noexcept { return failed_; }

private:
    std::string_view scheme_;
    std::string_view rest_;
    bool failed_ = false;
};

}  // namespace almon::sip
