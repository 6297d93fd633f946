// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/confd/user_import.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "model/call_permission.hpp"
#include "model/change_checks.hpp"
#include "model/cti_profile.hpp"
#include "model/endpoint_sccp.hpp"
#include "model/incall.hpp"
#include "model/voicemail.hpp"
#include "services/confd/confd_api.hpp"

namespace almon::services {

namespace json = boost::json;
using model::CallPermission;
using model::CtiProfile;
using model::EndpointSccp;
using model::EndpointSip;
using model::Extension;
using model::Incall;
using model::Line;
using model::LineExtension;
using model::Snapshot;
using model::SnapshotBuilder;
using model::User;
using model::UserLine;
using model::Voicemail;

namespace {

constexpr int kRingStep = 5;  // ADB-194

/// A column and the field that it is kept in.
struct Kept {
    std::string_view column;
    std::string_view field;
};
constexpr std::array kUserFields = {Kept{"firstname", "firstname"},
                                    Kept{"lastname", "lastname"},
                                    Kept{"email", "email"},
                                    Kept{"language", "language"},
                                    Kept{"mobile_phone_number", "mobile_phone_number"},
                                    Kept{"outgoing_caller_id", "outgoing_caller_id"},
                                    Kept{"enabled", "enabled"},
                                    Kept{"supervision_enabled", "supervision_enabled"},
                                    Kept{"call_transfer_enabled", "call_transfer_enabled"},
                                    Kept{"dtmf_hangup_enabled", "dtmf_hangup_enabled"},
                                    Kept{"simultaneous_calls", "simultaneous_calls"},
                                    Kept{"ring_seconds", "ring_seconds"},
                                    Kept{"call_permission_password", "call_permission_password"},
                                    Kept{"username", "username"},
                                    Kept{"password", "password"}};
constexpr std::array kSipFields = {Kept{"sip_username", "username"}, Kept{"sip_secret", "secret"}};
constexpr std::array kVoicemailFields = {Kept{"voicemail_name", "name"},
                                         Kept{"voicemail_number", "number"},
                                         Kept{"voicemail_context", "context"},
                                         Kept{"voicemail_password", "password"},
                                         Kept{"voicemail_email", "email"},
                                         Kept{"voicemail_attach_audio", "attach_audio"},
                                         Kept{"voicemail_delete_messages", "delete_messages"},
                                         Kept{"voicemail_ask_password", "ask_password"}};
constexpr std::array kPhoneFields = {Kept{"exten", "exten"}, Kept{"context", "context"}};
constexpr std::array kIncallFields = {Kept{"incall_exten", "exten"}, Kept{"incall_context", "context"}};

const Column& column_named(std::string_view name) {
    const auto columns = user_columns();
    return *std::find_if(columns.begin(), columns.end(),
                         [&](const Column& column) { return column.name == name; });
}

/// Works a file off row by row, on a configuration that grows with it.
class SheetPlanner final {
public:
    SheetPlanner(const UserSheet& sheet, const Snapshot& before, store::ConfigurationStore& store)
        : sheet_(sheet), before_(before), builder_(before), store_(store) {}

    SheetPlan import() && {
        for (row_ = 0; row_ < sheet_.size(); ++row_) {
            made_ = {};
            import_row();
            plan_.rows.push_back(made_);
        }
        return std::move(plan_);
    }
    SheetPlan update() && {
        for (row_ = 0; row_ < sheet_.size(); ++row_) {
            made_ = {};
            update_row();
            plan_.rows.push_back(made_);
        }
        return std::move(plan_);
    }

private:
    // The row

    [[nodiscard]] const std::string& text(std::string_view column) const { return sheet_.text(row_, column); }
    [[nodiscard]] bool given(std::string_view column) const { return !text(column).empty(); }
    template <class... Columns>
    [[nodiscard]] bool all_given(Columns... columns) const {
        return (given(columns) && ...);
    }
    void wrong(std::string_view column, std::string reason) {
        plan_.errors.push_back({row_ + 1, std::string(column), text(column), std::move(reason)});
    }
    /// The field's value; nothing where it is wrong, which is told.
    std::optional<json::value> value(std::string_view column) {
        auto taken = value_of(column_named(column), text(column));
        if (taken) return *std::move(taken);
        wrong(column, taken.error().reason);
        return std::nullopt;
    }

    // The configuration as it is by now

    [[nodiscard]] const Snapshot& now() const noexcept { return builder_.so_far(); }

