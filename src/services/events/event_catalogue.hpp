// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>

#include "services/events/message.hpp"

namespace almon::services {

/// The kinds of events that programs hear of; docs/events.md is written from them.
namespace events {

extern const EventType kCallCreated;
extern const EventType kCallUpdated;
extern const EventType kCallEnded;
extern const EventType kCallHeld;
extern const EventType kCallResumed;
extern const EventType kTransferCreated;
extern const EventType kTransferUpdated;
extern const EventType kTransferAnswered;
extern const EventType kTransferCancelled;
extern const EventType kTransferCompleted;
extern const EventType kTransferAbandoned;
extern const EventType kTransferEnded;
extern const EventType kVoiceMessageCreated;
extern const EventType kVoiceMessageUpdated;
extern const EventType kVoiceMessageDeleted;
extern const EventType kEndpointStatusUpdate;
extern const EventType kUserStatusUpdate;
extern const EventType kChatMessage;
extern const EventType kUserChatMessage;
extern const EventType kUserChatRead;
extern const EventType kManagerEvent;
extern const EventType kUserCreated;
extern const EventType kUserEdited;
extern const EventType kUserDeleted;
extern const EventType kForwardUpdated;
extern const EventType kServiceUpdated;
extern const EventType kResourceChanged;
extern const EventType kServiceRegistered;
extern const EventType kServiceDeregistered;

/// All of them, in the order of the document.
[[nodiscard]] std::span<const EventType* const> all();
/// docs/events.md.
[[nodiscard]] std::string document();

}  // namespace events
}  // namespace almon::services
