// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/identity.hpp"

#include <algorithm>

#include "sip/comma_list.hpp"
#include "sip/syntax.hpp"

namespace almon::sip {

std::optional<NameAddr> asserted_identity(const Message& message) {
    for (const HeaderField& field : message.fields()) {
        if (field.name != HeaderName::PAssertedIdentity) continue;
        CommaList values(field.value);
        while (const auto value = values.next()) {
            const auto address = NameAddr::parse(*value, "P-Asserted-Identity");
            if (address && address->sip_uri()) return *address;
        }
    }
    return std::nullopt;
}

Result<RemotePartyId> RemotePartyId::parse(std::string_view value) {
    const auto address = NameAddr::parse(value, "Remote-Party-ID");
    if (!address) return refuse(address);
    RemotePartyId id;
    id.address = *address;
    if (const auto name = id.address.parameters.find("party")) {
        id.party = equal_ignoring_case(*name, "calling")  ? Party::Calling
                   : equal_ignoring_case(*name, "called") ? Party::Called
                                                          : Party::Other;
    }
    const auto screen = id.address.parameters.find("screen");
    id.screened = screen && equal_ignoring_case(*screen, "yes");
    if (const auto name = id.address.parameters.find("privacy")) {
        // Anything unknown hides everything: the safe side.
        id.privacy = equal_ignoring_case(*name, "off")    ? Privacy::Off
                     : equal_ignoring_case(*name, "name") ? Privacy::Name
                     : equal_ignoring_case(*name, "uri")  ? Privacy::Uri
                                                          : Privacy::Full;
    }
    return id;
}

std::optional<RemotePartyId> RemotePartyId::of(const Message& message, Party party) {
    for (const HeaderField& field : message.fields()) {
        if (field.name != HeaderName::RemotePartyId) continue;
        CommaList values(field.value);
        while (const auto value = values.next()) {
            if (const auto id = parse(*value); id && id->party == party) return *id;
        }
    }
    return std::nullopt;
}

std::string remote_party_id(std::string_view display, std::string_view uri, RemotePartyId::Party party,
                            RemotePartyId::Privacy privacy) {
    std::string out = name_addr(display, uri);
    out += party == RemotePartyId::Party::Called ? ";party=called" : ";party=calling";
    out += ";screen=yes;privacy=";
    switch (privacy) {
        case RemotePartyId::Privacy::Off:
            out += "off";
            break;
        case RemotePartyId::Privacy::Name:
            out += "name";
            break;
        case RemotePartyId::Privacy::Uri:
            out += "uri";
            break;
        case RemotePartyId::Privacy::Full:
            out += "full";
            break;
    }
    return out;
}

PrivacyRequest PrivacyRequest::of(const Message& message) {
    PrivacyRequest request;
    for (const HeaderField& field : message.fields()) {
        if (field.name != HeaderName::Privacy) continue;
        std::string_view rest = field.value;
        while (!rest.empty()) {
            // RFC 3323 4.2 separates by ';'; some phones write ','.
            const std::size_t end = std::min(rest.find_first_of(";,"), rest.size());
            const std::string_view name = trim(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
            if (equal_ignoring_case(name, "id")) request.id = true;
            if (equal_ignoring_case(name, "user")) request.user = true;
            if (equal_ignoring_case(name, "header")) request.header = true;
            if (equal_ignoring_case(name, "session")) request.session = true;
            if (equal_ignoring_case(name, "none")) request.none = true;
            if (equal_ignoring_case(name, "critical")) request.critical = true;
        }
    }
    return request;
}

bool is_anonymous(const NameAddr& address) noexcept {
    if (equal_ignoring_case(address.display, "anonymous")) return true;
    const std::size_t colon = address.uri.find(':');
    if (colon == std::string_view::npos) return false;
    const std::string_view rest = address.uri.substr(colon + 1);
    constexpr std::string_view kHost = "anonymous.invalid";
    const std::size_t at = rest.find('@');
    const std::string_view host = at == std::string_view::npos ? rest : rest.substr(at + 1);
    return equal_ignoring_case(host.substr(0, kHost.size()), kHost);
}

}  // namespace almon::sip
