// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "http/service.hpp"

namespace almon::http {

/// Files of a page, read once into memory, packed once, and answered from there: no request ever names a file
/// of the disk, so none can climb out of the folder. Each has an ETag made of its content (RFC 9110
/// section 8.8.3), weak since packed and plain answers share it; If-None-Match is answered with 304.
/// Immutable once it is served: any thread, any number at once.
class StaticFiles final {
public:
    struct Options {
        /// What a path that is a folder ("", "docs/") shows.
        std::string index = "index.html";
        /// What a path shows that is no file and has no dot in its last segment: the page of an application
        /// that reads the path itself. Empty: 404.
        std::string fallback{};
        /// Files below it have their content's hash in their name: browsers keep them for a year. All others
        /// are asked for again each time, which mostly costs a 304.
        std::string immutable_below{};
        /// Content-Security-Policy of all answers.
        std::string content_security_policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'";
        /// Further header fields of all answers.
        std::vector<std::pair<std::string, std::string>> headers{};
    };

    explicit StaticFiles(Options options) : options_(std::move(options)) {}
    StaticFiles() : StaticFiles(Options{}) {}

    /// Takes all files of `folder` and of those in it; `<file>.gz` beside one is its packed form, which then
    /// need not be made at each start. Left out: hidden ones, and symbolic links, since where they lead is
    /// nobody's business. Refused: a folder that is not there (NotFound), a file that cannot be read
    /// (Unavailable), more than kMaxBytes together (Exhausted).
    [[nodiscard]] Result<void> add_folder(const std::filesystem::path& folder);
    /// Takes one file, in place of the one of that name. `path` without a slash in front: "assets/page.js".
    /// `packed_form`: the same in the gzip format; empty: it is packed here where that is worth it.
    void add(std::string path, std::string content, std::string packed_form = {});
    [[nodiscard]] std::size_t size() const noexcept { return files_.size(); }

    /// Answers GET and HEAD for `path`, decoded and without a slash in front. NotFound where there is none.
    [[nodiscard]] Result<Response> answer(const Request& request, std::string_view path) const;

    static constexpr std::size_t kMaxBytes = std::size_t{64} * 1024 * 1024;

private:
    struct File {
        std::string content;
        std::string packed;  ///< gzip; empty where it is not worth it.
        std::string_view type;
        std::string etag;
        bool immutable = false;
    };

    [[nodiscard]] const File* find(std::string_view path) const;

    Options options_;
    std::map<std::string, File, std::less<>> files_;
    std::size_t bytes_ = 0;
};

/// The media type that the end of a file's name stands for; application/octet-stream where it is unknown.
[[nodiscard]] std::string_view media_type_of(std::string_view path) noexcept;

/// `files` as a service: below `prefix` ("/api", or empty), where the prefix alone leads to the prefix with a
/// slash, so that the pages' relative links work.
[[nodiscard]] Service make_static_service(std::string name, std::string prefix,
                                          std::shared_ptr<const StaticFiles> files);

}  // namespace almon::http
