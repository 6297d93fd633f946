// SPDX-License-Identifier: GPL-3.0-or-later
// Messages between users (API-141), which become events (API-011).
#include <utility>

#include "services/ctid_ng/ctid_ng_api.hpp"
#include "services/ctid_ng/request_bodies.hpp"
#include "services/events/event_catalogue.hpp"

namespace almon::services {

namespace json = boost::json;
using http::Request;
using http::Response;
using Office = CtidNgApi::Office;

namespace {

Result<Response> send(const Office& office, const ChatBody& chat, std::string_view from) {
    const auto& ours = office.parts.feed.installation_uuid();
    const auto& to_xivo = chat.to_xivo.empty() ? ours : chat.to_xivo;
    // Of users of another installation, that one knows.
    if (to_xivo == ours && office.parts.configuration()->user_by_uuid(chat.to) == nullptr)
        return refuse(ErrorCode::InvalidArgument, "to", "is no user");
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

void define_schemas(Api& api) {
    const auto text = [](const char* says) {
        return json::object{{"type", "string"}, {"description", says}};
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
}

}  // namespace

void add_chat_routes(CtidNgApi& ctid_ng) {
    define_schemas(ctid_ng.api());
    const auto text = [](const char* id, const char* summary, const char* body, std::string acl) {
        return OperationText{.id = id,
                             .summary = summary,
                             .tag = "chats",
                             .body = reference_to(body),
                             .responses = {{204, {}}, {400, {}}},
                             .acl = std::move(acl)};
    };
    ctid_ng.add(http::Method::Post, "/chats",
                text("create_chat", "Writes to a user in the name of another", "ChatRequest", {}), create);
    // So it is documented, without the action at its end.
    ctid_ng.add(http::Method::Post, "/users/me/chats",
                text("create_user_chat", "Writes to a user", "UserChatRequest", "ctid-ng.users.me.chats"),
                create_own);
}

}  // namespace almon::services
