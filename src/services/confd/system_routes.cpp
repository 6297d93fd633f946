// SPDX-License-Identifier: GPL-3.0-or-later
// What concerns the system as a whole: who it is, the wizard, live reload, why a call went where it went.

#include <algorithm>
#include <utility>

#include "base/net_address.hpp"
#include "model/administrator.hpp"
#include "model/entity.hpp"
#include "model/installation.hpp"
#include "model/parking_lot.hpp"
#include "services/confd/confd_api.hpp"
#include "services/confd/host_network.hpp"
#include "services/confd/resource_view.hpp"

namespace almon::services {

namespace json = boost::json;
using model::Installation;
using model::Snapshot;

namespace {

const Installation& installation_in(const Snapshot& snapshot) {
    static const Installation kNone;
    const auto* found = snapshot.find(model::kInstallation);
    return found != nullptr ? *found : kNone;
}

const std::vector<std::string>& languages() {
    return model::declaration_of<model::User>().find("language")->choices;
}

json::object typed(const char* type) {
    return {{"type", type}};
}

// The wizard's answers, taken apart field by field

/// Reads members of an object and remembers what is wrong with them.
class Answers final {
public:
    Answers(const json::object& object, std::string prefix, Errors& wrong)
        : object_(object), prefix_(std::move(prefix)), wrong_(wrong) {}

