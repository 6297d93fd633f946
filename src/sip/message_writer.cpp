// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/message_writer.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <utility>

#include "sip/comma_list.hpp"
#include "sip/syntax.hpp"

namespace almon::sip {

namespace {

/// Room for the fields that come on top of those copied: Contact, Server, Allow, Supported, SDP.
constexpr std::size_t kRoomForFields = 512;

constexpr std::string_view kLineEnd = "\r\n";

struct Phrase {
    int status;
    std::string_view text;
};

constexpr std::array kPhrases = {
    Phrase{100, "Trying"},
    Phrase{180, "Ringing"},
    Phrase{181, "Call Is Being Forwarded"},
    Phrase{182, "Queued"},
    Phrase{183, "Session Progress"},
    Phrase{199, "Early Dialog Terminated"},
    Phrase{200, "OK"},
    Phrase{202, "Accepted"},
    Phrase{204, "No Notification"},
    Phrase{300, "Multiple Choices"},
    Phrase{301, "Moved Permanently"},
    Phrase{302, "Moved Temporarily"},
    Phrase{305, "Use Proxy"},
    Phrase{380, "Alternative Service"},
    Phrase{400, "Bad Request"},
    Phrase{401, "Unauthorized"},
    Phrase{402, "Payment Required"},
    Phrase{403, "Forbidden"},
    Phrase{404, "Not Found"},
    Phrase{405, "Method Not Allowed"},
    Phrase{406, "Not Acceptable"},
    Phrase{407, "Proxy Authentication Required"},
    Phrase{408, "Request Timeout"},
    Phrase{410, "Gone"},
    Phrase{412, "Conditional Request Failed"},
    Phrase{413, "Request Entity Too Large"},
    Phrase{414, "Request-URI Too Long"},
    Phrase{415, "Unsupported Media Type"},
    Phrase{416, "Unsupported URI Scheme"},
    Phrase{420, "Bad Extension"},
    Phrase{421, "Extension Required"},
    Phrase{422, "Session Interval Too Small"},
    Phrase{423, "Interval Too Brief"},
    Phrase{429, "Provide Referrer Identity"},
    Phrase{430, "Flow Failed"},
    Phrase{433, "Anonymity Disallowed"},
    Phrase{439, "First Hop Lacks Outbound Support"},
    Phrase{440, "Max-Breadth Exceeded"},
    Phrase{469, "Bad Info Package"},
    Phrase{480, "Temporarily Unavailable"},
    Phrase{481, "Call/Transaction Does Not Exist"},
    Phrase{482, "Loop Detected"},
    Phrase{483, "Too Many Hops"},
    Phrase{484, "Address Incomplete"},
    Phrase{485, "Ambiguous"},
    Phrase{486, "Busy Here"},
    Phrase{487, "Request Terminated"},
    Phrase{488, "Not Acceptable Here"},
    Phrase{489, "Bad Event"},
    Phrase{491, "Request Pending"},
    Phrase{493, "Undecipherable"},
    Phrase{494, "Security Agreement Required"},
    Phrase{500, "Server Internal Error"},
    Phrase{501, "Not Implemented"},
    Phrase{502, "Bad Gateway"},
    Phrase{503, "Service Unavailable"},
    Phrase{504, "Server Time-out"},
    Phrase{505, "Version Not Supported"},
    Phrase{513, "Message Too Large"},
    Phrase{580, "Precondition Failure"},
    Phrase{600, "Busy Everywhere"},
    Phrase{603, "Decline"},
    Phrase{604, "Does Not Exist Anywhere"},
    Phrase{606, "Not Acceptable"},
    Phrase{607, "Unwanted"},
    Phrase{608, "Rejected"},
};

/// False where no byte is below that which follows CR, eight bytes a step: as with nearly all that is
/// written.
bool may_break_lines(std::string_view text) noexcept {
    constexpr std::uint64_t kEach = 0x0101010101010101;
    constexpr std::uint64_t kBound = ('\r' + 1) * kEach;
    std::uint64_t below = 0;
    while (text.size() >= sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), sizeof(word));
        below |= (word - kBound) & ~word & (0x80 * kEach);
        text.remove_prefix(sizeof(word));
    }
    for (const char c : text)
        below |= static_cast<unsigned char>(c) <= '\r' ? 1U : 0U;
    return below != 0;
}

