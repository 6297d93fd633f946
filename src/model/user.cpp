// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/user.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/uuid.hpp"
#include "model/call_permission.hpp"
#include "model/entity.hpp"
#include "model/group.hpp"
#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"
#include "model/voicemail.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

tl::unexpected<Error> wrong(std::string reason) {
    return refuse(ErrorCode::InvalidArgument, "", std::move(reason));
}

constexpr std::size_t kLongestNumber = 80;

/// "name", or "name" <number>.
Result<void> check_caller_id(const json::value& value) {
    const std::string_view text = value.get_string();
    const auto number = text.find('<');
    if (number == std::string_view::npos) return {};
    if (text.find('>') != text.size() - 1 || number + 2 >= text.size())
        return wrong(R"(must be like "Alice Martin" <1001>)");
    return checks::phone_number(json::string(text.substr(number + 1, text.size() - number - 2)));
}

Result<void> check_outgoing_caller_id(const json::value& value) {
    const std::string_view text = value.get_string();
    if (text == "default" || text == "anonymous") return {};
    return check_caller_id(value);
}

void complete(User& user, const User* before, const Snapshot& snapshot, Random& random) {
    // Everybody belongs somewhere: to the first entity unless another is said.
    if (before == nullptr && !user.entity) {
        const auto entities = snapshot.all<Entity>();
        if (!entities.empty()) user.entity = entities.front()->id;
    }
    if (user.uuid.empty()) user.uuid = random_uuid(random);
    // API-062: a later change of the names leaves it as it is.
    if (before == nullptr && user.caller_id.empty())
        user.caller_id =
            fmt::format("\"{}{}{}\"", user.firstname, user.lastname.empty() ? "" : " ", user.lastname);
}

Result<void> fits(const User& user, const User*, const Snapshot&) {
    return user.function_keys.check_doubles();
}

Result<void> may_go(const User& user, const Snapshot& snapshot) {
    const auto& lines = snapshot.lines_of_user(user.id);
    if (!lines.empty())
        return refuse(ErrorCode::Conflict, "user",
                      fmt::format("is associated to the line {}", lines.front().value));
    if (user.voicemail)
        return refuse(ErrorCode::Conflict, "user",
                      fmt::format("is associated to the voicemail {}", user.voicemail.value));
    return {};
}

/// People look for a colleague by number as well.
std::vector<std::uint64_t> found_by_number(std::string_view term, const Snapshot& snapshot) {
    std::vector<std::uint64_t> users;
    if (term.empty() || term.find_first_not_of("0123456789*#+") != std::string_view::npos) return users;
    snapshot.for_each<Extension>([&](const Extension& extension) {
        if (extension.exten.find(term) == std::string::npos) return;
        for (const LineId line : snapshot.lines_of_extension(extension.id)) {
            for (const UserId user : snapshot.users_of_line(line))
                users.push_back(user.value);
        }
    });
    return users;
}

void write_lines(std::string& out, const User& user, const Snapshot& snapshot) {
    JsonList list(out);
    for (const LineId id : snapshot.lines_of_user(user.id)) {
        const auto* line = snapshot.line(id);
        if (line == nullptr) continue;
        JsonObject entry(list.entry());
        entry.member("id", id);
        relations::write_named<relations::write_endpoint_sip>(entry.name("endpoint_sip"), line->endpoint_sip,
                                                              snapshot);
        relations::write_id(entry.name("endpoint_sccp"), line->endpoint_sccp);
        relations::write_named<relations::write_endpoint_custom>(entry.name("endpoint_custom"),
                                                                 line->endpoint_custom, snapshot);
        relations::write_extensions_of(entry.name("extensions"), *line, snapshot);
    }
}

json::object lines_schema() {
    return relations::list_of({{"type", "object"},
                               {"properties",
                                {{"id", {{"type", "integer"}}},
                                 {"endpoint_sip", relations::endpoint_sip_schema()},
                                 {"endpoint_sccp", relations::id_schema()},
                                 {"endpoint_custom", relations::endpoint_custom_schema()},
                                 {"extensions", relations::list_of(relations::extension_schema())}}}});
}

