// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "model/change.hpp"

namespace almon::services {

/// Audio that people upload: music on hold in moh/<category>/, sounds in sounds/<category>/[<language>/],
/// below one folder; and beside them the announcements that came with the program, which are read only. A
/// file is there whole or not at all, whenever the machine stops. Any thread; all of it waits for the disk.
class AudioFiles final {
public:
    /// Refuses a file that cannot be played.
    using Check = std::function<Result<void>(const std::filesystem::path& file)>;

    /// `shipped`: with a folder for each language. Uploads that an earlier process did not finish are erased.
    AudioFiles(std::filesystem::path root, std::filesystem::path shipped, Check check);

    [[nodiscard]] std::filesystem::path music() const { return root_ / "moh"; }
    [[nodiscard]] std::filesystem::path sounds() const { return root_ / "sounds"; }
    [[nodiscard]] const std::filesystem::path& shipped() const noexcept { return shipped_; }

    /// A name of one file or folder that leads nowhere else: 1 to 128 bytes of UTF-8 without slash, backslash
    /// or control character, and no dot in front. InvalidArgument about `field` otherwise.
    [[nodiscard]] static Result<void> check_name(const std::string& field, std::string_view name);

    /// Takes an upload, to be kept by keep() or gone with it.
    [[nodiscard]] Result<std::shared_ptr<http::BodyTaker>> begin_upload() const;
    /// Puts an upload of begin_upload() in its place, whatever stood there. The folder is made. Refused with
    /// InvalidArgument where it is no audio.
    [[nodiscard]] Result<void> keep(http::BodyTaker& upload, const std::filesystem::path& place) const;
    /// The file as it was uploaded. NotFound where there is none.
    [[nodiscard]] static Result<http::Response> give(const std::filesystem::path& place,
                                                     std::string_view type = "application/octet-stream");
    /// NotFound where there is none.
    [[nodiscard]] static Result<void> erase(const std::filesystem::path& place);
    /// With all that is in it; what is not there is erased already.
    static void erase_folder(const std::filesystem::path& folder);

    /// Names of what is in a folder, sorted, without hidden ones; none where it does not exist.
    [[nodiscard]] static std::vector<std::string> files_in(const std::filesystem::path& folder);
    [[nodiscard]] static std::vector<std::string> folders_in(const std::filesystem::path& folder);

    /// Erases the music of the categories that a change has erased.
    void follow(const model::Change& change) const;

    /// Of one file.
    static constexpr std::size_t kMostBytes = std::size_t{100} * 1024 * 1024;

private:
    std::filesystem::path root_;
    std::filesystem::path shipped_;
    Check check_;
};

}  // namespace almon::services
