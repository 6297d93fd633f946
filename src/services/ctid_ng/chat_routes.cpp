// SPDX-License-Identifier: GPL-3.0-or-later
// Messages between users (API-141): kept, told to both as it happens, and an event for the message bus
// (API-011).
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/whole_number.hpp"
#include "pbx/caller_id.hpp"
#include "services/ctid_ng/ctid_ng_api.hpp"
#include "services/ctid_ng/request_bodies.hpp"
#include "services/events/event_catalogue.hpp"
#include "services/local_time.hpp"

namespace almon::services {

namespace json = boost::json;
using http::Request;
using http::Response;
using store::ChatMessage;
using Office = CtidNgApi::Office;

namespace {

constexpr std::int64_t kPage = 50;
constexpr std::int64_t kLongestPage = 200;

json::object shown(const ChatMessage& message) {
    return {{"id", message.id},       {"time", utc_iso_text(message.time) + "Z"},
            {"from", message.from},   {"to", message.to},
            {"alias", message.alias}, {"msg", message.text}};
}

/// To the windows of both. @pre it is kept
void tell(const Office& office, const ChatMessage& message) {
    const auto& ours = office.parts.feed.installation_uuid();
    const auto told = [&](const std::string& user) {
        office.parts.feed.publish(make_message(events::kUserChatMessage,
                                               json::object{{"user_uuid", user}, {"message", shown(message)}},
                                               ours, {{"user_uuid", user}}));
    };
    told(message.to);
    if (message.from != message.to) told(message.from);
}

Result<Response> send(const Office& office, const ChatBody& chat, const std::string& from) {
    const auto& ours = office.parts.feed.installation_uuid();
    const auto& to_xivo = chat.to_xivo.empty() ? ours : chat.to_xivo;
    // Of users of another installation, that one knows, and keeps what is written to them.
    if (to_xivo == ours) {
        const auto configuration = office.parts.configuration();
        const auto* to = configuration->user_by_uuid(chat.to);
        if (to == nullptr) return refuse(ErrorCode::InvalidArgument, "to", "is no user");
        ChatMessage message{0, office.parts.now(), from, to->uuid, chat.alias, chat.msg};
        const auto id = office.parts.chats.add(message);
        if (!id) return refuse(ErrorCode::Unavailable, "msg", "cannot be kept: " + id.error().reason);
        message.id = *id;
        tell(office, message);
    }
    office.parts.feed.publish(make_message(
        events::kChatMessage,
        json::object{
            {"alias", chat.alias}, {"to", {to_xivo, chat.to}}, {"from", {ours, from}}, {"msg", chat.msg}},
        ours, {{"xivo_uuid", to_xivo}, {"user_uuid", chat.to}}));
    return Response::empty(204);
}

Result<Response> create(const Office& office, const Request& request) {
    const auto chat = ChatBody::parse(request.body);
    if (!chat) return refuse(chat);
    if (office.parts.configuration()->user_by_uuid(chat->from) == nullptr)
        return refuse(ErrorCode::InvalidArgument, "from", "is no user");
    return send(office, *chat, chat->from);
}

Result<Response> create_own(const Office& office, const Request& request) {
    const auto user = office.asking_user(request);
    if (!user) return refuse_request(user.error());
    const auto chat = ChatBody::parse_own(request.body);
    if (!chat) return refuse(chat);
    return send(office, *chat, caller_of(request).user_uuid());
}

/// What a user has with the one in the path.
struct Named {
    std::string user;
    std::string with;
    std::string name;  ///< Of the other.
};
Result<Named> named(const Office& office, const Request& request) {
    if (const auto asking = office.asking_user(request); !asking) return refuse_request(asking.error());
    const auto configuration = office.parts.configuration();
    const auto* with = configuration->user_by_uuid(request.path_parameter("user_uuid"));
    if (with == nullptr) return refuse(ErrorCode::NotFound, "user_uuid", "is no user");
    return Named{caller_of(request).user_uuid(), with->uuid, pbx::full_name(*with)};
}

/// Of the query; `otherwise` where it is not asked for.
Result<std::int64_t> number_in(const Request& request, std::string_view name, std::int64_t most,
                               std::int64_t otherwise) {
    const auto asked = request.query.find(name);
    if (!asked) return otherwise;
    const auto number = whole_number<std::int64_t>(*asked);
    if (!number || *number < 1 || *number > most)
        return refuse(ErrorCode::InvalidArgument, std::string(name), fmt::format("must be 1 to {}", most));
    return *number;
}

Result<Response> list_own(const Office& office, const Request& request) {
    if (const auto asking = office.asking_user(request); !asking) return refuse_request(asking.error());
    const auto conversations = office.parts.chats.conversations(caller_of(request).user_uuid());
    if (!conversations) return refuse(conversations);
    const auto configuration = office.parts.configuration();
    json::array items;
    for (const auto& conversation : *conversations) {
        // Users who are gone are forgotten with the next start.
        const auto* with = configuration->user_by_uuid(conversation.with);
        if (with == nullptr) continue;
        items.push_back({{"user_uuid", conversation.with},
                         {"name", pbx::full_name(*with)},
                         {"unread", conversation.unread},
                         {"last", shown(conversation.last)}});
    }
    return Response::json(200, {{"total", items.size()}, {"items", std::move(items)}});
}

Result<Response> show_own(const Office& office, const Request& request) {
    const auto who = named(office, request);
    if (!who) return refuse(who);
    constexpr auto kAll = std::numeric_limits<std::int64_t>::max();
    const auto before = number_in(request, "before", kAll, kAll);
    if (!before) return refuse(before);
    const auto limit = number_in(request, "limit", kLongestPage, kPage);
    if (!limit) return refuse(limit);
    auto messages =
        office.parts.chats.messages(who->user, who->with, *before, static_cast<std::size_t>(*limit) + 1);
    if (!messages) return refuse(messages);
    const bool more = messages->size() > static_cast<std::size_t>(*limit);
    if (more) messages->erase(messages->begin());
    json::array items;
    for (const auto& message : *messages)
        items.emplace_back(shown(message));
    return Response::json(200, {{"name", who->name}, {"items", std::move(items)}, {"more", more}});
}

Result<Response> read_own(const Office& office, const Request& request) {
    const auto who = named(office, request);
    if (!who) return refuse(who);
    const auto last = parse_chat_read(request.body);
    if (!last) return refuse(last);
    const auto any = office.parts.chats.mark_read(who->user, who->with, *last);
    if (!any) return refuse(any);
    if (*any) {
        office.parts.feed.publish(
            make_message(events::kUserChatRead,
                         json::object{{"user_uuid", who->user}, {"with", who->with}, {"last", *last}},
                         office.parts.feed.installation_uuid(), {{"user_uuid", who->user}}));
    }
    return Response::empty(204);
}

void define_schemas(Api& api) {
    const auto text = [](const char* says) {
        return json::object{{"type", "string"}, {"description", says}};
    };
    const auto number_that = [](const char* says) {
        return json::object{{"type", "integer"}, {"description", says}};
    };
    json::object members{{"alias", text("How the sender is shown")},
                         {"msg", text("What is written")},
                         {"to", text("UUID of the user who shall read it")},
                         {"to_xivo_uuid", text("UUID of his installation; ours by default")}};
    api.define("UserChatRequest", {{"title", "UserChatRequest"},
                                   {"type", "object"},
                                   {"required", {"to", "alias", "msg"}},
                                   {"properties", members}});
    members["from"] = text("UUID of the user who writes");
    api.define("ChatRequest", {{"title", "ChatRequest"},
                               {"type", "object"},
                               {"required", {"from", "to", "alias", "msg"}},
                               {"properties", members}});
    const json::object number{{"type", "integer"}};
    api.define("ChatMessage", {{"title", "ChatMessage"},
                               {"type", "object"},
                               {"properties",
                                {{"id", number_that("Greater than that of each message before")},
                                 {"time", {{"type", "string"}, {"format", "date-time"}}},
                                 {"from", text("UUID of the user who wrote it")},
                                 {"to", text("UUID of the user who shall read it")},
                                 {"alias", members.at("alias")},
                                 {"msg", members.at("msg")}}}});
    api.define("ChatMessages",
               {{"title", "ChatMessages"},
                {"type", "object"},
                {"properties",
                 {{"name", text("First and last name of the other")},
                  {"items", {{"type", "array"}, {"items", reference_to("ChatMessage")}}},
                  {"more", {{"type", "boolean"}, {"description", "There are older ones"}}}}}});
    const json::object conversation{{"type", "object"},
                                    {"properties",
                                     {{"user_uuid", text("The other")},
                                      {"name", text("First and last name of the other")},
                                      {"unread", number},
                                      {"last", reference_to("ChatMessage")}}}};
    api.define(
        "Conversations",
        {{"title", "Conversations"},
         {"type", "object"},
         {"properties", {{"total", number}, {"items", {{"type", "array"}, {"items", conversation}}}}}});
    api.define("ChatReadRequest",
               {{"title", "ChatReadRequest"},
                {"type", "object"},
                {"required", {"last"}},
                {"properties", {{"last", number_that("Id of the last message that was read")}}}});
}

}  // namespace

void add_chat_routes(CtidNgApi& ctid_ng) {
    define_schemas(ctid_ng.api());
    const auto text = [](const char* id, const char* summary, const char* body, std::string acl) {
        return OperationText{.id = id,
                             .summary = summary,
                             .tag = "chats",
                             .body = reference_to(body),
                             .responses = {{204, {}}, {400, {}}, {503, {}}},
                             .acl = std::move(acl)};
    };
    ctid_ng.add(http::Method::Post, "/chats",
                text("create_chat", "Writes to a user in the name of another", "ChatRequest", {}), create);
    // So it is documented, without the action at its end.
    ctid_ng.add(http::Method::Post, "/users/me/chats",
                text("create_user_chat", "Writes to a user", "UserChatRequest", "ctid-ng.users.me.chats"),
                create_own);
    ctid_ng.add(http::Method::Get, "/users/me/chats",
                {.id = "list_user_chats",
                 .summary = "With whom a user has written, and how much he has not read",
                 .tag = "chats",
                 .responses = {{200, reference_to("Conversations")}, {400, {}}, {503, {}}}},
                list_own);
    const auto in_query = [](const char* name, const char* says) {
        return json::object{{"name", name}, {"in", "query"}, {"type", "integer"}, {"description", says}};
    };
    ctid_ng.add(http::Method::Get, "/users/me/chats/{user_uuid}",
                {.id = "get_user_chat",
                 .summary = "What a user and another one have written to each other, the oldest first",
                 .tag = "chats",
                 .responses = {{200, reference_to("ChatMessages")}, {400, {}}, {404, {}}, {503, {}}},
                 .parameters = {in_query("before", "Id of a message: those before it"),
                                in_query("limit", "How many at most: 1 to 200, 50 by default")}},
                show_own);
    ctid_ng.add(http::Method::Put, "/users/me/chats/{user_uuid}/read",
                {.id = "read_user_chat",
                 .summary = "A user has read what another one wrote to him",
                 .tag = "chats",
                 .body = reference_to("ChatReadRequest"),
                 .responses = {{204, {}}, {400, {}}, {404, {}}, {503, {}}}},
                read_own);
}

}  // namespace almon::services
