// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/directory_source.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>

#include "model/common_fields.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestColumn = 128;

tl::unexpected<Error> wrong(const char* field, std::string reason) {
    return refuse(ErrorCode::InvalidArgument, field, std::move(reason));
}

Result<void> check_host(const json::value& value) {
    if (is_word_and(value.get_string(), ".-:_[]")) return {};
    return refuse(ErrorCode::InvalidArgument, "", "must be a name or an address of a host");
}

Result<void> check_columns(const char* field, const std::vector<std::string>& columns) {
    for (const auto& column : columns) {
        if (column.empty() || column.size() > kLongestColumn ||
            column.find_first_of(",\n") != std::string::npos)
            return wrong(field, "must be names of columns");
    }
    return checks::once(field, columns);
}

/// Each { has its }, with a name between them.
bool is_format(std::string_view text) {
    while (!text.empty()) {
        const auto brace = text.find_first_of("{}");
        if (brace == std::string_view::npos) return true;
        if (text[brace] == '}') return false;
        const auto end = text.find_first_of("{}", brace + 1);
        if (end == std::string_view::npos || text[end] == '{' || end == brace + 1) return false;
        text.remove_prefix(end + 1);
    }
    return true;
}

Result<void> source_fits(const DirectorySource& source, const DirectorySource*, const Snapshot&) {
    const bool is_ldap = source.type == "ldap";
    if (is_ldap && !source.ldap_filter) return wrong("ldap_filter", "must be there for the type 'ldap'");
    if (!is_ldap && source.ldap_filter) return wrong("ldap_filter", "is of the type 'ldap' only");
    if (!is_ldap && source.uri.empty())
        return wrong("uri", fmt::format("must be there for the type '{}'", source.type));
    if (auto sound = check_columns("direct_match", source.direct_match); !sound) return sound;
    if (auto sound = check_columns("reverse_match", source.reverse_match); !sound) return sound;
    for (const auto& [name, format] : source.fields.all) {
        if (!is_format(format))
            return wrong("fields", fmt::format("have '{}', which must be like {{firstname}}", name));
    }
    return {};
}

Result<void> display_fits(const DirectoryDisplay& display, const DirectoryDisplay*, const Snapshot&) {
    constexpr auto kTypes = std::to_array<std::string_view>(
        {"", "agent", "callable", "email", "favorite", "name", "number", "personal", "status", "voicemail"});
    for (const auto& column : display.columns) {
        const bool known = std::find(kTypes.begin(), kTypes.end(), column.type) != kTypes.end() ||
                           column.type.starts_with("number_");
        if (!known)
            return wrong("columns", fmt::format("have the type '{}', which is not known", column.type));
        if (column.field.empty() && column.type != "status")
            return wrong("columns", fmt::format("lack the field of '{}'", column.title));
    }
    return {};
}

Result<void> profile_fits(const DirectoryProfile& profile, const DirectoryProfile*, const Snapshot&) {
    if (std::find(profile.sources.begin(), profile.sources.end(), DirectorySourceId{}) !=
        profile.sources.end())
        return wrong("sources", "must be numbers of sources");
    return checks::once("sources", profile.sources);
}

}  // namespace

template <>
Declaration declare<LdapServer>() {
    Declaration made;
    made.kind = "ldap_server";
    made.title = "LdapServer";
    made.table = "ldap_servers";
    made.collection = "/ldap_servers";
    made.id_name = "ldap_server_id";
    made.fields = {
        field("id", &LdapServer::id).key().sortable().says("Number of the server"),
        common_fields::name(&LdapServer::name),
        field("host", &LdapServer::host)
            .required()
            .length(1, 255)
            .searched()
            .sortable()
            .checked_by(check_host)
            .says("Its name or address"),
        field("port", &LdapServer::port).range(1, 65535).sortable().says("Its port; 636 is usual with ssl"),
        field("security_layer", &LdapServer::security_layer)
            .one_of({"disabled", "ssl"})
            .sortable()
            .says("ssl: TLS from the first byte"),
        field("protocol_version", &LdapServer::protocol_version).range(2, 3).says("Of LDAP"),
        common_fields::description(&LdapServer::description),
    };
    return made;
}

