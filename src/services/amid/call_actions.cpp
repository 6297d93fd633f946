// SPDX-License-Identifier: GPL-3.0-or-later
// Actions about calls: listed, made, moved and ended.
#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/whole_number.hpp"
#include "model/parking_lot.hpp"
#include "pbx/caller_id.hpp"
#include "services/amid/manager_actions.hpp"
#include "services/events/manager_events.hpp"

namespace almon::services {

using Fields = ami::Message;
using ami::Reply;

namespace {

constexpr std::chrono::milliseconds kOriginateTime{30'000};
constexpr std::int64_t kLongestOriginateTime = 3'600'000;

/// "00:01:12"
std::string duration_text(UtcTime begun, UtcTime now) {
    const auto seconds =
        std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(now - begun).count());
    return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string bridge_text(const ListedCall& call) {
    return call.bridge == 0 ? std::string() : std::to_string(call.bridge);
}

/// By the name of its channel or by its unique id; null: it is not up.
const ListedCall* call_in(const CallList& calls, std::string_view channel) {
    const auto* call = calls.find(channel);
    return call != nullptr ? call : calls.find_named(channel);
}

struct Found {
    ListedCall call;
    std::string peer_id;  ///< Whom it talks to; empty: nobody.
};
/// The call that the message names as Channel.
Result<Found> named_call(const ManagerDesk& desk, const Fields& message) {
    const auto channel = message.find("Channel");
    if (channel.empty()) return refuse(ErrorCode::InvalidArgument, "", "No channel specified");
    auto found = desk.look([&](const LiveView& view) -> std::optional<Found> {
        const auto* call = call_in(view.calls, channel);
        if (call == nullptr) return std::nullopt;
        const auto others = view.calls.talking_to(*call);
        return Found{*call, others.empty() ? std::string() : others.front()->id};
    });
    if (!found) return refuse(found);
    if (!*found) return refuse(ErrorCode::NotFound, "", "No such channel");
    return **std::move(found);
}

Reply show_channels(const ManagerDesk& desk, const Fields&) {
    auto list = desk.look([&](const LiveView& view) {
        auto begun = begin_list("Channels will follow");
        for (const auto* call : view.calls.in_order()) {
            Fields entry{{"Event", "CoreShowChannel"}};
            add_channel(entry, *call, view.calls);
            entry.add("Application", call->application)
                .add("ApplicationData", call->application_data)
                .add("Duration", duration_text(call->begun, desk.now()))
                .add("BridgeId", bridge_text(*call));
            begun.events.push_back(std::move(entry));
        }
        finish_list(begun, "CoreShowChannelsComplete");
        return begun;
    });
    return list ? *std::move(list) : refusal_of(list.error());
}

Reply show_status(const ManagerDesk& desk, const Fields& message) {
    const auto channel = message.find("Channel");
    auto list = desk.look([&](const LiveView& view) {
        const auto* one = channel.empty() ? nullptr : call_in(view.calls, channel);
        if (!channel.empty() && one == nullptr) return Reply::error("No such channel");
        auto begun = begin_list("Channel status will follow");
        for (const auto* call : view.calls.in_order()) {
            if (one != nullptr && call != one) continue;
            Fields entry{{"Event", "Status"}, {"Privilege", "Call"}};
            add_channel(entry, *call, view.calls);
            const auto seconds =
                std::chrono::duration_cast<std::chrono::seconds>(desk.now() - call->begun).count();
            entry.add("Type", call->channel_name.substr(0, call->channel_name.find('/')))
                .add("DNID", call->dialled)
                .add("BridgeID", bridge_text(*call))
                .add("Application", call->application)
                .add("Data", call->application_data)
                .add("Seconds", std::to_string(std::max<std::int64_t>(0, seconds)));
            begun.events.push_back(std::move(entry));
        }
        finish_list(begun, "StatusComplete");
        return begun;
    });
    return list ? *std::move(list) : refusal_of(list.error());
}

Reply hang_up(const ManagerDesk& desk, const Fields& message) {
    const auto found = named_call(desk, message);
    if (!found) return refusal_of(found.error());
    const auto ended = desk.order([&](pbx::CallCore& core) { return core.hang_up(found->call.id); });
    return ended ? Reply::success("Channel Hungup") : Reply::error("No such channel");
}

/// Sends a party of the call that the message names to a number. @param by_peer Whoever it talks to sends it;
/// else it sends whoever it talks to.
Reply send(const ManagerDesk& desk, const Fields& message, std::string exten, std::string_view context,
           bool by_peer, pbx::SteeredTransfer::Flow flow, std::string done) {
    const auto found = named_call(desk, message);
    if (!found) return refusal_of(found.error());
    if (found->peer_id.empty()) return Reply::error("Channel talks to nobody");
    const auto& [call, peer] = *found;
    const pbx::TransferOrder order{by_peer ? peer : call.id, by_peer ? call.id : peer, std::move(exten),
                                   std::string(context.empty() ? call.context : context), flow};
    const auto sent = desk.order([&](pbx::CallCore& core) { return core.transfer(order); });
    return sent ? Reply::success(std::move(done)) : refusal_of(sent.error());
}

/// Whoever the party talks to is free once somebody answers there, and gets it back where nobody does.
Reply redirect(const ManagerDesk& desk, const Fields& message) {
    if (!message.find("ExtraChannel").empty()) return Reply::error("ExtraChannel is not supported");
    const auto exten = message.find("Exten");
    if (exten.empty()) return Reply::error("Exten is missing");
    return send(desk, message, std::string(exten), message.find("Context"), true,
                pbx::SteeredTransfer::Flow::Blind, "Redirect successful");
}

/// The party asks at the number before it hands over whoever it talks to.
Reply consult(const ManagerDesk& desk, const Fields& message) {
    const auto exten = message.find("Exten");
    if (exten.empty()) return Reply::error("Exten is missing");
    return send(desk, message, std::string(exten), message.find("Context"), false,
                pbx::SteeredTransfer::Flow::Attended, "Atxfer begun");
}

/// A number that parks in the lot; null: it has none.
const model::Extension* number_of(const model::ParkingLot& lot, const model::Snapshot& configuration) {
    return configuration.first_naming<model::Extension>(lot.id);
}

/// The lot that the message names as Parkinglot; without one, the first. Null: there is none.
const model::ParkingLot* lot_in(const Fields& message, const model::Snapshot& configuration) {
    const auto name = message.find("Parkinglot");
    const model::ParkingLot* found = nullptr;
    configuration.for_each<model::ParkingLot>([&](const model::ParkingLot& lot) {
        if (found == nullptr && (name.empty() || lot.name == name)) found = &lot;
    });
    return found;
}

Reply park(const ManagerDesk& desk, const Fields& message) {
    if (!message.find("Timeout").empty()) return Reply::error("Timeout is that of the parking lot");
    const auto configuration = desk.configuration();
    const auto* lot = lot_in(message, *configuration);
    if (lot == nullptr) return Reply::error("No such parking lot");
    const auto* number = number_of(*lot, *configuration);
    if (number == nullptr) return Reply::error("The parking lot has no number");
    return send(desk, message, number->exten, number->context, true, pbx::SteeredTransfer::Flow::Blind,
                "Park successful");
}

Reply show_lots(const ManagerDesk& desk, const Fields&) {
    const auto configuration = desk.configuration();
    auto begun = begin_list("Parking lots will follow");
    configuration->for_each<model::ParkingLot>([&](const model::ParkingLot& lot) {
        begun.events.push_back({{"Event", "Parkinglot"},
                                {"Name", lot.name},
                                {"StartSpace", lot.slots_start},
                                {"StopSpace", lot.slots_end},
                                {"Timeout", std::to_string(lot.timeout)}});
    });
    finish_list(begun, "ParkinglotsComplete");
    return begun;
}

Reply show_parked(const ManagerDesk& desk, const Fields& message) {
    const auto configuration = desk.configuration();
    const bool is_one = !message.find("Parkinglot").empty();
    const auto* wanted = is_one ? lot_in(message, *configuration) : nullptr;
    if (is_one && wanted == nullptr) return Reply::error("No such parking lot");
    auto list = desk.order([&](pbx::CallCore& core) -> Result<Reply> {
        auto begun = begin_list("Parked calls will follow");
        for (const auto& parked : core.parked()) {
            const auto* lot = configuration->find(parked.lot);
            if (lot == nullptr || (wanted != nullptr && lot != wanted)) continue;
            begun.events.push_back({{"Event", "ParkedCall"},
                                    {"Parkinglot", lot->name},
                                    {"ParkingSpace", parked.place},
                                    {"ParkeeChannel", parked.channel_name},
                                    {"ParkeeUniqueid", parked.unique_id},
                                    {"ParkeeCallerIDNum", parked.party.number},
                                    {"ParkeeCallerIDName", parked.party.name}});
        }
        finish_list(begun, "ParkedCallsComplete");
        return begun;
    });
    return list ? *std::move(list) : refusal_of(list.error());
}

/// What is true of a call, apart from what programs have hung on it.
std::optional<std::string> fact_of(const ListedCall& call, std::string_view name) {
    if (name == "CALLERID(num)") return call.caller_number;
    if (name == "CALLERID(name)") return call.caller_name;
    if (name == "CHANNEL" || name == "CHANNEL(name)") return call.channel_name;
    if (name == "CHANNEL(accountcode)") return call.account_code;
    if (name == "CHANNEL(linkedid)") return call.linked_id;
    if (name == "CHANNEL(uniqueid)" || name == "UNIQUEID") return call.id;
    if (name == "CONTEXT") return call.context;
    if (name == "EXTEN") return call.dialled;
    return std::nullopt;
}

Reply get_variable(const ManagerDesk& desk, const Fields& message) {
    const auto name = message.find("Variable");
    if (name.empty()) return Reply::error("No variable specified");
    const auto found = named_call(desk, message);
    if (!found) return refusal_of(found.error());
    auto value = fact_of(found->call, name);
    if (!value) {
        auto hung = desk.order([&](pbx::CallCore& core) { return core.variable(found->call.id, name); });
        if (!hung) return Reply::error("No such channel");
        value = *std::move(hung);
    }
    return {{{"Response", "Success"}, {"Variable", std::string(name)}, {"Value", *std::move(value)}}};
}

Reply set_variable(const ManagerDesk& desk, const Fields& message) {
    const std::string name(message.find("Variable"));
    const std::string value(message.find("Value"));
    if (name.empty()) return Reply::error("No variable specified");
    const auto found = named_call(desk, message);
    if (!found) return refusal_of(found.error());
    if (fact_of(found->call, name)) return Reply::error(name + " cannot be set");
    const auto set = desk.order([&](pbx::CallCore& core) {
        return core.set_variable(found->call.id, {name, value});
    });
    if (!set)
        return set.error().code == ErrorCode::NotFound ? Reply::error("No such channel")
                                                       : refusal_of(set.error());
    desk.feed.publish(ami::Event{"VarSet",
                                 ami::EventClass::Dialplan,
                                 {{"Channel", found->call.channel_name},
                                  {"Variable", name},
                                  {"Value", value},
                                  {"Uniqueid", found->call.id},
                                  {"Linkedid", found->call.linked_id}}});
    return Reply::success("Variable Set");
}

/// "A=1", each in a header of its own or several behind each other: "A=1,B=2".
Result<std::vector<pbx::Variable>> variables_in(const Fields& message) {
    std::vector<pbx::Variable> variables;
    for (auto text : message.all("Variable")) {
        while (!text.empty()) {
            // A comma that no further assignment follows belongs to the value.
            auto end = text.find(',');
            while (end != std::string_view::npos) {
                const auto next = text.substr(end + 1);
                const auto comma = next.find(',');
                if (next.substr(0, comma).find('=') != std::string_view::npos) break;
                end = comma == std::string_view::npos ? comma : end + 1 + comma;
            }
            const auto one = text.substr(0, end);
            const auto equals = one.find('=');
            if (equals == std::string_view::npos || equals == 0)
                return refuse(ErrorCode::InvalidArgument, "Variable", "must be name=value");
            variables.push_back({std::string(one.substr(0, equals)), std::string(one.substr(equals + 1))});
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        }
    }
    return variables;
}

Result<std::chrono::milliseconds> timeout_in(const Fields& message) {
    const auto text = message.find("Timeout");
    if (text.empty()) return kOriginateTime;
    const auto number = whole_number<std::int64_t>(text);
    if (!number || *number < 1 || *number > kLongestOriginateTime)
        return refuse(ErrorCode::InvalidArgument, "Timeout",
                      fmt::format("must be a number of milliseconds from 1 to {}", kLongestOriginateTime));
    return std::chrono::milliseconds(*number);
}

Result<pbx::CallOrder> order_in(const Fields& message, const model::Snapshot& configuration) {
    for (const auto* name : {"Application", "ChannelId", "OtherChannelId", "PreDialGoSub", "Codecs"}) {
        if (!message.find(name).empty())
            return refuse(ErrorCode::Unsupported, name, "is not supported: give Exten and Context");
    }
    const auto channel = message.find("Channel");
    if (channel.empty()) return refuse(ErrorCode::InvalidArgument, "", "Channel not specified");
    const auto* line = line_named(channel, configuration);
    const auto* users = line == nullptr ? nullptr : &configuration.users_of_line(line->id);
    if (users == nullptr || users->empty())
        return refuse(ErrorCode::NotFound, "Channel", "is no line of a user");
    const auto priority = message.find("Priority");
    if (!priority.empty() && priority != "1") return refuse(ErrorCode::Unsupported, "Priority", "must be 1");
    pbx::CallOrder order{users->front(), line->id, std::string(message.find("Exten")),
                         std::string(message.find("Context"))};
    if (order.exten.empty()) return refuse(ErrorCode::InvalidArgument, "Exten", "is missing");
    auto variables = variables_in(message);
    if (!variables) return refuse(variables);
    order.variables = *std::move(variables);
    const auto timeout = timeout_in(message);
    if (!timeout) return refuse(timeout);
    order.ring_time = *timeout;
    if (const auto shown = message.find("CallerID"); !shown.empty())
        order.shown = pbx::parse_caller_id(shown);
    order.account_code = message.find("Account");
    return order;
}

/// As the protocol counts what became of a call.
std::string_view reason_of(const AnswerWatch::Outcome& outcome) {
    if (outcome.answered) return "4";
    const auto status = pbx::dial_status_of(outcome.cause);
    return status == "BUSY" ? "5" : status == "CONGESTION" ? "8" : status == "NOANSWER" ? "3" : "0";
}

/// Tells all what became of a call that was made for a program that does not wait.
AnswerWatch::Tell originate_response(const ManagerDesk& desk, const Fields& message,
                                     const pbx::CallOrder& order) {
    return [&feed = desk.feed, action_id = std::string(message.find("ActionID")),
            channel = std::string(message.find("Channel")), order](const AnswerWatch::Outcome& outcome) {
        Fields fields;
        if (!action_id.empty()) fields.add("ActionID", action_id);
        fields.add("Response", outcome.answered ? "Success" : "Failure")
            .add("Channel", outcome.answered ? outcome.channel_name : channel)
            .add("Context", order.context)
            .add("Exten", order.exten)
            .add("Reason", reason_of(outcome))
            .add("Uniqueid", outcome.answered ? outcome.unique_id : "<null>")
            .add("CallerIDNum", order.shown ? order.shown->number : "<unknown>")
            .add("CallerIDName", order.shown ? order.shown->name : "<unknown>");
        feed.publish(ami::Event{"OriginateResponse", ami::EventClass::Call, std::move(fields)});
    };
}

void originate(const ManagerDesk& desk, const Fields& message, const ActionDone& done) {
    constexpr auto kQueued = "Originate successfully queued";
    const auto configuration = desk.configuration();
    const auto order = order_in(message, *configuration);
    if (!order) return done(refusal_of(order.error()));
    const bool waits = !ami::is_true(message.find("Async"));
    AnswerWatch::Tell tell = originate_response(desk, message, *order);
    if (waits) {
        tell = [done](const AnswerWatch::Outcome& outcome) {
            done(outcome.answered ? Reply::success(kQueued) : Reply::error("Originate failed"));
        };
    }
    const auto made = desk.order([&](pbx::CallCore& core) {
        auto call = core.originate(*order);
        if (!call) return call;
        if (!waits) done(Reply::success(kQueued));
        // A phone that cannot be reached may have ended it already.
        if (core.variable(*call, ""))
            desk.feed.await_answer(*call, tell);
        else
            tell({});
        return call;
    });
    if (!made) done(refusal_of(made.error()));
}

}  // namespace

const model::Line* line_named(std::string_view channel, const model::Snapshot& configuration) {
    if (channel.starts_with("SIP/")) {
        const auto* endpoint = configuration.endpoint_sip_by_username(channel.substr(4));
        return endpoint == nullptr ? nullptr : configuration.line_of_endpoint(endpoint->id);
    }
    if (!channel.starts_with("Local/")) return nullptr;
    channel.remove_prefix(6);
    channel = channel.substr(0, channel.find('/'));  // its options
    const auto at = channel.find('@');
    if (at == std::string_view::npos) return nullptr;
    const auto* extension = configuration.extension_in(channel.substr(at + 1), channel.substr(0, at));
    if (extension == nullptr || extension->commented) return nullptr;
    const auto& lines = configuration.lines_of_extension(extension->id);
    return lines.empty() ? nullptr : configuration.line(lines.front());
}

std::span<const ManagerAction> call_actions() {
    static constexpr ManagerAction kActions[] = {
        {"Atxfer", "Let a party ask somebody before it hands its peer over: Channel, Exten, Context",
         at_once<consult>},
        {"CoreShowChannels", "List the calls that are up", at_once<show_channels>},
        {"Getvar", "Get a variable of a call: Channel, Variable", at_once<get_variable>},
        {"Hangup", "End a call: Channel", at_once<hang_up>},
        {"Originate",
         "Ring a user and call for him: Channel, Exten, Context; Timeout, CallerID, Variable, Account, Async",
         originate},
        {"Park", "Let the party of a call wait in a parking lot: Channel; Parkinglot", at_once<park>},
        {"ParkedCalls", "List the calls that wait: Parkinglot", at_once<show_parked>},
        {"Parkinglots", "List the parking lots", at_once<show_lots>},
        {"Redirect", "Send the party of a call to a number: Channel, Exten, Context", at_once<redirect>},
        {"Setvar", "Set a variable of a call: Channel, Variable, Value", at_once<set_variable>},
        {"Status", "Show the calls that are up, or one: Channel", at_once<show_status>},
    };
    return kActions;
}

}  // namespace almon::services
