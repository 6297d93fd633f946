// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "services/ctid_ng/request_bodies.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace almon::services;
    const std::string_view body{reinterpret_cast<const char*>(data), size};
    static_cast<void>(CallBody::parse(body));
    static_cast<void>(CallBody::parse_own(body));
    static_cast<void>(parse_transfer(body));
    static_cast<void>(parse_own_transfer(body));
    static_cast<void>(parse_presence(body));
    static_cast<void>(parse_message_update(body));
    static_cast<void>(parse_greeting_copy(body));
    static_cast<void>(ChatBody::parse(body));
    static_cast<void>(ChatBody::parse_own(body));
    static_cast<void>(parse_chat_read(body));
    return 0;
}
