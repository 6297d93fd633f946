// SPDX-License-Identifier: GPL-3.0-or-later
#include "ami/event.hpp"

#include <algorithm>

namespace almon::ami {

namespace {

/// Classes that the protocol has, and nothing here tells of.
constexpr std::string_view kSilent[] = {"log",       "verbose", "command",   "agent",   "config",   "dtmf",
                                        "reporting", "cdr",     "originate", "message", "security", "agi",
                                        "cc",        "aoc",     "test",      "hud"};

}  // namespace

std::string_view name_of(EventClass what) noexcept {
    switch (what) {
        case EventClass::System:
            return "system";
        case EventClass::Call:
            return "call";
        case EventClass::User:
            return "user";
        case EventClass::Dialplan:
            return "dialplan";
    }
    return "";
}

EventClasses EventClasses::all() noexcept {
    EventClasses all;
    for (const auto what : kEventClasses)
        all.add(what);
    return all;
}

Result<EventClasses> EventClasses::parse(std::string_view text) {
    if (is_true(text) || same_name(text, "all")) return all();
    EventClasses classes;
    for (const auto word : {"off", "no", "false", "0", ""}) {
        if (same_name(text, word)) return classes;
    }
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        auto name = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        while (name.starts_with(' '))
            name.remove_prefix(1);
        while (name.ends_with(' '))
            name.remove_suffix(1);
        const auto* const what =
            std::ranges::find_if(kEventClasses, [&](auto each) { return same_name(name, name_of(each)); });
        if (what != std::end(kEventClasses))
            classes.add(*what);
        else if (same_name(name, "all"))
            classes = all();
        else if (!std::ranges::any_of(kSilent, [&](auto each) { return same_name(name, each); }))
            return refuse(ErrorCode::InvalidArgument, "EventMask", "has no such class: " + std::string(name));
    }
    return classes;
}

Message Event::message() const {
    Message message{{"Event", name}, {"Privilege", std::string(name_of(about)) + ",all"}};
    for (const auto& [key, value] : fields.headers())
        message.add(key, value);
    return message;
}

}  // namespace almon::ami
