// SPDX-License-Identifier: GPL-3.0-or-later
// Devices and their lines (API-087, API-114).

#include <utility>

#include "model/device.hpp"
#include "services/confd/association.hpp"

namespace almon::services {

namespace json = boost::json;
using model::Device;
using model::Line;
using model::Snapshot;

namespace {

using namespace associations;  // NOLINT(google-build-using-namespace): this file is made of them

json::object shown(const Line& line, const Device& device) {
    return {{"line_id", line.id.value}, {"device_id", device.identity}};
}

tl::expected<Plan, Errors> join(const Line& line, const Device& device, const Snapshot& snapshot) {
    if (line.device && line.device != device.id)
        return refused(ErrorCode::Conflict, "line_id", "is associated to another device");
    auto plan = done();
    auto draft = line;
    draft.device = device.id;
    change(plan, std::move(draft), snapshot);
    return plan;
}

/// A device without lines waits for a provisioning code again.
void free_lines(Plan& plan, const Device& device, const Snapshot& snapshot, model::LineId only = {}) {
    bool keeps_one = false;
    snapshot.for_each_naming<Line>(device.id, [&](const Line& line) {
        if (only && line.id != only) {
            keeps_one = true;
            return;
        }
        auto draft = line;
        draft.device = {};
        change(plan, std::move(draft), snapshot);
    });
    if (keeps_one) return;
    auto draft = device;
    draft.autoprov = true;
    change(plan, std::move(draft), snapshot);
}

void add_lines(ConfdApi& confd) {
    confd.api().define(
        "LineDevice",
        {{"title", "LineDevice"},
         {"type", "object"},
         {"properties",
          {{"line_id", integer(true)}, {"device_id", {{"type", "string"}, {"readOnly", true}}}}}});
    confd.api().define("LineDeviceItems", items_of("LineDevice"));
    read_one<Line>(confd, "/lines/{line_id}/devices",
                   {.id = "get_line_device",
                    .summary = "Device of a line",
                    .tag = "lines",
                    .responses = {{200, reference_to("LineDevice")}, {400, {}}, {404, {}}}},
                   [](const Line& line, const Snapshot& snapshot) -> Result<http::Response> {
                       const auto* device = snapshot.find(line.device);
                       if (device == nullptr)
                           return refuse(ErrorCode::NotFound, "LineDevice", "was not found");
                       return http::Response::json(200, shown(line, *device));
                   });
    read_one<Device>(confd, "/devices/{device_id}/lines",
                     {.id = "list_device_lines",
                      .summary = "Lines of a device",
                      .tag = "devices",
                      .responses = {{200, reference_to("LineDeviceItems")}, {404, {}}}},
                     [](const Device& device, const Snapshot& snapshot) -> Result<http::Response> {
                         json::array list;
                         snapshot.for_each_naming<Line>(
                             device.id, [&](const Line& line) { list.push_back(shown(line, device)); });
                         return items(std::move(list));
                     });
    write_two<Line, Device>(
        confd, http::Method::Put, "/lines/{line_id}/devices/{device_id}",
        {.id = "associate_line_device", .summary = "Associate a line and a device", .tag = "lines"}, join);
    write_two<Line, Device>(
        confd, http::Method::Delete, "/lines/{line_id}/devices/{device_id}",
        {.id = "dissociate_line_device", .summary = "Dissociate a line and a device", .tag = "lines"},
        [](const Line& line, const Device& device, const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
            if (line.device != device.id) return refused(ErrorCode::NotFound, "LineDevice", "was not found");
            auto plan = done();
            free_lines(plan, device, snapshot, line.id);
            return plan;
        });
}

using Synchronize = std::function<void(std::vector<std::string> accounts)>;

/// Has the phones that are registered as the device's lines fetch their settings anew, once the change is
/// in force.
void synchronize(Plan& plan, const Synchronize& tell, const Device& device, const Snapshot& snapshot) {
    std::vector<std::string> accounts;
    snapshot.for_each_naming<Line>(device.id, [&](const Line& line) {
        if (const auto* endpoint = snapshot.endpoint_sip(line.endpoint_sip))
            accounts.push_back(endpoint->username);
    });
    if (accounts.empty() || !tell) return;
    plan.afterwards = [tell, accounts = std::move(accounts)] { tell(accounts); };
}

/// Documented as GET in one place and as PUT in another: both are answered.
template <class PlanOfOne>
void add_command(ConfdApi& confd, const std::string& name, const std::string& summary, PlanOfOne plan) {
    for (const auto method : {http::Method::Get, http::Method::Put}) {
        write_one<Device>(confd, method, "/devices/{device_id}/" + name,
                          {.id = name + (method == http::Method::Get ? "_device" : "_device_by_put"),
                           .summary = summary,
                           .tag = "devices"},
                          plan);
    }
}

}  // namespace

void add_device_routes(ConfdApi& confd) {
    const auto& tell = confd.parts().synchronize;
    add_lines(confd);
    add_command(confd, "autoprov",
                "Take its lines from a device, so that it waits for a provisioning code, and restart it",
                [tell](const Device& device, const http::Request&,
                       const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                    auto plan = done();
                    free_lines(plan, device, snapshot);
                    synchronize(plan, tell, device, snapshot);
                    return plan;
                });
    add_command(confd, "synchronize", "Have a device fetch its configuration: NOTIFY with check-sync",
                [tell](const Device& device, const http::Request&,
                       const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                    auto plan = done();
                    synchronize(plan, tell, device, snapshot);
                    return plan;
                });
}

}  // namespace almon::services
