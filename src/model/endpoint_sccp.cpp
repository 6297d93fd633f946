// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/endpoint_sccp.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/relations.hpp"

namespace almon::model {
namespace {

constexpr std::array<std::string_view, 4> kOptions = {"cid_name", "cid_num", "allow", "disallow"};

Result<void> fits(const EndpointSccp& endpoint, const EndpointSccp*, const Snapshot&) {
    for (const auto& [name, value] : endpoint.options) {
        if (std::find(kOptions.begin(), kOptions.end(), name) == kOptions.end())
            return refuse(ErrorCode::InvalidArgument, "options",
                          fmt::format("has '{}', but may have {} only", name, fmt::join(kOptions, ", ")));
    }
    return {};
}

}  // namespace

template <>
Declaration declare<EndpointSccp>() {
    Declaration made;
    made.kind = "endpoint_sccp";
    made.title = "SccpEndpoint";
    made.table = "endpoints_sccp";
    made.collection = "/endpoints/sccp";
    made.id_name = "sccp_id";
    made.fields = {
        field("id", &EndpointSccp::id).key().sortable().says("Number of the endpoint"),
        field("options", &EndpointSccp::options).says("cid_name, cid_num, allow and disallow, in pairs"),
    };
    made.relations = {
        {"line", relations::list_of(relations::id_schema()),
         relations::writes_ids_naming<EndpointSccp, Line>},
        // The document has it, but no trunk is reached by SCCP.
        {"trunk", relations::id_schema(), relations::write_none},
    };
    made.fits = declaring::fits<EndpointSccp, fits>;
    return made;
}

}  // namespace almon::model
