// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/endpoint_sip.hpp"

#include <array>
#include <string_view>

#include "model/option_list.hpp"
#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"
#include "model/trunk.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

/// Options that make sense once only (API-090); any other may be repeated.
constexpr auto kSingleOptions = std::to_array<std::string_view>({"md5secret",
                                                                 "language",
                                                                 "accountcode",
                                                                 "amaflags",
                                                                 "allowtransfer",
                                                                 "fromuser",
                                                                 "fromdomain",
                                                                 "subscribemwi",
                                                                 "buggymwi",
                                                                 "call-limit",
                                                                 "callerid",
                                                                 "fullname",
                                                                 "cid-number",
                                                                 "maxcallbitrate",
                                                                 "insecure",
                                                                 "nat",
                                                                 "promiscredir",
                                                                 "usereqphone",
                                                                 "videosupport",
                                                                 "trustrpid",
                                                                 "sendrpid",
                                                                 "allowsubscribe",
                                                                 "allowoverlap",
                                                                 "dtmfmode",
                                                                 "rfc2833compensate",
                                                                 "qualify",
                                                                 "g726nonstandard",
                                                                 "disallow",
                                                                 "allow",
                                                                 "autoframing",
                                                                 "mohinterpret",
                                                                 "useclientcode",
                                                                 "progressinband",
                                                                 "t38pt-udptl",
                                                                 "t38pt-usertpsource",
                                                                 "rtptimeout",
                                                                 "rtpholdtimeout",
                                                                 "rtpkeepalive",
                                                                 "deny",
                                                                 "permit",
                                                                 "defaultip",
                                                                 "port",
                                                                 "regexten",
                                                                 "subscribecontext",
                                                                 "vmexten",
                                                                 "callingpres",
                                                                 "parkinglot",
                                                                 "protocol",
                                                                 "outboundproxy",
                                                                 "transport",
                                                                 "remotesecret",
                                                                 "directmedia",
                                                                 "callcounter",
                                                                 "busylevel",
                                                                 "ignoresdpversion",
                                                                 "session-timers",
                                                                 "session-expires",
                                                                 "session-minse",
                                                                 "session-refresher",
                                                                 "callbackextension",
                                                                 "timert1",
                                                                 "timerb",
                                                                 "qualifyfreq",
                                                                 "contactpermit",
                                                                 "contactdeny",
                                                                 "unsolicited-mailbox",
                                                                 "use-q850-reason",
                                                                 "encryption",
                                                                 "snom-aoc-enabled",
                                                                 "maxforwards",
                                                                 "disallowed-methods",
                                                                 "textsupport"});

constexpr std::size_t kNameLength = 8;
constexpr std::size_t kSecretLength = 16;

Result<void> check_username(const json::value& value) {
    if (!is_word_and(value.get_string(), "-_.+*"))
        return refuse(ErrorCode::InvalidArgument, "", "may have letters, digits and -_.+* only");
    return {};
}

void complete(EndpointSip& endpoint, const EndpointSip*, const Snapshot& snapshot, Random& random) {
    while (endpoint.username.empty()) {
        auto drawn = random.token(kNameLength);
        if (snapshot.endpoint_sip_by_username(drawn) == nullptr) endpoint.username = std::move(drawn);
    }
    if (endpoint.secret.empty()) endpoint.secret = random.token(kSecretLength);
}

Result<void> fits(const EndpointSip& endpoint, const EndpointSip*, const Snapshot&) {
    return check_options(endpoint.options, kSingleOptions);
}

}  // namespace

template <>
Declaration declare<EndpointSip>() {
    Declaration made;
    made.kind = "endpoint_sip";
    made.title = "SIPEndpoint";
    made.table = "endpoints_sip";
    made.collection = "/endpoints/sip";
    made.id_name = "sip_id";
    made.fields = {
        field("id", &EndpointSip::id).key().sortable().says("Number of the endpoint"),
        field("username", &EndpointSip::username)
            .unique()
            .length(1, 40)
            .searched()
            .sortable()
            .checked_by(check_username)
            .says("Name the phone registers with; drawn where it is left out"),
        field("secret", &EndpointSip::secret)
            .secret()
            .length(1, 80)
            .says("Password the phone registers with; drawn where it is left out"),
        field("type", &EndpointSip::type)
            .one_of({"friend", "peer", "user"})
            .searched()
            .sortable()
            .says("Type of SIP account"),
        field("host", &EndpointSip::host)
            .length(1, 255)
            .searched()
            .sortable()
            .says("Where it is reached: dynamic once it has registered, or an address"),
        field("options", &EndpointSip::options).says("Further options as [[\"name\", \"value\"], ...]"),
    };
    made.relations = {
        {"line", relations::list_of(relations::id_schema()), relations::writes_ids_naming<EndpointSip, Line>},
        {"trunk", relations::id_schema(), relations::writes_id_naming<EndpointSip, Trunk>},
    };
    made.complete = declaring::completes<EndpointSip, complete>;
    made.fits = declaring::fits<EndpointSip, fits>;
    return made;
}

}  // namespace almon::model
