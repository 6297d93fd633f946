// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "base/id.hpp"
#include "model/declaration.hpp"
#include "model/record.hpp"
#include "model/settings.hpp"

namespace almon::model {

struct LdapServer;
struct LdapFilter;
struct DirectorySource;
struct DirectoryDisplay;
struct DirectoryProfile;
using LdapServerId = Id<LdapServer>;
using LdapFilterId = Id<LdapFilter>;
using DirectorySourceId = Id<DirectorySource>;
using DirectoryDisplayId = Id<DirectoryDisplay>;
using DirectoryProfileId = Id<DirectoryProfile>;

/// Where LDAP is spoken to (ADA-133).
struct LdapServer {
    LdapServerId id;
    std::string name;
    std::string host;
    int port = 389;
    std::string security_layer = "disabled";  ///< "ssl": TLS from the first byte.
    int protocol_version = 3;
    std::string description;
};
template <>
Declaration declare<LdapServer>();

/// What is looked for on an LDAP server, and as whom (ADA-135).
struct LdapFilter {
    LdapFilterId id;
    std::string name;
    LdapServerId server;
    std::string username;  ///< Distinguished name; empty with the password: anonymous.
    std::string password;
    std::string base_dn;
    std::string filter;  ///< "cn=*%Q*", %Q being what was typed.
    std::string description;
};
template <>
Declaration declare<LdapFilter>();

/// Where contacts come from, and what becomes of their columns (ADA-127 to ADA-132, ADA-129).
struct DirectorySource {
    DirectorySourceId id;
    std::string name;
    std::string type;          ///< xivo, csv, csv_ws, dird_phonebook, ldap
    std::string uri;           ///< Of all but ldap.
    LdapFilterId ldap_filter;  ///< Of ldap.
    std::string username;
    std::string password;
    bool verify_certificate = true;
    std::string ca_certificate;              ///< File of an authority of one's own.
    std::string phonebook;                   ///< Name of the phonebook, of dird_phonebook.
    std::string delimiter;                   ///< Of csv and csv_ws; empty: a comma.
    std::vector<std::string> direct_match;   ///< Columns that a search looks into.
    std::vector<std::string> reverse_match;  ///< Columns that a caller's number is compared with.
    bool reverse = false;                    ///< Whether it is asked who calls.
    Options fields;                          ///< Made of the columns: "name" is "{firstname} {lastname}".
    std::string description;
};
template <>
Declaration declare<DirectorySource>();

/// A column of a display (ADA-141).
struct DisplayColumn {
    std::string title;
    std::string type;  ///< name, number, favorite, personal, callable, voicemail, agent, email; or empty.
    std::string default_value;  ///< Shown where a contact lacks the field.
    std::string field;          ///< One of DirectorySource::fields.
};
BOOST_DESCRIBE_STRUCT(DisplayColumn, (), (title, type, default_value, field))

/// What is shown of contacts.
struct DirectoryDisplay {
    DirectoryDisplayId id;
    std::string name;
    std::string description;
    std::vector<DisplayColumn> columns;
};
template <>
Declaration declare<DirectoryDisplay>();

/// Which sources users of a context ask, and what they are shown of them (ADA-142).
struct DirectoryProfile {
    DirectoryProfileId id;
    std::string context;
    DirectoryDisplayId display;
    std::vector<DirectorySourceId> sources;  ///< In their order.
    std::string description;
};
template <>
Declaration declare<DirectoryProfile>();

template <>
struct FieldCodec<DisplayColumn> : RecordCodec<DisplayColumn> {};

}  // namespace almon::model
