// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/endpoint_iax.hpp"

#include <array>
#include <string_view>

#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"
#include "model/trunk.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

constexpr std::size_t kNameLength = 8;

/// Options that there may be one of.
constexpr auto kSingleOptions = std::to_array<std::string_view>({"accountcode",
                                                                 "adsi",
                                                                 "allow",
                                                                 "amaflags",
                                                                 "auth",
                                                                 "callerid",
                                                                 "category",
                                                                 "cid-number",
                                                                 "codecpriority",
                                                                 "commented",
                                                                 "context",
                                                                 "dbsecret",
                                                                 "defaultip",
                                                                 "deny",
                                                                 "encryption",
                                                                 "forceencryption",
                                                                 "forcejitterbuffer",
                                                                 "fullname",
                                                                 "immediate",
                                                                 "inkeys",
                                                                 "jitterbuffer",
                                                                 "keyrotate",
                                                                 "language",
                                                                 "mailbox",
                                                                 "mask",
                                                                 "maxauthreq",
                                                                 "mohinterpret",
                                                                 "mohsuggest",
                                                                 "outkey",
                                                                 "parkinglot",
                                                                 "peercontext",
                                                                 "permit",
                                                                 "port",
                                                                 "protocol",
                                                                 "qualify",
                                                                 "qualifyfreqnoto",
                                                                 "qualifyfreqok",
                                                                 "qualifysmoothing",
                                                                 "regexten",
                                                                 "requirecalltoken",
                                                                 "secret",
                                                                 "sendani",
                                                                 "setvar",
                                                                 "sourceaddress",
                                                                 "timezone",
                                                                 "transfer",
                                                                 "trunk",
                                                                 "username"});

Result<void> check_name(const json::value& value) {
    if (!is_word_and(value.get_string(), "-_.+"))
        return refuse(ErrorCode::InvalidArgument, "", "may have letters, digits and -_.+ only");
    return {};
}

void complete(EndpointIax& endpoint, const EndpointIax*, const Snapshot& snapshot, Random& random) {
    while (endpoint.name.empty()) {
        auto drawn = random.token(kNameLength);
        if (snapshot.id_by<EndpointIax>("name", drawn) == 0) endpoint.name = std::move(drawn);
    }
}

Result<void> fits(const EndpointIax& endpoint, const EndpointIax*, const Snapshot&) {
    return check_options(endpoint.options, kSingleOptions);
}

}  // namespace

template <>
Declaration declare<EndpointIax>() {
    Declaration made;
    made.kind = "endpoint_iax";
    made.title = "EndpointIAX";
    made.table = "endpoints_iax";
    made.collection = "/endpoints/iax";
    made.id_name = "iax_id";
    made.fields = {
        field("id", &EndpointIax::id).key().sortable().says("Number of the endpoint"),
        field("name", &EndpointIax::name)
            .unique()
            .length(1, 40)
            .searched()
            .sortable()
            .checked_by(check_name)
            .says("Name of the account; drawn where it is left out"),
        field("type", &EndpointIax::type)
            .one_of({"friend", "peer", "user"})
            .searched()
            .sortable()
            .says("Type of IAX account"),
        field("host", &EndpointIax::host)
            .length(1, 255)
            .searched()
            .sortable()
            .says("Where it is reached: dynamic once it has registered, or an address"),
        field("options", &EndpointIax::options).says("Further options as [[\"name\", \"value\"], ...]"),
    };
    made.relations = {
        {"trunk", relations::id_schema(), relations::writes_id_naming<EndpointIax, Trunk>},
    };
    made.complete = declaring::completes<EndpointIax, complete>;
    made.fits = declaring::fits<EndpointIax, fits>;
    return made;
}

}  // namespace almon::model
