// SPDX-License-Identifier: GPL-3.0-or-later
// What callers of a voicemail hear in place of the standard words: heard, replaced, copied and erased.
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "services/audio_files.hpp"
#include "services/ctid_ng/ctid_ng_api.hpp"
#include "services/ctid_ng/request_bodies.hpp"

namespace almon::services {

namespace json = boost::json;
using http::Request;
using http::Response;
using Office = CtidNgApi::Office;
using pbx::MailboxGreeting;

namespace {

/// Of one greeting: ten minutes at 16 kHz.
constexpr std::size_t kMostBytes = std::size_t{20} * 1024 * 1024;

struct NamedGreeting {
    model::VoicemailId voicemail;
    MailboxGreeting greeting = MailboxGreeting::Unavailable;
};

Result<NamedGreeting> greeting_of(const Office& office, const Request& request) {
    const auto voicemail = office.voicemail_of(request);
    if (!voicemail) return refuse(voicemail);
    const auto greeting = pbx::greeting_named(request.path_parameter("greeting"));
    if (!greeting) return refuse(ErrorCode::NotFound, "greeting", "must be unavailable, busy or temp");
    return NamedGreeting{voicemail->id, *greeting};
}

std::string file_of(const Office& office, const NamedGreeting& named) {
    return pbx::file_of(office.parts.voicemails, named.voicemail, named.greeting);
}

tl::unexpected<Error> not_spoken() {
    return refuse(ErrorCode::NotFound, "greeting", "was not recorded: callers hear the standard words");
}

Result<Response> keep(const Office& office, const NamedGreeting& named, http::BodyTaker& sound) {
    const auto kept = office.parts.audio->keep(sound, file_of(office, named));
    if (!kept) return refuse(kept);
    const auto noted = office.order([id = named.voicemail](pbx::CallCore& core) -> Result<void> {
        core.keep_mailbox(id);
        return {};
    });
    if (!noted) return refuse(noted);
    return Response::empty(204);
}

Result<Response> play(const Office& office, const Request& request) {
    const auto named = greeting_of(office, request);
    if (!named) return refuse(named);
    auto sound = AudioFiles::give(file_of(office, *named), kRecordingType);
    if (!sound) return not_spoken();
    return sound;
}

Result<Response> replace(const Office& office, const Request& request) {
    const auto named = greeting_of(office, request);
    if (!named) return refuse(named);
    return keep(office, *named, *request.taker);
}

Result<Response> copy(const Office& office, const Request& request) {
    const auto from = greeting_of(office, request);
    if (!from) return refuse(from);
    const auto to = parse_greeting_copy(request.body);
    if (!to) return refuse(to);
    std::ifstream file(file_of(office, *from), std::ios::binary);
    if (!file) return not_spoken();
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const auto upload = office.parts.audio->begin_upload();
    if (!upload) return refuse(upload);
    if (const auto taken = (*upload)->take(bytes); !taken) return refuse(taken);
    return keep(office, {from->voicemail, *to}, **upload);
}

Result<Response> erase(const Office& office, const Request& request) {
    const auto named = greeting_of(office, request);
    if (!named) return refuse(named);
    if (!AudioFiles::erase(file_of(office, *named))) return not_spoken();
    return Response::empty(204);
}

OperationText operation(std::string id, const char* summary, int status) {
    return {.id = std::move(id),
            .summary = summary,
            .tag = "voicemails",
            .responses = {{status, {}}, {400, {}}, {404, {}}, {503, {}}},
            .path_parameters = {{{"name", "greeting"},
                                 {"in", "path"},
                                 {"required", true},
                                 {"type", "string"},
                                 {"enum", {"unavailable", "busy", "temp"}}}}};
}

/// Of one mailbox, whose place in paths and ACLs `base` is: "/users/me/voicemails".
void add_routes(CtidNgApi& ctid_ng, const std::string& base, const std::string& name) {
    using enum http::Method;
    const auto path = base + "/greetings/{greeting}";
    auto heard =
        operation("get_" + name + "_greeting", "What callers hear, if its user has recorded it", 200);
    heard.produces = kRecordingType;
    ctid_ng.add(Get, path, std::move(heard), play);
    ctid_ng.add(Head, path, operation("check_" + name + "_greeting", "Whether its user has recorded it", 200),
                play);
    auto uploaded = operation("update_" + name + "_greeting", "Replaces what callers hear", 204);
    uploaded.consumes = kRecordingType;
    uploaded.max_body = kMostBytes;
    ctid_ng.add_upload(Put, path, std::move(uploaded), replace);
    ctid_ng.add(Delete, path,
                operation("delete_" + name + "_greeting", "Has callers hear the standard words", 204), erase);
    auto copied = operation("copy_" + name + "_greeting", "Makes another greeting the same", 204);
    copied.body = reference_to("GreetingCopy");
    ctid_ng.add(Post, path + "/copy", std::move(copied), copy);
}

}  // namespace

void add_greeting_routes(CtidNgApi& ctid_ng) {
    ctid_ng.api().define(
        "GreetingCopy",
        {{"type", "object"},
         {"required", {"dest_greeting"}},
         {"properties",
          {{"dest_greeting", {{"type", "string"}, {"description", "The greeting that is made the same"}}}}}});
    add_routes(ctid_ng, "/voicemails/{voicemail_id}", "voicemail");
    add_routes(ctid_ng, "/users/me/voicemails", "user_voicemail");
}

}  // namespace almon::services
