// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "pbx/call_orders.hpp"
#include "pbx/mailbox.hpp"

// The bodies that programs send to xivo-ctid-ng. Refused (Malformed: not a JSON object; InvalidArgument: a
// member that is missing or wrong) with the member's name.
namespace almon::services {

/// POST /calls
struct CallBody {
    std::string user;  ///< UUID of who shall call; empty: of who asks.
    model::LineId line{};
    std::string exten;
    std::string context;
    std::vector<pbx::Variable> variables;

    [[nodiscard]] static Result<CallBody> parse(std::string_view body);
    /// POST /users/me/calls
    [[nodiscard]] static Result<CallBody> parse_own(std::string_view body);
};

/// POST /transfers
[[nodiscard]] Result<pbx::TransferOrder> parse_transfer(std::string_view body);
/// POST /users/me/transfers
[[nodiscard]] Result<pbx::TransferOrder> parse_own_transfer(std::string_view body);

/// PUT /users/me/presences: the name of a presence.
[[nodiscard]] Result<std::string> parse_presence(std::string_view body);

/// PUT /voicemails/{voicemail_id}/messages/{message_id}
/// @return whether the folder that it names has the fresh messages.
[[nodiscard]] Result<bool> parse_message_update(std::string_view body);

/// POST /voicemails/{voicemail_id}/greetings/{greeting}/copy
/// @return the greeting that it names.
[[nodiscard]] Result<pbx::MailboxGreeting> parse_greeting_copy(std::string_view body);

/// POST /chats
struct ChatBody {
    std::string from;     ///< UUID of a user; empty: of who asks.
    std::string to;       ///< UUID of a user.
    std::string to_xivo;  ///< UUID of an installation; empty: ours.
    std::string alias;    ///< How the sender is shown.
    std::string msg;

    [[nodiscard]] static Result<ChatBody> parse(std::string_view body);
    /// POST /users/me/chats
    [[nodiscard]] static Result<ChatBody> parse_own(std::string_view body);
};

/// PUT /users/me/chats/{user_uuid}/read
/// @return the id of the last message that was read.
[[nodiscard]] Result<std::int64_t> parse_chat_read(std::string_view body);

}  // namespace almon::services
