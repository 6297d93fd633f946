// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>
#include <system_error>

#include <sys/types.h>

namespace almon {

/// Writes a file whole or not at all, whenever the machine stops: beside it first, onto the disk, then in its
/// place. What was there is replaced. `mode` as for open(2), whatever the umask.
[[nodiscard]] std::error_code write_file(const std::filesystem::path& file, std::string_view content,
                                         mode_t mode);

}  // namespace almon
