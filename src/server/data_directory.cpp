// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/data_directory.hpp"

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace almon::server {

Result<DataDirectory> DataDirectory::open(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) {
        return refuse(ErrorCode::Unavailable, "data_directory",
                      "the folder " + path.string() + " cannot be made: " + error.message());
    }
    const int lock = ::open((path / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) {
        return refuse(ErrorCode::Unavailable, "data_directory",
                      "the folder " + path.string() + " cannot be written: " + std::strerror(errno));
    }
    DataDirectory directory(lock);
    // flock(2) and not fcntl(2): the lock stays until this very descriptor is closed.
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        return refuse(ErrorCode::Conflict, "data_directory",
                      "the folder " + path.string() + " is in use by another almon");
    }
    return directory;
}

DataDirectory::~DataDirectory() {
    if (lock_ >= 0) ::close(lock_);
}

}  // namespace almon::server
