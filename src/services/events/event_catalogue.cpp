// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/events/event_catalogue.hpp"

#include <array>

#include <fmt/format.h>

namespace almon::services::events {

namespace {

constexpr std::string_view kCallData =
    "`call_id`, `user_uuid`, `status` (Ring, Ringing, Up, Down), `caller_id_name`, `caller_id_number`, "
    "`creation_time`, `bridges`, `talking_to` (uuids of users by call id)";
constexpr std::string_view kTransferAcl = "events.transfers.{user_uuid}";
constexpr std::string_view kTransferData =
    "`id`, `flow` (attended, blind), `status` (starting, ringback, answered), `transferred_call`, "
    "`initiator_call`, `recipient_call`, `initiator_uuid`";
constexpr std::string_view kChatAcl = "events.users.{user_uuid}.chats";
constexpr std::string_view kUserData = "`id`, `uuid`";
constexpr std::string_view kVoicemailAcl = "events.users.{user_uuid}.voicemails";
constexpr std::string_view kVoicemailData =
    "`user_uuid`, `voicemail_id`, `message_id`, `message`: `id`, `timestamp`, `caller_id_num`, "
    "`caller_id_name`, `duration` (seconds), `folder` (`id`, `name`, `type`: new, old)";

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
const EventType kTransferCreated{.name = "transfer_created",
                                 .routing_key = "calls.transfer.created",
                                 .audience = Audience::Granted,
                                 .required_acl = kTransferAcl,
                                 .when = "A program transfers a call.",
                                 .data = kTransferData};
const EventType kTransferUpdated{.name = "transfer_updated",
                                 .routing_key = "calls.transfer.updated",
                                 .audience = Audience::Granted,
                                 .required_acl = kTransferAcl,
                                 .when = "The recipient of a transfer rings.",
                                 .data = kTransferData};
const EventType kTransferAnswered{.name = "transfer_answered",
                                  .routing_key = "calls.transfer.answered",
                                  .audience = Audience::Granted,
                                  .required_acl = kTransferAcl,
                                  .when = "The recipient talks to the initiator.",
                                  .data = kTransferData};
const EventType kTransferCancelled{.name = "transfer_cancelled",
                                   .routing_key = "calls.transfer.cancelled",
                                   .audience = Audience::Granted,
                                   .required_acl = kTransferAcl,
                                   .when =
                                       "The two first parties talk again: the transfer was cancelled, not "
                                       "answered, refused, or the recipient has hung up.",
                                   .data = kTransferData};
const EventType kTransferCompleted{.name = "transfer_completed",
                                   .routing_key = "calls.transfer.completed",
                                   .audience = Audience::Granted,
                                   .required_acl = kTransferAcl,
                                   .when = "The transferred party has, or waits for, the recipient.",
                                   .data = kTransferData};
const EventType kTransferAbandoned{.name = "transfer_abandoned",
                                   .routing_key = "calls.transfer.abandoned",
                                   .audience = Audience::Granted,
                                   .required_acl = kTransferAcl,
                                   .when = "The transferred party has hung up.",
                                   .data = kTransferData};
const EventType kTransferEnded{.name = "transfer_ended",
                               .routing_key = "calls.transfer.ended",
                               .audience = Audience::Granted,
                               .required_acl = kTransferAcl,
                               .when = "A transfer is over, however it went.",
                               .data = kTransferData};
const EventType kVoiceMessageCreated{
    .name = "user_voicemail_message_created",
    .routing_key = "voicemails.messages.created",
    .audience = Audience::Granted,
    .required_acl = kVoicemailAcl,
    .when = "A caller has left a message in the voicemail of a user: one event for each user whose it is.",
    .data = kVoicemailData};
const EventType kVoiceMessageUpdated{
    .name = "user_voicemail_message_updated",
    .routing_key = "voicemails.messages.updated",
    .audience = Audience::Granted,
    .required_acl = kVoicemailAcl,
    .when = "A message was heard, or is in the other folder for another reason.",
    .data = kVoicemailData};
const EventType kVoiceMessageDeleted{.name = "user_voicemail_message_deleted",
                                     .routing_key = "voicemails.messages.deleted",
                                     .audience = Audience::Granted,
                                     .required_acl = kVoicemailAcl,
                                     .when = "A message was erased.",
                                     .data = kVoicemailData};
const EventType kEndpointStatusUpdate{
    .name = "endpoint_status_update",
    .routing_key = "status.endpoint",
    .audience = Audience::Granted,
    .required_acl = "events.statuses.endpoints",
    .when = "A line is taken, rings, is free again, or its phone comes or goes.",
    .data =
        "`xivo_id`, `endpoint_id` (of the line), `status`: 0 free, 1 in use, 4 unavailable, 8 ringing, "
        "9 in use and ringing, 16 on hold"};
const EventType kUserStatusUpdate{.name = "user_status_update",
                                  .routing_key = "status.user",
                                  .audience = Audience::Granted,
                                  .required_acl = "events.statuses.users",
                                  .when = "A user is available, away or whatever else he has chosen to be.",
                                  .data = "`xivo_id`, `user_uuid`, `status`"};
const EventType kChatMessage{.name = "chat_message_event",
                             .routing_key = "chat.message.{xivo_uuid}.{user_uuid}",
                             .when = "Somebody writes to a user.",
                             .data = "`alias`, `msg`, `from` and `to`: each uuid of installation and user"};
const EventType kUserChatMessage{.name = "user_chat_message_created",
                                 .routing_key = "chats.messages.created",
                                 .audience = Audience::Granted,
                                 .required_acl = kChatAcl,
                                 .when = "A user has written to another: one event for each of the two.",
                                 .data =
                                     "`user_uuid`: whose event it is; `message`: `id`, `time`, `from`, `to` "
                                     "(uuids of users), `alias`, `msg`"};
const EventType kUserChatRead{
    .name = "user_chat_read",
    .routing_key = "chats.messages.read",
    .audience = Audience::Granted,
    .required_acl = kChatAcl,
    .when = "A user has read what another wrote to him.",
    .data = "`user_uuid`: who has read; `with`: uuid of the other, `last`: id of the last message"};
const EventType kManagerEvent{.name = "{event}",
                              .routing_key = "ami.{event}",
                              .when =
                                  "What clients of the manager (AMI) are told as well: `Newchannel`, "
                                  "`Newstate`, `DialBegin`, `BridgeEnter`, `Hangup`, `PeerStatus` ...",
                              .data = "the event's fields, all texts"};
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
    static constexpr std::array kAll{
        &kCallCreated,         &kCallUpdated,         &kCallEnded,           &kCallHeld,
        &kCallResumed,         &kTransferCreated,     &kTransferUpdated,     &kTransferAnswered,
        &kTransferCancelled,   &kTransferCompleted,   &kTransferAbandoned,   &kTransferEnded,
        &kVoiceMessageCreated, &kVoiceMessageUpdated, &kVoiceMessageDeleted, &kEndpointStatusUpdate,
        &kUserStatusUpdate,    &kChatMessage,         &kUserChatMessage,     &kUserChatRead,
        &kManagerEvent,        &kUserCreated,         &kUserEdited,          &kUserDeleted,
        &kForwardUpdated,      &kServiceUpdated,      &kResourceChanged,     &kServiceRegistered,
        &kServiceDeregistered};
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