/// RFC 3261 12.1.1, RFC 6665 4.4.1, RFC 3515 2.4.6: what may make a dialog, so that the route set is copied.
bool may_make_dialog(const Message& request, int status) noexcept {
    if (status <= 100 || status >= 300) return false;
    switch (request.method()) {
        case Method::Invite:
        case Method::Subscribe:
        case Method::Notify:
        case Method::Refer:
            return true;
        default:
            return false;
    }
}

/// Whether the host of a Via is that address; IPv6 stands in brackets there.
bool is_host(std::string_view sent_by, std::string_view address) noexcept {
    if (sent_by.starts_with('[')) sent_by = sent_by.substr(1, sent_by.size() - 2);
    return sent_by == address;
}

/// Whether a To value has a tag, cheaply and also where the value does not parse.
bool has_tag(std::string_view value) {
    const auto address = NameAddr::parse(value, "To");
    return address ? !address->tag().empty() : value.find(";tag=") != std::string_view::npos;
}

}  // namespace

std::string_view reason_phrase(int status) noexcept {
    for (const Phrase& phrase : kPhrases) {
        if (phrase.status == status) return phrase.text;
    }
    switch (status / 100) {
        case 1:
            return "Session Progress";
        case 2:
            return "OK";
        case 3:
            return "Multiple Choices";
        case 4:
            return "Bad Request";
        case 5:
            return "Server Internal Error";
        default:
            return "Decline";
    }
}

MessageWriter MessageWriter::request(Method method, std::string_view request_uri) {
    return request(name_of(method), request_uri);
}

MessageWriter MessageWriter::request(std::string_view method, std::string_view request_uri) {
    MessageWriter writer;
    writer.out_.reserve(2 * kRoomForFields + request_uri.size());
    writer.append_clean(method);
    writer.out_ += ' ';
    writer.append_clean(request_uri);
    writer.out_ += " SIP/2.0\r\n";
    return writer;
}

MessageWriter MessageWriter::response(const Message& request, int status, std::string_view reason,
                                      const ResponseSettings& settings) {
    MessageWriter writer;
    std::string& out = writer.out_;
    const bool copies_route = may_make_dialog(request, status);
    std::size_t room = kRoomForFields;
    for (const HeaderField& field : request.fields()) {
        if (field.name == HeaderName::Via || field.name == HeaderName::From || field.name == HeaderName::To ||
            field.name == HeaderName::CallId || (copies_route && field.name == HeaderName::RecordRoute)) {
            room += field.value.size() + 16;
        }
    }
    out.reserve(room);

    out += "SIP/2.0 ";
    writer.append_number(static_cast<std::uint64_t>(status));
    out += ' ';
    writer.append_clean(reason.empty() ? reason_phrase(status) : reason);
    out += kLineEnd;

    bool topmost = true;
    bool to_written = false;
    for (const HeaderField& field : request.fields()) {
        switch (field.name) {
            case HeaderName::Via:
                if (topmost && settings.source != nullptr) {
                    writer.begin_field("Via");
                    writer.append_received(field.value, *settings.source);
                    out += kLineEnd;
                } else {
                    writer.add(HeaderName::Via, field.value);
                }
                topmost = false;
                break;
            case HeaderName::To:
                writer.begin_field("To");
                writer.append_clean(field.value);
                if (status > 100 && !to_written && !settings.to_tag.empty() && !has_tag(field.value)) {
                    out += ";tag=";
                    writer.append_clean(settings.to_tag);
                }
                out += kLineEnd;
                to_written = true;
                break;
            case HeaderName::RecordRoute:
                if (copies_route) writer.add(field.name, field.value);
                break;
            case HeaderName::Timestamp:
                if (status == 100) writer.add(field.name, field.value);
                break;
            case HeaderName::From:
            case HeaderName::CallId:
            case HeaderName::CSeq:
                writer.add(field.name, field.value);
                break;
            default:
                break;
        }
    }
    return writer;
}

