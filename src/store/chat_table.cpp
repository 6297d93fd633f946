// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/chat_table.hpp"

#include <algorithm>

#include <soci/soci.h>

#include "store/timestamp.hpp"

namespace almon::store {
namespace {

/// What two users have written to each other.
constexpr const char* kBetween =
    "((from_user = :me AND to_user = :other) OR (from_user = :other AND to_user = :me))";

struct Columns {
    long long id = 0;
    std::string time, from, to, alias, text;

    /// In the order in which all statements here ask for them.
    void define(soci::statement& statement) {
        statement.exchange(soci::into(id));
        for (auto* column : {&time, &from, &to, &alias, &text})
            statement.exchange(soci::into(*column));
    }
    [[nodiscard]] Result<ChatMessage> message() const {
        const auto moment = parse_timestamp(time);
        if (!moment) return refuse(moment);
        return ChatMessage{id, *moment, from, to, alias, text};
    }
};

void run(soci::statement& statement, const std::string& sql) {
    statement.alloc();
    statement.prepare(sql);
    statement.define_and_bind();
    statement.execute();
}

}  // namespace

Result<void> ChatTable::forget_the_gone() {
    return session_.with([](Session& session) -> Result<void> {
        Transaction transaction(session);
        session.soci() << "DELETE FROM chat_messages WHERE from_user NOT IN (SELECT uuid FROM users) "
                          "OR to_user NOT IN (SELECT uuid FROM users)";
        transaction.commit();
        return {};
    });
}

Result<std::int64_t> ChatTable::add(const ChatMessage& message) {
    return session_.with([&](Session& session) -> Result<std::int64_t> {
        const auto time = timestamp_text(message.time);
        const long long most = most_of_conversation_;
        long long id = 0;
        Transaction transaction(session);
        session.soci() << "INSERT INTO chat_messages (time, from_user, to_user, alias, msg, is_read) "
                          "VALUES (:time, :from, :to, :alias, :msg, 0) RETURNING id",
            soci::use(time), soci::use(message.from), soci::use(message.to), soci::use(message.alias),
            soci::use(message.text), soci::into(id);
        session.soci() << std::string("DELETE FROM chat_messages WHERE ") + kBetween +
                              " AND id <= (SELECT id FROM chat_messages WHERE " + kBetween +
                              " ORDER BY id DESC LIMIT 1 OFFSET :most)",
            soci::use(message.from, "me"), soci::use(message.to, "other"), soci::use(most, "most");
        transaction.commit();
        return id;
    });
}

Result<std::vector<Conversation>> ChatTable::conversations(const std::string& user) {
    return session_.with([&](Session& session) -> Result<std::vector<Conversation>> {
        Columns columns;
        std::string other;
        long long unread = 0;
        soci::statement statement(session.soci());
        statement.exchange(soci::use(user, "me"));
        columns.define(statement);
        statement.exchange(soci::into(other));
        statement.exchange(soci::into(unread));
        run(statement,
            "SELECT m.id, m.time, m.from_user, m.to_user, m.alias, m.msg, c.other, c.unread "
            "FROM chat_messages AS m JOIN (SELECT other, max(id) AS last, sum(unread) AS unread FROM "
            "(SELECT to_user AS other, id, 0 AS unread FROM chat_messages WHERE from_user = :me UNION ALL "
            "SELECT from_user AS other, id, 1 - is_read AS unread FROM chat_messages "
            "WHERE to_user = :me AND from_user <> :me) AS sides GROUP BY other) AS c ON m.id = c.last "
            "ORDER BY m.id DESC");
        std::vector<Conversation> conversations;
        while (statement.fetch()) {
            auto last = columns.message();
            if (!last) return refuse(last);
            conversations.push_back({other, *std::move(last), unread});
        }
        return conversations;
    });
}

Result<std::vector<ChatMessage>> ChatTable::messages(const std::string& user, const std::string& with,
                                                     std::int64_t before, std::size_t limit) {
    return session_.with([&](Session& session) -> Result<std::vector<ChatMessage>> {
        Columns columns;
        const long long first_not = before;
        const auto most = static_cast<long long>(limit);
        soci::statement statement(session.soci());
        statement.exchange(soci::use(user, "me"));
        statement.exchange(soci::use(with, "other"));
        statement.exchange(soci::use(first_not, "before"));
        statement.exchange(soci::use(most, "most"));
        columns.define(statement);
        run(statement,
            std::string("SELECT id, time, from_user, to_user, alias, msg FROM chat_messages WHERE ") +
                kBetween + " AND id < :before ORDER BY id DESC LIMIT :most");
        std::vector<ChatMessage> messages;
        while (statement.fetch()) {
            auto message = columns.message();
            if (!message) return refuse(message);
            messages.push_back(*std::move(message));
        }
        std::ranges::reverse(messages);
        return messages;
    });
}

Result<bool> ChatTable::mark_read(const std::string& user, const std::string& with, std::int64_t last) {
    return session_.with([&](Session& session) -> Result<bool> {
        const long long id = last;
        Transaction transaction(session);
        soci::statement statement =
            (session.soci().prepare << "UPDATE chat_messages SET is_read = 1 WHERE to_user = :me AND "
                                       "from_user = :other AND id <= :last AND is_read = 0",
             soci::use(user), soci::use(with), soci::use(id));
        statement.execute(true);
        const bool any = statement.get_affected_rows() > 0;
        transaction.commit();
        return any;
    });
}

}  // namespace almon::store
