// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/events/event_catalogue.hpp"

#include <array>

#include <fmt/format.h>

namespace almon::services::events {

namespace {

constexpr std::string_view kCallData =
    "`call_id`, `user_uuid`, `status` (Ring, Ringing, Up, Down), `caller_id_name`, `caller_id_number`, "
    "`creation_time`, `bridges`, `talking_to` (uuids of users by call id)";
constexpr std::string_view kUserData = "`id`, `uuid`";

}  // namespace

const EventType kCallCreated{.name = "call_created",
                             .routing_key = "calls.call.created",
                             .audience = Audience::Granted,
                             .required_acl = "events.calls.{user_uuid}",
                             .when = "A phone calls or is rung.",
                             .data = kCallData};
const EventType kCallUpdated{.name = "call_updated",
                             .routing_key = "calls.call.updated",
                             .audience = Audience::Granted,
                             .required_acl = "events.calls.{user_uuid}",
                             .when = "A call is answered, or talks to another one than before.",
                             .data = kCallData};
const EventType kCallEnded{.name = "call_ended",
                           .routing_key = "calls.call.ended",
                           .audience = Audience::Granted,
                           .required_acl = "events.calls.{user_uuid}",
                           .when = "A call is over.",
                           .data = kCallData};
const EventType kCallHeld{.name = "call_held",
                          .routing_key = "calls.hold.created",
                          .when = "A party has put the other on hold.",
                          .data = "`call_id`: of who did it"};
const EventType kCallResumed{.name = "call_resumed",
                             .routing_key = "calls.hold.deleted",
                             .when = "A party has taken the other back.",
                             .data = "`call_id`: of who did it"};
const EventType kEndpointStatusUpdate{
    .name = "endpoint_status_update",
    .routing_key = "status.endpoint",
    .audience = Audience::Granted,
    .required_acl = "events.statuses.endpoints",
    .when = "A line is taken, rings, is free again, or its phone comes or goes.",
    .data =
        "`xivo_id`, `endpoint_id` (of the line), `status`: 0 free, 1 in use, 4 unavailable, 8 ringing, "
        "9 in use and ringing, 16 on hold"};
const EventType kUserCreated{.name = "user_created",
                             .routing_key = "config.user.created",
                             .when = "A user was created.",
                             .data = kUserData};
const EventType kUserEdited{.name = "user_edited",
                            .routing_key = "config.user.edited",
                            .when = "A user was changed.",
                            .data = kUserData};
const EventType kUserDeleted{.name = "user_deleted",
                             .routing_key = "config.user.deleted",
                             .when = "A user was erased.",
                             .data = kUserData};
const EventType kForwardUpdated{.name = "users_forwards_{forward}_updated",
                                .routing_key = "config.users.{user_uuid}.forwards.{forward}.updated",
                                .audience = Audience::Granted,
                                .required_acl = "events.config.users.{user_uuid}.forwards.{forward}.updated",
                                .when = "A forward (busy, noanswer, unconditional) of a user was changed.",
                                .data = "`user_uuid`, `enabled`, `destination`"};
const EventType kServiceUpdated{.name = "users_services_{service}_updated",
                                .routing_key = "config.users.{user_uuid}.services.{service}.updated",
                                .audience = Audience::Granted,
                                .required_acl = "events.config.users.{user_uuid}.services.{service}.updated",
                                .when = "A service (dnd, incallfilter) of a user was changed.",
                                .data = "`user_uuid`, `enabled`"};
const EventType kResourceChanged{
    .name = "{kind}_{change}",
    .routing_key = "config.{kind}.{change}",
    .audience = Audience::Granted,
    .required_acl = "events.config.{kind}.{change}",
    .when =
        "Any other thing that is configured was created, edited or deleted: `line_created`, "
        "`extension_edited`, `group_deleted` ... An association is named after what it joins.",
    .data = "`id`; of an association `ids`, the two that it joins"};
const EventType kServiceRegistered{.name = "service_registered_event",
                                   .routing_key = "service.registered.{service}",
                                   .when = "A service can be asked from now on.",
                                   .data = "`service_name`, `service_id`, `address`, `port`, `tags`"};
const EventType kServiceDeregistered{.name = "service_deregistered_event",
                                     .routing_key = "service.deregistered.{service}",
                                     .when = "A service stops.",
                                     .data = "`service_name`, `service_id`, `tags`"};

std::span<const EventType* const> all() {
    static constexpr std::array kAll{&kCallCreated,       &kCallUpdated,        &kCallEnded,
                                     &kCallHeld,          &kCallResumed,        &kEndpointStatusUpdate,
                                     &kUserCreated,       &kUserEdited,         &kUserDeleted,
                                     &kForwardUpdated,    &kServiceUpdated,     &kResourceChanged,
                                     &kServiceRegistered, &kServiceDeregistered};
    return kAll;
}

std::string document() {
    std::string text =
        "# Events\n\n"
        "What programs hear of, as it happens: over WebSocket (port 9502, by name) and on an AMQP message "
        "bus (exchange\n"
        "`xivo`, by routing key); [api.md](api.md) shows both. A body is a JSON object with `name`, `data`, "
        "`origin_uuid` (the\n"
        "installation) and, where WebSocket clients may hear it, `required_acl`: what a token must be "
        "granted.\n"
        "A {word} stands for what each event has in its place. This page is written from the program's own "
        "catalogue.\n\n"
        "| name | routing key | required ACL | when | data |\n"
        "|---|---|---|---|---|\n";
    for (const auto* type : all()) {
        const auto acl = type->audience == Audience::BusOnly     ? std::string("message bus only")
                         : type->audience == Audience::Everybody ? std::string("none")
                                                                 : fmt::format("`{}`", type->required_acl);
        text += fmt::format("| `{}` | `{}` | {} | {} | {} |\n", type->name, type->routing_key, acl,
                            type->when, type->data);
    }
    return text;
}

}  // namespace almon::services::events