/// Those whose member the user is; not those that only fall back on the user.
void write_groups(std::string& out, const User& user, const Snapshot& snapshot) {
    JsonList list(out);
    snapshot.for_each_naming<Group>(user.id, [&](const Group& group) {
        if (std::find(group.users.begin(), group.users.end(), user.id) != group.users.end())
            relations::write_id_and_name(list.entry(), group);
    });
}

void write_services(std::string& out, const User& user, const Snapshot&) {
    JsonObject services(out);
    JsonObject(services.name("dnd")).member("enabled", user.do_not_disturb);
    JsonObject(services.name("incallfilter")).member("enabled", user.incall_filter);
}

json::object services_schema() {
    const json::object service{{"type", "object"},
                               {"required", json::array{"enabled"}},
                               {"properties", {{"enabled", {{"type", "boolean"}}}}}};
    return {{"type", "object"}, {"properties", {{"dnd", service}, {"incallfilter", service}}}};
}

void write_forwards(std::string& out, const User& user, const Snapshot&) {
    JsonObject forwards(out);
    const auto write = [&](std::string_view name, const Forward& forward) {
        JsonObject(forwards.name(name))
            .member("enabled", forward.enabled)
            .member("destination", forward.destination);
    };
    write("busy", user.forward_busy);
    write("noanswer", user.forward_noanswer);
    write("unconditional", user.forward_unconditional);
}

json::object forwards_schema() {
    const auto forward = FieldCodec<Forward>::schema();
    return {{"type", "object"},
            {"properties", {{"busy", forward}, {"noanswer", forward}, {"unconditional", forward}}}};
}

void write_fallbacks(std::string& out, const User& user, const Snapshot& snapshot) {
    JsonObject fallbacks(out);
    const auto write = [&](std::string_view name, const Destination& destination) {
        auto& place = fallbacks.name(name);
        write_destination(place, destination, snapshot);
    };
    write("noanswer_destination", user.fallback_noanswer);
    write("busy_destination", user.fallback_busy);
    write("congestion_destination", user.fallback_congestion);
    write("fail_destination", user.fallback_fail);
}

json::object fallbacks_schema() {
    const json::object destination{{"type", "object"}};
    return {{"type", "object"},
            {"properties",
             {{"noanswer_destination", destination},
              {"busy_destination", destination},
              {"congestion_destination", destination},
              {"fail_destination", destination}}}};
}

/// The main line and its main number; null where there is none.
struct MainLine {
    MainLine(const User& user, const Snapshot& snapshot) {
        const auto& lines = snapshot.lines_of_user(user.id);
        if (lines.empty()) return;
        line = snapshot.line(lines.front());
        extension = snapshot.main_extension_of_line(lines.front());
    }
    const Line* line = nullptr;
    const Extension* extension = nullptr;
};

std::string_view text_or_nothing(const auto* resource, auto member) {
    return resource != nullptr ? std::string_view(resource->*member) : std::string_view();
}

/// What lists of colleagues show of the main line (API-063).
void write_summary(std::string& out, const User& user, const Snapshot& snapshot) {
    const MainLine main(user, snapshot);
    JsonObject(out)
        .member("id", user.id)
        .member("uuid", user.uuid)
        .member("firstname", user.firstname)
        .member("lastname", user.lastname)
        .member("email", user.email)
        .member("extension", text_or_nothing(main.extension, &Extension::exten))
        .member("context", text_or_nothing(main.extension, &Extension::context))
        .member("provisioning_code", text_or_nothing(main.line, &Line::provisioning_code))
        .member("protocol", main.line != nullptr ? main.line->protocol() : "")
        .member("entity", text_or_nothing(snapshot.find(user.entity), &Entity::name))
        .member("enabled", user.enabled);
}

void write_directory_entry(std::string& out, const User& user, const Snapshot& snapshot) {
    const MainLine main(user, snapshot);
    JsonObject entry(out);
    entry.member("id", user.id)
        .member("uuid", user.uuid)
        .member("firstname", user.firstname)
        .member("lastname", user.lastname)
        .member("line_id", main.line != nullptr ? main.line->id : LineId{})
        .member("exten", text_or_nothing(main.extension, &Extension::exten))
        .member("context", text_or_nothing(main.extension, &Extension::context))
        .member("email", user.email)
        .member("mobile_phone_number", user.mobile_phone_number)
        .member("description", user.description);
    append_json_text(entry.name("userfield"), user.userfield);
}

}  // namespace

