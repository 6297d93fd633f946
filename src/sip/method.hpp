// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace almon::sip {

enum class Method : std::uint8_t {
    Invite,
    Ack,
    Bye,
    Cancel,
    Options,
    Register,
    Prack,
    Update,
    Subscribe,
    Notify,
    Refer,
    Info,
    Message,
    Publish,
    Other,  ///< Any other token; the message keeps its text.
};

/// As on the wire: "INVITE". Empty for Other.
[[nodiscard]] std::string_view name_of(Method method) noexcept;
/// Method names are case-sensitive (RFC 3261 7.1): "invite" is Other.
[[nodiscard]] Method method_of(std::string_view name) noexcept;

}  // namespace almon::sip