    std::string text(std::string_view name, bool required, std::string fallback = {}) {
        const auto* value = given(name, required);
        if (value == nullptr) return fallback;
        auto taken = model::codec::text(*value);
        if (!taken) return refuse_member(name, taken.error().reason), fallback;
        if (required && taken->empty()) return refuse_member(name, "must not be empty"), fallback;
        if (taken->size() > 255) return refuse_member(name, "is too long"), fallback;
        return *std::move(taken);
    }
    std::string address(std::string_view name) {
        auto value = text(name, true);
        const auto parsed = NetAddress::parse(value, 0);
        if (!value.empty() && !parsed) refuse_member(name, "must be an IPv4 address");
        return value;
    }
    std::string number(std::string_view name, bool required) {
        auto value = text(name, required);
        if (value.find_first_not_of("0123456789") != std::string::npos)
            refuse_member(name, "must be a number");
        return value;
    }
    const json::object* object(std::string_view name, bool required) {
        static const json::object kEmpty;
        const auto* value = given(name, required);
        if (value == nullptr) return nullptr;
        if (!value->is_object()) return refuse_member(name, "must be an object"), nullptr;
        return &value->get_object();
    }
    const json::value* given(std::string_view name, bool required) {
        const auto* value = object_.if_contains(name);
        if (value != nullptr && !value->is_null()) return value;
        if (required) refuse_member(name, "is missing");
        return nullptr;
    }
    void refuse_member(std::string_view name, std::string reason) {
        wrong_.push_back({ErrorCode::InvalidArgument, prefix_ + std::string(name), std::move(reason)});
    }

private:
    const json::object& object_;
    std::string prefix_;
    Errors& wrong_;
};

void check_network(Answers& answers, Errors& wrong, Installation& installation) {
    const auto* given = answers.object("network", true);
    if (given == nullptr) return;
    Answers network(*given, "network.", wrong);
    installation.hostname = network.text("hostname", true);
    installation.domain = network.text("domain", true);
    for (const auto* name : {"ip_address", "netmask", "gateway"})
        network.address(name);
    network.text("interface", true);
    const auto* nameservers = network.given("nameservers", true);
    if (nameservers == nullptr) return;
    const auto list = model::codec::list(*nameservers);
    if (!list) return network.refuse_member("nameservers", list.error().reason);
    if ((*list)->empty() || (*list)->size() > 3) network.refuse_member("nameservers", "must be one to three");
    for (const auto& entry : **list) {
        if (!entry.is_string() || !NetAddress::parse(std::string_view(entry.get_string()), 0))
            network.refuse_member("nameservers", "must be IP addresses");
    }
}

/// Numbers from start to end, where both are given.
template <class Range>
void take_range(Answers& answers, std::vector<Range>& ranges, bool required) {
    Range range;
    range.start = answers.number("number_start", required);
    range.end = answers.number("number_end", required);
    if (range.start.empty() && range.end.empty()) return;
    if (range.start.size() != range.end.size() || range.start > range.end)
        return answers.refuse_member("number_end", "must be as long as number_start and not before it");
    ranges.push_back(std::move(range));
}

std::vector<model::Context> contexts_in(Answers& answers, Errors& wrong) {
    model::Context internal, incall, outcall;
    internal.name = "default";
    internal.label = "Default";
    if (const auto* given = answers.object("context_internal", true)) {
        Answers context(*given, "context_internal.", wrong);
        internal.label = context.text("display_name", false, internal.label);
        take_range(context, internal.user_ranges, true);
    }
    incall.name = "from-extern";
    incall.label = "Incalls";
    incall.type = "incall";
    if (const auto* given = answers.object("context_incall", false)) {
        Answers context(*given, "context_incall.", wrong);
        incall.label = context.text("display_name", false, incall.label);
        take_range(context, incall.incall_ranges, false);
        if (const auto* length = context.given("did_length", !incall.incall_ranges.empty())) {
            const auto taken = model::codec::integer(*length);
            if (!taken || *taken < 0 || *taken > 40)
                context.refuse_member("did_length", "must be a number from 0 to 40");
            else if (!incall.incall_ranges.empty())
                incall.incall_ranges.front().did_length = static_cast<int>(*taken);
        }
    }
    outcall.name = "to-extern";
    outcall.label = "Outcalls";
    outcall.type = "outcall";
    if (const auto* given = answers.object("context_outcall", false))
        outcall.label = Answers(*given, "context_outcall.", wrong).text("display_name", false, outcall.label);
    return {std::move(internal), std::move(incall), std::move(outcall)};
}

tl::expected<Plan, Errors> pass_wizard(store::ConfigurationStore& store, const http::Request& request,
                                       const Snapshot& snapshot) {
    const auto& before = installation_in(snapshot);
    if (before.configured) return refused(ErrorCode::Forbidden, "", "The system is configured already");
    const auto given = object_in(request);
    if (!given) return refused(given.error());

    Errors wrong;
    Answers answers(*given, "", wrong);
    for (const auto& [name, value] : *given) {
        constexpr auto kKnown = std::to_array<std::string_view>(
            {"admin_password", "license", "timezone", "language", "entity_name", "network",
             "context_internal", "context_incall", "context_outcall"});
        if (std::find(kKnown.begin(), kKnown.end(), std::string_view(name)) == kKnown.end())
            answers.refuse_member(name, "is not asked for");
    }
    auto installation = before;
    installation.id = model::kInstallation;
    installation.configured = true;
    model::Administrator root;
    root.username = "root";
    root.password = answers.text("admin_password", true);
    if (!root.password.empty() && root.password.size() < 4)
        answers.refuse_member("admin_password", "must have at least 4 characters");
    if (const auto* license = answers.given("license", true); license != nullptr && *license != true)
        answers.refuse_member("license", "must be accepted");
    installation.timezone = answers.text("timezone", true);
    installation.language = answers.text("language", false, "en_US");
    if (std::find(languages().begin(), languages().end(), installation.language) == languages().end())
        answers.refuse_member("language", "is not one of those that the system speaks");
    model::Entity entity;
    entity.name = answers.text("entity_name", true);
    check_network(answers, wrong, installation);
    auto contexts = contexts_in(answers, wrong);
    if (!wrong.empty()) return tl::unexpected<Errors>(std::move(wrong));

    model::Change change;
    change.put(installation);
    if (snapshot.id_by<model::Administrator>("username", root.username) == 0) {
        root.id = store.reserve<model::Administrator>();
        change.put(root);
    }
    if (snapshot.id_by<model::Entity>("name", entity.name) == 0) {
        entity.id = store.reserve<model::Entity>();
        change.put(entity);
    }
    for (auto& context : contexts) {
        if (snapshot.context(context.name) != nullptr) continue;
        context.id = store.reserve<model::Context>();
        change.put(context);
        // Where users have these numbers themselves, there is none.
        const auto is_for_users = [](const auto& range) {
            return range.start.size() == 3 && range.start <= "750" && range.end >= "700";
        };
        if (context.type == "internal" && std::ranges::none_of(context.user_ranges, is_for_users))
            model::put_first_parking_lot(change, store.reserve<model::ParkingLot>(),
                                         store.reserve<model::Extension>(), context.name);
    }
    auto told = *given;
    told.erase("admin_password");
    told["language"] = installation.language;
    Plan plan;
    plan.operations = std::move(change.operations);
    plan.answer = [told = std::move(told)](const Snapshot&) { return http::Response::json(201, told); };
    return plan;
}

json::object wizard_schema() {
    const auto display_name = [](const char* fallback) {
        return json::object{{"type", "string"}, {"default", fallback}};
    };
    const auto range = [&](const char* name, json::array required) {
        json::object schema{{"type", "object"},
                            {"properties",
                             {{"display_name", display_name(name)},
                              {"number_start", typed("string")},
                              {"number_end", typed("string")},
                              {"did_length", typed("integer")}}}};
        if (!required.empty()) schema["required"] = std::move(required);
        return schema;
    };
    return {
        {"title", "Wizard"},
        {"type", "object"},
        {"required", {"admin_password", "license", "timezone", "entity_name", "network", "context_internal"}},
        {"properties",
         {{"admin_password", typed("string")},
          {"license", typed("boolean")},
          {"timezone", typed("string")},
          {"language",
           {{"type", "string"},
            {"default", "en_US"},
            {"enum", json::array(languages().begin(), languages().end())}}},
          {"entity_name", typed("string")},
          {"network",
           {{"type", "object"},
            {"required",
             {"hostname", "domain", "ip_address", "interface", "netmask", "gateway", "nameservers"}},
            {"properties",
             {{"hostname", typed("string")},
              {"domain", typed("string")},
              {"ip_address", typed("string")},
              {"interface", typed("string")},
              {"netmask", typed("string")},
              {"gateway", typed("string")},
              {"nameservers", {{"type", "array"}, {"maxItems", 3}, {"items", typed("string")}}}}}}},
          {"context_internal", range("Default", {"number_start", "number_end"})},
          {"context_incall", range("Incalls", {})},
          {"context_outcall",
           {{"type", "object"}, {"properties", {{"display_name", display_name("Outcalls")}}}}}}}};
}

json::value shown(const HostNetwork& network) {
    json::array interfaces, gateways;
    for (const auto& one : network.interfaces)
        interfaces.push_back(
            {{"interface", one.name}, {"ip_address", one.address}, {"netmask", one.netmask}});
    for (const auto& one : network.gateways)
        gateways.push_back({{"interface", one.interface}, {"gateway", one.address}});
    return {{"hostname", network.hostname},
            {"domain", network.domain},
            {"timezone", network.timezone},
            {"nameservers", json::array(network.nameservers.begin(), network.nameservers.end())},
            {"interfaces", std::move(interfaces)},
            {"gateways", std::move(gateways)}};
}

void add_wizard(ConfdApi& confd) {
    auto& api = confd.api();
    api.define("Wizard", wizard_schema());
    api.define("WizardConfigured", {{"type", "object"}, {"properties", {{"configured", typed("boolean")}}}});
    const auto list_of_texts = [](std::initializer_list<const char*> names) {
        json::object properties;
        for (const auto* name : names)
            properties[name] = typed("string");
        return json::object{{"type", "array"},
                            {"items", {{"type", "object"}, {"properties", std::move(properties)}}}};
    };
    api.define("WizardDiscover",
               {{"type", "object"},
                {"properties",
                 {{"hostname", typed("string")},
                  {"domain", typed("string")},
                  {"timezone", typed("string")},
                  {"nameservers", {{"type", "array"}, {"items", typed("string")}, {"maxItems", 3}}},
                  {"interfaces", list_of_texts({"interface", "ip_address", "netmask"})},
                  {"gateways", list_of_texts({"interface", "gateway"})}}}});
    confd.read("/wizard",
               {.id = "get_wizard_status",
                .summary = "Whether the system was configured",
                .tag = "wizard",
                .responses = {{200, reference_to("WizardConfigured")}},
                .acl = OperationText::kPublic},
               [](const http::Request&, const Snapshot& snapshot) -> Result<http::Response> {
                   return http::Response::json(
                       200, json::object{{"configured", installation_in(snapshot).configured}});
               });
    confd.write(http::Method::Post, "/wizard",
                {.id = "pass_wizard",
                 .summary = "Configure the system",
                 .tag = "wizard",
                 .body = reference_to("Wizard"),
                 .responses = {{201, reference_to("Wizard")}, {400, {}}, {403, {}}},
                 .acl = OperationText::kPublic},
                [&store = confd.parts().store](const http::Request& request, const Snapshot& snapshot) {
                    return pass_wizard(store, request, snapshot);
                });
    confd.read("/wizard/discover",
               {.id = "get_wizard_discover",
                .summary = "What the machine knows of its network",
                .tag = "wizard",
                .responses = {{200, reference_to("WizardDiscover")}, {403, {}}},
                .acl = OperationText::kPublic},
               [](const http::Request&, const Snapshot& snapshot) -> Result<http::Response> {
                   if (installation_in(snapshot).configured)
                       return refuse(ErrorCode::Forbidden, "", "The system is configured already");
                   return http::Response::json(200, shown(discover_host_network()));
               });
}

void add_live_reload(ConfdApi& confd) {
    confd.api().define(
        "LiveReload",
        {{"title", "LiveReload"}, {"type", "object"}, {"properties", {{"enabled", typed("boolean")}}}});
    confd.read("/configuration/live_reload",
               {.id = "get_live_reload",
                .summary = "Whether changes are in force at once",
                .tag = "configuration",
                .responses = {{200, reference_to("LiveReload")}}},
               [](const http::Request&, const Snapshot& snapshot) -> Result<http::Response> {
                   return http::Response::json(
                       200, json::object{{"enabled", installation_in(snapshot).live_reload}});
               });
    confd.write(http::Method::Put, "/configuration/live_reload",
                {.id = "update_live_reload",
                 .summary = "Remember whether changes are wanted at once",
                 .tag = "configuration",
                 .body = reference_to("LiveReload"),
                 .responses = {{204, {}}, {400, {}}}},
                [](const http::Request& request, const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                    const auto given = object_in(request);
                    if (!given) return refused(given.error());
                    Errors wrong;
                    auto draft = installation_in(snapshot);
                    for (const auto& [name, value] : *given) {
                        const auto taken = model::codec::boolean(value);
                        if (name != "enabled")
                            wrong.push_back({ErrorCode::InvalidArgument, std::string(name), "is not known"});
                        else if (!taken)
                            wrong.push_back({ErrorCode::InvalidArgument, "enabled", taken.error().reason});
                        else
                            draft.live_reload = *taken;
                    }
                    if (!given->contains("enabled"))
                        wrong.push_back({ErrorCode::InvalidArgument, "enabled", "is missing"});
                    if (!wrong.empty()) return tl::unexpected<Errors>(std::move(wrong));
                    Plan plan;
                    if (draft.live_reload != installation_in(snapshot).live_reload) {
                        draft.id = model::kInstallation;
                        plan.operations = model::Change{}.put(draft).operations;
                    }
                    plan.answer = [](const Snapshot&) { return http::Response::empty(204); };
                    return plan;
                });
}

void add_why(ConfdApi& confd) {
    confd.api().is_text("call_id");
    confd.api().define(
        "CallTrace",
        {{"type", "object"},
         {"properties",
          {{"call_id", typed("string")}, {"steps", {{"type", "array"}, {"items", typed("string")}}}}}});
    confd.read_slowly(
        "/calls/{call_id}/why",
        {.id = "get_call_trace",
         .summary = "Why a call went where it went, step by step",
         .tag = "calls",
         .responses = {{200, reference_to("CallTrace")}, {404, {}}}},
        [why = confd.parts().why](const http::Request& request) -> Result<http::Response> {
            const std::string call(request.path_parameter("call_id"));
            const auto told = why(call);
            if (!told) return refuse(ErrorCode::NotFound, "Call", "'" + call + "' is not remembered");
            json::array steps;
            std::string_view rest = *told;
            while (!rest.empty()) {
                const auto end = std::min(rest.find('\n'), rest.size());
                steps.emplace_back(rest.substr(0, end));
                rest.remove_prefix(std::min(end + 1, rest.size()));
            }
            return http::Response::json(200, json::object{{"call_id", call}, {"steps", std::move(steps)}});
        });
}

}  // namespace

void add_system_routes(ConfdApi& confd) {
    confd.api().define("Info",
                       {{"title", "Info"}, {"type", "object"}, {"properties", {{"uuid", typed("string")}}}});
    confd.read("/infos",
               {.id = "get_infos",
                .summary = "Who this server is",
                .tag = "infos",
                .responses = {{200, reference_to("Info")}}},
               [uuid = confd.parts().installation_uuid](const http::Request&,
                                                        const Snapshot&) -> Result<http::Response> {
                   return http::Response::json(200, json::object{{"uuid", uuid}});
               });
    add_live_reload(confd);
    add_wizard(confd);
    add_why(confd);
}

}  // namespace almon::services
