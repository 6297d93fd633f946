// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/message.hpp"

#include <algorithm>
#include <cstring>

#include "sip/comma_list.hpp"
#include "sip/syntax.hpp"

namespace almon::sip {

namespace {

constexpr std::size_t kUsualFieldCount = 24;

/// "SIP/" 1*DIGIT "." 1*DIGIT, without case (RFC 3261 25.1).
bool is_sip_version(std::string_view text) noexcept {
    if (text == "SIP/2.0") return true;
    if (text.size() < 7 || !equal_ignoring_case(text.substr(0, 4), "SIP/")) return false;
    text.remove_prefix(4);
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) return false;
    return std::ranges::all_of(text.substr(0, dot), is_digit) &&
           std::ranges::all_of(text.substr(dot + 1), is_digit);
}

tl::unexpected<Error> missing(HeaderName name) {
    return refuse(ErrorCode::Malformed, std::string(name_of(name)), "is missing");
}

/// Fields that must not come twice, as bits of a set; 0 for the others.
constexpr unsigned single_field_bit(HeaderName name) noexcept {
    switch (name) {
        case HeaderName::From:
            return 1U;
        case HeaderName::To:
            return 2U;
        case HeaderName::CallId:
            return 4U;
        case HeaderName::CSeq:
            return 8U;
        case HeaderName::MaxForwards:
            return 16U;
        case HeaderName::ContentLength:
            return 32U;
        case HeaderName::ContentType:
            return 64U;
        default:
            return 0U;
    }
}

Message::Defect bad_request(const Error& error) {
    return {400, "Bad Request: " + error.field + ": " + error.reason};
}

}  // namespace

Result<Message> Message::parse(std::string_view bytes) {
    // RFC 3261 7.5: line breaks before the start line are ignored.
    while (!bytes.empty() && (bytes.front() == '\r' || bytes.front() == '\n'))
        bytes.remove_prefix(1);
    if (bytes.empty()) return refuse(ErrorCode::Malformed, "start line", "there is no message");
    if (bytes.size() > kMessageSizeLimit) return refuse(ErrorCode::Exhausted, "message", "is too large");

    Message message;
    message.buffer_ = std::make_unique_for_overwrite<char[]>(bytes.size());
    message.size_ = bytes.size();
    std::memcpy(message.buffer_.get(), bytes.data(), bytes.size());
    message.fields_.reserve(kUsualFieldCount);
    if (const auto result = message.split(); !result) return refuse(result);
    return message;
}

Result<void> Message::split() {
    const std::size_t fields = split_start_line();
    if (fields == 0) return refuse(ErrorCode::Malformed, "start line", "is not one of SIP");
    if (auto result = split_fields(fields); !result) return result;
    if (!is_request()) {
        if (const auto sequence = cseq()) {
            method_ = sequence->method;
            method_name_ = sequence->method_name;
        }
    }
    return {};
}

/// Returns where the header fields begin; 0 when it is no start line of SIP.
std::size_t Message::split_start_line() {
    const std::string_view all = bytes();
    const std::size_t line_feed = all.find('\n');
    std::string_view line = all.substr(0, line_feed);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t next = line_feed == std::string_view::npos ? all.size() : line_feed + 1;

    const std::size_t first_space = line.find(' ');
    if (first_space == std::string_view::npos) return 0;
    const std::string_view first = line.substr(0, first_space);
    std::string_view rest = line.substr(first_space + 1);

    if (is_sip_version(first)) {
        const auto status = parse_number<std::uint16_t>(rest.substr(0, rest.find(' ')), 699);
        if (!status || *status < 100 || rest.substr(0, rest.find(' ')).size() != 3) return 0;
        status_ = static_cast<std::int16_t>(*status);
        reason_ = rest.substr(std::min<std::size_t>(4, rest.size()));
        if (first.substr(4) != "2.0") note(505, "Version Not Supported");
        return next;
    }

    if (!is_token(first)) return 0;
    const std::string_view tight = trim(rest);
    std::size_t version_begin = tight.size();
    while (version_begin > 0 && !is_white_space(tight[version_begin - 1]))
        --version_begin;
    const std::string_view version = tight.substr(version_begin);
    if (!is_sip_version(version)) return 0;
    method_name_ = first;
    method_ = method_of(first);
    request_uri_ = trim(tight.substr(0, version_begin));
    if (request_uri_.empty()) return 0;
    if (version.substr(4) != "2.0") {
        note(505, "Version Not Supported");
    } else if (first.size() + request_uri_.size() + version.size() + 2 != line.size()) {
        // RFC 3261 7.1: exactly one space between the elements, and none at the end.
        note(400, "Bad Request: white space in the start line");
    }
    return next;
}

