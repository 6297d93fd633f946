// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// What a phone is told beyond its lines; null in the API where nothing is said.
struct DeviceOptions {
    bool is_set = false;
    bool switchboard = false;
    friend bool operator==(const DeviceOptions&, const DeviceOptions&) = default;
};

/// A phone of flesh and plastic (API-114). The API names it by 32 hexadecimal digits.
struct Device {
    DeviceId id;
    std::string identity;
    std::string mac;  ///< "00:1a:2b:3c:4d:5e"
    std::string ip;
    std::string serial_number;
    std::string model;
    std::string vendor;
    std::string version;  ///< Of its firmware.
    std::string plugin;
    std::string template_id;
    std::string description;
    DeviceOptions options;
    bool autoprov = false;  ///< Waits for somebody to dial a provisioning code.
};
template <>
Declaration declare<Device>();

/// "configured" once a line is its, else "autoprov" or "not_configured".
[[nodiscard]] const char* status_of(const Device& device, const Snapshot& snapshot);

template <>
struct FieldCodec<DeviceOptions> {
    static constexpr auto kKind = FieldKind::Object;
    static boost::json::object schema();
    static boost::json::value to_json(const DeviceOptions& options);
    static Result<void> from_json(const boost::json::value& json, DeviceOptions& options);
};

}  // namespace almon::model
