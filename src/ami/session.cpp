// SPDX-License-Identifier: GPL-3.0-or-later
#include "ami/session.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/digest_hash.hpp"

namespace almon::ami {

namespace {

/// Names the action that it answers, where that has a name.
std::string text_of(Reply reply, std::string_view action_id) {
    if (!action_id.empty()) reply.response.insert(1, "ActionID", action_id);
    auto text = reply.response.text();
    for (auto& event : reply.events) {
        if (!action_id.empty()) event.insert(1, "ActionID", action_id);
        text += event.text();
    }
    return text;
}

}  // namespace

std::string_view Session::greeting() noexcept {
    return "Asterisk Call Manager/3.1.0\r\n";
}

Session::Answer Session::refusal(const Error& error) {
    return {Reply::error(error.reason).response.text(), error.code == ErrorCode::Exhausted};
}

std::shared_ptr<const Account> Session::account() const {
    const std::lock_guard lock(mutex_);
    return account_;
}

void Session::take(const Message& message, const std::function<void(Answer)>& answered) {
    const auto action = message.find("Action");
    const auto reply = [&](Reply what, bool ends = false) {
        answered({text_of(std::move(what), message.find("ActionID")), ends});
    };
    if (action.empty()) return reply(Reply::error("Missing action in request"));
    if (same_name(action, "Challenge")) return answered(challenge(message));
    if (same_name(action, "Login")) return answered(log_in(message));
    if (same_name(action, "Logoff"))
        return reply({{{"Response", "Goodbye"}, {"Message", "Thanks for all the fish."}}}, true);
    const auto who = account();
    if (!who) return reply(Reply::error("Permission denied"));
    if (same_name(action, "Events")) return answered(choose_events(message));
    const auto name = office_.action_named(action);
    if (name.empty())
        return reply(Reply::error(fmt::format(
            "Invalid/unknown command: {}. Use Action: ListCommands to show available commands.", action)));
    if (!who->may_act(name)) return reply(Reply::error("Permission denied"));
    office_.perform(message, [answered, action_id = std::string(message.find("ActionID"))](Reply done) {
        answered({text_of(std::move(done), action_id), false});
    });
}

Session::Answer Session::challenge(const Message& message) {
    const auto action_id = message.find("ActionID");
    if (!same_name(message.find("AuthType"), "MD5"))
        return {text_of(Reply::error("Must specify AuthType"), action_id), false};
    challenge_ = office_.challenge();
    return {text_of({{{"Response", "Success"}, {"Challenge", challenge_}}}, action_id), false};
}

Session::Answer Session::log_in(const Message& message) {
    const auto action_id = message.find("ActionID");
    if (logged_in()) return {text_of(Reply::error("Already authenticated"), action_id), false};
    const auto asked = std::exchange(challenge_, {});
    const bool by_digest = same_name(message.find("AuthType"), "MD5");
    const auto proves = [&](std::string_view password) {
        if (password.empty()) return false;
        if (by_digest)
            return !asked.empty() &&
                   equal_in_constant_time(
                       message.find("Key"),
                       hash_joined(DigestAlgorithm::Md5, {asked + std::string(password)}).view());
        // Hashed, so that the time says nothing of it, not even of its length.
        const auto given = hash_joined(DigestAlgorithm::Sha256, {message.find("Secret")});
        return equal_in_constant_time(given.view(), hash_joined(DigestAlgorithm::Sha256, {password}).view());
    };
    auto let_in = office_.let_in(std::string(message.find("Username")), proves, from_);
    if (!let_in) {
        const bool wrong = let_in.error().code == ErrorCode::Unauthorized;
        return {text_of(Reply::error(wrong ? "Authentication failed" : let_in.error().reason), action_id),
                true};
    }
    {
        const std::lock_guard lock(mutex_);
        account_ = *std::move(let_in);
    }
    const auto wanted =
        message.has("Events") ? EventClasses::parse(message.find("Events")) : EventClasses::all();
    hear(wanted ? *wanted : EventClasses{});
    auto text = text_of(Reply::success("Authentication accepted"), action_id);
    // Nobody gets here before everything is up; clients wait for the words.
    if (hears(EventClass::System))
        text += Event{"FullyBooted", EventClass::System, {{"Status", "Fully Booted"}}}.message().text();
    return {std::move(text), false};
}

Session::Answer Session::choose_events(const Message& message) {
    const auto action_id = message.find("ActionID");
    const auto wanted = EventClasses::parse(message.find("EventMask"));
    if (!wanted) return {text_of(Reply::error("EventMask " + wanted.error().reason), action_id), false};
    hear(*wanted);
    return {text_of({{{"Response", "Success"}, {"Events", wanted->empty() ? "Off" : "On"}}}, action_id),
            false};
}

void Session::hear(EventClasses asked_for) {
    const auto who = account();
    EventClasses granted;
    for (const auto what : kEventClasses) {
        if (asked_for.include(what) && who->may_hear(name_of(what))) granted.add(what);
    }
    heard_ = granted.bits;
}

}  // namespace almon::ami