Result<void> Message::split_fields(std::size_t position) {
    char* const begin = buffer_.get();
    char* const end = begin + size_;
    char* cursor = begin + position;
    while (true) {
        if (cursor == end) {
            note(400, "Bad Request: no empty line behind the header");
            break;
        }
        char* const start = cursor;
        auto* line_feed =
            static_cast<char*>(std::memchr(cursor, '\n', static_cast<std::size_t>(end - cursor)));
        if (line_feed == start || (line_feed == start + 1 && *start == '\r')) {
            cursor = line_feed + 1;
            break;
        }
        // A line that begins with white space continues the one before (RFC 3261 7.3.1): the line break
        // becomes white space where it stands.
        while (line_feed != nullptr && line_feed + 1 < end && (line_feed[1] == ' ' || line_feed[1] == '\t')) {
            *line_feed = ' ';
            if (line_feed > start && line_feed[-1] == '\r') line_feed[-1] = ' ';
            line_feed =
                static_cast<char*>(std::memchr(line_feed, '\n', static_cast<std::size_t>(end - line_feed)));
        }
        char* const line_end = line_feed == nullptr ? end : line_feed;
        cursor = line_feed == nullptr ? end : line_feed + 1;

        const std::string_view line(start, static_cast<std::size_t>(line_end - start));
        if (line.size() > kFieldSizeLimit) {
            return refuse(ErrorCode::Exhausted, "header", "a field is too long");
        }
        if (fields_.size() == kFieldCountLimit) {
            return refuse(ErrorCode::Exhausted, "header", "has too many fields");
        }
        const std::size_t colon = std::min(line.find(':'), line.size());
        std::string_view name = line.substr(0, colon);
        while (!name.empty() && (name.back() == ' ' || name.back() == '\t'))
            name.remove_suffix(1);
        const HeaderName known = header_name_of(name);
        if (colon == line.size() || (known == HeaderName::Other && !is_token(name))) {
            note(400, "Bad Request: a header line without a name");
            continue;
        }
        fields_.push_back({known, name, trim(line.substr(colon + 1))});
    }
    split_body(static_cast<std::size_t>(cursor - begin));
    return {};
}

void Message::split_body(std::size_t position) {
    body_ = bytes().substr(position);
    const auto text = header(HeaderName::ContentLength);
    if (!text) return;
    const auto length = parse_number<std::uint32_t>(*text);
    if (!length) {
        note(400, "Bad Request: Content-Length is not a number");
    } else if (*length > body_.size()) {
        // RFC 3261 18.3: a datagram that ends before its body is refused.
        note(400, "Bad Request: the body is shorter than Content-Length");
    } else {
        body_ = body_.substr(0, *length);
    }
}

void Message::note(int status, const char* reason) noexcept {
    if (defect_reason_ != nullptr) return;
    defect_status_ = static_cast<std::int16_t>(status);
    defect_reason_ = reason;
}

std::optional<std::string_view> Message::header(HeaderName name) const noexcept {
    for (const HeaderField& field : fields_) {
        if (field.name == name) return field.value;
    }
    return std::nullopt;
}

std::optional<std::string_view> Message::header(std::string_view name) const noexcept {
    const HeaderName known = header_name_of(name);
    if (known != HeaderName::Other) return header(known);
    for (const HeaderField& field : fields_) {
        if (field.name == HeaderName::Other && equal_ignoring_case(field.text_name, name)) return field.value;
    }
    return std::nullopt;
}

std::vector<std::string_view> Message::list(HeaderName name) const {
    std::vector<std::string_view> elements;
    for (const HeaderField& field : fields_) {
        if (field.name != name) continue;
        CommaList list(field.value);
        while (const auto element = list.next()) {
            if (!element->empty()) elements.push_back(*element);
        }
    }
    return elements;
}

