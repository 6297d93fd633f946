// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/header_name.hpp"

#include <array>
#include <cstddef>
#include <cstring>

#include "sip/syntax.hpp"

namespace almon::sip {

namespace {

struct Entry {
    HeaderName name;
    std::string_view text;
    char compact = 0;
};

// In the order of the enumeration.
constexpr std::array kEntries = {
    Entry{HeaderName::Accept, "Accept"},
    Entry{HeaderName::AcceptContact, "Accept-Contact", 'a'},
    Entry{HeaderName::AcceptEncoding, "Accept-Encoding"},
    Entry{HeaderName::AcceptLanguage, "Accept-Language"},
    Entry{HeaderName::AlertInfo, "Alert-Info"},
    Entry{HeaderName::Allow, "Allow"},
    Entry{HeaderName::AllowEvents, "Allow-Events", 'u'},
    Entry{HeaderName::AuthenticationInfo, "Authentication-Info"},
    Entry{HeaderName::Authorization, "Authorization"},
    Entry{HeaderName::CallId, "Call-ID", 'i'},
    Entry{HeaderName::CallInfo, "Call-Info"},
    Entry{HeaderName::Contact, "Contact", 'm'},
    Entry{HeaderName::ContentDisposition, "Content-Disposition"},
    Entry{HeaderName::ContentEncoding, "Content-Encoding", 'e'},
    Entry{HeaderName::ContentLanguage, "Content-Language"},
    Entry{HeaderName::ContentLength, "Content-Length", 'l'},
    Entry{HeaderName::ContentType, "Content-Type", 'c'},
    Entry{HeaderName::CSeq, "CSeq"},
    Entry{HeaderName::Date, "Date"},
    Entry{HeaderName::Diversion, "Diversion"},
    Entry{HeaderName::ErrorInfo, "Error-Info"},
    Entry{HeaderName::Event, "Event", 'o'},
    Entry{HeaderName::Expires, "Expires"},
    Entry{HeaderName::FlowTimer, "Flow-Timer"},
    Entry{HeaderName::From, "From", 'f'},
    Entry{HeaderName::HistoryInfo, "History-Info"},
    Entry{HeaderName::Identity, "Identity", 'y'},
    Entry{HeaderName::IdentityInfo, "Identity-Info", 'n'},
    Entry{HeaderName::InReplyTo, "In-Reply-To"},
    Entry{HeaderName::Join, "Join"},
    Entry{HeaderName::MaxForwards, "Max-Forwards"},
    Entry{HeaderName::MimeVersion, "MIME-Version"},
    Entry{HeaderName::MinExpires, "Min-Expires"},
    Entry{HeaderName::MinSe, "Min-SE"},
    Entry{HeaderName::Organization, "Organization"},
    Entry{HeaderName::PAssertedIdentity, "P-Asserted-Identity"},
    Entry{HeaderName::PCalledPartyId, "P-Called-Party-ID"},
    Entry{HeaderName::PPreferredIdentity, "P-Preferred-Identity"},
    Entry{HeaderName::Path, "Path"},
    Entry{HeaderName::Priority, "Priority"},
    Entry{HeaderName::Privacy, "Privacy"},
    Entry{HeaderName::ProxyAuthenticate, "Proxy-Authenticate"},
    Entry{HeaderName::ProxyAuthenticationInfo, "Proxy-Authentication-Info"},
    Entry{HeaderName::ProxyAuthorization, "Proxy-Authorization"},
    Entry{HeaderName::ProxyRequire, "Proxy-Require"},
    Entry{HeaderName::RAck, "RAck"},
    Entry{HeaderName::Reason, "Reason"},
    Entry{HeaderName::RecordRoute, "Record-Route"},
    Entry{HeaderName::ReferSub, "Refer-Sub"},
    Entry{HeaderName::ReferTo, "Refer-To", 'r'},
    Entry{HeaderName::ReferredBy, "Referred-By", 'b'},
    Entry{HeaderName::RejectContact, "Reject-Contact", 'j'},
    Entry{HeaderName::RemotePartyId, "Remote-Party-ID"},
    Entry{HeaderName::Replaces, "Replaces"},
    Entry{HeaderName::ReplyTo, "Reply-To"},
    Entry{HeaderName::RequestDisposition, "Request-Disposition", 'd'},
    Entry{HeaderName::Require, "Require"},
    Entry{HeaderName::RetryAfter, "Retry-After"},
    Entry{HeaderName::Route, "Route"},
    Entry{HeaderName::RSeq, "RSeq"},
    Entry{HeaderName::Server, "Server"},
    Entry{HeaderName::ServiceRoute, "Service-Route"},
    Entry{HeaderName::SessionExpires, "Session-Expires", 'x'},
    Entry{HeaderName::SipEtag, "SIP-ETag"},
    Entry{HeaderName::SipIfMatch, "SIP-If-Match"},
    Entry{HeaderName::Subject, "Subject", 's'},
    Entry{HeaderName::SubscriptionState, "Subscription-State"},
    Entry{HeaderName::Supported, "Supported", 'k'},
    Entry{HeaderName::TargetDialog, "Target-Dialog"},
    Entry{HeaderName::Timestamp, "Timestamp"},
    Entry{HeaderName::To, "To", 't'},
    Entry{HeaderName::Unsupported, "Unsupported"},
    Entry{HeaderName::UserAgent, "User-Agent"},
    Entry{HeaderName::Via, "Via", 'v'},
    Entry{HeaderName::Warning, "Warning"},
    Entry{HeaderName::WwwAuthenticate, "WWW-Authenticate"},
};
static_assert(kEntries.size() == static_cast<std::size_t>(HeaderName::Other));
static_assert([] {
    for (std::size_t i = 0; i < kEntries.size(); ++i) {
        if (kEntries[i].name != static_cast<HeaderName>(i)) return false;
    }
    return true;
}());

constexpr std::uint8_t kNone = 255;

/// A perfect hash over length, first, middle and last letter: every name has a slot of its own. The factors
/// were found by trying; the assertion below tells when a new name needs others.
constexpr std::size_t kSlots = 512;
constexpr std::size_t slot_of(std::string_view text) noexcept {
    const auto letter = [&](std::size_t i) { return static_cast<unsigned char>(text[i]) | 0x20U; };
    return (text.size() * 219U + letter(0) * 133U + letter(text.size() / 2) * 160U +
            letter(text.size() - 1) * 249U) %
           kSlots;
}
constexpr std::array<std::uint8_t, kSlots> kTable = [] {
    std::array<std::uint8_t, kSlots> table{};
    table.fill(kNone);
    for (std::size_t i = 0; i < kEntries.size(); ++i)
        table[slot_of(kEntries[i].text)] = static_cast<std::uint8_t>(i);
    return table;
}();
static_assert([] {
    for (std::size_t i = 0; i < kEntries.size(); ++i) {
        if (kTable[slot_of(kEntries[i].text)] != i) return false;
    }
    return true;
}());
constexpr std::array<std::uint8_t, 26> kCompact = [] {
    std::array<std::uint8_t, 26> table{};
    table.fill(kNone);
    for (std::size_t i = 0; i < kEntries.size(); ++i) {
        if (kEntries[i].compact != 0)
            table[static_cast<std::size_t>(kEntries[i].compact - 'a')] = static_cast<std::uint8_t>(i);
    }
    return table;
}();

template <class Word>
Word load(const char* from) noexcept {
    Word word;
    std::memcpy(&word, from, sizeof(word));
    return word;
}

/// The first and the last word of two texts of the same size, which overlap where it is less than two words.
template <class Word>
bool same_ends(const char* a, const char* b, std::size_t size) noexcept {
    const std::size_t last = size - sizeof(Word);
    return ((load<Word>(a) ^ load<Word>(b)) | (load<Word>(a + last) ^ load<Word>(b + last))) == 0;
}

/// memcmp for two or more bytes, without the call and with few branches.
bool same_bytes(const char* a, const char* b, std::size_t size) noexcept {
    if (size > 16) return std::memcmp(a, b, size) == 0;
    if (size >= 8) return same_ends<std::uint64_t>(a, b, size);
    if (size >= 4) return same_ends<std::uint32_t>(a, b, size);
    return same_ends<std::uint16_t>(a, b, size);
}

}  // namespace

std::string_view name_of(HeaderName name) noexcept {
    const auto index = static_cast<std::size_t>(name);
    return index < kEntries.size() ? kEntries[index].text : std::string_view{};
}

HeaderName header_name_of(std::string_view text) noexcept {
    if (text.empty()) return HeaderName::Other;
    if (text.size() == 1) {
        const char letter = to_lower(text.front());
        if (letter < 'a' || letter > 'z') return HeaderName::Other;
        const std::uint8_t index = kCompact[static_cast<std::size_t>(letter - 'a')];
        return index == kNone ? HeaderName::Other : kEntries[index].name;
    }
    const std::uint8_t index = kTable[slot_of(text)];
    if (index == kNone || kEntries[index].text.size() != text.size()) return HeaderName::Other;
    const Entry& entry = kEntries[index];
    // Nearly everybody writes the names as the RFCs do.
    if (same_bytes(entry.text.data(), text.data(), text.size())) return entry.name;
    if (equal_ignoring_case(entry.text, text)) return entry.name;
    return HeaderName::Other;
}

}  // namespace almon::sip
