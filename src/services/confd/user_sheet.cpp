// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/confd/user_sheet.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/whole_number.hpp"

namespace almon::services {

namespace json = boost::json;

namespace {

using enum ColumnKind;

constexpr std::array<Column, 35> kColumns = {{{"entity_id", Integer},
                                              {"firstname"},
                                              {"lastname"},
                                              {"email"},
                                              {"language"},
                                              {"mobile_phone_number"},
                                              {"outgoing_caller_id"},
                                              {"enabled", Boolean},
                                              {"supervision_enabled", Boolean},
                                              {"call_transfer_enabled", Boolean},
                                              {"dtmf_hangup_enabled", Boolean},
                                              {"simultaneous_calls", Integer},
                                              {"ring_seconds", Integer},
                                              {"call_permission_password"},
                                              {"cti_profile_enabled", Boolean},
                                              {"username"},
                                              {"password"},
                                              {"cti_profile_name"},
                                              {"exten"},
                                              {"context"},
                                              {"line_protocol"},
                                              {"sip_username"},
                                              {"sip_secret"},
                                              {"incall_exten"},
                                              {"incall_context"},
                                              {"incall_ring_seconds", Integer},
                                              {"voicemail_name"},
                                              {"voicemail_number"},
                                              {"voicemail_context"},
                                              {"voicemail_password"},
                                              {"voicemail_email"},
                                              {"voicemail_attach_audio", Boolean},
                                              {"voicemail_delete_messages", Boolean},
                                              {"voicemail_ask_password", Boolean},
                                              {"call_permissions", List}}};

tl::unexpected<Error> wrong(std::string_view column, std::string reason) {
    return refuse(ErrorCode::InvalidArgument, std::string(column), std::move(reason));
}

}  // namespace

std::span<const Column> user_columns() noexcept {
    return kColumns;
}

Result<UserSheet> UserSheet::read(std::string_view text, bool is_update) {
    auto table = read_csv(text);
    if (!table) return refuse(table);
    UserSheet sheet;
    sheet.table_ = *std::move(table);
    for (std::size_t place = 0; place < sheet.table_.header.size(); ++place) {
        const std::string_view name = sheet.table_.header[place];
        const bool is_known = std::any_of(kColumns.begin(), kColumns.end(),
                                          [&](const Column& column) { return column.name == name; });
        // What an export adds may be sent back.
        if (!is_known && name != kUuidColumn && name != kProvisioningColumn)
            return wrong(name, "is not a column of users");
        if (!sheet.places_.emplace(name, place).second) return wrong(name, "is there twice");
    }
    if (is_update) {
        if (!sheet.has(kUuidColumn)) return wrong(kUuidColumn, "is a column that an update needs");
    } else {
        for (const auto* name : {"entity_id", "firstname"}) {
            if (!sheet.has(name)) return wrong(name, "is a column that an import needs");
        }
    }
    if (sheet.size() == 0) return wrong("", "The file has no rows");
    return sheet;
}

const std::string& UserSheet::text(std::size_t row, std::string_view column) const {
    static const std::string kNothing;
    const auto found = places_.find(column);
    return found == places_.end() ? kNothing : table_.rows[row][found->second];
}

json::object UserSheet::row(std::size_t row) const {
    json::object object;
    for (std::size_t place = 0; place < table_.header.size(); ++place)
        object[table_.header[place]] = table_.rows[row][place];
    return object;
}

Result<json::value> value_of(const Column& column, const std::string& text) {
    if (text.empty()) return json::value(nullptr);
    switch (column.kind) {
        case Boolean:
            if (text != "0" && text != "1") return wrong(column.name, "must be 0 or 1");
            return json::value(text == "1");
        case Integer: {
            const auto number = whole_number<std::int64_t>(text);
            if (!number || *number < 0) return wrong(column.name, "must be a positive number");
            return json::value(*number);
        }
        case Text:
        case List:
            break;
    }
    return json::value(text);
}

std::vector<std::string> names_in(std::string_view text) {
    std::vector<std::string> names;
    while (!text.empty()) {
        const auto end = std::min(text.find(';'), text.size());
        auto name = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        while (name.starts_with(' '))
            name.remove_prefix(1);
        while (name.ends_with(' '))
            name.remove_suffix(1);
        if (!name.empty()) names.emplace_back(name);
    }
    return names;
}

}  // namespace almon::services