    /// Completes, checks and takes what a row comes to. `fields` say which column is to blame.
    template <class Resource, class Fields>
    bool put(Resource resource, const Fields& fields) {
        const auto& declaration = model::declaration_of<Resource>();
        const auto key = model::declaring::key_of(resource);
        const auto was = now().find(declaration, key);
        if (declaration.complete != nullptr)
            declaration.complete(&resource, was.get(), now(), random_of_thread());
        if (was && declaration.same(was.get(), &resource)) return true;
        if (const auto sound = model::check_put(declaration, key, &resource, was.get(), now()); !sound) {
            const auto& error = sound.error();
            const auto kept = std::find_if(fields.begin(), fields.end(),
                                           [&](const Kept& each) { return each.field == error.field; });
            wrong(kept == fields.end() ? fields.front().column : kept->column, error.reason);
            return false;
        }
        auto shared = std::make_shared<const Resource>(std::move(resource));
        builder_.put(shared);
        // Only what was there before the file came can have been changed by others.
        const auto expected = was == before_.find(declaration, key) ? was : nullptr;
        plan_.operations.push_back({&declaration, key, std::move(shared), expected});
        return true;
    }
    template <class Link>
    void erase(const Link& link) {
        const auto& declaration = model::declaration_of<Link>();
        builder_.erase<Link>(link.key());
        plan_.operations.push_back({&declaration, link.key(), nullptr, nullptr});
    }

    template <class Resource, class Fields>
    bool take(Resource& resource, const Fields& fields) {
        bool sound = true;
        const auto& declaration = model::declaration_of<Resource>();
        for (const auto& [column, name] : fields) {
            if (!sheet_.has(column)) continue;
            auto taken = value(column);
            const auto& field = *declaration.find(name);
            // What cannot be nothing goes back to what a new one has.
            if (taken && taken->is_null() && !field.is_nullable && !field.is_required)
                taken = field.get(declaration.fresh.get());
            if (!taken) {
                sound = false;
            } else if (const auto done = field.take(&resource, *taken); !done) {
                wrong(column,
                      done.error().reason == "must not be null" ? "must not be empty" : done.error().reason);
                sound = false;
            }
        }
        return sound;
    }

    // A user and his client

    bool take_user(User& user) {
        const auto rang = user.ring_time;
        bool sound = take(user, kUserFields);
        if (user.ring_time != rang && user.ring_time.count() % kRingStep != 0)
            wrong("ring_seconds", fmt::format("must be a multiple of {}", kRingStep)), sound = false;
        if (sheet_.has("entity_id")) {
            const auto id = value("entity_id");
            if (!id || id->is_null()) {
                // Who belonged nowhere goes on so.
                const bool stays = id && updates_ && !user.entity;
                if (id && !stays) wrong("entity_id", "must not be empty");
                sound = sound && stays;
            } else {
                user.entity = model::EntityId{static_cast<std::uint64_t>(id->get_int64())};
                if (now().find(user.entity) == nullptr) wrong("entity_id", "does not exist"), sound = false;
            }
        }
        const bool client_is_sound = take_client(user);
        return take_permissions(user) && client_is_sound && sound;
    }

    bool take_client(User& user) {
        bool sound = true;
        if (sheet_.has("cti_profile_name")) {
            const auto& name = text("cti_profile_name");
            user.cti_profile = model::CtiProfileId{name.empty() ? 0 : now().id_by<CtiProfile>("name", name)};
            if (!name.empty() && !user.cti_profile)
                wrong("cti_profile_name", "does not exist"), sound = false;
        }
        if (sheet_.has("cti_profile_enabled")) {
            const auto enabled = value("cti_profile_enabled");
            if (!enabled) return false;
            user.cti_enabled = !enabled->is_null() && enabled->get_bool();
        }
        if (!user.cti_enabled || !sound || !sheet_.has("cti_profile_enabled")) return sound;
        for (const auto& [column, missing] :
             {std::pair{"username", user.username.empty()}, std::pair{"password", user.password.empty()},
              std::pair{"cti_profile_name", !user.cti_profile}}) {
            if (missing) wrong(column, "is needed where cti_profile_enabled is 1"), sound = false;
        }
        return sound;
    }

    bool take_permissions(User& user) {
        if (!sheet_.has("call_permissions")) return true;
        bool sound = true;
        user.call_permissions.clear();
        for (const auto& name : names_in(text("call_permissions"))) {
            const model::CallPermissionId id{now().id_by<CallPermission>("name", name)};
            if (!id)
                wrong("call_permissions", fmt::format("names '{}', which does not exist", name)),
                    sound = false;
            else if (std::find(user.call_permissions.begin(), user.call_permissions.end(), id) ==
                     user.call_permissions.end())
                user.call_permissions.push_back(id);
        }
        return sound;
    }

