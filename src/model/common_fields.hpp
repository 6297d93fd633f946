// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/field.hpp"

/// Members that many kinds have, for Declaration::fields.
namespace almon::model::common_fields {

/// What tells one from the others of its kind.
template <class Resource>
[[nodiscard]] Field name(std::string Resource::*member) {
    return field("name", member)
        .required()
        .unique()
        .length(1, 64)
        .searched()
        .sortable()
        .says("What it is called");
}

template <class Resource>
[[nodiscard]] Field description(std::string Resource::*member) {
    return field("description", member).length(0, 1000).searched().says("Notes");
}

}  // namespace almon::model::common_fields
