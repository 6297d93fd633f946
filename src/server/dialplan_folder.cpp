// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/dialplan_folder.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <set>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/log.hpp"

namespace almon::server {
namespace {

namespace fs = std::filesystem;

/// Who writes such a file by hand has done something else.
constexpr std::uintmax_t kLargestFile = 4 * 1024 * 1024;
/// Editors write a file in several goes.
constexpr int kSettlingMs = 200;

Result<dialplan::File> read_file(const fs::path& path) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error) return refuse(ErrorCode::Unavailable, path.string(), error.message());
    if (size > kLargestFile) return refuse(ErrorCode::Exhausted, path.string(), "is larger than 4 MiB");
    std::ifstream file(path, std::ios::binary);
    if (!file) return refuse(ErrorCode::Unavailable, path.string(), "cannot be read");
    return dialplan::File{path.filename().string(), std::string{std::istreambuf_iterator<char>(file), {}}};
}

std::string sentences_of(const std::vector<dialplan::Complaint>& complaints) {
    std::string text;
    for (const auto& complaint : complaints) {
        if (!text.empty()) text += "; ";
        text += complaint.sentence();
    }
    return text;
}

}  // namespace

DialplanFolder::DialplanFolder(Places places, std::vector<std::string_view> applications)
    : places_(std::move(places)),
      applications_(std::move(applications)),
      changes_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
      end_(::eventfd(0, EFD_CLOEXEC)) {
    std::error_code ignored;
    if (!places_.folder.empty()) fs::create_directory(places_.folder, ignored);
    // Before it is read: nothing that changes meanwhile is missed.
    for (const auto& folder :
         std::set<std::string>{places_.folder, fs::path(places_.globals).parent_path().string()}) {
        if (!folder.empty() && changes_.get() >= 0)
            ::inotify_add_watch(changes_.get(), folder.c_str(),
                                IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE);
    }
    auto read = files();
    if (!read) log_error("dialplan: {} {}", read.error().field, read.error().reason);
    while (read) {
        const auto result = dialplan::read_dialplan(*read, applications_);
        if (put_in_force(result, read->size())) break;
        for (const auto& complaint : result.errors)
            log_error("dialplan: {}", complaint.sentence());
        // What is left may need what stood there.
        std::erase_if(*read, [&](const dialplan::File& file) {
            return std::ranges::find(result.errors, file.name, &dialplan::Complaint::file) !=
                   result.errors.end();
        });
    }
    watcher_ = std::thread([this] { watch(); });
}

DialplanFolder::~DialplanFolder() {
    const std::uint64_t one = 1;
    static_cast<void>(::write(end_.get(), &one, sizeof one));
    watcher_.join();
}

Result<std::vector<dialplan::File>> DialplanFolder::files() const {
    std::vector<dialplan::File> files;
    std::error_code error;
    if (!places_.globals.empty() && fs::exists(places_.globals, error)) {
        auto file = read_file(places_.globals);
        if (!file) return refuse(file);
        files.push_back(*std::move(file));
    }
    if (places_.folder.empty() || !fs::exists(places_.folder, error)) return files;
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(places_.folder, error)) {
        if (entry.path().extension() == ".conf" && entry.is_regular_file(error))
            paths.push_back(entry.path());
    }
    if (error) return refuse(ErrorCode::Unavailable, places_.folder, error.message());
    std::ranges::sort(paths);
    for (const auto& path : paths) {
        auto file = read_file(path);
        if (!file) return refuse(file);
        files.push_back(*std::move(file));
    }
    return files;
}

Result<std::string> DialplanFolder::reload() {
    const std::scoped_lock alone(reading_);
    const auto read = files();
    if (!read) return refuse(read);
    return put_in_force(dialplan::read_dialplan(*read, applications_), read->size());
}

Result<std::string> DialplanFolder::put_in_force(const dialplan::ReadDialplan& read, std::size_t files) {
    if (read.dialplan == nullptr) return refuse(ErrorCode::Malformed, "dialplan", sentences_of(read.errors));
    current_->set(read.dialplan);
    for (const auto& complaint : read.warnings)
        log_warning("dialplan: {}", complaint.sentence());
    auto what =
        fmt::format("{} file{}, {} context{}, {} priorities", files, files == 1 ? "" : "s",
                    read.dialplan->contexts().size(), read.dialplan->contexts().size() == 1 ? "" : "s",
                    read.dialplan->priority_count());
    if (files > 0) log_info("the dialplan is in force: {}", what);
    return what;
}

void DialplanFolder::watch() {
    const auto drain = [&] {
        std::array<char, 4096> events{};
        while (::read(changes_.get(), events.data(), events.size()) > 0) {
        }
    };
    for (;;) {
        std::array<pollfd, 2> watched{{{end_.get(), POLLIN, 0}, {changes_.get(), POLLIN, 0}}};
        if (::poll(watched.data(), watched.size(), -1) < 0) continue;
        if (watched[0].revents != 0) return;
        // Until nothing has changed for a while.
        do
            drain();
        while (::poll(watched.data(), watched.size(), kSettlingMs) > 0 && watched[0].revents == 0);
        if (watched[0].revents != 0) return;
        if (const auto done = reload(); !done)
            log_error("the dialplan stays as it was: {}", done.error().reason);
    }
}

}  // namespace almon::server
