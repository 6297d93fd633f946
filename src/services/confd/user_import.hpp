// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "services/confd/plan.hpp"
#include "services/confd/user_sheet.hpp"
#include "store/configuration_store.hpp"

namespace almon::services {

/// What a row made or changed; an id that is none: nothing of that kind.
struct SheetRow {
    model::UserId user;
    model::LineId line;
    model::EndpointSipId sip;
    model::ExtensionId extension;
    model::VoicemailId voicemail;
    model::ExtensionId incall_extension;
};

/// What a whole file comes to: either errors, all there are, or operations.
struct SheetPlan {
    std::vector<model::Operation> operations;
    std::vector<SheetRow> rows;
    std::vector<SheetError> errors;
};

/// A user for each row, with what else the row has everything for (ADB-193).
[[nodiscard]] SheetPlan plan_import(const UserSheet& sheet, const model::Snapshot& before,
                                    store::ConfigurationStore& store);
/// The users that rows name by their uuid are changed: columns that are absent leave what there is, empty
/// fields take it away (ADB-201).
[[nodiscard]] SheetPlan plan_update(const UserSheet& sheet, const model::Snapshot& before,
                                    store::ConfigurationStore& store);

}  // namespace almon::services
