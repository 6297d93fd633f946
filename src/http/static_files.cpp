// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/static_files.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <system_error>

#include "base/digest_hash.hpp"
#include "http/response_writer.hpp"

namespace almon::http {

namespace {

constexpr std::string_view kUnknownType = "application/octet-stream";
constexpr std::size_t kTagLength = 32;  ///< 128 bits of SHA-256.

constexpr std::array<std::pair<std::string_view, std::string_view>, 22> kTypes{{
    {".css", "text/css; charset=utf-8"},
    {".gif", "image/gif"},
    {".htm", "text/html; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
    {".ico", "image/x-icon"},
    {".jpeg", "image/jpeg"},
    {".jpg", "image/jpeg"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".mp3", "audio/mpeg"},
    {".png", "image/png"},
    {".svg", "image/svg+xml"},
    {".txt", "text/plain; charset=utf-8"},
    {".wasm", "application/wasm"},
    {".wav", "audio/wav"},
    {".webmanifest", "application/manifest+json"},
    {".webp", "image/webp"},
    {".woff", "font/woff"},
    {".woff2", "font/woff2"},
    {".yml", "application/x-yaml"},
}};

std::string_view last_segment(std::string_view path) noexcept {
    return path.substr(path.rfind('/') + 1);
}

/// As the server would pack it for a client that takes gzip, but once; empty where it would not.
std::string packed(std::string_view type, std::string_view content) {
    Request request;
    request.headers.add("Accept-Encoding", "gzip");
    Response response = Response::text(200, type, std::string(content));
    compress(request, response);
    if (!response.headers.contains("Content-Encoding")) return {};
    return std::move(response.body);
}

/// RFC 9110 section 13.1.2, with its weak comparison. Our tags hold no comma.
bool names(std::string_view if_none_match, std::string_view etag) noexcept {
    const auto opaque = [](std::string_view tag) {
        tag = trim(tag);
        if (tag.starts_with("W/")) tag.remove_prefix(2);
        return tag;
    };
    while (!if_none_match.empty()) {
        const std::size_t end = std::min(if_none_match.find(','), if_none_match.size());
        const std::string_view tag = opaque(if_none_match.substr(0, end));
        if (tag == "*" || tag == opaque(etag)) return true;
        if_none_match.remove_prefix(std::min(end + 1, if_none_match.size()));
    }
    return false;
}

bool is_hidden(const std::filesystem::path& path) {
    return path.filename().native().starts_with('.');
}

std::filesystem::path with_gz(std::filesystem::path path) {
    return path += ".gz";
}

bool is_packed_form(const std::filesystem::path& path) {
    std::error_code error;
    return path.extension() == ".gz" &&
           std::filesystem::exists(std::filesystem::path(path).replace_extension(), error);
}

std::optional<std::string> whole_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    const auto size = in.tellg();
    if (!in || size < 0) return std::nullopt;
    std::string content(static_cast<std::size_t>(size), '\0');
    in.seekg(0);
    in.read(content.data(), size);
    return in ? std::optional(std::move(content)) : std::nullopt;
}

}  // namespace

std::string_view media_type_of(std::string_view path) noexcept {
    const std::string_view name = last_segment(path);
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) return kUnknownType;
    for (const auto& [ending, type] : kTypes) {
        if (equal_ignoring_case(name.substr(dot), ending)) return type;
    }
    return kUnknownType;
}

Result<void> StaticFiles::add_folder(const std::filesystem::path& folder) {
    namespace fs = std::filesystem;
    std::error_code error;
    fs::recursive_directory_iterator entry(folder, error);
    if (error) return refuse(ErrorCode::NotFound, folder.string(), "cannot be read: " + error.message());
    for (const auto end = fs::end(entry); entry != end; entry.increment(error)) {
        if (is_hidden(entry->path())) {
            entry.disable_recursion_pending();
            continue;
        }
        if (!fs::is_regular_file(entry->symlink_status(error)) || is_packed_form(entry->path())) continue;
        if (bytes_ + entry->file_size(error) > kMaxBytes)
            return refuse(ErrorCode::Exhausted, folder.string(), "holds more than a page needs");
        auto content = whole_file(entry->path());
        if (!content) return refuse(ErrorCode::Unavailable, entry->path().string(), "cannot be read");
        add(entry->path().lexically_relative(folder).generic_string(), *std::move(content),
            whole_file(with_gz(entry->path())).value_or(""));
    }
    if (error) return refuse(ErrorCode::Unavailable, folder.string(), "cannot be read: " + error.message());
    return {};
}

void StaticFiles::add(std::string path, std::string content, std::string packed_form) {
    File file;
    file.type = media_type_of(path);
    file.packed = packed_form.empty() ? packed(file.type, content) : std::move(packed_form);
    file.etag = "W/\"";
    file.etag += hash_joined(DigestAlgorithm::Sha256, {content}).view().substr(0, kTagLength);
    file.etag += '"';
    file.immutable = !options_.immutable_below.empty() && path.starts_with(options_.immutable_below);
    file.content = std::move(content);
    bytes_ += file.content.size();
    files_[std::move(path)] = std::move(file);
}

const StaticFiles::File* StaticFiles::find(std::string_view path) const {
    const auto exactly = [this](std::string_view name) {
        const auto found = files_.find(name);
        return found == files_.end() ? nullptr : &found->second;
    };
    if (path.empty() || path.ends_with('/')) {
        if (const File* file = exactly(std::string(path) + options_.index)) return file;
    } else if (const File* file = exactly(path)) {
        return file;
    }
    if (options_.fallback.empty() || last_segment(path).find('.') != std::string_view::npos) return nullptr;
    return exactly(options_.fallback);
}

Result<Response> StaticFiles::answer(const Request& request, std::string_view path) const {
    const File* file = find(path);
    if (file == nullptr) return refuse(ErrorCode::NotFound, {}, "there is no such file");
    const bool unchanged = names(request.headers.get("If-None-Match"), file->etag);
    Response response = Response::empty(unchanged ? 304 : 200);
    response.headers.add("ETag", file->etag);
    response.headers.add("Cache-Control",
                         file->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    response.headers.add("X-Content-Type-Options", "nosniff");
    if (!options_.content_security_policy.empty())
        response.headers.add("Content-Security-Policy", options_.content_security_policy);
    for (const auto& [name, value] : options_.headers)
        response.headers.add(name, value);
    const bool takes_packed =
        !file->packed.empty() && list_admits(request.headers.get("Accept-Encoding"), "gzip");
    // On plain answers the server's own compression says it.
    if (unchanged ? !file->packed.empty() : takes_packed) response.headers.add("Vary", "Accept-Encoding");
    if (unchanged) return response;
    response.headers.add("Content-Type", file->type);
    if (takes_packed) response.headers.add("Content-Encoding", "gzip");
    response.body = takes_packed ? file->packed : file->content;
    return response;
}

Service make_static_service(std::string name, std::string prefix, std::shared_ptr<const StaticFiles> files) {
    Service service;
    service.name = std::move(name);
    service.prefix = std::move(prefix);
    if (!service.prefix.empty()) {
        const auto with_slash = [](const Request& request) -> Result<Response> {
            return Response::empty(301).with("Location", std::string(last_segment(request.raw_path())) + '/');
        };
        service.router.add(Method::Get, "", with_slash, {.is_public = true});
    }
    service.router.add(Method::Get, "/{path...}",
                       [files = std::move(files)](const Request& request) -> Result<Response> {
                           return files->answer(request, request.path_parameter("path"));
                       },
                       {.is_public = true});
    return service;
}

}  // namespace almon::http
