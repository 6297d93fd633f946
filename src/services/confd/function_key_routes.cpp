// SPDX-License-Identifier: GPL-3.0-or-later
// Function keys of users and of templates (API-073, API-116).

#include <utility>

#include <fmt/format.h>

#include "base/whole_number.hpp"
#include "services/confd/association.hpp"

namespace almon::services {

namespace json = boost::json;
using model::FunctionKey;
using model::FunctionKeys;
using model::FunctionKeyTemplate;
using model::Snapshot;
using model::User;

namespace {

using namespace associations;  // NOLINT(google-build-using-namespace): this file is made of them

constexpr const char* kTitle = "FuncKey";

Result<int> position_in(const http::Request& request) {
    const auto position = whole_number<int>(request.path_parameter("position"));
    if (!position || *position < 1 || *position > model::kHighestKeyPosition)
        return refuse(ErrorCode::InvalidArgument, "position",
                      fmt::format("must be a number from 1 to {}", model::kHighestKeyPosition));
    return *position;
}

tl::unexpected<Error> no_key(int position) {
    return refuse(ErrorCode::NotFound, kTitle, fmt::format("{} was not found", position));
}

json::object shown(const model::KeyOfUser& entry) {
    auto key = model::to_json(*entry.key);
    key["inherited"] = entry.inherited;
    return key;
}

/// What keys lead to must be there; said here, as it is said better than by the store.
Result<void> leads_somewhere(const FunctionKey& key, const Snapshot& snapshot) {
    const auto& to = key.destination.to;
    if (!to || snapshot.has(to)) return {};
    return refuse(ErrorCode::InvalidArgument, "destination",
                  fmt::format("leads to the {} {}, which does not exist", to.kind->kind, to.id));
}

/// The body of a PUT of one key.
tl::expected<FunctionKey, Errors> key_in(const http::Request& request, const Snapshot& snapshot) {
    const auto position = position_in(request);
    if (!position) return refused(position.error());
    const auto body = object_in(request);
    if (!body) return refused(body.error());
    auto key = model::function_key_of(*body, *position);
    if (!key) return refused(key.error());
    if (const auto sound = leads_somewhere(*key, snapshot); !sound) return refused(sound.error());
    return *std::move(key);
}

template <class Owner>
tl::expected<Plan, Errors> put_key(const Owner& owner, FunctionKeys Owner::*member,
                                   const http::Request& request, const Snapshot& snapshot) {
    auto key = key_in(request, snapshot);
    if (!key) return tl::unexpected<Errors>(key.error());
    auto plan = done();
    auto draft = owner;
    (draft.*member).put(*std::move(key));
    change(plan, std::move(draft), snapshot);
    return plan;
}

template <class Owner>
tl::expected<Plan, Errors> erase_key(const Owner& owner, FunctionKeys Owner::*member,
                                     const http::Request& request, const Snapshot& snapshot) {
    const auto position = position_in(request);
    if (!position) return refused(position.error());
    if ((owner.*member).at(*position) == nullptr) return refused(no_key(*position).value());
    auto plan = done();
    auto draft = owner;
    (draft.*member).erase(*position);
    change(plan, std::move(draft), snapshot);
    return plan;
}

void add_template_keys(ConfdApi& confd) {
    constexpr const char* kPath = "/funckeys/templates/{template_id}/{position}";
    confd.read(kPath,
               {.id = "get_func_key",
                .summary = "A key of a template",
                .tag = "funckeys",
                .responses = {{200, reference_to(kTitle)}, {404, {}}}},
               [](const http::Request& request, const Snapshot& snapshot) -> Result<http::Response> {
                   const auto made = resource_in<FunctionKeyTemplate>(request, snapshot);
                   if (!made) return refuse(made);
                   const auto position = position_in(request);
                   if (!position) return refuse(position);
                   const auto* key = (*made)->keys.at(*position);
                   if (key == nullptr) return no_key(*position);
                   return http::Response::json(200, model::to_json(*key));
               });
    write_one<FunctionKeyTemplate>(
        confd, http::Method::Put, kPath,
        {.id = "update_func_key",
         .summary = "Set a key of a template",
         .tag = "funckeys",
         .body = reference_to(kTitle)},
        [](const FunctionKeyTemplate& made, const http::Request& request, const Snapshot& snapshot) {
            return put_key(made, &FunctionKeyTemplate::keys, request, snapshot);
        });
    write_one<FunctionKeyTemplate>(
        confd, http::Method::Delete, kPath,
        {.id = "delete_func_key", .summary = "Take a key from a template", .tag = "funckeys"},
        [](const FunctionKeyTemplate& made, const http::Request& request, const Snapshot& snapshot) {
            return erase_key(made, &FunctionKeyTemplate::keys, request, snapshot);
        });
}

void add_user_keys(ConfdApi& confd) {
    constexpr const char* kAll = "/users/{user_id}/funckeys";
    constexpr const char* kOne = "/users/{user_id}/funckeys/{position}";
    read_one<User>(confd, kAll,
                   {.id = "list_user_func_keys",
                    .summary = "Keys of a user, with those of his template that he has not replaced",
                    .tag = "funckeys",
                    .responses = {{200, reference_to("FuncKeyTemplate")}, {404, {}}}},
                   [](const User& user, const Snapshot& snapshot) -> Result<http::Response> {
                       json::object keys;
                       for (const auto& entry : function_keys_of(user, snapshot))
                           keys[std::to_string(entry.key->position)] = shown(entry);
                       const auto* shared = snapshot.find(user.function_key_template);
                       return http::Response::json(
                           200, json::object{{"name", shared != nullptr && !shared->name.empty()
                                                          ? json::value(shared->name)
                                                          : json::value(nullptr)},
                                             {"keys", std::move(keys)}});
                   });
    write_one<User>(
        confd, http::Method::Put, kAll,
        {.id = "update_user_func_keys",
         .summary = "Set all keys of a user; those left out do nothing any more, or what his template says",
         .tag = "funckeys",
         .body = reference_to("FuncKeyTemplate")},
        [](const User& user, const http::Request& request,
           const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
            const auto body = object_with(request, {"id", "name", "keys"});
            if (!body) return tl::unexpected<Errors>(body.error());
            auto draft = user;
            draft.function_keys = {};
            if (const auto* name = body->if_contains("name"); name != nullptr && !name->is_null()) {
                if (const auto text = model::codec::text(*name); !text)
                    return refused(ErrorCode::InvalidArgument, "name", text.error().reason);
                if (name->get_string().size() > 128)
                    return refused(ErrorCode::InvalidArgument, "name", "must have at most 128 characters");
            }
            if (const auto* keys = body->if_contains("keys")) {
                const auto taken = model::FieldCodec<FunctionKeys>::from_json(*keys, draft.function_keys);
                if (!taken) return refused(ErrorCode::InvalidArgument, "keys", taken.error().reason);
            }
            // What is sent back as it was read from the template stays the template's.
            if (const auto* shared = snapshot.find(user.function_key_template)) {
                for (const auto& key : shared->keys.keys) {
                    const auto* own = draft.function_keys.at(key.position);
                    if (own != nullptr && model::to_json(*own) == model::to_json(key) &&
                        user.function_keys.at(key.position) == nullptr)
                        draft.function_keys.erase(key.position);
                }
            }
            for (const auto& key : draft.function_keys.keys) {
                if (const auto sound = leads_somewhere(key, snapshot); !sound)
                    return refused(ErrorCode::InvalidArgument, "keys",
                                   fmt::format("holds a key {} whose destination {}", key.position,
                                               sound.error().reason));
            }
            auto plan = done();
            change(plan, std::move(draft), snapshot);
            return plan;
        });
    confd.read(kOne,
               {.id = "get_user_func_key",
                .summary = "A key of a user",
                .tag = "funckeys",
                .responses = {{200, reference_to(kTitle)}, {404, {}}}},
               [](const http::Request& request, const Snapshot& snapshot) -> Result<http::Response> {
                   const auto user = resource_in<User>(request, snapshot);
                   if (!user) return refuse(user);
                   const auto position = position_in(request);
                   if (!position) return refuse(position);
                   for (const auto& entry : function_keys_of(**user, snapshot)) {
                       if (entry.key->position == *position) return http::Response::json(200, shown(entry));
                   }
                   return no_key(*position);
               });
    write_one<User>(confd, http::Method::Put, kOne,
                    {.id = "update_user_func_key",
                     .summary = "Set a key of a user",
                     .tag = "funckeys",
                     .body = reference_to(kTitle)},
                    [](const User& user, const http::Request& request, const Snapshot& snapshot) {
                        return put_key(user, &User::function_keys, request, snapshot);
                    });
    write_one<User>(confd, http::Method::Delete, kOne,
                    {.id = "delete_user_func_key",
                     .summary = "Take a user's own key; that of his template shows again",
                     .tag = "funckeys"},
                    [](const User& user, const http::Request& request, const Snapshot& snapshot) {
                        return erase_key(user, &User::function_keys, request, snapshot);
                    });
}

json::object shown_template(const User& user) {
    return {{"user_id", user.id.value}, {"template_id", user.function_key_template.value}};
}

void add_templates_of_users(ConfdApi& confd) {
    confd.api().define("UserFuncKeyTemplate",
                       {{"title", "UserFuncKeyTemplate"},
                        {"type", "object"},
                        {"properties",
                         {{"user_id", integer()},
                          {"template_id", integer()},
                          {"total", integer()},
                          {"items", {{"type", "array"}, {"items", {{"type", "object"}}}}}}}});
    const Membership<User, FunctionKeyTemplate> membership{.member = &User::function_key_template,
                                                           .title = "UserFuncKeyTemplate",
                                                           .show = shown_template,
                                                           .tag = "funckeys",
                                                           .name = "user_func_key_template",
                                                           .summary = "a user and a template",
                                                           .replaces = true};
    // Documented as one association, and known as a list of them: it is both.
    const auto as_both = [](json::array list) {
        json::object answer{{"user_id", nullptr}, {"template_id", nullptr}};
        if (!list.empty()) answer = list.front().get_object();
        answer["total"] = list.size();
        answer["items"] = std::move(list);
        return http::Response::json(200, answer);
    };
    read_one<User>(confd, "/users/{user_id}/funckeys/templates",
                   {.id = "list_user_func_key_templates",
                    .summary = "Templates of a user",
                    .tag = "funckeys",
                    .responses = {{200, reference_to("UserFuncKeyTemplate")}, {404, {}}}},
                   [as_both](const User& user, const Snapshot&) -> Result<http::Response> {
                       json::array list;
                       if (user.function_key_template) list.push_back(shown_template(user));
                       return as_both(std::move(list));
                   });
    read_one<FunctionKeyTemplate>(
        confd, "/funckeys/templates/{template_id}/users",
        {.id = "list_func_key_template_users",
         .summary = "Users of a template",
         .tag = "funckeys",
         .responses = {{200, reference_to("UserFuncKeyTemplate")}, {404, {}}}},
        [as_both](const FunctionKeyTemplate& made, const Snapshot& snapshot) -> Result<http::Response> {
            json::array list;
            snapshot.for_each_naming<User>(made.id,
                                           [&](const User& user) { list.push_back(shown_template(user)); });
            return as_both(std::move(list));
        });
    add_join(confd, "/users/{user_id}/funckeys/templates/{template_id}", membership);
    add_leave(confd, "/users/{user_id}/funckeys/templates/{template_id}", membership);
}

}  // namespace

void add_function_key_routes(ConfdApi& confd) {
    confd.api().define(kTitle, model::function_key_schema());
    const json::object text{{"type", "string"}};
    const json::object parameter{
        {"type", "object"},
        {"properties",
         {{"name", text}, {"collection", text}, {"values", {{"type", "array"}, {"items", text}}}}}};
    confd.api().define(
        "FuncKeyDestinationItems",
        {{"title", "FuncKeyDestinationItems"},
         {"type", "array"},
         {"items",
          {{"type", "object"},
           {"properties", {{"type", text}, {"parameters", {{"type", "array"}, {"items", parameter}}}}}}}});
    confd.read("/funckeys/destinations",
               {.id = "list_func_key_destinations",
                .summary = "What keys can do",
                .tag = "funckeys",
                .responses = {{200, reference_to("FuncKeyDestinationItems")}}},
               [](const http::Request&, const Snapshot&) -> Result<http::Response> {
                   return http::Response::json(200, model::function_key_destinations());
               });
    add_template_keys(confd);
    add_user_keys(confd);
    add_templates_of_users(confd);
}

}  // namespace almon::services