json::object FieldCodec<Forward>::schema() {
    return {{"type", "object"},
            {"properties",
             {{"enabled", {{"type", "boolean"}}},
              {"destination", {{"type", "string"}, {"maxLength", kLongestNumber}, {"x-nullable", true}}}}}};
}

json::value FieldCodec<Forward>::to_json(const Forward& forward) {
    return {{"enabled", forward.enabled},
            {"destination",
             forward.destination.empty() ? json::value(nullptr) : json::value(forward.destination)}};
}

Result<void> FieldCodec<Forward>::from_json(const json::value& value, Forward& forward) {
    const auto object = codec::object(value);
    if (!object) return refuse(object);
    Forward taken = forward;
    if (const auto* enabled = (*object)->if_contains("enabled")) {
        const auto given = codec::boolean(*enabled);
        if (!given) return wrong("has an 'enabled' that " + given.error().reason);
        taken.enabled = *given;
    }
    if ((*object)->contains("destination")) {
        auto given = codec::member(**object, "destination", false);
        if (!given) return refuse(given);
        taken.destination = *std::move(given);
    }
    if (const auto sound = checks::phone_number(json::string(taken.destination)); !sound)
        return wrong("has a 'destination' that " + sound.error().reason);
    if (taken.destination.size() > kLongestNumber)
        return wrong("has a 'destination' of more than 80 characters");
    if (taken.enabled && taken.destination.empty()) return wrong("is enabled without a 'destination'");
    forward = std::move(taken);
    return {};
}

std::vector<KeyOfUser> function_keys_of(const User& user, const Snapshot& snapshot) {
    std::vector<KeyOfUser> all;
    for (const auto& key : user.function_keys.keys)
        all.push_back({&key, false});
    if (const auto* shared = snapshot.find(user.function_key_template)) {
        for (const auto& key : shared->keys.keys) {
            if (user.function_keys.at(key.position) == nullptr) all.push_back({&key, true});
        }
    }
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.key->position < b.key->position; });
    return all;
}