bool Message::has_token(HeaderName name, std::string_view token) const {
    for (const HeaderField& field : fields_) {
        if (field.name != name) continue;
        CommaList list(field.value);
        while (const auto element = list.next()) {
            if (equal_ignoring_case(*element, token)) return true;
        }
    }
    return false;
}

Result<Via> Message::via() const {
    const auto value = header(HeaderName::Via);
    if (!value) return missing(HeaderName::Via);
    return Via::parse(*CommaList(*value).next());
}

Result<NameAddr> Message::from() const {
    const auto value = header(HeaderName::From);
    if (!value) return missing(HeaderName::From);
    return NameAddr::parse(*value, "From");
}

Result<NameAddr> Message::to() const {
    const auto value = header(HeaderName::To);
    if (!value) return missing(HeaderName::To);
    return NameAddr::parse(*value, "To");
}

Result<CSeq> Message::cseq() const {
    const auto value = header(HeaderName::CSeq);
    if (!value) return missing(HeaderName::CSeq);
    return CSeq::parse(*value);
}

Result<std::vector<NameAddr>> Message::contacts() const {
    std::vector<NameAddr> contacts;
    for (const HeaderField& field : fields_) {
        if (field.name != HeaderName::Contact) continue;
        CommaList list(field.value);
        while (const auto element = list.next()) {
            if (*element == "*") {
                contacts.push_back({.display = *element, .uri = {}, .parameters = {}});
                continue;
            }
            const auto contact = NameAddr::parse(*element, "Contact");
            if (!contact) return refuse(contact);
            contacts.push_back(*contact);
        }
    }
    return contacts;
}

std::string_view Message::call_id() const noexcept {
    return header(HeaderName::CallId).value_or(std::string_view{});
}

std::string_view Message::content_type() const noexcept {
    return header(HeaderName::ContentType).value_or(std::string_view{});
}

std::optional<Message::Defect> Message::defect() const {
    if (defect_reason_ != nullptr) return Defect{defect_status_, defect_reason_};

    unsigned seen = 0;
    for (const HeaderField& field : fields_) {
        const unsigned bit = single_field_bit(field.name);
        if ((seen & bit) != 0) {
            return Defect{400, "Bad Request: more than one " + std::string(name_of(field.name))};
        }
        seen |= bit;
        if (field.name != HeaderName::Via) continue;
        CommaList vias(field.value);
        while (const auto element = vias.next()) {
            if (const auto parsed = Via::parse(*element); !parsed) return bad_request(parsed.error());
        }
    }
    if (!header(HeaderName::Via)) return bad_request(missing(HeaderName::Via).value());
    if (call_id().empty() || find_first<' ', '\t'>(call_id()) != std::string_view::npos) {
        return bad_request({ErrorCode::Malformed, "Call-ID", "is missing or broken"});
    }
    if (const auto address = from(); !address) return bad_request(address.error());
    if (const auto address = to(); !address) return bad_request(address.error());
    const auto sequence = cseq();
    if (!sequence) return bad_request(sequence.error());
    if (const auto addresses = contacts(); !addresses) return bad_request(addresses.error());
    if (!is_request()) return std::nullopt;

    // RFC 3261 8.1.1.5: the method of CSeq is that of the request. RFC 4475 3.1.2.18 prefers 501 where the
    // method is unknown.
    if (sequence->method_name != method_name_) {
        if (method_ == Method::Other) return Defect{501, "Not Implemented"};
        return Defect{400, "Bad Request: CSeq names another method"};
    }
    // RFC 3261 20.22: 0 to 255.
    if (const auto hops = header(HeaderName::MaxForwards); hops && !parse_number<std::uint8_t>(*hops)) {
        return Defect{400, "Bad Request: Max-Forwards is not a number from 0 to 255"};
    }
    const auto uri = SipUri::parse(request_uri_);
    if (!uri && uri.error().code == ErrorCode::Unsupported) return Defect{416, "Unsupported URI Scheme"};
    if (!uri) return Defect{400, "Bad Request: Request-URI: " + uri.error().reason};
    // RFC 3261 19.1.1, table 1: header components do not belong into a Request-URI.
    if (!uri->headers.empty()) return Defect{400, "Bad Request: the Request-URI has header components"};
    return std::nullopt;
}

}  // namespace almon::sip
