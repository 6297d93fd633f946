// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/call_logging.hpp"

#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <soci/soci.h>

#include "store/timestamp.hpp"

namespace almon::store {
namespace {

/// Written again where it is there already: a call that was taken for cut off may have gone on.
constexpr const char* kUpsert =
    "INSERT INTO call_log (linkedid, date, date_answer, date_end, source_name, source_exten, "
    "destination_name, destination_exten, duration, answered, direction, user_field, source_line_identity, "
    "destination_line_identity, source_user_id, destination_user_id) "
    "VALUES (:linkedid, :date, :date_answer, :date_end, :source_name, :source_exten, :destination_name, "
    ":destination_exten, :duration, :answered, :direction, :user_field, :source_line, :destination_line, "
    ":source_user, :destination_user) "
    "ON CONFLICT (linkedid) DO UPDATE SET date_answer = excluded.date_answer, date_end = excluded.date_end, "
    "destination_name = excluded.destination_name, destination_exten = excluded.destination_exten, "
    "duration = excluded.duration, answered = excluded.answered, direction = excluded.direction, "
    "user_field = excluded.user_field, destination_line_identity = excluded.destination_line_identity, "
    "destination_user_id = excluded.destination_user_id";

bool begins_call(const bus::CallEvent& event) noexcept {
    return event.type == bus::CallEventType::ChannelStart && event.unique_id == event.linked_id;
}

/// The name of the endpoint: "alice" of "SIP/alice-0000000a".
std::string endpoint_of(const std::string& channel_name) {
    const auto slash = channel_name.find('/');
    if (slash == std::string::npos) return {};
    return channel_name.substr(slash + 1, channel_name.rfind('-') - slash - 1);
}

std::optional<bus::CallEventType> event_type_named(std::string_view name) noexcept {
    for (auto type = bus::CallEventType{};;
         type = static_cast<bus::CallEventType>(static_cast<int>(type) + 1)) {
        if (bus::name_of(type) == name) return type;
        if (type == bus::CallEventType::LinkedIdEnd) return std::nullopt;
    }
}

/// Whose line a channel is, which the table `cel` does not say.
struct Owner {
    long long line = 0;
    long long user = 0;
};
Owner owner_of(const std::string& channel_name, Session& session) {
    const auto endpoint = endpoint_of(channel_name);
    Owner owner;
    session.soci() << "SELECT lines.id, coalesce(user_line.user_id, 0) FROM endpoints_sip "
                      "JOIN lines ON lines.endpoint_sip_id = endpoints_sip.id "
                      "LEFT JOIN user_line ON user_line.line_id = lines.id AND user_line.main_user = 1 "
                      "WHERE endpoints_sip.username = :endpoint",
        soci::into(owner.line), soci::into(owner.user), soci::use(endpoint);
    return owner;
}

}  // namespace

/// The statement's parameters, and the statement.
class CallLogging::Row final {
public:
    explicit Row(Session& session) : statement_(session.soci()) {
        for (auto* text : {&linked_id_, &begun_})
            statement_.exchange(soci::use(*text));
        statement_.exchange(soci::use(answered_, has_answered_));
        for (auto* text : {&ended_, &source_name_, &source_exten_, &destination_name_, &destination_exten_})
            statement_.exchange(soci::use(*text));
        statement_.exchange(soci::use(duration_));
        statement_.exchange(soci::use(was_answered_));
        for (auto* text : {&direction_, &user_field_, &source_line_, &destination_line_})
            statement_.exchange(soci::use(*text));
        statement_.exchange(soci::use(source_user_));
        statement_.exchange(soci::use(destination_user_));
        statement_.alloc();
        statement_.prepare(kUpsert);
        statement_.define_and_bind();
    }