template <>
Declaration declare<User>() {
    Declaration made;
    made.kind = "user";
    made.title = "User";
    made.table = "users";
    made.collection = "/users";
    made.id_name = "user_id";
    made.fields = {
        field("id", &User::id).key().sortable().says("Number of the user"),
        field("uuid", &User::uuid).read_only().unique().sortable().says("Names the user among all servers"),
        field("firstname", &User::firstname)
            .required()
            .length(1, 128)
            .searched()
            .sortable()
            .says("First name"),
        field("lastname", &User::lastname).length(0, 128).searched().sortable().says("Last name"),
        field("email", &User::email)
            .length(0, 254)
            .searched()
            .sortable()
            .checked_by(checks::email)
            .says("Mail address"),
        field("timezone", &User::timezone)
            .length(0, 64)
            .checked_by(checks::timezone)
            .says("Like America/Montreal"),
        field("language", &User::language)
            .one_of({"de_DE", "en_US", "es_ES", "fr_FR", "fr_CA", "it_IT", "nl_NL"})
            .sortable()
            .says("Language of what the user hears"),
        field("description", &User::description).length(0, 1000).searched().sortable().says("Notes"),
        field("caller_id", &User::caller_id)
            .length(0, 160)
            .searched()
            .sortable()
            .checked_by(check_caller_id)
            .says("Name, and number if it differs, shown to colleagues; made of the names where it is left "
                  "out"),
        field("outgoing_caller_id", &User::outgoing_caller_id)
            .length(1, 160)
            .checked_by(check_outgoing_caller_id)
            .says("Shown outside: default, anonymous, or like \"Alice Martin\" <5551001>"),
        field("mobile_phone_number", &User::mobile_phone_number)
            .length(0, 80)
            .searched()
            .sortable()
            .checked_by(checks::phone_number)
            .says("Number of the mobile phone"),
        field("username", &User::username)
            .unique()
            .length(2, 254)
            .searched()
            .sortable()
            .says("Name to sign in with"),
        field("password", &User::password).secret().length(4, 64).says("Password to sign in with"),
        field("music_on_hold", &User::music_on_hold)
            .length(0, 128)
            .searched()
            .sortable()
            .checked_by(checks::word)
            .says("What those hear who wait for the user"),
        field("preprocess_subroutine", &User::preprocess_subroutine)
            .length(0, 39)
            .searched()
            .sortable()
            .checked_by(checks::word)
            .says("Subroutine run before the user is called"),
        field("userfield", &User::userfield)
            .length(0, 128)
            .plain_text()
            .searched()
            .sortable()
            .says("Free for your own use"),
        field("call_transfer_enabled", &User::call_transfer_enabled).says("May transfer calls by keys"),
        field("call_record_enabled", &User::call_record_enabled).says("All calls are recorded"),
        field("online_call_record_enabled", &User::online_call_record_enabled)
            .says("May record a call with *3"),
        field("dtmf_hangup_enabled", &User::dtmf_hangup_enabled).says("May hang up by keys"),
        field("supervision_enabled", &User::supervision_enabled)
            .says("Colleagues see whether the user is talking"),
        field("call_permission_password", &User::call_permission_password)
            .secret()
            .length(1, 16)
            .checked_by(checks::phone_number)
            .says("Opens what call permissions forbid"),
        field("ring_seconds", &User::ring_time)
            .range(0, 10'800)
            .sortable()
            .says("Seconds the phone rings before the call goes elsewhere; 0: as long as the caller waits"),
        field("simultaneous_calls", &User::simultaneous_calls)
            .range(0, 1000)
            .sortable()
            .says("So many calls at once"),
        field("enabled", &User::enabled).sortable().says("Whether the user can make and take calls"),
        field("schedule_id", &User::schedule).hidden().cleared(),
        field("entity_id", &User::entity).hidden(),
        field("do_not_disturb", &User::do_not_disturb).hidden(),
        field("incall_filter", &User::incall_filter).hidden(),
        field("forward_busy", &User::forward_busy).hidden(),
        field("forward_noanswer", &User::forward_noanswer).hidden(),
        field("forward_unconditional", &User::forward_unconditional).hidden(),
        field("fallback_noanswer", &User::fallback_noanswer).hidden().cleared(),
        field("fallback_busy", &User::fallback_busy).hidden().cleared(),
        field("fallback_congestion", &User::fallback_congestion).hidden().cleared(),
        field("fallback_fail", &User::fallback_fail).hidden().cleared(),
        field("voicemail_id", &User::voicemail).hidden(),
        field("cti_profile_id", &User::cti_profile).hidden(),
        field("cti_enabled", &User::cti_enabled).hidden(),
        field("agent_id", &User::agent).hidden(),
        field("call_permissions", &User::call_permissions).hidden().cleared(),
        field("function_key_template_id", &User::function_key_template).hidden().cleared(),
        field("function_keys", &User::function_keys).hidden().cleared(),
    };
    made.relations = {
        {"lines", lines_schema(), declaring::writes<User, write_lines>},
        {"services", services_schema(), declaring::writes<User, write_services>},
        {"forwards", forwards_schema(), declaring::writes<User, write_forwards>},
        {"fallbacks", fallbacks_schema(), declaring::writes<User, write_fallbacks>},
        {"schedules", relations::list_of(relations::id_and_name_schema()), relations::writes_schedules<User>},
        {"groups", relations::list_of(relations::id_and_name_schema()),
         declaring::writes<User, write_groups>},
        {"incalls", relations::list_of(relations::incall_schema()), relations::writes_incalls_to<User>},
        {"call_permissions", relations::list_of(relations::id_and_name_schema()),
         relations::writes_call_permissions<User>},
        {"voicemail", relations::id_and_name_schema(),
         relations::writes_named<User, &User::voicemail, relations::write_id_and_name<Voicemail>>},
    };
    made.complete = declaring::completes<User, complete>;
    made.fits = declaring::fits<User, fits>;
    made.may_go = declaring::may_go<User, may_go>;
    made.views = {{"summary", declaring::writes<User, write_summary>},
                  {"directory", declaring::writes<User, write_directory_entry>}};
    made.also_found = found_by_number;
    return made;
}

}  // namespace almon::model
