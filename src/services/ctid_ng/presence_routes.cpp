// SPDX-License-Identifier: GPL-3.0-or-later
// What users are for the others, and the state of lines (API-139, API-140).
#include <algorithm>
#include <utility>

#include "base/whole_number.hpp"
#include "model/cti_profile.hpp"
#include "model/line.hpp"
#include "model/status_group.hpp"
#include "model/user.hpp"
#include "services/ctid_ng/ctid_ng_api.hpp"
#include "services/ctid_ng/request_bodies.hpp"
#include "services/events/event_catalogue.hpp"

namespace almon::services {

namespace json = boost::json;
using http::Request;
using http::Response;
using Office = CtidNgApi::Office;

namespace {

Result<const model::User*> user_in(const model::Snapshot& configuration, std::string_view uuid) {
    const auto* user = configuration.user_by_uuid(uuid);
    if (user == nullptr) return refuse(ErrorCode::NotFound, "user", "is no user");
    return user;
}

/// As the first group that knows it describes it; null: none does.
const model::Presence* presence_named(const model::Snapshot& configuration, std::string_view name) {
    const model::Presence* found = nullptr;
    configuration.for_each<model::PresenceGroup>([&](const model::PresenceGroup& group) {
        const auto named = std::ranges::find(group.presences, name, &model::Presence::name);
        if (found == nullptr && named != group.presences.end()) found = &*named;
    });
    return found;
}

Result<Response> show(const Office& office, const std::string& uuid) {
    return Response::json(200, {{"presence", office.parts.presences.of(uuid)},
                                {"user_uuid", uuid},
                                {"xivo_uuid", office.parts.feed.installation_uuid()}});
}

Result<Response> show_user(const Office& office, const Request& request) {
    const auto xivo = request.query.find("xivo_uuid");
    if (xivo && !xivo->empty() && *xivo != office.parts.feed.installation_uuid())
        return refuse(ErrorCode::InvalidArgument, "xivo_uuid",
                      "is another installation, which cannot be asked");
    const auto configuration = office.parts.configuration();
    const auto user = user_in(*configuration, request.path_parameter("user_uuid"));
    if (!user) return refuse(user);
    return show(office, (*user)->uuid);
}

Result<Response> show_own(const Office& office, const Request& request) {
    if (const auto user = office.asking_user(request); !user) return refuse(user);
    return show(office, caller_of(request).user_uuid());
}

/// The group of his profile (ADA-097); the first where he has none.
const model::PresenceGroup* group_of(const model::Snapshot& configuration, const model::User& user) {
    if (const auto* profile = configuration.find(user.cti_profile)) {
        if (const auto* group = configuration.find(profile->presence_group)) return group;
    }
    const model::PresenceGroup* first = nullptr;
    configuration.for_each<model::PresenceGroup>([&](const model::PresenceGroup& group) {
        if (first == nullptr || group.id < first->id) first = &group;
    });
    return first;
}

Result<Response> show_choices(const Office& office, const Request& request) {
    if (const auto asking = office.asking_user(request); !asking) return refuse(asking);
    const auto configuration = office.parts.configuration();
    const auto user = user_in(*configuration, caller_of(request).user_uuid());
    if (!user) return refuse(user);
    json::array items;
    if (const auto* group = group_of(*configuration, **user)) {
        for (const auto& presence : group->presences)
            items.push_back({{"name", presence.name},
                             {"label", presence.label},
                             {"color", presence.color},
                             {"reachable", json::value_from(presence.reachable)}});
    }
    return Response::json(200, {{"total", items.size()}, {"items", std::move(items)}});
}

/// ADA-099. Queues and agents have nobody yet who could pause or leave.
Result<void> act(const Office& office, const Request& request, const std::string& uuid,
                 const model::Presence& presence) {
    const auto dnd = std::ranges::find(presence.actions, "enable_dnd", &model::PresenceAction::name);
    if (dnd == presence.actions.end()) return {};
    return office.parts.set_do_not_disturb(uuid, dnd->parameter == "true", caller_of(request).name());
}

Result<Response> choose(const Office& office, const Request& request, const std::string& uuid) {
    const auto name = parse_presence(request.body);
    if (!name) return refuse(name);
    const auto configuration = office.parts.configuration();
    const auto* presence = presence_named(*configuration, *name);
    if (presence == nullptr)
        return refuse(ErrorCode::InvalidArgument, "presence", "is in no group of presences");
    const auto is_new = office.parts.presences.choose(uuid, *name);
    if (!is_new)
        return refuse(ErrorCode::Unavailable, "presence", "cannot be kept: " + is_new.error().reason);
    if (const auto acted = act(office, request, uuid, *presence); !acted) return refuse(acted);
    const auto& xivo = office.parts.feed.installation_uuid();
    if (*is_new) {
        office.parts.feed.publish(
            make_message(events::kUserStatusUpdate,
                         json::object{{"xivo_id", xivo}, {"user_uuid", uuid}, {"status", *name}}, xivo));
    }
    return Response::empty(204);
}

Result<Response> choose_for(const Office& office, const Request& request) {
    const auto configuration = office.parts.configuration();
    const auto user = user_in(*configuration, request.path_parameter("user_uuid"));
    if (!user) return refuse(user);
    return choose(office, request, (*user)->uuid);
}

Result<Response> choose_own(const Office& office, const Request& request) {
    if (const auto user = office.asking_user(request); !user) return refuse_request(user.error());
    return choose(office, request, caller_of(request).user_uuid());
}

Result<Response> show_line(const Office& office, const Request& request) {
    const auto id = whole_number<std::uint64_t>(request.path_parameter("line_id"));
    return office.look([&](const LiveView& view) -> Result<Response> {
        const auto* line = id ? view.configuration.line(model::LineId{*id}) : nullptr;
        if (line == nullptr) return refuse(ErrorCode::NotFound, "line", "is no line");
        return Response::json(200, {{"line_id", line->id.value},
                                    {"presence", static_cast<int>(view.status_of(*line))},
                                    {"xivo_uuid", office.parts.feed.installation_uuid()}});
    });
}

void define_schemas(Api& api) {
    const json::object uuid{{"type", "string"}, {"format", "uuid"}};
    const json::object text{{"type", "string"}};
    api.define("PresenceLine",
               {{"title", "PresenceLine"},
                {"type", "object"},
                {"properties",
                 {{"line_id", {{"type", "integer"}}},
                  {"presence",
                   {{"type", "integer"},
                    {"description",
                     "0 free, 1 in use, 4 unavailable, 8 ringing, 9 in use and ringing, 16 on "
                     "hold; the groups of phone hints say how it is shown"}}},
                  {"xivo_uuid", uuid}}}});
    api.define("PresenceRequest",
               {{"title", "PresenceRequest"}, {"type", "object"}, {"properties", {{"presence", text}}}});
    api.define("PresenceUser",
               {{"title", "PresenceUser"},
                {"type", "object"},
                {"properties", {{"presence", text}, {"user_uuid", uuid}, {"xivo_uuid", uuid}}}});
    const json::object choice{
        {"type", "object"},
        {"properties",
         {{"name", text},
          {"label", text},
          {"color", text},
          {"reachable",
           {{"type", "array"},
            {"items", text},
            {"description", "Names of those that can be chosen while the user is this one"}}}}}};
    api.define("PresenceChoices",
               {{"title", "PresenceChoices"},
                {"type", "object"},
                {"properties",
                 {{"total", {{"type", "integer"}}}, {"items", {{"type", "array"}, {"items", choice}}}}}});
}

}  // namespace

void add_presence_routes(CtidNgApi& ctid_ng) {
    using enum http::Method;
    define_schemas(ctid_ng.api());
    const auto put_text = [](const char* id, const char* summary) {
        return OperationText{.id = id,
                             .summary = summary,
                             .tag = "presences",
                             .body = reference_to("PresenceRequest"),
                             .responses = {{204, {}}, {400, {}}, {404, {}}, {503, {}}}};
    };
    ctid_ng.add(Get, "/lines/{line_id}/presences",
                {.id = "get_line_presence",
                 .summary = "The state of a line",
                 .tag = "presences",
                 .responses = {{200, reference_to("PresenceLine")}, {404, {}}, {503, {}}}},
                show_line);
    ctid_ng.add(
        Get, "/users/{user_uuid}/presences",
        {.id = "get_user_presence",
         .summary = "What a user is for the others",
         .tag = "presences",
         .responses = {{200, reference_to("PresenceUser")}, {400, {}}, {404, {}}, {502, {}}, {503, {}}},
         .parameters = {{{"name", "xivo_uuid"},
                         {"in", "query"},
                         {"required", false},
                         {"type", "string"},
                         {"description", "His installation; ours by default, and no other can be asked"}}}},
        show_user);
    ctid_ng.add(Put, "/users/{user_uuid}/presences",
                put_text("update_user_presence",
                         "Sets what a user is for the others, and does what the presence's "
                         "actions say"),
                choose_for);
    ctid_ng.add(Get, "/users/me/presences",
                {.id = "get_own_presence",
                 .summary = "What the user who asks is for the others",
                 .tag = "presences",
                 .responses = {{200, reference_to("PresenceUser")}, {404, {}}, {503, {}}}},
                show_own);
    ctid_ng.add(Put, "/users/me/presences",
                put_text("update_own_presence", "Chooses what the user who asks is for the others"),
                choose_own);
    // A page that lets a user choose must know from what; groups and profiles are the administrator's.
    ctid_ng.add(Get, "/users/me/presences/choices",
                {.id = "list_own_presence_choices",
                 .summary = "What the user who asks can be: the group of presences of his profile, "
                            "the first one where he has no profile",
                 .tag = "presences",
                 .responses = {{200, reference_to("PresenceChoices")}, {404, {}}, {503, {}}}},
                show_choices);
}

}  // namespace almon::services