    void write(const LoggedCall& call) {
        linked_id_ = call.linked_id;
        begun_ = timestamp_text(call.begun);
        answered_ = call.answered ? timestamp_text(*call.answered) : std::string();
        has_answered_ = call.answered ? soci::i_ok : soci::i_null;
        ended_ = timestamp_text(call.ended);
        source_name_ = call.source_name;
        source_exten_ = call.source_exten;
        destination_name_ = call.destination_name;
        destination_exten_ = call.destination_exten;
        duration_ = call.talked_seconds();
        was_answered_ = call.answered ? 1 : 0;
        direction_ = name_of(call.direction);
        user_field_ = call.user_field;
        source_line_ = call.source_line;
        destination_line_ = call.destination_line;
        source_user_ = static_cast<long long>(call.source_user.value);
        destination_user_ = static_cast<long long>(call.destination_user.value);
        statement_.execute(true);
    }

private:
    std::string linked_id_, begun_, answered_, ended_, source_name_, source_exten_, destination_name_,
        destination_exten_, direction_, user_field_, source_line_, destination_line_;
    soci::indicator has_answered_ = soci::i_null;
    long long duration_ = 0;
    int was_answered_ = 0;
    long long source_user_ = 0;
    long long destination_user_ = 0;
    soci::statement statement_;
};

CallLogging::CallLogging(Session& session) : session_(session), row_(std::make_unique<Row>(session)) {}
CallLogging::~CallLogging() = default;

void CallLogging::take(const bus::CallEvent& event) {
    auto found = under_way_.find(event.linked_id);
    if (found == under_way_.end())
        found = under_way_
                    .emplace(event.linked_id, begins_call(event) ? CallChain() : read_chain(event.linked_id))
                    .first;
    found->second.take(event);
    if (event.type != bus::CallEventType::LinkedIdEnd) return;
    if (const auto call = found->second.logged()) write(*call);
    under_way_.erase(found);
}

std::size_t CallLogging::log_missed(std::size_t most, UtcTime before) {
    const auto count = static_cast<long long>(most);
    const auto time = timestamp_text(before);
    std::vector<std::string> ids;
    {
        const soci::rowset<std::string> rows =
            (session_.soci().prepare
                 << "SELECT DISTINCT linkedid FROM (SELECT linkedid FROM cel WHERE NOT EXISTS "
                    "(SELECT 1 FROM call_log WHERE call_log.linkedid = cel.linkedid) AND eventtime < :time "
                    "ORDER BY id DESC LIMIT :most) AS missed",
             soci::use(time), soci::use(count));
        ids.assign(rows.begin(), rows.end());
    }
    Transaction transaction(session_);
    std::size_t logged = 0;
    for (const auto& id : ids) {
        under_way_.erase(id);
        const auto call = read_chain(id).logged();
        if (!call || call->begun >= before) continue;
        write(*call);
        ++logged;
    }
    transaction.commit();
    return logged;
}

CallChain CallLogging::read_chain(const std::string& linked_id) {
    std::vector<bus::CallEvent> events;
    {
        bus::CallEvent event;
        event.linked_id = linked_id;
        std::string type, time;
        soci::statement statement =
            (session_.soci().prepare
                 << "SELECT eventtype, eventtime, cid_name, cid_num, exten, channame, uniqueid, userfield "
                    "FROM cel WHERE linkedid = :linkedid ORDER BY id",
             soci::into(type), soci::into(time), soci::into(event.caller_name),
             soci::into(event.caller_number), soci::into(event.exten), soci::into(event.channel_name),
             soci::into(event.unique_id), soci::into(event.user_field), soci::use(linked_id));
        statement.execute();
        while (statement.fetch()) {
            const auto known = event_type_named(type);
            const auto moment = parse_timestamp(time);
            if (!known || !moment) continue;
            event.type = *known;
            event.time = *moment;
            events.push_back(event);
        }
    }
    CallChain chain;
    std::unordered_map<std::string, Owner> owners;  // by channel name
    std::unordered_set<std::string> placed;         // unique ids; who is called has dialled nothing
    for (auto& event : events) {
        if (event.type == bus::CallEventType::ChannelStart && event.exten.empty())
            placed.insert(event.unique_id);
        event.outgoing = placed.contains(event.unique_id);
        const auto known = owners.find(event.channel_name);
        const auto& owner =
            known != owners.end()
                ? known->second
                : owners.emplace(event.channel_name, owner_of(event.channel_name, session_)).first->second;
        event.line = static_cast<std::uint64_t>(owner.line);
        event.user = static_cast<std::uint64_t>(owner.user);
        chain.take(event);
    }
    return chain;
}

void CallLogging::write(const LoggedCall& call) {
    row_->write(call);
}

}  // namespace almon::store
