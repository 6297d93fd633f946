// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/flow.hpp"

#include <array>
#include <cstddef>

namespace almon::sip {

namespace {

constexpr std::array<std::string_view, 5> kViaNames = {"UDP", "TCP", "TLS", "WS", "WSS"};
constexpr std::array<std::string_view, 5> kUriNames = {"udp", "tcp", "tls", "ws", "wss"};

}  // namespace

std::string_view via_name(TransportKind kind) noexcept {
    return kViaNames[static_cast<std::size_t>(kind)];
}

std::string_view uri_name(TransportKind kind) noexcept {
    return kUriNames[static_cast<std::size_t>(kind)];
}

}  // namespace almon::sip
