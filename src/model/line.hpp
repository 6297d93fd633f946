// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// What joins a user, an endpoint and an extension.
struct Line {
    LineId id;
    std::string name;
    std::string context;
    EndpointSipId endpoint_sip;  ///< Of the three at most one.
    EndpointSccpId endpoint_sccp;
    EndpointCustomId endpoint_custom;
    DeviceId device;
    int position = 1;
    std::string caller_id_name;
    std::string caller_id_number;
    std::string provisioning_code;  ///< Six digits that a phone without configuration dials.
    std::string registrar = "default";

    /// "sip", "sccp", "custom"; empty: no endpoint yet.
    [[nodiscard]] std::string_view protocol() const noexcept {
        return endpoint_sip ? "sip" : endpoint_sccp ? "sccp" : endpoint_custom ? "custom" : "";
    }
};
template <>
Declaration declare<Line>();

struct UserLine {
    UserId user;
    LineId line;
    bool main_user = true;
    bool main_line = true;

    [[nodiscard]] Key key() const noexcept { return {user.value, line.value}; }
};
template <>
Declaration declare<UserLine>();

struct LineExtension {
    LineId line;
    ExtensionId extension;
    bool main_extension = true;

    [[nodiscard]] Key key() const noexcept { return {line.value, extension.value}; }
};
template <>
Declaration declare<LineExtension>();

}  // namespace almon::model
