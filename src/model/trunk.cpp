// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/trunk.hpp"

#include "model/outcall.hpp"
#include "model/registration.hpp"
#include "model/relations.hpp"
#include "model/snapshot.hpp"

namespace almon::model {
namespace {

Result<void> fits(const Trunk& trunk, const Trunk*, const Snapshot&) {
    if (int{bool{trunk.endpoint_sip}} + int{bool{trunk.endpoint_custom}} + int{bool{trunk.endpoint_iax}} > 1)
        return refuse(ErrorCode::Conflict, "trunk", "has an endpoint already");
    return {};
}

}  // namespace

template <>
Declaration declare<Trunk>() {
    Declaration made;
    made.kind = "trunk";
    made.title = "Trunk";
    made.table = "trunks";
    made.collection = "/trunks";
    made.id_name = "trunk_id";
    made.fields = {
        field("id", &Trunk::id).key().sortable().says("Number of the trunk"),
        field("context", &Trunk::context)
            .length(0, 39)
            .names("context")
            .searched()
            .sortable()
            .says("Name of the context that its incoming calls start in"),
        field("twilio_incoming", &Trunk::twilio_incoming).says("Whether calls of Twilio come in by it"),
        field("endpoint_sip_id", &Trunk::endpoint_sip).hidden().exclusive(),
        field("endpoint_custom_id", &Trunk::endpoint_custom).hidden().exclusive(),
        field("endpoint_iax_id", &Trunk::endpoint_iax).hidden().exclusive(),
        field("register_sip_id", &Trunk::register_sip).hidden().exclusive().cleared(),
        field("register_iax_id", &Trunk::register_iax).hidden().exclusive().cleared(),
    };
    made.relations = {
        {"endpoint_sip", relations::endpoint_sip_schema(),
         relations::writes_named<Trunk, &Trunk::endpoint_sip, relations::write_endpoint_sip>},
        {"endpoint_custom", relations::endpoint_custom_schema(),
         relations::writes_named<Trunk, &Trunk::endpoint_custom, relations::write_endpoint_custom>},
        {"endpoint_iax", relations::id_and_name_schema(),
         relations::writes_named<Trunk, &Trunk::endpoint_iax, relations::write_id_and_name<EndpointIax>>},
        {"register_sip", relations::id_schema(),
         relations::writes_named<Trunk, &Trunk::register_sip, relations::write_id_of<RegisterSip>>},
        {"register_iax", relations::id_schema(),
         relations::writes_named<Trunk, &Trunk::register_iax, relations::write_id_of<RegisterIax>>},
        {"outcalls", relations::list_of(relations::id_and_name_schema()),
         relations::writes_all_naming<Trunk, Outcall, relations::write_id_and_name<Outcall>>},
    };
    made.fits = declaring::fits<Trunk, fits>;
    return made;
}

}  // namespace almon::model
