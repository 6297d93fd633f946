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
    write_one<Group>(confd, http::Method::Put, "/groups/{group_id}/members/users",
                     {.id = "update_group_member_users",
                      .summary = "Replace the members of a group",
                      .tag = "group",
                      .body = reference_to("UsersUuid")},
                     [](const Group& group, const http::Request& request,
                        const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                         auto users = users_in(request, snapshot);
                         if (!users) return tl::unexpected<Errors>(users.error());
                         auto plan = done();
                         auto draft = group;
                         draft.users = *std::move(users);
                         change(plan, std::move(draft), snapshot);
                         return plan;
                     });
    add_fallbacks<Group>(confd, "GroupFallbacks", {{"noanswer_destination", &Group::noanswer_destination}});
}

void add_outcall_trunks(ConfdApi& confd) {
    confd.api().define("TrunksId", list_body("trunks", {{"id", {{"type", "integer"}}}}));
    write_one<Outcall>(confd, http::Method::Put, "/outcalls/{outcall_id}/trunks",
                       {.id = "associate_outcall_trunks",
                        .summary = "Replace the trunks of a way out, in the order in which they are tried",
                        .tag = "outcall",
                        .body = reference_to("TrunksId")},
                       [](const Outcall& outcall, const http::Request& request,
                          const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                           auto trunks = ids_in<Trunk>(request, "trunks", snapshot);
                           if (!trunks) return tl::unexpected<Errors>(trunks.error());
                           auto plan = done();
                           auto draft = outcall;
                           draft.trunks = *std::move(trunks);
                           change(plan, std::move(draft), snapshot);
                           return plan;
                       });
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
    confd.write(
        http::Method::Put, kPath,
        {.id = "associate_outcall_extension",
         .summary = "Associate a way out and an extension",
         .tag = "outcall",
         .body = reference_to("OutcallExtension"),
         .body_required = false,
         .responses = {{204, {}}, {400, {}}, {404, {}}}},
        [&declaration](const http::Request& request, const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
            const auto outcall = resource_in<Outcall>(request, snapshot);
            if (!outcall) return refused(outcall.error());
            const auto extension = resource_in<Extension>(request, snapshot);
            if (!extension) return refused(extension.error());
            OutcallExtension link{(*outcall)->id, (*extension)->id, {}, {}, 0, {}};
            if (!request.body.empty()) {
                const auto given = object_in(request);
                if (!given) return refused(given.error());
                if (auto wrong = merge(declaration, *given, &link, true); !wrong.empty())
                    return tl::unexpected<Errors>(std::move(wrong));
            }
            auto plan = done();
            change(plan, std::move(link), snapshot);
            return plan;
        });
    write_two<Outcall, Extension>(
        confd, http::Method::Delete, kPath,
        {.id = "dissociate_outcall_extension",
         .summary = "Dissociate a way out and an extension",
         .tag = "outcall"},
        [&declaration](const Outcall& outcall, const Extension& extension,
                       const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
            const auto link = snapshot.find(declaration, {outcall.id.value, extension.id.value});
            if (!link) return refused(ErrorCode::NotFound, "OutcallExtension", "was not found");
            auto plan = done();
            erase(plan, *static_cast<const OutcallExtension*>(link.get()));
            return plan;
        });
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
