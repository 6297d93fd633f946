// SPDX-License-Identifier: GPL-3.0-or-later
// What belongs to users beside their lines: services, forwards, fallbacks, voicemail, agent, CTI profile,
// call permissions.

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "model/agent.hpp"
#include "model/call_permission.hpp"
#include "model/cti_profile.hpp"
#include "model/group.hpp"
#include "model/incall.hpp"
#include "model/outcall.hpp"
#include "model/voicemail.hpp"
#include "services/confd/listing.hpp"
#include "services/confd/member_list.hpp"
#include "services/confd/resource_view.hpp"

namespace almon::services {

namespace json = boost::json;
using model::Agent;
using model::CallPermission;
using model::CtiProfile;
using model::Forward;
using model::Snapshot;
using model::User;
using model::Voicemail;

namespace {

using namespace associations;  // NOLINT(google-build-using-namespace): this file is made of them

json::object boolean() {
    return {{"type", "boolean"}};
}

tl::expected<Plan, Errors> changed(User draft, const Snapshot& snapshot) {
    auto plan = done();
    change(plan, std::move(draft), snapshot);
    return plan;
}

// Services (API-077)

struct Service {
    std::string_view name;
    bool User::*member;
};
constexpr std::array kServices = {Service{"dnd", &User::do_not_disturb},
                                  Service{"incallfilter", &User::incall_filter}};

struct ForwardName {
    std::string_view name;
    Forward User::*member;
};
constexpr std::array kForwards = {ForwardName{"busy", &User::forward_busy},
                                  ForwardName{"noanswer", &User::forward_noanswer},
                                  ForwardName{"unconditional", &User::forward_unconditional}};

/// The one of them that the path names.
template <class All>
auto named_in(const http::Request& request, std::string_view parameter, const All& all, const char* title)
    -> Result<decltype(all.front().member)> {
    const auto name = request.path_parameter(parameter);
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& candidate) { return candidate.name == name; });
    if (found == all.end())
        return refuse(ErrorCode::NotFound, title, "'" + std::string(name) + "' was not found");
    return found->member;
}

template <class All>
json::object named_parameter(std::string_view parameter, const All& all) {
    json::array names;
    for (const auto& each : all)
        names.emplace_back(each.name);
    return {{"name", parameter},
            {"in", "path"},
            {"required", true},
            {"type", "string"},
            {"enum", std::move(names)}};
}

json::object shown(const User& user, const Service& service) {
    return {{"enabled", user.*service.member}};
}
json::value shown(const User& user, const ForwardName& forward) {
    return model::FieldCodec<Forward>::to_json(user.*forward.member);
}
template <class All>
http::Response all_shown(const User& user, const All& all) {
    json::object shown_all;
    for (const auto& each : all)
        shown_all[each.name] = shown(user, each);
    return http::Response::json(200, shown_all);
}

Result<void> take(const json::object& body, User& user, bool User::*member) {
    const auto* enabled = body.if_contains("enabled");
    if (enabled == nullptr) return refuse(ErrorCode::InvalidArgument, "enabled", "is missing");
    const auto given = model::codec::boolean(*enabled);
    if (!given) return refuse(ErrorCode::InvalidArgument, "enabled", given.error().reason);
    user.*member = *given;
    return {};
}

Result<void> take(const json::object& body, User& user, Forward User::*member) {
    // Said by itself, so that the sentence names the member.
    if (const auto* enabled = body.if_contains("enabled"); enabled != nullptr && !enabled->is_bool())
        return refuse(ErrorCode::InvalidArgument, "enabled", "must be true or false");
    auto taken = model::FieldCodec<Forward>::from_json(body, user.*member);
    if (!taken) return refuse(ErrorCode::InvalidArgument, "destination", taken.error().reason);
    return {};
}