    // His phone

    /// The number, made where it is not there yet; nothing where it is used already.
    std::optional<Extension> free_number(const std::string& exten, const std::string& context,
                                         std::string_view column) {
        if (const auto* there = now().extension_in(context, exten)) {
            if (there->leads_to || !now().lines_of_extension(there->id).empty()) {
                wrong(column, fmt::format("{}@{} is used already", exten, context));
                return std::nullopt;
            }
            return *there;
        }
        Extension made;
        made.id = store_.reserve<Extension>();
        made.exten = exten;
        made.context = context;
        return made;
    }

    void make_phone(const User& user) {
        if (!all_given("exten", "context", "line_protocol")) return;
        const auto& protocol = text("line_protocol");
        if (protocol != "sip" && protocol != "sccp") return wrong("line_protocol", "must be sip or sccp");
        const auto& context = text("context");
        if (now().context(context) == nullptr) return wrong("context", "does not exist");
        const auto extension = free_number(text("exten"), context, "exten");
        if (!extension || !put(*extension, kPhoneFields)) return;

        Line line;
        line.id = store_.reserve<Line>();
        line.context = context;
        line.caller_id_name = user.firstname + (user.lastname.empty() ? "" : " " + user.lastname);
        line.caller_id_name.resize(std::min<std::size_t>(line.caller_id_name.size(), 80));
        line.caller_id_number = extension->exten;
        if (protocol == "sip") {
            EndpointSip endpoint;
            endpoint.id = store_.reserve<EndpointSip>();
            if (!take(endpoint, kSipFields) || !put(endpoint, kSipFields)) return;
            line.endpoint_sip = made_.sip = endpoint.id;
        } else {
            EndpointSccp endpoint;
            endpoint.id = store_.reserve<EndpointSccp>();
            if (!put(endpoint, kPhoneFields)) return;
            line.endpoint_sccp = endpoint.id;
        }
        if (!put(line, kPhoneFields) || !put(UserLine{user.id, line.id, true, true}, kPhoneFields) ||
            !put(LineExtension{line.id, extension->id, true}, kPhoneFields))
            return;
        made_.line = line.id;
        made_.extension = extension->id;
    }

    void change_phone(const User& user) {
        const auto& lines = now().lines_of_user(user.id);
        if (lines.empty()) return make_phone(user);
        const Line line = *now().line(lines.front());
        made_.line = line.id;
        made_.sip = line.endpoint_sip;
        if (given("line_protocol") && text("line_protocol") != line.protocol())
            wrong("line_protocol", fmt::format("cannot be changed: it is {}", line.protocol()));
        if (const auto* endpoint = now().endpoint_sip(line.endpoint_sip)) {
            auto draft = *endpoint;
            if (take(draft, kSipFields)) put(std::move(draft), kSipFields);
        }
        change_number(line);
    }

    void change_number(const Line& line) {
        if (!sheet_.has("exten") && !sheet_.has("context")) return;
        const auto* main = now().main_extension_of_line(line.id);
        const auto exten = sheet_.has("exten") ? text("exten") : main != nullptr ? main->exten : "";
        const auto context = sheet_.has("context") ? text("context") : main != nullptr ? main->context : "";
        if (main != nullptr) made_.extension = main->id;
        if (main != nullptr && main->exten == exten && main->context == context) return;
        if (exten.empty() || context.empty()) {
            if (main != nullptr)
                wrong(exten.empty() ? "exten" : "context", "cannot be taken away from a line here");
            return;
        }
        const auto* there = now().extension_in(context, exten);
        if (main != nullptr && there == nullptr) {
            auto draft = *main;
            draft.exten = exten;
            draft.context = context;
            put(std::move(draft), kPhoneFields);
            return;
        }
        const auto next = free_number(exten, context, "exten");
        if (!next || !put(*next, kPhoneFields)) return;
        if (main != nullptr) erase(LineExtension{line.id, main->id, true});
        if (put(LineExtension{line.id, next->id, true}, kPhoneFields)) made_.extension = next->id;
    }

    // Calls from outside

    std::optional<double> ring_time() {
        const auto seconds = value("incall_ring_seconds");
        if (!seconds || seconds->is_null()) return std::nullopt;
        return static_cast<double>(seconds->get_int64());
    }

