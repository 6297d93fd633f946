// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/events/configuration_events.hpp"

#include <string>

#include "model/user.hpp"
#include "services/events/event_catalogue.hpp"

namespace almon::services {

namespace {

namespace json = boost::json;

void tell_forward(std::vector<Message>& messages, const model::User& user, std::string_view name,
                  const model::Forward& before, const model::Forward& after, std::string_view origin) {
    if (before.enabled == after.enabled && before.destination == after.destination) return;
    json::value destination = nullptr;
    if (!after.destination.empty()) destination = json::string(after.destination);
    messages.push_back(make_message(
        events::kForwardUpdated,
        json::object{{"user_uuid", user.uuid}, {"enabled", after.enabled}, {"destination", destination}},
        origin, {{"forward", name}, {"user_uuid", user.uuid}}));
}

void tell_service(std::vector<Message>& messages, const model::User& user, std::string_view name, bool before,
                  bool after, std::string_view origin) {
    if (before == after) return;
    messages.push_back(make_message(events::kServiceUpdated,
                                    json::object{{"user_uuid", user.uuid}, {"enabled", after}}, origin,
                                    {{"service", name}, {"user_uuid", user.uuid}}));
}

/// @param before null: it was created. @param after null: it was erased.
void tell_user(std::vector<Message>& messages, const model::User* before, const model::User* after,
               std::string_view origin) {
    const auto& user = after != nullptr ? *after : *before;
    const auto& type = before == nullptr  ? events::kUserCreated
                       : after == nullptr ? events::kUserDeleted
                                          : events::kUserEdited;
    messages.push_back(make_message(type, json::object{{"id", user.id.value}, {"uuid", user.uuid}}, origin));
    if (before == nullptr || after == nullptr) return;
    tell_forward(messages, user, "busy", before->forward_busy, after->forward_busy, origin);
    tell_forward(messages, user, "noanswer", before->forward_noanswer, after->forward_noanswer, origin);
    tell_forward(messages, user, "unconditional", before->forward_unconditional, after->forward_unconditional,
                 origin);
    tell_service(messages, user, "dnd", before->do_not_disturb, after->do_not_disturb, origin);
    tell_service(messages, user, "incallfilter", before->incall_filter, after->incall_filter, origin);
}

}  // namespace

std::vector<Message> messages_of(const model::Change& change, std::string_view origin_uuid) {
    std::vector<Message> messages;
    for (const auto& operation : change.operations) {
        const auto& kind = *operation.declaration;
        if (!operation.expected && !operation.resource) continue;
        if (&kind == &model::declaration_of<model::User>()) {
            tell_user(messages, static_cast<const model::User*>(operation.expected.get()),
                      static_cast<const model::User*>(operation.resource.get()), origin_uuid);
            continue;
        }
        const std::string_view what = !operation.expected   ? "created"
                                      : !operation.resource ? "deleted"
                                                            : "edited";
        json::object data;
        if (kind.is_association)
            data["ids"] = {operation.key.first, operation.key.second};
        else
            data["id"] = operation.key.first;
        messages.push_back(make_message(events::kResourceChanged, data, origin_uuid,
                                        {{"kind", kind.kind}, {"change", what}}));
    }
    return messages;
}

}  // namespace almon::services
