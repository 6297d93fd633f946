// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How routes of associations are written: with the one resource or the two that their paths name.

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/confd/confd_api.hpp"
#include "services/confd/resource_view.hpp"

namespace almon::services::associations {

namespace json = boost::json;

/// Answers 204 unless it is said otherwise.
[[nodiscard]] Plan done();

/// A read of what belongs to the one resource that a path names: show(resource, snapshot).
template <class Resource, class Show>
void read_one(ConfdApi& confd, std::string_view path, OperationText text, Show show) {
    confd.read(path, std::move(text),
               [show = std::move(show)](const http::Request& request,
                                        const model::Snapshot& snapshot) -> Result<http::Response> {
                   const auto resource = resource_in<Resource>(request, snapshot);
                   if (!resource) return refuse(resource);
                   return show(**resource, snapshot);
               });
}

/// A change of what belongs to the one resource that a path names: plan(resource, request, snapshot).
template <class Resource, class PlanOfOne>
void write_one(ConfdApi& confd, http::Method method, std::string_view path, OperationText text,
               PlanOfOne plan) {
    if (text.responses.empty()) text.responses = {{204, {}}, {400, {}}, {404, {}}};
    confd.write(method, path, std::move(text),
                [plan = std::move(plan)](const http::Request& request,
                                         const model::Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                    const auto resource = resource_in<Resource>(request, snapshot);
                    if (!resource) return refused(resource.error());
                    return plan(**resource, request, snapshot);
                });
}

/// What is done with the two resources that a path names: plan(first, second, snapshot).
template <class First, class Second, class PlanOfTwo>
void write_two(ConfdApi& confd, http::Method method, std::string_view path, OperationText text,
               PlanOfTwo plan) {
    text.responses = {{204, {}}, {400, {}}, {404, {}}};
    confd.write(method, path, std::move(text),
                [plan = std::move(plan)](const http::Request& request,
                                         const model::Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                    const auto first = resource_in<First>(request, snapshot);
                    if (!first) return refused(first.error());
                    const auto second = resource_in<Second>(request, snapshot);
                    if (!second) return refused(second.error());
                    return plan(**first, **second, snapshot);
                });
}

template <class Resource>
void put(Plan& plan, Resource resource, model::AnyResource expected = nullptr) {
    auto shared = std::make_shared<const Resource>(std::move(resource));
    const auto key = model::declaring::key_of(*shared);
    plan.operations.push_back(
        {&model::declaration_of<Resource>(), key, std::move(shared), std::move(expected)});
}
/// put(), completed, for what must not have changed since it was looked at.
template <class Resource>
void change(Plan& plan, Resource resource, const model::Snapshot& snapshot) {
    const auto& declaration = model::declaration_of<Resource>();
    auto before = snapshot.find(declaration, model::declaring::key_of(resource));
    if (declaration.complete != nullptr)
        declaration.complete(&resource, before.get(), snapshot, random_of_thread());
    if (before && declaration.same(before.get(), &resource)) return;
    put(plan, std::move(resource), std::move(before));
}
template <class Resource>
void erase(Plan& plan, const Resource& resource) {
    plan.operations.push_back(
        {&model::declaration_of<Resource>(), model::declaring::key_of(resource), nullptr, nullptr});
}

// Answers and documents

[[nodiscard]] http::Response items(json::array list);
[[nodiscard]] json::object integer(bool read_only = false);
[[nodiscard]] json::object items_of(std::string_view definition);

/// The body, an object that has none but these members.
[[nodiscard]] tl::expected<json::object, Errors> object_with(const http::Request& request,
                                                             const std::vector<std::string_view>& members);

// An association that is one member of its owner

template <class Owner, class Other>
struct Membership {
    Id<Other> Owner::*member;
    std::string title;                   ///< "LineEndpoint": of its document, and of what was not found.
    json::object (*show)(const Owner&);  ///< {"line_id": 1, "endpoint_id": 2, "endpoint": "sip"}
    std::string tag;                     ///< "lines"
    std::string name;                    ///< "line_endpoint_sip": in the names of operations.
    std::string summary;                 ///< "a line and a SIP endpoint"
    bool replaces = false;               ///< Whether another takes the place of the one there is.
};

template <class Owner, class Other>
[[nodiscard]] tl::unexpected<Errors> not_joined(const Membership<Owner, Other>& membership) {
    return refused(ErrorCode::NotFound, membership.title, "was not found");
}

/// PUT of "/lines/{line_id}/endpoints/sip/{sip_id}".
template <class Owner, class Other>
void add_join(ConfdApi& confd, std::string_view path, Membership<Owner, Other> membership) {
    write_two<Owner, Other>(confd, http::Method::Put, path,
                            {.id = "associate_" + membership.name,
                             .summary = "Associate " + membership.summary,
                             .tag = membership.tag},
                            [membership](const Owner& owner, const Other& other,
                                         const model::Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                                const auto now = owner.*membership.member;
                                if (now && now != other.id && !membership.replaces) {
                                    return refused(
                                        ErrorCode::Conflict, model::declaration_of<Owner>().id_name,
                                        "is associated to the " + model::declaration_of<Other>().kind + ' ' +
                                            std::to_string(now.value));
                                }
                                auto plan = done();
                                auto draft = owner;
                                draft.*membership.member = other.id;
                                change(plan, std::move(draft), snapshot);
                                return plan;
                            });
}

template <class Owner, class Other>
[[nodiscard]] Plan plan_of_leaving(const Owner& owner, const Membership<Owner, Other>& membership,
                                   const model::Snapshot& snapshot) {
    auto plan = done();
    auto draft = owner;
    draft.*membership.member = {};
    change(plan, std::move(draft), snapshot);
    return plan;
}

/// DELETE of "/lines/{line_id}/endpoints/sip/{sip_id}".
template <class Owner, class Other>
void add_leave(ConfdApi& confd, std::string_view path, Membership<Owner, Other> membership) {
    write_two<Owner, Other>(confd, http::Method::Delete, path,
                            {.id = "dissociate_" + membership.name,
                             .summary = "Dissociate " + membership.summary,
                             .tag = membership.tag},
                            [membership](const Owner& owner, const Other& other,
                                         const model::Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                                if (owner.*membership.member != other.id) return not_joined(membership);
                                return plan_of_leaving(owner, membership, snapshot);
                            });
}

/// DELETE of "/users/{user_id}/voicemails".
template <class Owner, class Other>
void add_leave_any(ConfdApi& confd, std::string_view path, Membership<Owner, Other> membership,
                   bool deprecated = false) {
    write_one<Owner>(confd, http::Method::Delete, path,
                     {.id = "dissociate_" + membership.name,
                      .summary = "Dissociate " + membership.summary,
                      .tag = membership.tag,
                      .deprecated = deprecated},
                     [membership](const Owner& owner, const http::Request&,
                                  const model::Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                         if (!(owner.*membership.member)) return not_joined(membership);
                         return plan_of_leaving(owner, membership, snapshot);
                     });
}

/// GET of "/lines/{line_id}/endpoints/sip": the association, or 404.
template <class Owner, class Other>
void add_read_of_owner(ConfdApi& confd, std::string_view path, Membership<Owner, Other> membership,
                       bool deprecated = false) {
    read_one<Owner>(confd, path,
                    {.id = "get_" + membership.name,
                     .summary = "Association of " + membership.summary,
                     .tag = membership.tag,
                     .responses = {{200, reference_to(membership.title)}, {400, {}}, {404, {}}},
                     .deprecated = deprecated},
                    [membership](const Owner& owner, const model::Snapshot&) -> Result<http::Response> {
                        if (!(owner.*membership.member))
                            return refuse(ErrorCode::NotFound, membership.title, "was not found");
                        return http::Response::json(200, membership.show(owner));
                    });
}

/// GET of "/endpoints/sip/{sip_id}/lines": the association, or 404.
template <class Owner, class Other>
void add_read_of_other(ConfdApi& confd, std::string_view path, Membership<Owner, Other> membership) {
    read_one<Other>(
        confd, path,
        {.id = "get_" + membership.name + "_of_it",
         .summary = "Association of " + membership.summary,
         .tag = membership.tag,
         .responses = {{200, reference_to(membership.title)}, {400, {}}, {404, {}}}},
        [membership](const Other& other, const model::Snapshot& snapshot) -> Result<http::Response> {
            const auto* owner = snapshot.first_naming<Owner>(other.id);
            if (owner == nullptr) return refuse(ErrorCode::NotFound, membership.title, "was not found");
            return http::Response::json(200, membership.show(*owner));
        });
}

/// GET of "/voicemails/{voicemail_id}/users": all owners, as {"total", "items"}.
template <class Owner, class Other>
void add_list_of_owners(ConfdApi& confd, std::string_view path, Membership<Owner, Other> membership) {
    confd.api().define(membership.title + "Items", items_of(membership.title));
    read_one<Other>(
        confd, path,
        {.id = "list_" + membership.name,
         .summary = "Associations of " + membership.summary,
         .tag = membership.tag,
         .responses = {{200, reference_to(membership.title + "Items")}, {404, {}}}},
        [membership](const Other& other, const model::Snapshot& snapshot) -> Result<http::Response> {
            json::array list;
            snapshot.for_each_naming<Owner>(other.id, [&](const Owner& owner) {
                if (owner.*membership.member == other.id) list.push_back(membership.show(owner));
            });
            return items(std::move(list));
        });
}

// An association that is a resource of its own, with fields beside what it joins

/// Null: there is none.
template <class Link>
[[nodiscard]] const Link* link_of(model::Key key, const model::Snapshot& snapshot) {
    return static_cast<const Link*>(snapshot.find(model::declaration_of<Link>(), key).get());
}

/// What a PUT makes of the fields that it does not name.
enum class LeftOut { Default, Unchanged };

/// PUT of "/agents/{agent_id}/skills/{skill_id}": makes the association, or changes its fields. Its members
/// are the ids of both, in this order, and the fields.
template <class Link, class First, class Second>
void add_link(ConfdApi& confd, std::string_view path, OperationText text, LeftOut left_out) {
    text.body_required = false;
    text.responses = {{204, {}}, {400, {}}, {404, {}}};
    confd.write(http::Method::Put, path, std::move(text),
                [left_out](const http::Request& request,
                           const model::Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                    const auto first = resource_in<First>(request, snapshot);
                    if (!first) return refused(first.error());
                    const auto second = resource_in<Second>(request, snapshot);
                    if (!second) return refused(second.error());
                    Link link{(*first)->id, (*second)->id};
                    const auto* now = link_of<Link>(link.key(), snapshot);
                    if (now != nullptr && left_out == LeftOut::Unchanged) link = *now;
                    if (!request.body.empty()) {
                        const auto given = object_in(request);
                        if (!given) return refused(given.error());
                        const bool creates = left_out == LeftOut::Default;
                        if (auto wrong = merge(model::declaration_of<Link>(), *given, &link, creates);
                            !wrong.empty())
                            return tl::unexpected<Errors>(std::move(wrong));
                    }
                    auto plan = done();
                    change(plan, std::move(link), snapshot);
                    return plan;
                });
}

/// DELETE of the same. `title` is of what was not found.
template <class Link, class First, class Second>
void add_unlink(ConfdApi& confd, std::string_view path, OperationText text, std::string title) {
    write_two<First, Second>(
        confd, http::Method::Delete, path, std::move(text),
        [title = std::move(title)](const First& first, const Second& second,
                                   const model::Snapshot& snapshot) -> tl::expected<Plan, Errors> {
            const auto* link = link_of<Link>({first.id.value, second.id.value}, snapshot);
            if (link == nullptr) return refused(ErrorCode::NotFound, title, "was not found");
            auto plan = done();
            erase(plan, *link);
            return plan;
        });
}

// An association that is an entry in a list of its owner

struct ListMembership {
    std::string title;  ///< "UserCallPermission": of what was not found.
    std::string tag;
    std::string name;
    std::string summary;
};

/// PUT and DELETE of "/users/{user_id}/callpermissions/{callpermission_id}".
template <class Owner, class Other>
void add_list_membership(ConfdApi& confd, std::string_view path, std::vector<Id<Other>> Owner::*member,
                         const ListMembership& membership) {
    write_two<Owner, Other>(confd, http::Method::Put, path,
                            {.id = "associate_" + membership.name,
                             .summary = "Associate " + membership.summary,
                             .tag = membership.tag},
                            [member](const Owner& owner, const Other& other,
                                     const model::Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                                auto plan = done();
                                auto draft = owner;
                                auto& list = draft.*member;
                                if (std::find(list.begin(), list.end(), other.id) == list.end())
                                    list.push_back(other.id);
                                change(plan, std::move(draft), snapshot);
                                return plan;
                            });
    write_two<Owner, Other>(
        confd, http::Method::Delete, path,
        {.id = "dissociate_" + membership.name,
         .summary = "Dissociate " + membership.summary,
         .tag = membership.tag},
        [member, title = membership.title](const Owner& owner, const Other& other,
                                           const model::Snapshot& snapshot) -> tl::expected<Plan, Errors> {
            auto plan = done();
            auto draft = owner;
            if (std::erase(draft.*member, other.id) == 0)
                return refused(ErrorCode::NotFound, title, "was not found");
            change(plan, std::move(draft), snapshot);
            return plan;
        });
}

}  // namespace almon::services::associations
