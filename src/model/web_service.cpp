// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/web_service.hpp"

#include "base/net_address.hpp"
#include "model/common_fields.hpp"

namespace almon::model {
namespace {

Result<void> check_host(const boost::json::value& value) {
    const auto& text = value.get_string();
    if (text.empty() || NetAddress::parse(std::string_view(text), 0)) return {};
    return refuse(ErrorCode::InvalidArgument, "", "must be an IP address");
}

}  // namespace

template <>
Declaration declare<WebService>() {
    Declaration made;
    made.kind = "web_service";
    made.title = "WebService";
    made.table = "web_services";
    made.collection = "/web_services";
    made.id_name = "web_service_id";
    made.fields = {
        field("id", &WebService::id).key().sortable(),
        field("name", &WebService::name)
            .required()
            .length(1, 64)
            .searched()
            .sortable()
            .says("What it is for"),
        field("username", &WebService::username)
            .required()
            .unique()
            .length(1, 64)
            .searched()
            .sortable()
            .says("Login of the program"),
        field("password", &WebService::password)
            .required()
            .secret()
            .write_only()
            .length(1, 128)
            .says("Never shown again"),
        field("host", &WebService::host)
            .searched()
            .checked_by(check_host)
            .says("Requests from this IP address need no password; leave it out to ask for one"),
        field("acl", &WebService::acl).says("What the program may do, one rule an entry; # is everything"),
        common_fields::description(&WebService::description),
    };
    return made;
}

}  // namespace almon::model
