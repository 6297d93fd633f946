// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/audio_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"
#include "model/moh.hpp"

namespace almon::services {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongestName = 128;
constexpr std::size_t kPiece = std::size_t{64} * 1024;
constexpr const char* kUploadPrefix = ".upload-";
constexpr mode_t kFileMode = 0640;

tl::unexpected<Error> disk_refuses(int number) {
    const auto code = number == ENOSPC || number == EDQUOT ? ErrorCode::Exhausted : ErrorCode::Unavailable;
    return refuse(code, "file", "cannot be kept: " + std::generic_category().message(number));
}

void sync_folder(const fs::path& folder) {
    if (const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)); opened)
        ::fsync(opened.get());
}

/// A file of its own in the root, hidden, until it is kept.
class Upload final : public http::BodyTaker {
public:
    Upload(Descriptor file, fs::path path) : file_(std::move(file)), path_(std::move(path)) {}
    ~Upload() override {
        if (!path_.empty()) ::unlink(path_.c_str());
    }
    Upload(const Upload&) = delete;
    Upload& operator=(const Upload&) = delete;

    Result<void> take(std::string_view piece) override {
        while (!piece.empty()) {
            const ssize_t count = ::write(file_.get(), piece.data(), piece.size());
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) return disk_refuses(errno);
            piece.remove_prefix(static_cast<std::size_t>(count));
        }
        return {};
    }
    Result<void> move_to(const fs::path& place) {
        if (::fchmod(file_.get(), kFileMode) != 0 || ::fsync(file_.get()) != 0 ||
            ::rename(path_.c_str(), place.c_str()) != 0)
            return disk_refuses(errno);
        path_.clear();
        sync_folder(place.parent_path());
        return {};
    }
    [[nodiscard]] const fs::path& path() const noexcept { return path_; }

private:
    Descriptor file_;
    fs::path path_;
};

std::vector<std::string> names_in(const fs::path& folder, bool folders) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        std::error_code vanished;
        const auto status = entry->symlink_status(vanished);
        auto name = entry->path().filename().string();
        if (!name.starts_with('.') && (folders ? fs::is_directory(status) : fs::is_regular_file(status)))
            names.push_back(std::move(name));
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

AudioFiles::AudioFiles(fs::path root, fs::path shipped, Check check)
    : root_(std::move(root)), shipped_(std::move(shipped)), check_(std::move(check)) {
    // What an earlier process did not finish.
    std::error_code error;
    for (fs::directory_iterator entry(root_, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        if (entry->path().filename().string().starts_with(kUploadPrefix)) ::unlink(entry->path().c_str());
    }
}

Result<void> AudioFiles::check_name(const std::string& field, std::string_view name) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (name.empty() || name.size() > kLongestName)
        return refuse(ErrorCode::InvalidArgument, field, "must be of 1 to 128 bytes");
    if (!is_utf8(name)) return refuse(ErrorCode::InvalidArgument, field, "must be UTF-8");
    if (name.front() == '.' || name.find_first_of("/\\") != std::string_view::npos ||
        std::any_of(name.begin(), name.end(), is_control))
        return refuse(ErrorCode::InvalidArgument, field,
                      "must have no slash, no control character and no dot in front");
    return {};
}

Result<std::shared_ptr<http::BodyTaker>> AudioFiles::begin_upload() const {
    std::error_code error;
    fs::create_directories(root_, error);
    if (error) return disk_refuses(error.value());
    std::string path = (root_ / kUploadPrefix).string() + "XXXXXX";
    Descriptor file(::mkostemp(path.data(), O_CLOEXEC));
    if (!file) return disk_refuses(errno);
    return std::make_shared<Upload>(std::move(file), path);
}

Result<void> AudioFiles::keep(http::BodyTaker& taker, const fs::path& place) const {
    auto& upload = static_cast<Upload&>(taker);
    if (!check_(upload.path()))
        return refuse(ErrorCode::InvalidArgument, "file", "is no audio that can be played");
    std::error_code error;
    fs::create_directories(place.parent_path(), error);
    if (error) return disk_refuses(error.value());
    sync_folder(place.parent_path().parent_path());
    return upload.move_to(place);
}

Result<http::Response> AudioFiles::give(const fs::path& place, std::string_view type) {
    std::error_code error;
    if (!fs::is_regular_file(fs::symlink_status(place, error)))
        return refuse(ErrorCode::NotFound, "File", "was not found");
    auto file = std::make_shared<std::ifstream>(place, std::ios::binary | std::ios::ate);
    const auto size = file->tellg();
    if (!*file || size < 0) return refuse(ErrorCode::NotFound, "File", "was not found");
    file->seekg(0);
    return http::Response::streamed(
               200, type,
               [file](std::string& into) -> Result<bool> {
                   std::array<char, kPiece> piece;
                   file->read(piece.data(), piece.size());
                   into.append(piece.data(), static_cast<std::size_t>(file->gcount()));
                   return file->good();
               },
               static_cast<std::uint64_t>(size))
        .with("X-Content-Type-Options", "nosniff");
}

Result<void> AudioFiles::erase(const fs::path& place) {
    if (::unlink(place.c_str()) != 0) return refuse(ErrorCode::NotFound, "File", "was not found");
    sync_folder(place.parent_path());
    return {};
}

void AudioFiles::erase_folder(const fs::path& folder) {
    std::error_code error;
    fs::remove_all(folder, error);
    if (error) log_warning("{} cannot be erased: {}", folder.string(), error.message());
}

std::vector<std::string> AudioFiles::files_in(const fs::path& folder) {
    return names_in(folder, false);
}

std::vector<std::string> AudioFiles::folders_in(const fs::path& folder) {
    return names_in(folder, true);
}

void AudioFiles::follow(const model::Change& change) const {
    for (const auto& operation : change.operations) {
        const bool is_erased_music = operation.declaration == &model::declaration_of<model::Moh>() &&
                                     !operation.resource && operation.expected;
        if (!is_erased_music) continue;
        const auto& moh = *static_cast<const model::Moh*>(operation.expected.get());
        if (check_name("name", moh.name)) erase_folder(music() / moh.name);
    }
}

}  // namespace almon::services