/// GET and PUT of "/users/{user_id}/forwards/{forward_name}".
template <class All>
void add_one_of(ConfdApi& confd, const std::string& path, std::string_view parameter, const All& all,
                const std::string& title, std::vector<std::string_view> members) {
    const auto tag = path.substr(path.rfind('/') + 1);
    const auto one = fmt::format("{}/{{{}}}", path, parameter);
    const std::string id = title.substr(std::string("User").size());
    read_one<User>(
        confd, path,
        {.id = "get_user_" + tag,
         .summary = "All " + tag + " of a user",
         .tag = tag,
         .responses = {{200, reference_to(title + 's')}, {404, {}}}},
        [&all](const User& user, const Snapshot&) -> Result<http::Response> { return all_shown(user, all); });
    confd.read(one,
               {.id = "get_user_" + tag + "_one",
                .summary = "One of the " + tag + " of a user",
                .tag = tag,
                .responses = {{200, reference_to(title)}, {404, {}}},
                .path_parameters = {named_parameter(parameter, all)}},
               [&all, parameter, id](const http::Request& request,
                                     const Snapshot& snapshot) -> Result<http::Response> {
                   const auto user = resource_in<User>(request, snapshot);
                   if (!user) return refuse(user);
                   const auto member = named_in(request, parameter, all, id.c_str());
                   if (!member) return refuse(member);
                   for (const auto& each : all) {
                       if (each.member == *member) return http::Response::json(200, shown(**user, each));
                   }
                   return http::Response::empty(404);
               });
    write_one<User>(confd, http::Method::Put, one,
                    {.id = "update_user_" + tag + "_one",
                     .summary = "Change one of the " + tag + " of a user",
                     .tag = tag,
                     .body = reference_to(title),
                     .path_parameters = {named_parameter(parameter, all)}},
                    [&all, parameter, id, members](const User& user, const http::Request& request,
                                                   const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                        const auto member = named_in(request, parameter, all, id.c_str());
                        if (!member) return refused(member.error());
                        const auto body = object_with(request, members);
                        if (!body) return tl::unexpected<Errors>(body.error());
                        auto draft = user;
                        if (const auto taken = take(*body, draft, *member); !taken)
                            return refused(taken.error());
                        return changed(std::move(draft), snapshot);
                    });
    std::vector<std::string_view> names;
    for (const auto& each : all)
        names.push_back(each.name);
    write_one<User>(
        confd, http::Method::Put, path,
        {.id = "update_user_" + tag,
         .summary = "Change " + tag + " of a user",
         .tag = tag,
         .body = reference_to(title + 's')},
        [&all, names](const User& user, const http::Request& request,
                      const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
            const auto body = object_with(request, names);
            if (!body) return tl::unexpected<Errors>(body.error());
            auto draft = user;
            for (const auto& each : all) {
                const auto* given = body->if_contains(each.name);
                if (given == nullptr) continue;
                const auto wrong = [&](const std::string& reason) {
                    return refused(ErrorCode::InvalidArgument, std::string(each.name), reason);
                };
                const auto object = model::codec::object(*given);
                if (!object) return wrong(object.error().reason);
                if (const auto taken = take(**object, draft, each.member); !taken)
                    return wrong("has a '" + taken.error().field + "' that " + taken.error().reason);
            }
            return changed(std::move(draft), snapshot);
        });
}

void add_services_and_forwards(ConfdApi& confd) {
    const json::object service{{"title", "UserService"},
                               {"type", "object"},
                               {"required", json::array{"enabled"}},
                               {"properties", {{"enabled", boolean()}}}};
    auto forward = model::FieldCodec<Forward>::schema();
    forward["title"] = "UserForward";
    confd.api().define("UserService", service);
    confd.api().define("UserForward", forward);
    const auto all_of = [](const char* title, const auto& all, std::string_view one) {
        json::object properties;
        for (const auto& each : all)
            properties[each.name] = reference_to(one);
        return json::object{{"title", title}, {"type", "object"}, {"properties", std::move(properties)}};
    };
    confd.api().define("UserServices", all_of("UserServices", kServices, "UserService"));
    confd.api().define("UserForwards", all_of("UserForwards", kForwards, "UserForward"));
    add_one_of(confd, "/users/{user_id}/services", "service_name", kServices, "UserService", {"enabled"});
    add_one_of(confd, "/users/{user_id}/forwards", "forward_name", kForwards, "UserForward",
               {"enabled", "destination"});
}

// Fallbacks (API-079)

void add_fallbacks_of_users(ConfdApi& confd) {
    add_fallbacks<User>(confd, "UserFallbacks",
                        {{"noanswer_destination", &User::fallback_noanswer},
                         {"busy_destination", &User::fallback_busy},
                         {"congestion_destination", &User::fallback_congestion},
                         {"fail_destination", &User::fallback_fail}});
}

// Voicemail (API-071, API-072)

