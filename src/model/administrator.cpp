// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/administrator.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {
namespace {

constexpr auto kSections = std::to_array<std::string_view>({"administrators",
                                                            "agents",
                                                            "asterisk",
                                                            "call_logs",
                                                            "callfilters",
                                                            "callpermissions",
                                                            "callpickups",
                                                            "calls",
                                                            "certificates",
                                                            "conferences",
                                                            "contexts",
                                                            "cti_profiles",
                                                            "devices",
                                                            "directory_displays",
                                                            "directory_profiles",
                                                            "directory_sources",
                                                            "endpoints",
                                                            "entities",
                                                            "extensions",
                                                            "funckeys",
                                                            "groups",
                                                            "history",
                                                            "incalls",
                                                            "ivr",
                                                            "ldap_filters",
                                                            "ldap_servers",
                                                            "lines",
                                                            "mail",
                                                            "moh",
                                                            "network",
                                                            "network_interfaces",
                                                            "outcalls",
                                                            "pagings",
                                                            "parkinglots",
                                                            "phone_hint_groups",
                                                            "presence_groups",
                                                            "queues",
                                                            "registers",
                                                            "schedules",
                                                            "sheets",
                                                            "sounds",
                                                            "trunks",
                                                            "users",
                                                            "voicemails",
                                                            "web_services"});

Result<void> fits(const Administrator& administrator, const Administrator*, const Snapshot&) {
    std::vector<std::string> names;
    for (const auto& [section, access] : administrator.sections) {
        if (std::find(kSections.begin(), kSections.end(), section) == kSections.end())
            return refuse(ErrorCode::InvalidArgument, "sections",
                          fmt::format("have '{}', which is none of {}", section, fmt::join(kSections, ", ")));
        if (access != "read" && access != "write")
            return refuse(ErrorCode::InvalidArgument, "sections", "must have the access 'read' or 'write'");
        names.push_back(section);
    }
    return checks::once("sections", std::move(names));
}

}  // namespace

std::vector<std::string> acl_of(const Administrator& administrator) {
    if (administrator.sections.empty()) return administrator.acl;
    std::vector<std::string> rules;
    for (const auto& [section, access] : administrator.sections) {
        const auto path = "confd." + section;
        if (access == "read") {
            rules.push_back(path + ".read");
            rules.push_back(path + ".#.read");
        } else {
            rules.push_back(path + ".#");
        }
    }
    return rules;
}

template <>
Declaration declare<Administrator>() {
    Declaration made;
    made.kind = "administrator";
    made.title = "Administrator";
    made.table = "administrators";
    made.collection = "/administrators";
    made.id_name = "administrator_id";
    made.fields = {
        field("id", &Administrator::id).key().sortable(),
        field("username", &Administrator::username)
            .required()
            .unique()
            .length(1, 64)
            .searched()
            .sortable()
            .says("Name to sign in with"),
        field("password", &Administrator::password)
            .required()
            .hashed()
            .length(4, 128)
            .says("Never shown again"),
        field("acl", &Administrator::acl)
            .says("What the administrator may do, one rule an entry; # is everything"),
        field("sections", &Administrator::sections)
            .says("Parts of the configuration that the administrator may read, or read and write, in place "
                  "of acl: "
                  "[{\"section\": \"users\", \"access\": \"read\"}]"),
        field("entity", &Administrator::entity)
            .in_column("entity_id")
            .says("Number of the entity whose administrator it is"),
        field("enabled", &Administrator::enabled).says("Whether the administrator may sign in"),
    };
    made.fits = declaring::fits<Administrator, fits>;
    return made;
}

}  // namespace almon::model
