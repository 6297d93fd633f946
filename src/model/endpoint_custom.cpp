// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/endpoint_custom.hpp"

#include "model/relations.hpp"
#include "model/trunk.hpp"

namespace almon::model {

template <>
Declaration declare<EndpointCustom>() {
    Declaration made;
    made.kind = "endpoint_custom";
    made.title = "CustomEndpoint";
    made.table = "endpoints_custom";
    made.collection = "/endpoints/custom";
    made.id_name = "custom_id";
    made.fields = {
        field("id", &EndpointCustom::id).key().sortable().says("Number of the endpoint"),
        field("interface", &EndpointCustom::interface)
            .required()
            .length(1, 128)
            .searched()
            .sortable()
            .says("What is called, like dahdi/i1 or Local/1001@default"),
        field("enabled", &EndpointCustom::enabled).sortable().says("Whether it may be called"),
    };
    made.relations = {
        {"line", relations::list_of(relations::id_schema()),
         relations::writes_ids_naming<EndpointCustom, Line>},
        {"trunk", relations::id_schema(), relations::writes_id_naming<EndpointCustom, Trunk>},
    };
    return made;
}

}  // namespace almon::model