json::object shown_voicemail(const User& user) {
    return {{"user_id", user.id.value}, {"voicemail_id", user.voicemail.value}};
}

tl::expected<Plan, Errors> join_voicemail(const User& user, const Voicemail& voicemail,
                                          const Snapshot& snapshot) {
    if (user.voicemail && user.voicemail != voicemail.id)
        return refused(ErrorCode::Conflict, "user_id",
                       fmt::format("is associated to the voicemail {}", user.voicemail.value));
    auto draft = user;
    draft.voicemail = voicemail.id;
    return changed(std::move(draft), snapshot);
}

/// Documented to be no 404, wherever it is named.
tl::expected<const Voicemail*, Errors> voicemail_named(const json::value& value, const Snapshot& snapshot) {
    const auto id = model::codec::integer(value);
    if (!id) return refused(ErrorCode::InvalidArgument, "voicemail_id", id.error().reason);
    const auto* voicemail =
        *id > 0 ? snapshot.find(model::VoicemailId{static_cast<std::uint64_t>(*id)}) : nullptr;
    if (voicemail == nullptr) return refused(ErrorCode::InvalidArgument, "voicemail_id", "does not exist");
    return voicemail;
}

void add_voicemails(ConfdApi& confd) {
    confd.api().define("UserVoicemail",
                       {{"title", "UserVoicemail"},
                        {"type", "object"},
                        {"required", json::array{"voicemail_id"}},
                        {"properties", {{"user_id", integer()}, {"voicemail_id", integer()}}}});
    Membership<User, Voicemail> membership{.member = &User::voicemail,
                                           .title = "UserVoicemail",
                                           .show = shown_voicemail,
                                           .tag = "users",
                                           .name = "user_voicemail",
                                           .summary = "a user and a voicemail"};
    add_read_of_owner(confd, "/users/{user_id}/voicemails", membership);
    add_leave_any(confd, "/users/{user_id}/voicemails", membership);
    add_list_of_owners(confd, "/voicemails/{voicemail_id}/users", membership);
    write_one<User>(
        confd, http::Method::Put, "/users/{user_id}/voicemails/{voicemail_id}",
        {.id = "associate_user_voicemail", .summary = "Associate a user and a voicemail", .tag = "users"},
        [](const User& user, const http::Request& request,
           const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
            const auto voicemail = resource_in<Voicemail>(request, snapshot);
            if (!voicemail) return refused(ErrorCode::InvalidArgument, "voicemail_id", "does not exist");
            return join_voicemail(user, **voicemail, snapshot);
        });

    membership.tag = "deprecated";
    membership.name = "user_voicemail_deprecated";
    add_read_of_owner(confd, "/users/{user_id}/voicemail", membership, true);
    add_leave_any(confd, "/users/{user_id}/voicemail", membership, true);
    write_one<User>(confd, http::Method::Post, "/users/{user_id}/voicemail",
                    {.id = "associate_user_voicemail_deprecated",
                     .summary = "Associate a user and a voicemail",
                     .tag = "deprecated",
                     .body = reference_to("UserVoicemail"),
                     .responses = {{200, reference_to("UserVoicemail")}, {400, {}}, {404, {}}},
                     .deprecated = true},
                    [](const User& user, const http::Request& request,
                       const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                        const auto body = object_with(request, {"user_id", "voicemail_id"});
                        if (!body) return tl::unexpected<Errors>(body.error());
                        if (const auto* given = body->if_contains("user_id");
                            given != nullptr && !model::codec::integer(*given))
                            return refused(ErrorCode::InvalidArgument, "user_id", "must be a whole number");
                        const auto* id = body->if_contains("voicemail_id");
                        if (id == nullptr)
                            return refused(ErrorCode::InvalidArgument, "voicemail_id", "is missing");
                        const auto voicemail = voicemail_named(*id, snapshot);
                        if (!voicemail) return tl::unexpected<Errors>(voicemail.error());
                        auto plan = join_voicemail(user, **voicemail, snapshot);
                        if (!plan) return plan;
                        plan->answer = [id = user.id](const Snapshot& after) {
                            const auto* joined = after.find(id);
                            return http::Response::json(200, joined != nullptr
                                                                 ? json::value(shown_voicemail(*joined))
                                                                 : json::value());
                        };
                        return plan;
                    });
}

// Agent (API-070)

