// SPDX-License-Identifier: GPL-3.0-or-later
// General settings of SIP, IAX, voicemail ...: read as a whole, replaced as a whole.

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "model/settings.hpp"
#include "model/system_settings.hpp"
#include "services/confd/association.hpp"
#include "services/confd/resource_view.hpp"

namespace almon::services {

namespace json = boost::json;
using model::Settings;
using model::Snapshot;

namespace {

json::object shown(const Settings& settings, const model::SettingsPlace& place) {
    const auto& declaration = model::declaration_of<Settings>();
    json::object shown;
    shown["options"] = declaration.find("options")->show(&settings);
    if (place.has_ordered_options)
        shown["ordered_options"] = declaration.find("ordered_options")->show(&settings);
    return shown;
}

void add_place(ConfdApi& confd, const model::SettingsPlace& place) {
    const auto& declaration = model::declaration_of<Settings>();
    json::object properties;
    properties["options"] = declaration.find("options")->schema(nullptr);
    if (place.has_ordered_options)
        properties["ordered_options"] = declaration.find("ordered_options")->schema(nullptr);
    confd.api().define(place.title,
                       {{"title", place.title}, {"type", "object"}, {"properties", std::move(properties)}});
    std::string name(place.path.substr(1));
    std::replace(name.begin(), name.end(), '/', '_');
    confd.read(place.path,
               {.id = "list_" + name,
                .summary = fmt::format("{}: the settings", place.title),
                .tag = "settings",
                .responses = {{200, reference_to(place.title)}}},
               [&place](const http::Request&, const Snapshot& snapshot) -> Result<http::Response> {
                   const Settings none;
                   const auto* settings = snapshot.find(place.id);
                   return http::Response::json(200, shown(settings != nullptr ? *settings : none, place));
               });
    confd.write(http::Method::Put, place.path,
                {.id = "update_" + name,
                 .summary = fmt::format("{}: replace all settings; what is left out has its default again",
                                        place.title),
                 .tag = "settings",
                 .body = reference_to(place.title),
                 .responses = {{204, {}}, {400, {}}, {404, {}}}},
                [&place, &declaration](const http::Request& request,
                                       const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                    const auto given = object_in(request);
                    if (!given) return refused(given.error());
                    Errors wrong;
                    for (const auto& [member, value] : *given) {
                        const bool known =
                            member == "options" || (place.has_ordered_options && member == "ordered_options");
                        if (!known)
                            wrong.push_back({ErrorCode::InvalidArgument, std::string(member),
                                             "is not a field of " + std::string(place.title)});
                    }
                    Settings draft;
                    draft.id = place.id;
                    if (wrong.empty()) wrong = merge(declaration, *given, &draft, true);
                    if (!wrong.empty()) return tl::unexpected<Errors>(std::move(wrong));
                    auto plan = associations::done();
                    associations::change(plan, std::move(draft), snapshot);
                    return plan;
                });
}

/// Of what there is once in a system.
constexpr model::Key kOnly{1, 0};

/// What there is once in a system.
struct OnlyOne {
    const model::Declaration& declaration;
    std::string_view path;
    std::string name;  ///< In the names of operations.
    /// A PUT replaces it, so that what is left out has its default again, as the documented interface says.
    bool is_replaced = false;
};

void add_only_one(ConfdApi& confd, OnlyOne one) {
    const auto& declaration = one.declaration;
    confd.api().define(declaration.title, schema_of(declaration));
    confd.read(one.path,
               {.id = "get_" + one.name,
                .summary = fmt::format("{}: the settings", declaration.title),
                .tag = "settings",
                .responses = {{200, reference_to(declaration.title)}}},
               [&declaration](const http::Request&, const Snapshot& snapshot) -> Result<http::Response> {
                   auto body = view_of(declaration, snapshot.find(declaration, kOnly).get(), snapshot);
                   return http::Response::json_text(200, std::move(body));
               });
    confd.write(
        http::Method::Put, one.path,
        {.id = "update_" + one.name,
         .summary = fmt::format(
             "{}: {}", declaration.title,
             one.is_replaced ? "replace all; what is left out has its default again" : "change settings"),
         .tag = "settings",
         .body = reference_to(declaration.title),
         .responses = {{204, {}}, {400, {}}}},
        [&declaration, is_replaced = one.is_replaced](
            const http::Request& request, const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
            const auto given = object_in(request);
            if (!given) return refused(given.error());
            const auto before = snapshot.find(declaration, kOnly);
            auto draft = declaration.copy(is_replaced ? declaration.fresh.get() : before.get());
            declaration.set_id(draft.get(), kOnly.first);
            if (auto wrong = merge(declaration, *given, draft.get(), is_replaced); !wrong.empty())
                return tl::unexpected<Errors>(std::move(wrong));
            auto plan = associations::done();
            if (!declaration.same(before.get(), draft.get()))
                plan.operations.push_back({&declaration, kOnly, std::move(draft), before});
            return plan;
        });
}

}  // namespace

void add_settings_routes(ConfdApi& confd) {
    for (const auto& place : model::settings_places())
        add_place(confd, place);
    add_only_one(confd, {model::declaration_of<model::VoicemailZones>(), "/asterisk/voicemail/zonemessages",
                         "asterisk_voicemail_zonemessages", true});
    add_only_one(confd, {model::declaration_of<model::IaxCallLimits>(), "/asterisk/iax/callnumberlimits",
                         "asterisk_iax_callnumberlimits", true});
    add_only_one(confd, {model::declaration_of<model::MailSettings>(), "/mail", "mail"});
    add_only_one(confd, {model::declaration_of<model::NetworkSettings>(), "/network", "network"});
}

}  // namespace almon::services
