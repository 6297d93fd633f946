// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/entity.hpp"

namespace almon::model {

template <>
Declaration declare<Entity>() {
    Declaration made;
    made.kind = "entity";
    made.title = "Entity";
    made.table = "entities";
    made.collection = "/entities";
    made.id_name = "entity_id";
    made.is_updatable = false;
    made.fields = {
        field("id", &Entity::id).key().sortable().says("Number of the entity"),
        field("name", &Entity::name)
            .required()
            .unique()
            .length(1, 64)
            .searched()
            .sortable()
            .says("Name of the entity, unique"),
        field("display_name", &Entity::display_name)
            .length(0, 128)
            .searched()
            .sortable()
            .says("Name shown on pages"),
    };
    return made;
}

}  // namespace almon::model