void add_agents(ConfdApi& confd) {
    confd.api().define("UserAgent", {{"title", "UserAgent"},
                                     {"type", "object"},
                                     {"properties", {{"user_id", integer()}, {"agent_id", integer()}}}});
    const Membership<User, Agent> membership{
        .member = &User::agent,
        .title = "UserAgent",
        .show = [](const User& user) -> json::object {
            return {{"user_id", user.id.value}, {"agent_id", user.agent.value}};
        },
        .tag = "users",
        .name = "user_agent",
        .summary = "a user and an agent"};
    add_read_of_owner(confd, "/users/{user_id}/agents", membership);
    add_leave_any(confd, "/users/{user_id}/agents", membership);
    add_join(confd, "/users/{user_id}/agents/{agent_id}", membership);
}

// CTI profile (API-074)

json::object shown_cti(const User& user) {
    return {{"user_id", user.id.value},
            {"cti_profile_id", user.cti_profile ? json::value(user.cti_profile.value) : json::value(nullptr)},
            {"enabled", user.cti_enabled}};
}

tl::expected<Plan, Errors> put_cti(const User& user, const http::Request& request, const Snapshot& snapshot) {
    const auto body = object_with(request, {"user_id", "cti_profile_id", "enabled"});
    if (!body) return tl::unexpected<Errors>(body.error());
    auto draft = user;
    if (const auto* given = body->if_contains("user_id"); given != nullptr && !model::codec::integer(*given))
        return refused(ErrorCode::InvalidArgument, "user_id", "must be a whole number");
    if (const auto* given = body->if_contains("enabled")) {
        const auto enabled = model::codec::boolean(*given);
        if (!enabled) return refused(ErrorCode::InvalidArgument, "enabled", enabled.error().reason);
        draft.cti_enabled = *enabled;
    }
    if (const auto* given = body->if_contains("cti_profile_id")) {
        const auto taken = model::FieldCodec<model::CtiProfileId>::from_json(*given, draft.cti_profile);
        if (!taken) return refused(ErrorCode::InvalidArgument, "cti_profile_id", taken.error().reason);
        if (draft.cti_profile && snapshot.find(draft.cti_profile) == nullptr)
            return refused(ErrorCode::InvalidArgument, "cti_profile_id", "does not exist");
    }
    return changed(std::move(draft), snapshot);
}

void add_cti(ConfdApi& confd) {
    // The profile may be set although clients that read the documents think otherwise.
    confd.api().define(
        "UserCtiProfile",
        {{"title", "UserCtiProfile"},
         {"type", "object"},
         {"required", json::array{"cti_profile_id", "enabled"}},
         {"properties",
          {{"user_id", integer()}, {"cti_profile_id", integer(true)}, {"enabled", boolean()}}}});
    read_one<User>(confd, "/users/{user_id}/cti",
                   {.id = "get_user_cti",
                    .summary = "CTI profile of a user",
                    .tag = "users",
                    .responses = {{200, reference_to("UserCtiProfile")}, {404, {}}}},
                   [](const User& user, const Snapshot&) -> Result<http::Response> {
                       return http::Response::json(200, shown_cti(user));
                   });
    write_one<User>(confd, http::Method::Put, "/users/{user_id}/cti",
                    {.id = "update_user_cti",
                     .summary = "Change the CTI profile of a user",
                     .tag = "users",
                     .body = reference_to("UserCtiProfile")},
                    put_cti);
}

// Call permissions (API-076)

json::object shown(const User& user, model::CallPermissionId permission) {
    return {{"user_id", user.id.value}, {"call_permission_id", permission.value}};
}

