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

tl::expected<json::object, Errors> object_with(const http::Request& request,
                                               const std::vector<std::string_view>& members) {
    auto body = object_in(request);
    if (!body) return refused(body.error());
    Errors wrong;
    for (const auto& [name, unused] : *body) {
        if (std::find(members.begin(), members.end(), std::string_view(name)) == members.end())
            wrong.push_back({ErrorCode::InvalidArgument, std::string(name), "is not known here"});
    }
    if (!wrong.empty()) return tl::unexpected<Errors>(std::move(wrong));
    return *std::move(body);
}

}  // namespace almon::services::associations