template <>
Declaration declare<LdapFilter>() {
    Declaration made;
    made.kind = "ldap_filter";
    made.title = "LdapFilter";
    made.table = "ldap_filters";
    made.collection = "/ldap_filters";
    made.id_name = "ldap_filter_id";
    made.fields = {
        field("id", &LdapFilter::id).key().sortable().says("Number of the filter"),
        common_fields::name(&LdapFilter::name),
        field("server", &LdapFilter::server)
            .required()
            .in_column("server_id")
            .says("Number of the LDAP server"),
        field("username", &LdapFilter::username)
            .length(0, 255)
            .searched()
            .says("Distinguished name to sign in with; nothing, with the password: anonymous"),
        field("password", &LdapFilter::password)
            .secret()
            .write_only()
            .length(0, 255)
            .says("Never shown again"),
        field("base_dn", &LdapFilter::base_dn).length(0, 255).searched().says("Where the search begins"),
        field("filter", &LdapFilter::filter)
            .length(0, 1000)
            .says("Like cn=*%Q*, %Q being what was typed; beside what direct_match of its source asks for"),
        common_fields::description(&LdapFilter::description),
    };
    return made;
}

template <>
Declaration declare<DirectorySource>() {
    Declaration made;
    made.kind = "directory_source";
    made.title = "DirectorySource";
    made.table = "directory_sources";
    made.collection = "/directory_sources";
    made.id_name = "directory_source_id";
    made.fields = {
        field("id", &DirectorySource::id).key().sortable().says("Number of the source"),
        common_fields::name(&DirectorySource::name),
        field("type", &DirectorySource::type)
            .required()
            .one_of({"csv", "csv_ws", "dird_phonebook", "ldap", "xivo"})
            .sortable()
            .says("What it is"),
        field("uri", &DirectorySource::uri)
            .length(0, 512)
            .searched()
            .says("File, or address of the service; of an LDAP source its filter says it"),
        field("ldap_filter", &DirectorySource::ldap_filter)
            .in_column("ldap_filter_id")
            .says("Of the type ldap"),
        field("username", &DirectorySource::username).length(0, 255).says("To sign in with at the service"),
        field("password", &DirectorySource::password)
            .secret()
            .write_only()
            .length(0, 255)
            .says("Never shown again"),
        field("verify_certificate", &DirectorySource::verify_certificate)
            .says("Whether the service has to prove who it is"),
        field("ca_certificate", &DirectorySource::ca_certificate)
            .length(0, 512)
            .says("File of the authority that it proves it by; null: those of the system"),
        field("phonebook", &DirectorySource::phonebook)
            .length(0, 128)
            .says("Of the type dird_phonebook: its name"),
        field("delimiter", &DirectorySource::delimiter)
            .length(0, 1)
            .says("Between columns of CSV; null: a comma"),
        field("direct_match", &DirectorySource::direct_match).says("Columns that a search looks into"),
        field("reverse_match", &DirectorySource::reverse_match)
            .says("Columns that a caller's number is compared with"),
        field("reverse", &DirectorySource::reverse).says("Whether it is asked who calls"),
        field("fields", &DirectorySource::fields)
            .says("Fields of its contacts, made of columns: {\"name\": \"{firstname} {lastname}\"}"),
        common_fields::description(&DirectorySource::description),
    };
    made.fits = declaring::fits<DirectorySource, source_fits>;
    return made;
}

template <>
Declaration declare<DirectoryDisplay>() {
    Declaration made;
    made.kind = "directory_display";
    made.title = "DirectoryDisplay";
    made.table = "directory_displays";
    made.collection = "/directory_displays";
    made.id_name = "directory_display_id";
    made.fields = {
        field("id", &DirectoryDisplay::id).key().sortable().says("Number of the display"),
        common_fields::name(&DirectoryDisplay::name),
        common_fields::description(&DirectoryDisplay::description),
        field("columns", &DirectoryDisplay::columns)
            .says("In their order; types: agent, callable, email, favorite, name, number, personal, status, "
                  "voicemail, number_..., or none"),
    };
    made.fits = declaring::fits<DirectoryDisplay, display_fits>;
    return made;
}

template <>
Declaration declare<DirectoryProfile>() {
    Declaration made;
    made.kind = "directory_profile";
    made.title = "DirectoryProfile";
    made.table = "directory_profiles";
    made.collection = "/directory_profiles";
    made.id_name = "directory_profile_id";
    made.fields = {
        field("id", &DirectoryProfile::id).key().sortable().says("Number of the profile"),
        field("context", &DirectoryProfile::context)
            .required()
            .unique()
            .length(1, 39)
            .names("context")
            .searched()
            .sortable()
            .says("Name of the context whose users it is for"),
        field("display", &DirectoryProfile::display)
            .required()
            .in_column("display_id")
            .says("Number of the display"),
        field("sources", &DirectoryProfile::sources)
            .cleared()
            .says("Numbers of the sources that are asked, in their order"),
        common_fields::description(&DirectoryProfile::description),
    };
    made.fits = declaring::fits<DirectoryProfile, profile_fits>;
    return made;
}

}  // namespace almon::model