    void make_incall(const User& user) {
        if (!all_given("incall_exten", "incall_context")) return;
        const auto& context = text("incall_context");
        if (now().context(context) == nullptr) return wrong("incall_context", "does not exist");
        auto extension = free_number(text("incall_exten"), context, "incall_exten");
        if (!extension) return;
        Incall incall;
        incall.id = store_.reserve<Incall>();
        incall.destination.type = "user";
        incall.destination.to = {&model::declaration_of<User>(), user.id.value};
        incall.destination.ring_time = ring_time();
        if (!put(incall, kIncallFields)) return;
        extension->leads_to = {&model::declaration_of<Incall>(), incall.id.value};
        if (put(*extension, kIncallFields)) made_.incall_extension = extension->id;
    }

    void change_incall(const User& user) {
        std::vector<Incall> all;
        now().for_each_naming<Incall>(user.id, [&](const Incall& incall) { all.push_back(incall); });
        if (all.empty()) return make_incall(user);
        const auto* number = now().first_naming<Extension>(all.front().id);
        if (number != nullptr) made_.incall_extension = number->id;
        auto draft = all.front();
        if (sheet_.has("incall_ring_seconds")) draft.destination.ring_time = ring_time();
        auto next = number != nullptr ? *number : Extension{};
        if (given("incall_exten")) next.exten = text("incall_exten");
        if (given("incall_context")) next.context = text("incall_context");
        const bool moves =
            number != nullptr && (next.exten != number->exten || next.context != number->context);
        const bool rings = draft.destination.ring_time != all.front().destination.ring_time;
        if (!moves && !rings) return;
        if (all.size() > 1)
            return wrong("incall_exten",
                         fmt::format("cannot be changed: the user has {} incoming calls", all.size()));
        if (moves) put(std::move(next), kIncallFields);
        if (rings) put(std::move(draft), kIncallFields);
    }

    // His voicemail

    void give_voicemail(User& user) {
        if (!all_given("voicemail_name", "voicemail_number", "voicemail_context")) return;
        if (now().context(text("voicemail_context")) == nullptr)
            return wrong("voicemail_context", "does not exist");
        const auto* there = model::voicemail_in(now(), text("voicemail_context"), text("voicemail_number"));
        Voicemail voicemail;
        if (there != nullptr)
            voicemail = *there;
        else
            voicemail.id = store_.reserve<Voicemail>();
        if (there != nullptr && !updates_)
            return wrong("voicemail_number", fmt::format("{} is taken", there->mailbox));
        if (!take(voicemail, kVoicemailFields) || !put(voicemail, kVoicemailFields)) return;
        user.voicemail = made_.voicemail = voicemail.id;
    }

    void change_voicemail(User& user) {
        const auto* voicemail = now().find(user.voicemail);
        if (voicemail == nullptr) return give_voicemail(user);
        made_.voicemail = voicemail->id;
        auto draft = *voicemail;
        if (take(draft, kVoicemailFields)) put(std::move(draft), kVoicemailFields);
    }

    // Rows

    void import_row() {
        User user;
        user.id = store_.reserve<User>();
        const bool sound = take_user(user);
        give_voicemail(user);
        if (!sound || !put(user, kUserFields)) {
            // What follows is looked at as well, so that all that is wrong is told.
            user.username.clear();
            if (user.firstname.empty()) user.firstname = "?";
            builder_.put(user);
        }
        made_.user = user.id;
        make_phone(user);
        make_incall(user);
    }

    void update_row() {
        updates_ = true;
        const auto* found = now().user_by_uuid(text(kUuidColumn));
        if (found == nullptr) return wrong(kUuidColumn, "names no user");
        auto user = *found;
        made_.user = user.id;
        const bool sound = take_user(user);
        change_voicemail(user);
        if (sound) put(user, kUserFields);
        change_phone(user);
        change_incall(user);
    }

    const UserSheet& sheet_;
    const Snapshot& before_;
    SnapshotBuilder builder_;
    store::ConfigurationStore& store_;
    SheetPlan plan_;
    SheetRow made_;
    std::size_t row_ = 0;
    bool updates_ = false;
};

}  // namespace

SheetPlan plan_import(const UserSheet& sheet, const Snapshot& before, store::ConfigurationStore& store) {
    return SheetPlanner(sheet, before, store).import();
}

SheetPlan plan_update(const UserSheet& sheet, const Snapshot& before, store::ConfigurationStore& store) {
    return SheetPlanner(sheet, before, store).update();
}

}  // namespace almon::services
