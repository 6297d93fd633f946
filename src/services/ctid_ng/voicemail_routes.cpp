// SPDX-License-Identifier: GPL-3.0-or-later
// Messages of voicemails: listed, moved, erased and heard (API-142 to API-145).
#include <algorithm>
#include <utility>

#include "base/whole_number.hpp"
#include "services/audio_files.hpp"
#include "services/ctid_ng/ctid_ng_api.hpp"
#include "services/ctid_ng/request_bodies.hpp"
#include "services/events/voicemail_view.hpp"

namespace almon::services {

namespace json = boost::json;
using http::Request;
using http::Response;
using Office = CtidNgApi::Office;

namespace {

Result<pbx::Mailbox> mailbox_of(const Office& office, model::VoicemailId voicemail) {
    return office.order(
        [voicemail](pbx::CallCore& core) -> Result<pbx::Mailbox> { return core.mailbox(voicemail); });
}

json::object whole_folder_json(const pbx::Mailbox& box, bool fresh) {
    auto folder = folder_json(fresh);
    json::array messages;
    for (const auto& message : fresh ? box.fresh : box.old)
        messages.push_back(message_json(message));
    folder["messages"] = std::move(messages);
    return folder;
}

Result<Response> show(const Office& office, const Request& request) {
    const auto voicemail = office.voicemail_of(request);
    if (!voicemail) return refuse(voicemail);
    const auto box = mailbox_of(office, voicemail->id);
    if (!box) return refuse(box);
    return Response::json(200,
                          {{"id", voicemail->id.value},
                           {"name", voicemail->name},
                           {"number", voicemail->number},
                           {"folders", {whole_folder_json(*box, true), whole_folder_json(*box, false)}}});
}

Result<Response> show_folder(const Office& office, const Request& request) {
    const auto voicemail = office.voicemail_of(request);
    if (!voicemail) return refuse(voicemail);
    const auto id = whole_number<std::uint64_t>(request.path_parameter("folder_id"));
    const auto fresh = id ? is_folder_fresh(*id) : std::nullopt;
    if (!fresh) return refuse(ErrorCode::NotFound, "folder", "is none of the voicemail");
    const auto box = mailbox_of(office, voicemail->id);
    if (!box) return refuse(box);
    return Response::json(200, whole_folder_json(*box, *fresh));
}

/// A message, and where it lies by now.
struct FoundMessage {
    model::VoicemailId voicemail;
    pbx::VoiceMessage message;
    bool fresh = false;
};

/// The id is only compared with those of messages that there are: it never becomes a path.
Result<FoundMessage> message_of(const Office& office, const Request& request) {
    const auto voicemail = office.voicemail_of(request);
    if (!voicemail) return refuse(voicemail);
    const auto box = mailbox_of(office, voicemail->id);
    if (!box) return refuse(box);
    for (const bool fresh : {true, false}) {
        const auto& list = fresh ? box->fresh : box->old;
        const auto found =
            std::ranges::find(list, request.path_parameter("message_id"), &pbx::VoiceMessage::file);
        if (found != list.end()) return FoundMessage{voicemail->id, *found, fresh};
    }
    return refuse(ErrorCode::NotFound, "message_id", "is no message of this voicemail");
}

Result<Response> show_message(const Office& office, const Request& request) {
    const auto found = message_of(office, request);
    if (!found) return refuse(found);
    return Response::json(200, message_json(found->message, found->fresh));
}

Result<Response> move_message(const Office& office, const Request& request) {
    const auto voicemail = office.voicemail_of(request);
    if (!voicemail) return refuse(voicemail);
    const auto fresh = parse_message_update(request.body);
    if (!fresh) return refuse(fresh);
    const auto moved = office.order([&](pbx::CallCore& core) {
        return core.move_message(voicemail->id, request.path_parameter("message_id"), *fresh);
    });
    if (!moved) return refuse(moved);
    return Response::empty(204);
}

Result<Response> erase_message(const Office& office, const Request& request) {
    const auto voicemail = office.voicemail_of(request);
    if (!voicemail) return refuse(voicemail);
    const auto erased = office.order([&](pbx::CallCore& core) {
        return core.erase_message(voicemail->id, request.path_parameter("message_id"));
    });
    if (!erased) return refuse(erased);
    return Response::empty(204);
}

Result<Response> play_message(const Office& office, const Request& request) {
    const auto found = message_of(office, request);
    if (!found) return refuse(found);
    Result<Response> recording = refuse(ErrorCode::NotFound, "message_id", "has no recording");
    // The disk follows what the core has said a little later: it may lie where it lay, or come from there
    // while we look.
    for (const bool fresh : {found->fresh, !found->fresh, found->fresh}) {
        recording = AudioFiles::give(
            std::filesystem::path(pbx::folder_of(office.parts.voicemails, found->voicemail, fresh)) /
                (found->message.file + ".wav"),
            kRecordingType);
        if (recording) break;
    }
    if (recording && request.query.find("download") == "1")
        recording->headers.set("Content-Disposition",
                               "attachment; filename=\"" + found->message.file + ".wav\"");
    return recording;
}

void define_schemas(Api& api) {
    const json::object text{{"type", "string"}};
    const json::object integer{{"type", "integer"}};
    const auto of_record = [](json::object schema, const char* says) {
        schema["readOnly"] = true;
        schema["description"] = says;
        return schema;
    };
    const json::object folder{{"id", integer},
                              {"name", text},
                              {"type", {{"type", "string"}, {"enum", {"new", "old", "urgent", "other"}}}}};
    api.define("VoicemailFolderBase", {{"type", "object"}, {"properties", folder}});
    json::object message{{"id", of_record(text, "Names it within its voicemail")},
                         {"caller_id_num", of_record(text, "Null: withheld or unknown")},
                         {"caller_id_name", of_record(text, "Null: not kept")},
                         {"duration", of_record(integer, "In seconds")},
                         {"timestamp", of_record(integer, "When it was left, in seconds since 1970")}};
    api.define("VoicemailMessageBase", {{"type", "object"}, {"properties", message}});
    auto own_folder = folder;
    message["folder"] =
        of_record({{"type", "object"}, {"properties", std::move(own_folder)}}, "Where it lies");
    api.define("VoicemailMessage", {{"type", "object"}, {"properties", std::move(message)}});
    auto whole_folder = folder;
    whole_folder["messages"] =
        json::object{{"type", "array"}, {"items", reference_to("VoicemailMessageBase")}};
    api.define("VoicemailFolder", {{"type", "object"}, {"properties", std::move(whole_folder)}});
    api.define("Voicemail",
               {{"type", "object"},
                {"properties",
                 {{"id", integer},
                  {"name", text},
                  {"number", text},
                  {"folders", {{"type", "array"}, {"items", reference_to("VoicemailFolder")}}}}}});
    api.define("VoicemailMessageUpdate",
               {{"type", "object"},
                {"required", {"folder_id"}},
                {"properties",
                 {{"folder_id", {{"type", "integer"}, {"description", "1: nobody has heard it; 2: old"}}}}}});
}

OperationText answering(std::string id, std::string summary, const char* schema) {
    return {.id = std::move(id),
            .summary = std::move(summary),
            .tag = "voicemails",
            .responses = {{200, reference_to(schema)}, {400, {}}, {404, {}}, {503, {}}}};
}

OperationText recording_text(std::string id, std::string acl) {
    const auto query = [](const char* name, const char* says) {
        return json::object{
            {"name", name}, {"in", "query"}, {"required", false}, {"type", "string"}, {"description", says}};
    };
    return {.id = std::move(id),
            .summary = "What the caller has said",
            .tag = "voicemails",
            .responses = {{200, {}}, {400, {}}, {404, {}}, {503, {}}},
            .parameters = {query("token", "In place of the header, for players that send none"),
                           query("download", "1: browsers save it")},
            .acl = std::move(acl),
            .produces = kRecordingType};
}

/// Of one mailbox, whose place in paths and ACLs `base` is: "/users/me/voicemails".
void add_mailbox_routes(CtidNgApi& ctid_ng, const std::string& base, const std::string& name) {
    using enum http::Method;
    ctid_ng.add(Get, base, answering("get_" + name, "A voicemail with its messages", "Voicemail"), show);
    ctid_ng.add(Get, base + "/folders/{folder_id}",
                answering("get_" + name + "_folder", "The messages of one folder", "VoicemailFolder"),
                show_folder);
    const auto message = base + "/messages/{message_id}";
    ctid_ng.add(Get, message, answering("get_" + name + "_message", "One message", "VoicemailMessage"),
                show_message);
    ctid_ng.add(Put, message,
                {.id = "update_" + name + "_message",
                 .summary = "Moves a message to another folder; lights of phones follow",
                 .tag = "voicemails",
                 .body = reference_to("VoicemailMessageUpdate"),
                 .responses = {{204, {}}, {400, {}}, {404, {}}, {503, {}}}},
                move_message);
    ctid_ng.add(Delete, message,
                {.id = "delete_" + name + "_message",
                 .summary = "Erases a message",
                 .tag = "voicemails",
                 .responses = {{204, {}}, {400, {}}, {404, {}}, {503, {}}}},
                erase_message);
    // Both methods are documented (API-145), and both only read.
    const auto recording = message + "/recording";
    const auto acl = ctid_ng.api().acl_of(Get, recording);
    ctid_ng.add(Get, recording, recording_text("get_" + name + "_recording", acl), play_message);
    ctid_ng.add(Post, recording, recording_text("post_" + name + "_recording", acl), play_message);
}

}  // namespace

void add_voicemail_routes(CtidNgApi& ctid_ng) {
    define_schemas(ctid_ng.api());
    add_mailbox_routes(ctid_ng, "/voicemails/{voicemail_id}", "voicemail");
    add_mailbox_routes(ctid_ng, "/users/me/voicemails", "user_voicemail");
}

}  // namespace almon::services
