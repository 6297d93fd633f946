// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/administrator.hpp"

namespace almon::model {

template <>
Declaration declare<Administrator>() {
    Declaration made;
    made.kind = "administrator";
    made.title = "Administrator";
    made.table = "administrators";
    made.collection = "/administrators";
    made.id_name = "administrator_id";
    made.fields = {
        field("id", &Administrator::id).key().sortable(),
        field("username", &Administrator::username)
            .required()
            .unique()
            .length(1, 64)
            .searched()
            .sortable()
            .says("Name to sign in with"),
        field("password", &Administrator::password)
            .required()
            .hashed()
            .length(4, 128)
            .says("Never shown again"),
        field("acl", &Administrator::acl)
            .says("What the administrator may do, one rule an entry; # is everything"),
        field("enabled", &Administrator::enabled).says("Whether the administrator may sign in"),
    };
    return made;
}

}  // namespace almon::model
