// SPDX-License-Identifier: GPL-3.0-or-later
// What functions of the dialplan say of a call, and change of it.
#include <algorithm>
#include <cmath>

#include "dialplan/arguments.hpp"
#include "dialplan/expression.hpp"
#include "pbx/caller_id.hpp"
#include "pbx/script_host.hpp"

namespace almon::pbx {
namespace {

using dialplan::argument;
using dialplan::split_arguments;

/// GROUP() and GROUP_COUNT() of a category, as the variable that remembers it.
std::string group_variable(std::string_view category) {
    return fmt::format("GROUP({})", category);
}

std::string shown(const CallerId& who) {
    return who.name.empty() ? who.number : fmt::format("\"{}\" <{}>", who.name, who.number);
}

/// The part of a party's identity that an argument names; null: it is none of them.
std::string* part_of(CallerId& who, std::string_view part) {
    if (part == "num" || part == "number" || part == "ani" || part == "ANI") return &who.number;
    return part == "name" ? &who.name : nullptr;
}

std::string_view text_of(ChannelState state) {
    switch (state) {
        case ChannelState::Trying:
            return "Ring";
        case ChannelState::Ringing:
        case ChannelState::Early:
            return "Ringing";
        case ChannelState::Up:
            break;
    }
    return "Up";
}

tl::unexpected<Error> unknown(std::string_view part) {
    return refuse(ErrorCode::InvalidArgument, "", fmt::format("\"{}\" is not known here", part));
}

}  // namespace

std::string printable(std::string_view text) {
    std::string kept;
    std::ranges::copy_if(text, std::back_inserter(kept),
                         [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\x7f'; });
    return kept;
}

Result<std::string> CallCore::State::ScriptHost::read(std::string_view function, std::string_view arguments) {
    auto& of = party();
    const auto given = split_arguments(arguments);
    const auto what = argument(given, 0);
    if (function == "CALLERID") {
        if (what == "all") return shown(of.identity);
        if (what == "dnid") return of.exten;
        const auto* part = part_of(of.identity, what);
        if (part == nullptr) return unknown(what);
        return *part;
    }
    if (function == "CONNECTEDLINE") {
        auto connected = of.connected;
        if (what == "all") return shown(connected);
        const auto* part = part_of(connected, what);
        if (part == nullptr) return unknown(what);
        return *part;
    }
    if (function == "CHANNEL") {
        if (what == "name") return of.name;
        if (what == "uniqueid") return of.unique_id;
        if (what == "linkedid") return core_.linked_id(of);
        if (what == "language") return of.language;
        if (what == "channeltype") return of.technology;
        if (what == "state") return std::string(text_of(of.state));
        if (what == "accountcode") return of.account_code;
        if (what == "userfield") return of.user_field;
        return unknown(what);
    }
    if (function == "CDR") {
        if (what == "accountcode") return of.account_code;
        if (what == "userfield") return of.user_field;
        if (what == "src") return of.identity.number;
        if (what == "dst") return of.exten;
        if (what == "uniqueid") return of.unique_id;
        return unknown(what);
    }
    if (function == "GLOBAL") return global(what);
    if (function == "GROUP") return variable(group_variable(what));
    if (function == "GROUP_COUNT") {
        // `group@category`; without a group, that of this call.
        const auto at = std::min(what.find('@'), what.size());
        const auto category = group_variable(what.substr(std::min(at + 1, what.size())));
        const auto group = at == 0 ? variable(category) : std::string(what.substr(0, at));
        const auto count = std::ranges::count_if(core_.live.channels, [&](const auto& each) {
            return std::ranges::any_of(each.second.variables, [&](const Variable& variable) {
                return variable.name == category && variable.value == group;
            });
        });
        return std::to_string(count);
    }
    if (function == "TIMEOUT") {
        const auto seconds = [](std::chrono::milliseconds time) {
            return dialplan::number_text(std::chrono::duration<double>(time).count());
        };
        if (what == "digit") return seconds(scripted().digit_timeout);
        if (what == "response") return seconds(scripted().response_timeout);
        return unknown(what);
    }
    // Scripts run one after the other: nobody else is within.
    if (function == "LOCK" || function == "TRYLOCK" || function == "UNLOCK") return "1";
    return refuse(ErrorCode::NotFound, std::string(function), "is no function");
}

Result<void> CallCore::State::ScriptHost::write(std::string_view function, std::string_view arguments,
                                                std::string value) {
    auto& of = party();
    const auto what = dialplan::trimmed(arguments);
    if (function == "CALLERID") {
        const auto clean = printable(value);
        if (what == "all") {
            const auto given = parse_caller_id(clean);
            of.identity.name = given.name;
            of.identity.number = given.number;
        } else if (auto* part = part_of(of.identity, what)) {
            *part = clean;
        } else {
            return unknown(what);
        }
        core_.note_change(of);
        core_.trace(of, "is shown as {} from now on", shown(of.identity));
        return {};
    }
    if (function == "CHANNEL" || function == "CDR") {
        if (what == "language" && function == "CHANNEL")
            of.language = printable(value);
        else if (what == "accountcode")
            of.account_code = printable(value);
        else if (what == "userfield")
            of.user_field = printable(value);
        else
            return unknown(what);
        return {};
    }
    if (function == "GROUP") {
        set(group_variable(what), std::move(value));
        return {};
    }
    if (function == "TIMEOUT") {
        double seconds = 0;
        if (!dialplan::read_number(value, seconds) || seconds < 0 || seconds > 86'400)
            return refuse(ErrorCode::InvalidArgument, "", fmt::format("\"{}\" is no time in seconds", value));
        const auto time = std::chrono::milliseconds(std::llround(seconds * 1000));
        if (what == "digit")
            scripted().digit_timeout = time;
        else if (what == "response")
            scripted().response_timeout = time;
        else
            return unknown(what);
        return {};
    }
    return refuse(ErrorCode::NotFound, std::string(function), "is no function");
}

}  // namespace almon::pbx
