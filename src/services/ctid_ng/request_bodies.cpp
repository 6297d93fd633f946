// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctid_ng/request_bodies.hpp"

#include <limits>
#include <optional>
#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "services/events/voicemail_view.hpp"

namespace almon::services {

namespace json = boost::json;

namespace {

constexpr std::size_t kMostOfText = 255;
constexpr std::size_t kSizeOfUuid = 36;
constexpr std::size_t kMostOfMessage = 4096;
constexpr std::size_t kMostVariables = 100;
/// Longer rings no phone.
constexpr std::int64_t kLongestTimeout = 86'400;

/// Reads members one by one and remembers the first that is wrong.
class Members final {
public:
    explicit Members(json::object object) : object_(std::move(object)) {}
    static Result<Members> of(std::string_view body) {
        json::error_code malformed;
        auto value = json::parse(body, malformed);
        if (malformed)
            return refuse(ErrorCode::Malformed, "", "the body is not JSON: " + malformed.message());
        if (!value.is_object()) return refuse(ErrorCode::Malformed, "", "the body must be a JSON object");
        return Members(std::move(value.get_object()));
    }

    /// Not empty.
    std::string text(std::string_view name, std::size_t most = kMostOfText) {
        if (find(name) == nullptr) wrong(name, "is missing");
        return optional_text(name, most, 1);
    }
    /// Empty where it is missing or null.
    std::string optional_text(std::string_view name, std::size_t most = kMostOfText, std::size_t least = 0) {
        const auto* value = find(name);
        if (value == nullptr) return {};
        const auto* text = value->if_string();
        if (text == nullptr || text->size() > most || text->size() < least) {
            wrong(name, fmt::format("must be a text of {} to {} characters", least, most));
            return {};
        }
        return std::string(*text);
    }
    /// A UUID, as far as it can stand in a routing key; empty where it is missing or null.
    std::string uuid(std::string_view name) {
        auto text = optional_text(name, kSizeOfUuid);
        const auto foreign = text.find_first_not_of("0123456789abcdefABCDEF-");
        if (foreign != std::string::npos) wrong(name, "must be a UUID");
        return text;
    }
    /// `otherwise` where it is missing or null.
    std::int64_t number(std::string_view name, std::int64_t least, std::int64_t most,
                        std::int64_t otherwise) {
        const auto* value = find(name);
        if (value == nullptr) return otherwise;
        const auto* number = value->if_int64();
        if (number != nullptr && *number >= least && *number <= most) return *number;
        wrong(name, fmt::format("must be a number from {} to {}", least, most));
        return otherwise;
    }
    std::vector<pbx::Variable> variables() {
        std::vector<pbx::Variable> variables;
        const auto* value = find("variables");
        if (value == nullptr) return variables;
        const auto* object = value->if_object();
        if (object == nullptr || object->size() > kMostVariables) {
            wrong("variables", fmt::format("must be an object of at most {} texts", kMostVariables));
            return variables;
        }
        for (const auto& [name, content] : *object) {
            const auto* text = content.if_string();
            if (name.empty() || text == nullptr || text->size() > kMostOfMessage)
                wrong("variables",
                      fmt::format("must have names, and texts of at most {} characters", kMostOfMessage));
            else
                variables.push_back({std::string(name), std::string(*text)});
        }
        return variables;
    }
    /// An object within; empty where it is missing.
    Members object(std::string_view name) {
        const auto* value = find(name);
        const auto* object = value != nullptr ? value->if_object() : nullptr;
        if (object == nullptr) wrong(name, value == nullptr ? "is missing" : "must be an object");
        return Members(object == nullptr ? json::object{} : *object);
    }
    void wrong(std::string_view name, std::string reason) {
        if (!error_) error_ = Error{ErrorCode::InvalidArgument, std::string(name), std::move(reason)};
    }
    /// What was made of the members, unless one was wrong, here or within.
    template <class Read, class... Within>
    Result<Read> unless_wrong(Read read, const Within&... within) const {
        std::optional<Error> first = error_;
        ((first = first ? first : within.error_), ...);
        if (first) return tl::unexpected<Error>(*std::move(first));
        return read;
    }

private:
    const json::value* find(std::string_view name) const {
        const auto* value = object_.if_contains(name);
        return value == nullptr || value->is_null() ? nullptr : value;
    }

