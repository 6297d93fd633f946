// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/trunk.hpp"

#include "model/relations.hpp"
#include "model/snapshot.hpp"

namespace almon::model {
namespace {

Result<void> fits(const Trunk& trunk, const Trunk*, const Snapshot&) {
    if (trunk.endpoint_sip && trunk.endpoint_custom)
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
    };
    made.relations = {
        {"endpoint_sip", relations::endpoint_sip_schema(),
         relations::writes_named<Trunk, &Trunk::endpoint_sip, relations::write_endpoint_sip>},
        {"endpoint_custom", relations::endpoint_custom_schema(),
         relations::writes_named<Trunk, &Trunk::endpoint_custom, relations::write_endpoint_custom>},
        {"outcalls", relations::list_of(relations::id_and_name_schema()), relations::write_no_items},
    };
    made.fits = declaring::fits<Trunk, fits>;
    return made;
}

}  // namespace almon::model
