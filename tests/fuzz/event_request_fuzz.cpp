// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "services/websocketd/event_clients.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static_cast<void>(almon::services::EventRequest::parse({reinterpret_cast<const char*>(data), size}));
    return 0;
}
