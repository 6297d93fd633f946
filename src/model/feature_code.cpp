// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/feature_code.hpp"

#include <memory>
#include <string_view>

#include <fmt/format.h>

#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {
namespace {

struct Code {
    std::uint64_t id;  ///< Kept in databases: never used again for something else.
    std::string_view feature;
    std::string_view exten;
    bool enabled = true;
};

// ADA-059, ADA-062, ADA-144, ADA-167, ADB-079, ADB-120, ADB-207, ADB-213, API-129, API-160; numbers that the
// documentation leaves open are ours.
constexpr Code kCodes[] = {
    {1, "agentstaticlogtoggle", "_*30."},
    {2, "agentstaticlogin", "_*31."},
    {3, "agentstaticlogoff", "_*32."},
    {4, "bsfilter", "_*37."},
    {5, "calllistening", "*34"},
    {6, "callrecord", "*26"},
    {7, "cctoggle", "*40"},
    {8, "directoryaccess", "*41"},
    {9, "enablednd", "*25"},
    {10, "enablevm", "*90"},
    {11, "fwdbusy", "_*23."},
    {12, "fwdrna", "_*22."},
    {13, "fwdunc", "_*21."},
    {14, "fwdundoall", "*20"},
    {15, "groupaddmember", "_*51."},
    {16, "groupremovemember", "_*52."},
    {17, "grouptogglemember", "_*50."},
    {18, "guestprov", "*48378"},
    {19, "incallfilter", "*27"},
    {20, "paging", "_*11."},
    {21, "phonestatus", "*10"},
    {22, "phoneprogfunckey", "_*735."},
    {23, "pickup", "_*8."},
    {24, "pickupgroup", "*8"},
    {25, "recsnd", "*9"},
    {26, "vmboxmsg", "_*97."},
    {27, "vmboxpurge", "_*93."},
    {28, "vmbox", "_*99.", false},
    {29, "vmusermsg", "*98"},
    {30, "vmuserpurge", "*92"},
};

Result<void> check_exten(const boost::json::value& value) {
    if (is_digits_and(value.get_string(), "*#+_XZN.![]-")) return {};
    return refuse(ErrorCode::InvalidArgument, "", "may have digits, *, #, + and pattern letters only");
}

void write_context(std::string& out, const FeatureCode&, const Snapshot&) {
    append_json(out, "xivo-features");
}

}  // namespace

std::string_view fixed_part(const FeatureCode& code) noexcept {
    std::string_view fixed = code.exten;
    if (!fixed.starts_with('_')) return fixed;
    fixed.remove_prefix(1);
    return fixed.substr(0, fixed.find_first_of("XZN.!["));
}

template <>
Declaration declare<FeatureCode>() {
    Declaration made;
    made.kind = "feature_code";
    made.title = "ExtensionFeature";
    made.table = "feature_codes";
    made.collection = "/extensions/features";
    made.id_name = "extension_uuid";
    made.is_fixed_set = true;
    made.fields = {
        field("id", &FeatureCode::id).key().sortable().says("Number of the code"),
        field("uuid", &FeatureCode::uuid).read_only().unique().sortable().says("Names the code"),
        field("feature", &FeatureCode::feature)
            .read_only()
            .unique()
            .searched()
            .sortable()
            .says("What it is for"),
        field("exten", &FeatureCode::exten)
            .required()
            .unique()
            .length(1, 40)
            .checked_by(check_exten)
            .searched()
            .sortable()
            .says("What is dialled"),
        field("enabled", &FeatureCode::enabled).sortable().says("Whether it can be dialled"),
    };
    made.relations = {{"context", {{"type", "string"}}, declaring::writes<FeatureCode, write_context>}};
    for (const auto& [id, feature, exten, enabled] : kCodes) {
        made.initial.push_back(std::make_shared<const FeatureCode>(
            FeatureCode{FeatureCodeId{id}, fmt::format("00000000-0000-4000-8000-{:012}", id),
                        std::string(feature), std::string(exten), enabled}));
    }
    return made;
}

}  // namespace almon::model
