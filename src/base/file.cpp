// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hpp"

namespace almon {
namespace {

std::error_code last_error() {
    return {errno, std::generic_category()};
}

std::error_code write_to(int descriptor, std::string_view content, mode_t mode) {
    if (::fchmod(descriptor, mode) != 0) return last_error();
    while (!content.empty()) {
        const ssize_t count = ::write(descriptor, content.data(), content.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return last_error();
        content.remove_prefix(static_cast<std::size_t>(count));
    }
    return ::fsync(descriptor) == 0 ? std::error_code() : last_error();
}

}  // namespace

std::error_code write_file(const std::filesystem::path& file, std::string_view content, mode_t mode) {
    auto draft = file;
    draft += ".new";
    ::unlink(draft.c_str());
    std::error_code error;
    {
        const Descriptor descriptor(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
        if (!descriptor) return last_error();
        error = write_to(descriptor.get(), content, mode);
    }
    if (!error && ::rename(draft.c_str(), file.c_str()) != 0) error = last_error();
    if (error) {
        ::unlink(draft.c_str());
        return error;
    }
    // The name is on the disk once its folder is.
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    if (const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)); opened)
        ::fsync(opened.get());
    return {};
}

}  // namespace almon
