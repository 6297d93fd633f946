// SPDX-License-Identifier: GPL-3.0-or-later
// Members of pagings, call pickups, call filters and queues; registrations of trunks.

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "model/call_filter.hpp"
#include "model/call_pickup.hpp"
#include "model/group.hpp"
#include "model/paging.hpp"
#include "model/queue.hpp"
#include "model/registration.hpp"
#include "model/trunk.hpp"
#include "services/confd/member_list.hpp"
#include "services/confd/resource_view.hpp"

namespace almon::services {

namespace json = boost::json;
using model::CallFilter;
using model::CallFilterMember;
using model::CallPickup;
using model::Group;
using model::Paging;
using model::Queue;
using model::QueueUser;
using model::Snapshot;
using model::Trunk;
using model::User;

namespace {

using namespace associations;  // NOLINT(google-build-using-namespace): this file is made of them

/// PUT of "/pagings/{paging_id}/members/users": replaces a list of users of the owner.
template <class Owner>
void add_users_of(ConfdApi& confd, std::string_view rest, std::vector<model::UserId> Owner::*member,
                  const std::string& what) {
    const auto& declaration = model::declaration_of<Owner>();
    add_list(confd, fmt::format("{}/{{{}}}/{}", declaration.collection, declaration.id_name, rest), member,
             {.id = fmt::format("update_{}_{}_users", declaration.kind, what),
              .summary = fmt::format("Replace the {} of {}", what, declaration.title),
              .tag = declaration.kind,
              .body = reference_to("UsersUuid")},
             users_in);
}

/// PUT of "/callpickups/{callpickup_id}/targets/groups".
void add_groups_of_pickup(ConfdApi& confd, const std::string& what,
                          std::vector<model::GroupId> CallPickup::*member) {
    add_list(confd, "/callpickups/{callpickup_id}/" + what + "/groups", member,
             {.id = "update_call_pickup_" + what + "_groups",
              .summary = "Replace the groups among the " + what + " of a call pickup",
              .tag = "call_pickup",
              .body = reference_to("GroupsId")},
             ids_under<Group>("groups"));
}

// Call filters

Result<std::optional<int>> timeout_in(const json::object& entry) {
    const auto* value = entry.if_contains("timeout");
    if (value == nullptr || value->is_null()) return std::optional<int>();
    const auto timeout = model::codec::integer(*value);
    if (!timeout || *timeout < 0 || *timeout > 10'800)
        return refuse(ErrorCode::InvalidArgument, "users", "holds a 'timeout' that must be from 0 to 10800");
    return std::optional<int>(static_cast<int>(*timeout));
}

/// Who stays keeps the id that is dialled for him.
tl::expected<Plan, Errors> replace_filter_members(store::ConfigurationStore& store, const CallFilter& filter,
                                                  const http::Request& request, bool recipients,
                                                  const Snapshot& snapshot) {
    const auto entries =
        entries_in(request, "users", {"uuid", "firstname", "lastname", "timeout", "member_id", "exten"});
    if (!entries) return tl::unexpected<Errors>(entries.error());
    std::vector<CallFilterMember> now;
    snapshot.for_each_naming<CallFilterMember>(
        filter.id, [&](const CallFilterMember& member) { now.push_back(member); });
    auto plan = done();
    std::vector<model::UserId> users;
    for (const auto& entry : *entries) {
        const auto user = user_in(entry, snapshot);
        if (!user) return refused(ErrorCode::InvalidArgument, "users", user.error().reason);
        const auto timeout = timeout_in(entry);
        if (!timeout) return refused(timeout.error());
        if (std::find(users.begin(), users.end(), *user) != users.end())
            return refused(ErrorCode::InvalidArgument, "users", "names one twice");
        const auto known =
            std::find_if(now.begin(), now.end(), [&](const auto& member) { return member.user == *user; });
        if (known != now.end() && known->is_recipient != recipients)
            return refused(ErrorCode::InvalidArgument, "users",
                           "names one who has the other role in the filter already");
        CallFilterMember member;
        if (known != now.end())
            member = *known;
        else
            member.id = store.reserve<CallFilterMember>();
        member.filter = filter.id;
        member.user = *user;
        member.is_recipient = recipients;
        member.position = static_cast<int>(users.size());
        member.timeout = *timeout;
        users.push_back(*user);
        change(plan, std::move(member), snapshot);
    }
    for (const auto& member : now) {
        if (member.is_recipient == recipients &&
            std::find(users.begin(), users.end(), member.user) == users.end())
            erase(plan, member);
    }
    return plan;
}

void add_call_filters(ConfdApi& confd) {
    confd.api().define("CallFilterUsers", list_body("users", {{"uuid", {{"type", "string"}}},
                                                              {"timeout", {{"type", "integer"}}}}));
    for (const bool recipients : {true, false}) {
        const std::string what = recipients ? "recipients" : "surrogates";
        write_one<CallFilter>(confd, http::Method::Put, "/callfilters/{callfilter_id}/" + what + "/users",
                              {.id = "update_call_filter_" + what,
                               .summary = "Replace the " + what + " of a call filter",
                               .tag = "call_filter",
                               .body = reference_to("CallFilterUsers")},
                              [&store = confd.parts().store, recipients](
                                  const CallFilter& filter, const http::Request& request,
                                  const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                                  return replace_filter_members(store, filter, request, recipients, snapshot);
                              });
    }
    add_fallbacks<CallFilter>(confd, "CallFilterFallbacks",
                              {{"noanswer_destination", &CallFilter::noanswer_destination}});
}

// Queues

void add_queue_users(ConfdApi& confd) {
    const auto* priority = model::declaration_of<QueueUser>().find("priority");
    confd.api().define("QueueMemberUser", {{"title", "QueueMemberUser"},
                                           {"type", "object"},
                                           {"properties", {{"priority", priority->schema(0)}}}});
    constexpr auto kPath = "/queues/{queue_id}/members/users/{user_id}";
    add_link<QueueUser, Queue, User>(confd, kPath,
                                     {.id = "associate_queue_user",
                                      .summary = "Make a user a member of a queue",
                                      .tag = "queue",
                                      .body = reference_to("QueueMemberUser")},
                                     LeftOut::Default);
    add_unlink<QueueUser, Queue, User>(
        confd, kPath,
        {.id = "dissociate_queue_user", .summary = "Take a user out of a queue", .tag = "queue"},
        "QueueMemberUser");
    add_fallbacks<Queue>(confd, "QueueFallbacks",
                         {{"noanswer_destination", &Queue::noanswer_destination},
                          {"busy_destination", &Queue::busy_destination},
                          {"congestion_destination", &Queue::congestion_destination},
                          {"fail_destination", &Queue::fail_destination}});
}

template <class Register, Id<Register> Trunk::*member>
void add_registration(ConfdApi& confd) {
    const auto& declaration = model::declaration_of<Register>();
    const Membership<Trunk, Register> membership{.member = member,
                                                 .title = "Trunk" + declaration.title,
                                                 .show = nullptr,
                                                 .tag = "trunk",
                                                 .name = "trunk_" + declaration.kind,
                                                 .summary = "a trunk and a registration"};
    const auto path =
        fmt::format("/trunks/{{trunk_id}}{}/{{{}}}", declaration.collection, declaration.id_name);
    add_join(confd, path, membership);
    add_leave(confd, path, membership);
}

}  // namespace

void add_service_routes(ConfdApi& confd) {
    add_users_of<Paging>(confd, "callers/users", &Paging::callers, "callers");
    add_users_of<Paging>(confd, "members/users", &Paging::members, "members");
    confd.api().define("GroupsId", list_body("groups", {{"id", {{"type", "integer"}}}}));
    add_users_of<CallPickup>(confd, "interceptors/users", &CallPickup::interceptor_users, "interceptors");
    add_users_of<CallPickup>(confd, "targets/users", &CallPickup::target_users, "targets");
    add_groups_of_pickup(confd, "interceptors", &CallPickup::interceptor_groups);
    add_groups_of_pickup(confd, "targets", &CallPickup::target_groups);
    add_call_filters(confd);
    add_queue_users(confd);
    add_registration<model::RegisterSip, &Trunk::register_sip>(confd);
    add_registration<model::RegisterIax, &Trunk::register_iax>(confd);
}

}  // namespace almon::services
