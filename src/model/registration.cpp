// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/registration.hpp"

#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"
#include "model/trunk.hpp"

namespace almon::model {
namespace {

Result<void> check_host(const boost::json::value& value) {
    if (is_word_and(value.get_string(), "-._:[]")) return {};
    return refuse(ErrorCode::InvalidArgument, "", "must be a host name or an IP address");
}

Result<void> check_user(const boost::json::value& value) {
    const std::string_view text = value.get_string();
    if (text.find_first_of(" \t\n\"<>@;?/") == std::string_view::npos) return {};
    return refuse(ErrorCode::InvalidArgument, "", "must be without spaces and @ \" < > ; ? /");
}

}  // namespace

template <>
Declaration declare<RegisterSip>() {
    Declaration made;
    made.kind = "register_sip";
    made.title = "RegisterSIP";
    made.table = "registers_sip";
    made.collection = "/registers/sip";
    made.id_name = "register_sip_id";
    made.fields = {
        field("id", &RegisterSip::id).key().sortable().says("Number of the registration"),
        field("enabled", &RegisterSip::enabled).sortable().says("Whether we register"),
        field("transport", &RegisterSip::transport)
            .one_of({"udp", "tcp", "tls"})
            .sortable()
            .says("What the provider is reached over"),
        field("sip_username", &RegisterSip::sip_username)
            .required()
            .length(1, 128)
            .checked_by(check_user)
            .searched()
            .sortable()
            .says("Name of the account"),
        field("auth_username", &RegisterSip::auth_username)
            .length(0, 128)
            .searched()
            .sortable()
            .says("Name to authenticate with, where it is another one"),
        field("auth_password", &RegisterSip::auth_password).secret().length(0, 128).says("Password"),
        field("remote_host", &RegisterSip::remote_host)
            .required()
            .length(1, 255)
            .checked_by(check_host)
            .searched()
            .sortable()
            .says("Where we register"),
        field("remote_port", &RegisterSip::remote_port).range(1, 65'535).sortable().says("Port there"),
        field("callback_extension", &RegisterSip::callback_extension)
            .length(0, 80)
            .checked_by(check_user)
            .sortable()
            .says("Who the provider shall call: user part of our Contact"),
        field("expiration", &RegisterSip::expiration)
            .range(30, 86'400)
            .sortable()
            .says("Seconds for which we register"),
    };
    made.relations = {{"trunk", relations::id_schema(), relations::writes_id_naming<RegisterSip, Trunk>}};
    return made;
}

template <>
Declaration declare<RegisterIax>() {
    Declaration made;
    made.kind = "register_iax";
    made.title = "RegisterIAX";
    made.table = "registers_iax";
    made.collection = "/registers/iax";
    made.id_name = "register_iax_id";
    made.fields = {
        field("id", &RegisterIax::id).key().sortable().says("Number of the registration"),
        field("auth_username", &RegisterIax::auth_username)
            .length(0, 128)
            .checked_by(check_user)
            .searched()
            .sortable()
            .says("Name to authenticate with"),
        field("auth_password", &RegisterIax::auth_password).secret().length(0, 128).says("Password"),
        field("remote_host", &RegisterIax::remote_host)
            .required()
            .length(1, 255)
            .checked_by(check_host)
            .searched()
            .sortable()
            .says("Where we register"),
        field("remote_port", &RegisterIax::remote_port).range(1, 65'535).sortable().says("Port there"),
        field("callback_extension", &RegisterIax::callback_extension)
            .length(0, 80)
            .checked_by(check_user)
            .sortable()
            .says("Number that calls come in by"),
        field("callback_context", &RegisterIax::callback_context)
            .length(0, 39)
            .names("context")
            .sortable()
            .says("Context that calls come in by"),
    };
    made.relations = {{"trunk", relations::id_schema(), relations::writes_id_naming<RegisterIax, Trunk>}};
    return made;
}

}  // namespace almon::model
