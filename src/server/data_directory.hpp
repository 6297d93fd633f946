// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <utility>

#include "base/result.hpp"

namespace almon::server {

/// The folder of everything that Almon keeps, for one process alone: two would each believe that journal and
/// database are theirs. The lock goes with the process, however it ends.
class DataDirectory final {
public:
    /// Makes the folder where it is missing. Refusals (field "data_directory"): Unavailable where it cannot
    /// be made or written, Conflict where another process holds it.
    [[nodiscard]] static Result<DataDirectory> open(const std::filesystem::path& path);

    DataDirectory(DataDirectory&& other) noexcept : lock_(std::exchange(other.lock_, -1)) {}
    DataDirectory& operator=(DataDirectory&& other) noexcept {
        std::swap(lock_, other.lock_);
        return *this;
    }
    ~DataDirectory();

private:
    explicit DataDirectory(int lock) noexcept : lock_(lock) {}

    int lock_ = -1;  ///< Descriptor of the locked file `lock` in the folder.
};

}  // namespace almon::server