MessageWriter& MessageWriter::add(HeaderName name, std::string_view value) {
    return add(name_of(name), value);
}

MessageWriter& MessageWriter::add(std::string_view name, std::string_view value) {
    if (!is_token(name)) return *this;
    begin_field(name);
    append_clean(value);
    out_ += kLineEnd;
    return *this;
}

MessageWriter& MessageWriter::add_number(HeaderName name, std::uint64_t number) {
    begin_field(name_of(name));
    append_number(number);
    out_ += kLineEnd;
    return *this;
}

MessageWriter& MessageWriter::add_via(std::string_view transport, std::string_view sent_by,
                                      std::string_view branch) {
    begin_field("Via");
    out_ += "SIP/2.0/";
    append_clean(transport);
    out_ += ' ';
    append_clean(sent_by);
    out_ += ";branch=";
    append_clean(branch);
    out_ += ";rport\r\n";  // RFC 3581 3
    return *this;
}

MessageWriter& MessageWriter::add_cseq(std::uint32_t number, std::string_view method) {
    begin_field("CSeq");
    append_number(number);
    out_ += ' ';
    append_clean(method);
    out_ += kLineEnd;
    return *this;
}

std::string MessageWriter::finish(std::string_view content_type, std::string_view body) {
    const std::size_t needed = out_.size() + content_type.size() + body.size() + 64;
    if (needed > out_.capacity()) out_.reserve(needed);
    if (!body.empty() && !content_type.empty()) add(HeaderName::ContentType, content_type);
    add_number(HeaderName::ContentLength, body.size());
    out_ += kLineEnd;
    out_ += body;
    return std::exchange(out_, {});
}

void MessageWriter::append_clean(std::string_view text) {
    const std::size_t start = out_.size();
    out_ += text;
    if (!may_break_lines(text)) return;
    for (std::size_t at = start; at < out_.size(); ++at) {
        const char written = out_[at];
        if (written == '\r' || written == '\n' || written == '\0') out_[at] = ' ';
    }
}

void MessageWriter::append_number(std::uint64_t number) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out_.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

void MessageWriter::begin_field(std::string_view name) {
    out_ += name;
    out_ += ": ";
}

void MessageWriter::append_received(std::string_view vias, const NetAddress& source) {
    CommaList list(vias);
    const std::string_view topmost = list.next().value_or(std::string_view{});
    const std::string_view others = list.rest();
    const auto via = Via::parse(topmost);
    if (!via) {
        append_clean(vias);
        return;
    }
    // What stands there already was not written by us: it is replaced, never trusted.
    append_clean(topmost.substr(0, topmost.find(';')));
    for (const Parameter parameter : via->parameters) {
        if (equal_ignoring_case(parameter.name, "received") || equal_ignoring_case(parameter.name, "rport")) {
            continue;
        }
        out_ += ';';
        append_clean(parameter.name);
        if (parameter.value.empty()) continue;
        out_ += '=';
        append_clean(parameter.value);
    }
    // RFC 3261 18.2.1: received where the host differs; RFC 3581 4: always where rport is asked for.
    const std::string host = source.host();
    if (via->has_rport() || !is_host(via->host, host)) {
        out_ += ";received=";
        out_ += host;
    }
    if (via->has_rport()) {
        out_ += ";rport=";
        append_number(source.port);
    }
    if (!others.empty()) {
        out_ += ", ";
        append_clean(trim(others));
    }
}

}  // namespace almon::sip
