// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "media/commands.hpp"
#include "media/socket_address.hpp"

namespace almon::media {

/// The lite side of ICE (RFC 8445 section 7.3) for one socket: answers the peer's connectivity checks and
/// knows which of its addresses have passed one. A check that does not prove the password is as if it never
/// came.
class IceLite final {
public:
    explicit IceLite(IceSettings settings) : settings_(std::move(settings)) {}

    [[nodiscard]] const IceSettings& settings() const noexcept { return settings_; }
    struct Answer {
        std::vector<std::uint8_t> bytes;
        bool nominated = false;  ///< The peer wants its media to go to where the check came from.
    };
    [[nodiscard]] std::optional<Answer> answer(std::span<const std::uint8_t> packet,
                                               const SocketAddress& source);
    /// A check has come from there.
    [[nodiscard]] bool knows(const SocketAddress& source) const noexcept;

private:
    IceSettings settings_;
    /// The last that passed, in a circle: a browser has an address for each interface.
    std::array<SocketAddress, 8> checked_;
    std::size_t next_ = 0;
};

}  // namespace almon::media