void add_call_permissions(ConfdApi& confd) {
    confd.api().define("UserCallPermission",
                       {{"title", "UserCallPermission"},
                        {"type", "object"},
                        {"required", json::array{"user_id", "call_permission_id"}},
                        {"properties", {{"user_id", integer()}, {"call_permission_id", integer()}}}});
    confd.api().define("UserCallPermissionItems", items_of("UserCallPermission"));
    read_one<User>(confd, "/users/{user_id}/callpermissions",
                   {.id = "list_user_call_permissions",
                    .summary = "Call permissions of a user",
                    .tag = "users",
                    .responses = {{200, reference_to("UserCallPermissionItems")}, {404, {}}}},
                   [](const User& user, const Snapshot&) -> Result<http::Response> {
                       json::array list;
                       for (const auto permission : user.call_permissions)
                           list.push_back(shown(user, permission));
                       return items(std::move(list));
                   });
    read_one<CallPermission>(
        confd, "/callpermissions/{callpermission_id}/users",
        {.id = "list_call_permission_users",
         .summary = "Users with a call permission",
         .tag = "callpermissions",
         .responses = {{200, reference_to("UserCallPermissionItems")}, {404, {}}}},
        [](const CallPermission& permission, const Snapshot& snapshot) -> Result<http::Response> {
            json::array list;
            snapshot.for_each_naming<User>(
                permission.id, [&](const User& user) { list.push_back(shown(user, permission.id)); });
            return items(std::move(list));
        });
    add_list_membership<User, CallPermission>(confd, "/users/{user_id}/callpermissions/{callpermission_id}",
                                              &User::call_permissions,
                                              {.title = "UserCallPermission",
                                               .tag = "users",
                                               .name = "user_call_permission",
                                               .summary = "a user and a call permission"});
    // As in later versions
    add_list_membership<model::Group, CallPermission>(
        confd, "/groups/{group_id}/callpermissions/{callpermission_id}", &model::Group::call_permissions,
        {.title = "GroupCallPermission",
         .tag = "groups",
         .name = "group_call_permission",
         .summary = "a group and a call permission"});
    add_list_membership<model::Outcall, CallPermission>(
        confd, "/outcalls/{outcall_id}/callpermissions/{callpermission_id}",
        &model::Outcall::call_permissions,
        {.title = "OutcallCallPermission",
         .tag = "outcalls",
         .name = "outcall_call_permission",
         .summary = "an outgoing call and a call permission"});
    add_list_membership<model::Incall, CallPermission>(
        confd, "/incalls/{incall_id}/callpermissions/{callpermission_id}", &model::Incall::call_permissions,
        {.title = "IncallCallPermission",
         .tag = "incalls",
         .name = "incall_call_permission",
         .summary = "an incoming call and a call permission"});
}

// Colleagues: what a user, who may not read the configuration, is shown of the others

void add_colleagues(ConfdApi& confd) {
    json::object properties{{"id", {{"type", "integer"}}}, {"line_id", {{"type", "integer"}}}};
    for (const auto* name : {"uuid", "firstname", "lastname", "exten", "context", "email",
                             "mobile_phone_number", "description", "userfield"})
        properties[name] = {{"type", "string"}, {"x-nullable", true}};
    confd.api().define("Colleague",
                       {{"title", "Colleague"}, {"type", "object"}, {"properties", std::move(properties)}});
    confd.api().define("ColleagueItems", items_of("Colleague"));
    constexpr auto kTaken = std::to_array<const char*>({"search", "limit", "offset"});
    std::vector<json::object> parameters;
    for (const auto* name : kTaken)
        parameters.push_back({{"name", name},
                              {"in", "query"},
                              {"required", false},
                              {"type", std::string_view(name) == "search" ? "string" : "integer"}});
    confd.read("/users/{user_id}/colleagues",
               {.id = "list_user_colleagues",
                .summary = "Users who can be called, as a user sees them",
                .tag = "users",
                .responses = {{200, reference_to("ColleagueItems")}, {400, {}}, {404, {}}},
                .parameters = std::move(parameters)},
               [kTaken](const http::Request& request, const Snapshot& snapshot) -> Result<http::Response> {
                   if (const auto user = resource_in<User>(request, snapshot); !user) return refuse(user);
                   std::string text = "view=directory&enabled=true&order=firstname";
                   for (const auto* name : kTaken) {
                       if (const auto value = request.query.find(name))
                           text += fmt::format("&{}={}", name, http::percent_encode(*value));
                   }
                   http::Query query;
                   if (const auto taken = query.assign(text); !taken) return refuse(taken);
                   const auto list = list_of(model::declaration_of<User>(), query, snapshot);
                   if (!list) return refuse(list);
                   return http::Response::json_text(200, *list);
               });
}

}  // namespace

void add_user_routes(ConfdApi& confd) {
    add_services_and_forwards(confd);
    add_fallbacks_of_users(confd);
    add_voicemails(confd);
    add_agents(confd);
    add_cti(confd);
    add_call_permissions(confd);
    add_colleagues(confd);
}

}  // namespace almon::services
