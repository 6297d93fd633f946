// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/confd/member_list.hpp"

#include <algorithm>

namespace almon::services::associations {

json::object list_body(std::string_view name, json::object properties) {
    return {
        {"type", "object"},
        {"properties",
         {{name,
           {{"type", "array"}, {"items", {{"type", "object"}, {"properties", std::move(properties)}}}}}}}};
}

void define_list_of_uuids(ConfdApi& confd) {
    confd.api().define("UsersUuid", list_body("users", {{"uuid", {{"type", "string"}}}}));
}

tl::expected<std::vector<json::object>, Errors> entries_in(const http::Request& request,
                                                           std::string_view name,
                                                           std::initializer_list<std::string_view> members) {
    constexpr std::size_t kMost = 1000;
    const auto body = object_in(request);
    if (!body) return refused(body.error());
    const auto wrong = [&](std::string reason) {
        return refused(ErrorCode::InvalidArgument, std::string(name), std::move(reason));
    };
    for (const auto& [given, unused] : *body) {
        if (given != name)
            return refused(ErrorCode::InvalidArgument, std::string(given), "is not known here");
    }
    const auto* value = body->if_contains(name);
    if (value == nullptr) return wrong("is missing");
    const auto list = model::codec::list(*value);
    if (!list) return wrong(list.error().reason);
    if ((*list)->size() > kMost) return wrong("must have at most 1000 entries");
    std::vector<json::object> entries;
    for (const auto& each : **list) {
        const auto entry = model::codec::object(each);
        if (!entry) return wrong("holds an entry that " + entry.error().reason);
        for (const auto& [given, unused] : **entry) {
            if (std::find(members.begin(), members.end(), std::string_view(given)) == members.end())
                return wrong("holds an entry with a '" + std::string(given) + "', which is not known");
        }
        entries.push_back(**entry);
    }
    return entries;
}

Result<model::UserId> user_in(const json::object& entry, const model::Snapshot& snapshot) {
    const auto uuid = model::codec::member(entry, "uuid", true);
    if (!uuid) return refuse(ErrorCode::InvalidArgument, "", "holds an entry that " + uuid.error().reason);
    const auto* user = snapshot.user_by_uuid(*uuid);
    if (user == nullptr)
        return refuse(ErrorCode::InvalidArgument, "", "names '" + *uuid + "', which is no user");
    return user->id;
}

tl::expected<std::vector<model::UserId>, Errors> users_in(const http::Request& request,
                                                          const model::Snapshot& snapshot) {
    const auto entries = entries_in(request, "users", {"uuid", "firstname", "lastname"});
    if (!entries) return tl::unexpected<Errors>(entries.error());
    std::vector<model::UserId> users;
    for (const auto& entry : *entries) {
        const auto user = user_in(entry, snapshot);
        if (!user) return refused(ErrorCode::InvalidArgument, "users", user.error().reason);
        users.push_back(*user);
    }
    return users;
}

Result<std::uint64_t> id_in(const json::object& entry) {
    const auto* value = entry.if_contains("id");
    if (value == nullptr) return refuse(ErrorCode::InvalidArgument, "", "holds an entry that lacks 'id'");
    const auto id = model::codec::integer(*value);
    if (!id) return refuse(ErrorCode::InvalidArgument, "", "holds an 'id' that " + id.error().reason);
    if (*id <= 0) return refuse(ErrorCode::InvalidArgument, "", "holds an 'id' that is none");
    return static_cast<std::uint64_t>(*id);
}

}  // namespace almon::services::associations
