// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/entity.hpp"

#include "model/snapshot.hpp"

namespace almon::model {
namespace {

Result<void> may_go(const Entity& entity, const Snapshot& snapshot) {
    for (const User* user : snapshot.all<User>()) {
        if (user->entity == entity.id)
            return refuse(ErrorCode::Conflict, "entity",
                          "still has the user " + user->firstname + " " + user->lastname);
    }
    return {};
}

}  // namespace

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
    made.may_go = declaring::may_go<Entity, may_go>;
    return made;
}

}  // namespace almon::model