    json::object object_;
    std::optional<Error> error_;
};

model::LineId line_in(Members& members) {
    return model::LineId{static_cast<std::uint64_t>(
        members.number("line_id", 1, std::numeric_limits<std::int64_t>::max(), 0))};
}

pbx::TransferOrder transfer_in(Members& members) {
    pbx::TransferOrder order;
    order.initiator = members.text("initiator_call");
    order.exten = members.text("exten");
    const auto flow = members.optional_text("flow");
    if (flow == "blind")
        order.flow = pbx::SteeredTransfer::Flow::Blind;
    else if (!flow.empty() && flow != "attended")
        members.wrong("flow", "must be attended or blind");
    order.timeout = std::chrono::seconds(members.number("timeout", 1, kLongestTimeout, 0));
    return order;
}

ChatBody chat_in(Members& members) {
    ChatBody chat;
    chat.to = members.uuid("to");
    if (chat.to.empty()) members.wrong("to", "is missing");
    chat.to_xivo = members.uuid("to_xivo_uuid");
    chat.alias = members.text("alias");
    chat.msg = members.text("msg", kMostOfMessage);
    // What a database cannot keep.
    for (const auto& [name, text] : {std::pair("alias", &chat.alias), std::pair("msg", &chat.msg)})
        if (text->find('\0') != std::string::npos) members.wrong(name, "must not have the character NUL");
    return chat;
}

}  // namespace

Result<CallBody> CallBody::parse(std::string_view body) {
    auto members = Members::of(body);
    if (!members) return refuse(members);
    CallBody call;
    auto source = members->object("source");
    call.user = source.text("user");
    call.line = line_in(source);
    auto destination = members->object("destination");
    call.exten = destination.text("extension");
    call.context = destination.optional_text("context");
    // Of the dialplan that calls once followed: here a number has one meaning.
    static_cast<void>(destination.number("priority", 1, 1, 1));
    call.variables = members->variables();
    return members->unless_wrong(std::move(call), source, destination);
}

Result<CallBody> CallBody::parse_own(std::string_view body) {
    auto members = Members::of(body);
    if (!members) return refuse(members);
    CallBody call;
    call.exten = members->text("extension");
    call.line = line_in(*members);
    call.variables = members->variables();
    return members->unless_wrong(std::move(call));
}

Result<pbx::TransferOrder> parse_transfer(std::string_view body) {
    auto members = Members::of(body);
    if (!members) return refuse(members);
    auto order = transfer_in(*members);
    order.transferred = members->optional_text("transferred_call");
    order.context = members->optional_text("context");
    order.variables = members->variables();
    return members->unless_wrong(std::move(order));
}

Result<pbx::TransferOrder> parse_own_transfer(std::string_view body) {
    auto members = Members::of(body);
    if (!members) return refuse(members);
    return members->unless_wrong(transfer_in(*members));
}

Result<std::string> parse_presence(std::string_view body) {
    auto members = Members::of(body);
    if (!members) return refuse(members);
    return members->unless_wrong(members->text("presence"));
}

Result<bool> parse_message_update(std::string_view body) {
    auto members = Members::of(body);
    if (!members) return refuse(members);
    const auto folder = members->number("folder_id", 1, std::numeric_limits<std::int64_t>::max(), 0);
    const auto fresh = is_folder_fresh(static_cast<std::uint64_t>(folder));
    if (!fresh) members->wrong("folder_id", folder == 0 ? "is missing" : "is no folder");
    return members->unless_wrong(fresh.value_or(false));
}

Result<pbx::MailboxGreeting> parse_greeting_copy(std::string_view body) {
    auto members = Members::of(body);
    if (!members) return refuse(members);
    const auto name = members->text("dest_greeting");
    const auto greeting = pbx::greeting_named(name);
    if (!greeting) members->wrong("dest_greeting", name.empty() ? "is missing" : "is no greeting");
    return members->unless_wrong(greeting.value_or(pbx::MailboxGreeting::Unavailable));
}

Result<ChatBody> ChatBody::parse(std::string_view body) {
    auto members = Members::of(body);
    if (!members) return refuse(members);
    auto chat = chat_in(*members);
    chat.from = members->text("from");
    return members->unless_wrong(std::move(chat));
}

Result<ChatBody> ChatBody::parse_own(std::string_view body) {
    auto members = Members::of(body);
    if (!members) return refuse(members);
    return members->unless_wrong(chat_in(*members));
}

Result<std::int64_t> parse_chat_read(std::string_view body) {
    auto members = Members::of(body);
    if (!members) return refuse(members);
    const auto last = members->number("last", 1, std::numeric_limits<std::int64_t>::max(), 0);
    if (last == 0) members->wrong("last", "is missing");
    return members->unless_wrong(last);
}

}  // namespace almon::services
