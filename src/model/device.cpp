// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/device.hpp"

#include <array>
#include <cctype>

#include "base/net_address.hpp"
#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

constexpr std::size_t kIdentityLength = 32;

bool is_hex(char c) {
    return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}

Result<void> check_mac(const json::value& value) {
    const std::string_view text = value.get_string();
    bool fits = text.empty() || text.size() == 17;
    for (std::size_t place = 0; place < text.size(); ++place)
        fits &= place % 3 == 2 ? text[place] == ':' || text[place] == '-' : is_hex(text[place]);
    if (fits) return {};
    return refuse(ErrorCode::InvalidArgument, "", "must be like 00:1a:2b:3c:4d:5e");
}

Result<void> check_ip(const json::value& value) {
    const std::string text(value.get_string());
    if (text.empty() || NetAddress::parse(text, 0)) return {};
    return refuse(ErrorCode::InvalidArgument, "", "must be an address like 10.0.0.1");
}

void complete(Device& device, const Device* before, const Snapshot&, Random& random) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    while (device.identity.size() < kIdentityLength)
        device.identity += kDigits[random.below(kDigits.size())];
    for (char& c : device.mac)
        c = c == '-' ? ':' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (before == nullptr) device.autoprov = !device.plugin.empty();
}

void write_status(std::string& out, const Device& device, const Snapshot& snapshot) {
    append_json(out, std::string_view(status_of(device, snapshot)));
}

}  // namespace

const char* status_of(const Device& device, const Snapshot& snapshot) {
    if (snapshot.first_naming<Line>(device.id) != nullptr) return "configured";
    return device.autoprov ? "autoprov" : "not_configured";
}

json::object FieldCodec<DeviceOptions>::schema() {
    return {{"type", "object"}, {"properties", {{"switchboard", {{"type", "boolean"}}}}}};
}

json::value FieldCodec<DeviceOptions>::to_json(const DeviceOptions& options) {
    if (!options.is_set) return nullptr;
    return {{"switchboard", options.switchboard}};
}

Result<void> FieldCodec<DeviceOptions>::from_json(const json::value& value, DeviceOptions& options) {
    if (value.is_null()) {
        options = {};
        return {};
    }
    const auto object = codec::object(value);
    if (!object) return refuse(object);
    DeviceOptions taken{true, false};
    for (const auto& [name, given] : **object) {
        if (name != "switchboard")
            return refuse(ErrorCode::InvalidArgument, "",
                          "has a '" + std::string(name) + "', which is no option");
        const auto on = codec::boolean(given);
        if (!on)
            return refuse(ErrorCode::InvalidArgument, "", "has a 'switchboard' that " + on.error().reason);
        taken.switchboard = *on;
    }
    options = taken;
    return {};
}

template <>
Declaration declare<Device>() {
    Declaration made;
    made.kind = "device";
    made.title = "Device";
    made.table = "devices";
    made.collection = "/devices";
    made.id_name = "device_id";
    made.named_by = "id";
    made.fields = {
        field("number", &Device::id).key().hidden(),
        field("id", &Device::identity)
            .in_column("identity")
            .read_only()
            .unique()
            .searched()
            .sortable()
            .says("32 hexadecimal digits"),
        field("mac", &Device::mac)
            .length(0, 17)
            .unique()
            .searched()
            .sortable()
            .checked_by(check_mac)
            .says("Hardware address, like 00:1a:2b:3c:4d:5e"),
        field("ip", &Device::ip)
            .length(0, 45)
            .searched()
            .sortable()
            .checked_by(check_ip)
            .says("Address that it was last seen at"),
        field("sn", &Device::serial_number).length(0, 128).searched().sortable().says("Serial number"),
        field("model", &Device::model).length(0, 128).searched().sortable().says("Model"),
        field("vendor", &Device::vendor).length(0, 128).searched().sortable().says("Maker"),
        field("version", &Device::version)
            .length(0, 128)
            .searched()
            .sortable()
            .says("Version of its firmware"),
        field("plugin", &Device::plugin)
            .length(0, 128)
            .searched()
            .sortable()
            .checked_by(checks::word)
            .says("What makes its files"),
        field("template_id", &Device::template_id)
            .length(0, 128)
            .searched()
            .sortable()
            .checked_by(checks::word)
            .says("Template that its settings start from"),
        field("description", &Device::description).length(0, 1000).searched().sortable().says("Notes"),
        field("options", &Device::options).says("What it is told beyond its lines"),
        field("autoprov", &Device::autoprov).hidden(),
    };
    made.relations = {
        {"status",
         {{"type", "string"},
          {"default", "not_configured"},
          {"enum", json::array{"autoprov", "configured", "not_configured"}}},
         declaring::writes<Device, write_status>},
    };
    made.complete = declaring::completes<Device, complete>;
    return made;
}

}  // namespace almon::model
