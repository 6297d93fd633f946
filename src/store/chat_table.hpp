// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/own_session.hpp"

namespace almon::store {

/// What a user has written to another.
struct ChatMessage {
    std::int64_t id = 0;  ///< Greater than that of each message before; 0: it is not kept yet.
    UtcTime time{};
    std::string from;   ///< UUID of a user.
    std::string to;     ///< UUID of a user.
    std::string alias;  ///< How who wrote it wants to be shown.
    std::string text;
};

/// What a user has with another one.
struct Conversation {
    std::string with;  ///< UUID of the other.
    ChatMessage last;
    std::int64_t unread = 0;  ///< Messages of the other that the user has not read.
};

/// The table `chat_messages`. Any thread; waits for the disk.
class ChatTable final {
public:
    /// Of what two users have written to each other the newest are kept.
    static constexpr std::int64_t kMostOfConversation = 1000;

    explicit ChatTable(DatabaseLocation location, std::int64_t most_of_conversation = kMostOfConversation)
        : most_of_conversation_(most_of_conversation), session_(std::move(location)) {}

    /// Erases what users wrote, or were written, who are gone.
    [[nodiscard]] Result<void> forget_the_gone();
    /// @return its id.
    [[nodiscard]] Result<std::int64_t> add(const ChatMessage& message);
    /// Those of a user, the one with the newest message first.
    [[nodiscard]] Result<std::vector<Conversation>> conversations(const std::string& user);
    /// The newest of those whose id is less than `before`, the oldest first.
    [[nodiscard]] Result<std::vector<ChatMessage>> messages(const std::string& user, const std::string& with,
                                                            std::int64_t before, std::size_t limit);
    /// The user has read what the other wrote, up to the message `last`.
    /// @return whether something of it was new to him.
    [[nodiscard]] Result<bool> mark_read(const std::string& user, const std::string& with, std::int64_t last);

private:
    const std::int64_t most_of_conversation_;
    OwnSession session_;
};

}  // namespace almon::store
