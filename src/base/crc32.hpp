// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace almon {

/// The CRC-32 of Ethernet and zip (polynomial 0x04C11DB7, reflected): tells a record that was written whole
/// from one that was not.
[[nodiscard]] std::uint32_t crc32(std::string_view bytes) noexcept;

}  // namespace almon
