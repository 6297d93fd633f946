// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/multipart.hpp"

#include <algorithm>
#include <string>

#include "sip/header_name.hpp"
#include "sip/media_type.hpp"
#include "sip/syntax.hpp"

namespace almon::sip {

namespace {

constexpr std::size_t kPartLimit = 32;
constexpr int kDepthLimit = 4;

struct Delimiter {
    std::size_t begin = 0;  ///< Where the line break in front of it begins.
    std::size_t end = 0;    ///< Behind its own line break.
    bool last = false;
};

/// The next line that is "--boundary" or "--boundary--", white space behind it allowed.
std::optional<Delimiter> find_delimiter(std::string_view body, std::string_view boundary, std::size_t from) {
    while (true) {
        const std::size_t at = body.find(boundary, from);
        if (at == std::string_view::npos) return std::nullopt;
        from = at + 1;
        if (at > 0 && body[at - 1] != '\n') continue;
        std::size_t end = at + boundary.size();
        Delimiter delimiter;
        delimiter.last = body.substr(end).starts_with("--");
        if (delimiter.last) end += 2;
        while (end < body.size() && (body[end] == ' ' || body[end] == '\t' || body[end] == '\r'))
            ++end;
        if (end < body.size() && body[end] != '\n') continue;  // another, longer boundary
        delimiter.end = std::min(end + 1, body.size());
        delimiter.begin = at;
        if (delimiter.begin > 0) --delimiter.begin;
        if (delimiter.begin > 0 && body[delimiter.begin - 1] == '\r') --delimiter.begin;
        return delimiter;
    }
}

BodyPart read_part(std::string_view text) {
    BodyPart part;
    part.content_type = "text/plain";
    while (!text.empty()) {
        std::size_t end = std::min(text.find('\n'), text.size());
        while (end + 1 < text.size() && (text[end + 1] == ' ' || text[end + 1] == '\t'))
            end = std::min(text.find('\n', end + 1), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (trim(line).empty()) break;
        const std::size_t colon = std::min(line.find(':'), line.size());
        const HeaderName name = header_name_of(trim(line.substr(0, colon)));
        const std::string_view value = trim(line.substr(std::min(colon + 1, line.size())));
        if (name == HeaderName::ContentType) part.content_type = value;
        if (name == HeaderName::ContentDisposition) part.disposition = value;
    }
    part.bytes = text;
    return part;
}

std::optional<BodyPart> find_body(std::string_view content_type, std::string_view body,
                                  std::string_view wanted, int depth) {
    if (is_media_type(content_type, wanted)) return BodyPart{content_type, {}, body};
    const auto type = MediaType::parse(content_type);
    if (!type || !equal_ignoring_case(type->type, "multipart") || depth == 0) return std::nullopt;
    const auto parts = split_multipart(content_type, body);
    if (!parts) return std::nullopt;
    for (const BodyPart& part : *parts) {
        if (is_media_type(part.content_type, wanted)) return part;
        if (auto inner = find_body(part.content_type, part.bytes, wanted, depth - 1)) return inner;
    }
    return std::nullopt;
}

}  // namespace

Result<std::vector<BodyPart>> split_multipart(std::string_view content_type, std::string_view body) {
    const auto type = MediaType::parse(content_type);
    if (!type) return refuse(type);
    const auto name = type->parameters.find("boundary");
    if (!name || name->empty() || name->size() > 70) {
        return refuse(ErrorCode::Malformed, "Content-Type", "has no proper boundary");
    }
    std::string boundary = "--";
    boundary += unescape_quoted(*name);

    std::vector<BodyPart> parts;
    auto delimiter = find_delimiter(body, boundary, 0);
    while (delimiter && !delimiter->last) {
        if (parts.size() == kPartLimit) return refuse(ErrorCode::Exhausted, "body", "has too many parts");
        const std::size_t start = delimiter->end;
        // The line break of this delimiter may also be the one in front of the next: an empty part.
        delimiter = find_delimiter(body, boundary, start);
        const std::size_t end = delimiter ? std::max(delimiter->begin, start) : body.size();
        if (start >= body.size()) break;
        parts.push_back(read_part(body.substr(start, end - start)));
    }
    if (parts.empty()) return refuse(ErrorCode::Malformed, "body", "has no part");
    return parts;
}

std::optional<BodyPart> find_body(std::string_view content_type, std::string_view body,
                                  std::string_view wanted) {
    return find_body(content_type, body, wanted, kDepthLimit);
}

}  // namespace almon::sip
