// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/confd/association.hpp"

namespace almon::services::associations {

Plan done() {
    Plan plan;
    plan.answer = [](const model::Snapshot&) { return http::Response::empty(204); };
    return plan;
}

http::Response items(json::array list) {
    const auto total = list.size();
    return http::Response::json(200, json::object{{"total", total}, {"items", std::move(list)}});
}

json::object integer(bool read_only) {
    json::object schema{{"type", "integer"}};
    if (read_only) schema["readOnly"] = true;
    return schema;
}
json::object items_of(std::string_view definition) {
    return {{"type", "object"},
            {"required", json::array{"total"}},
            {"properties",
             {{"total", integer()}, {"items", {{"type", "array"}, {"items", reference_to(definition)}}}}}};
}

}  // namespace almon::services::associations
