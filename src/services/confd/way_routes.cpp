// SPDX-License-Identifier: GPL-3.0-or-later
// Where calls come in and go out: numbers and what they lead to, members of groups, trunks of ways out.

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "model/conference.hpp"
#include "model/group.hpp"
#include "model/incall.hpp"
#include "model/outcall.hpp"
#include "model/parking_lot.hpp"
#include "model/queue.hpp"
#include "model/trunk.hpp"
#include "services/confd/member_list.hpp"
#include "services/confd/resource_view.hpp"

namespace almon::services {

namespace json = boost::json;
using model::Extension;
using model::Group;
using model::Outcall;
using model::OutcallExtension;
using model::Snapshot;
using model::Trunk;
using model::User;

namespace {

using namespace associations;  // NOLINT(google-build-using-namespace): this file is made of them

// Numbers

template <class Owner>
model::Reference reference_to_it(const Owner& owner) {
    return {&model::declaration_of<Owner>(), owner.id.value};
}

/// PUT and DELETE of "/groups/{group_id}/extensions/{extension_id}".
template <class Owner>
void add_extensions_of(ConfdApi& confd, const std::string& what) {
    const auto& declaration = model::declaration_of<Owner>();
    const auto path =
        fmt::format("{}/{{{}}}/extensions/{{extension_id}}", declaration.collection, declaration.id_name);
    write_two<Owner, Extension>(confd, http::Method::Put, path,
                                {.id = fmt::format("associate_{}_extension", declaration.kind),
                                 .summary = fmt::format("Associate {} and an extension", what),
                                 .tag = declaration.kind},
                                [](const Owner& owner, const Extension& extension,
                                   const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                                    auto plan = done();
                                    auto draft = extension;
                                    draft.leads_to = reference_to_it(owner);
                                    change(plan, std::move(draft), snapshot);
                                    return plan;
                                });
    write_two<Owner, Extension>(confd, http::Method::Delete, path,
                                {.id = fmt::format("dissociate_{}_extension", declaration.kind),
                                 .summary = fmt::format("Dissociate {} and an extension", what),
                                 .tag = declaration.kind},
                                [&declaration](const Owner& owner, const Extension& extension,
                                               const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                                    if (extension.leads_to != reference_to_it(owner))
                                        return refused(ErrorCode::NotFound, declaration.title + "Extension",
                                                       "was not found");
                                    auto plan = done();
                                    auto draft = extension;
                                    draft.leads_to = {};
                                    change(plan, std::move(draft), snapshot);
                                    return plan;
                                });
}

// Members of groups, trunks of ways out

void add_group_members(ConfdApi& confd) {
    define_list_of_uuids(confd);
    add_list(confd, "/groups/{group_id}/members/users", &Group::users,
             {.id = "update_group_member_users",
              .summary = "Replace the members of a group",
              .tag = "group",
              .body = reference_to("UsersUuid")},
             users_in);
    add_fallbacks<Group>(confd, "GroupFallbacks", {{"noanswer_destination", &Group::noanswer_destination}});
}

void add_outcall_trunks(ConfdApi& confd) {
    confd.api().define("TrunksId", list_body("trunks", {{"id", {{"type", "integer"}}}}));
    add_list(confd, "/outcalls/{outcall_id}/trunks", &Outcall::trunks,
             {.id = "associate_outcall_trunks",
              .summary = "Replace the trunks of a way out, in the order in which they are tried",
              .tag = "outcall",
              .body = reference_to("TrunksId")},
             ids_under<Trunk>("trunks"));
}

void add_outcall_extensions(ConfdApi& confd) {
    const auto& declaration = model::declaration_of<OutcallExtension>();
    json::object properties;
    for (const auto& field : declaration.fields) {
        if (!field.is_key) properties[field.name] = field.schema(field.show(declaration.fresh.get()));
    }
    confd.api().define(
        "OutcallExtension",
        {{"title", "OutcallExtension"}, {"type", "object"}, {"properties", std::move(properties)}});
    constexpr auto kPath = "/outcalls/{outcall_id}/extensions/{extension_id}";
    add_link<OutcallExtension, Outcall, Extension>(confd, kPath,
                                                   {.id = "associate_outcall_extension",
                                                    .summary = "Associate a way out and an extension",
                                                    .tag = "outcall",
                                                    .body = reference_to("OutcallExtension")},
                                                   LeftOut::Default);
    add_unlink<OutcallExtension, Outcall, Extension>(confd, kPath,
                                                     {.id = "dissociate_outcall_extension",
                                                      .summary = "Dissociate a way out and an extension",
                                                      .tag = "outcall"},
                                                     "OutcallExtension");
}

}  // namespace

void add_way_routes(ConfdApi& confd) {
    add_extensions_of<model::Incall>(confd, "an incoming call");
    add_extensions_of<Group>(confd, "a group");
    add_extensions_of<model::Conference>(confd, "a conference");
    add_extensions_of<model::Queue>(confd, "a queue");
    add_extensions_of<model::ParkingLot>(confd, "a parking lot");
    add_group_members(confd);
    add_outcall_trunks(confd);
    add_outcall_extensions(confd);
}

}  // namespace almon::services
