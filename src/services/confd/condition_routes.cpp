// SPDX-License-Identifier: GPL-3.0-or-later
// How the system does at this moment: the ways to other systems (ADB-019, ADB-021), and what does not work.
#include <algorithm>
#include <utility>

#include "model/endpoint_custom.hpp"
#include "model/endpoint_iax.hpp"
#include "model/endpoint_sip.hpp"
#include "model/trunk.hpp"
#include "pbx/technology/trunk_states.hpp"
#include "services/confd/confd_api.hpp"
#include "services/local_time.hpp"
#include "services/monitoring/monitoring.hpp"

namespace almon::services {

namespace json = boost::json;
using model::Snapshot;

namespace {

json::object typed(const char* type) {
    return {{"type", type}};
}

/// What people know a trunk by.
std::string name_of(const model::Trunk& trunk, const Snapshot& snapshot) {
    if (const auto* sip = snapshot.find(trunk.endpoint_sip))
        return sip->host == "dynamic" ? sip->username : sip->username + '@' + sip->host;
    if (const auto* custom = snapshot.find(trunk.endpoint_custom)) return custom->interface;
    if (const auto* iax = snapshot.find(trunk.endpoint_iax)) return iax->name;
    return {};
}

json::value moment(const std::optional<UtcTime>& time) {
    return time ? json::value(utc_iso_text(*time) + "Z") : json::value(nullptr);
}

json::object shown(const model::Trunk& trunk, const Snapshot& snapshot, const pbx::TrunkStates& states) {
    json::object object{{"trunk_id", trunk.id.value},
                        {"name", name_of(trunk, snapshot)},
                        {"registration", nullptr},
                        {"monitoring", nullptr}};
    const auto registration =
        std::ranges::find(states.registrations, trunk.register_sip, &pbx::OutwardRegistrations::Shown::id);
    if (trunk.register_sip && registration != states.registrations.end()) {
        object["registration"] = json::object{{"account", registration->account},
                                              {"state", pbx::name_of(registration->state)},
                                              {"reason", registration->reason},
                                              {"since", moment(registration->since)}};
    }
    const auto peer = std::ranges::find(states.peers, trunk.endpoint_sip, &pbx::SipPeers::Shown::endpoint);
    if (trunk.endpoint_sip && peer != states.peers.end())
        object["monitoring"] = json::object{{"reachable", peer->reachable}, {"since", moment(peer->since)}};
    return object;
}

void define_documents(Api& api) {
    const auto described = [](json::object schema, const char* text) {
        schema["description"] = text;
        return schema;
    };
    const auto nullable = [](json::object schema) {
        schema["x-nullable"] = true;
        return schema;
    };
    const auto since =
        nullable({{"type", "string"},
                  {"format", "date-time"},
                  {"description", "Since when it works, or does not; null: that is not known yet"}});
    json::object registration{
        {"type", "object"},
        {"description", "Our account there; null: none is registered"},
        {"properties",
         {{"account", typed("string")},
          {"state", {{"type", "string"}, {"enum", {"trying", "registered", "refused", "unreachable"}}}},
          {"reason", described(typed("string"), "What the other said, where it is not registered")},
          {"since", since}}}};
    json::object monitoring{{"type", "object"},
                            {"description", "Whether it answers; null: it is not asked (option qualify)"},
                            {"properties", {{"reachable", typed("boolean")}, {"since", since}}}};
    const json::object state{{"type", "object"},
                             {"properties",
                              {{"trunk_id", typed("integer")},
                               {"name", typed("string")},
                               {"registration", nullable(std::move(registration))},
                               {"monitoring", nullable(std::move(monitoring))}}}};
    api.define(
        "TrunkStates",
        {{"title", "TrunkStates"},
         {"type", "object"},
         {"properties", {{"total", typed("integer")}, {"items", {{"type", "array"}, {"items", state}}}}}});
    const json::object ailment{{"type", "object"},
                               {"properties", {{"part", typed("string")}, {"reason", typed("string")}}}};
    api.define("Health", {{"title", "Health"},
                          {"type", "object"},
                          {"properties",
                           {{"status", {{"type", "string"}, {"enum", {"ok", "failing"}}}},
                            {"failing", {{"type", "array"}, {"items", ailment}}}}}});
}

}  // namespace

void add_condition_routes(ConfdApi& confd) {
    define_documents(confd.api());
    if (confd.parts().trunk_states) {
        confd.read_slowly("/trunks/states",
                          {.id = "list_trunk_states",
                           .summary = "Which trunks are registered and reachable, since when, and why not",
                           .tag = "trunks",
                           .responses = {{200, reference_to("TrunkStates")}, {503, {}}}},
                          [parts = confd.parts()](const http::Request&) -> Result<http::Response> {
                              const auto states = parts.trunk_states();
                              if (!states) return refuse(states);
                              const auto snapshot = parts.store.current();
                              json::array items;
                              snapshot->for_each<model::Trunk>([&](const model::Trunk& trunk) {
                                  items.push_back(shown(trunk, *snapshot, *states));
                              });
                              return http::Response::json(
                                  200, json::object{{"total", items.size()}, {"items", std::move(items)}});
                          });
    }
    if (confd.parts().ailments) {
        confd.read_slowly(
            "/health",
            {.id = "get_health",
             .summary = "Whether all parts work, and why one does not",
             .tag = "health",
             .responses = {{200, reference_to("Health")}}},
            [ailments = confd.parts().ailments](const http::Request&) -> Result<http::Response> {
                json::array failing;
                for (const auto& each : ailments())
                    failing.push_back({{"part", each.part}, {"reason", each.reason}});
                const auto* status = failing.empty() ? "ok" : "failing";
                return http::Response::json(
                    200, json::object{{"status", status}, {"failing", std::move(failing)}});
            });
    }
}

}  // namespace almon::services
