// SPDX-License-Identifier: GPL-3.0-or-later
// Calls in the dialplan that administrators have written: where they enter it, wait in it and leave it again,
// and the subroutines that run before a call gets where it goes (API-205 to API-214).
#include <algorithm>
#include <array>
#include <utility>

#include "model/conference.hpp"
#include "model/trunk.hpp"
#include "pbx/call_core_state.hpp"
#include "pbx/caller_id.hpp"
#include "pbx/script_host.hpp"
#include "pbx/scripted_call.hpp"

namespace almon::pbx {
namespace {

/// All calls together.
constexpr std::size_t kMostGlobals = 1000;
/// Of the steps that a call makes without waiting, so many stand in its trace.
constexpr std::uint64_t kTracedSteps = 200;

/// As Dial names them: "SIP/alice&SIP/alice-mobile".
std::string interfaces_of(const UserDestination& destination) {
    std::string text;
    for (const auto& endpoint : destination.endpoints) {
        if (!text.empty()) text += '&';
        text += fmt::format("{}/{}", endpoint.technology, endpoint.name);
    }
    return text;
}

std::string_view value_of(const Channel& channel, std::string_view name) {
    const auto found = std::ranges::find(channel.variables, name, &Variable::bare_name);
    return found == channel.variables.end() ? std::string_view() : std::string_view(found->value);
}

/// "1", "yes" and what else an administrator means by it.
bool is_on(std::string_view value) {
    static constexpr std::array<std::string_view, 3> kWords{"1", "yes", "true"};
    return std::ranges::find(kWords, value) != kWords.end();
}

constexpr auto run = [](dialplan::Interpreter& interpreter) { return interpreter.run(); };

}  // namespace

std::shared_ptr<const dialplan::Dialplan> CallCore::State::dialplan() const {
    static const auto nothing = std::make_shared<const dialplan::Dialplan>();
    return settings.dialplan != nullptr ? settings.dialplan->get() : nothing;
}

WrittenNumbers CallCore::State::written_numbers() const {
    auto written = dialplan();
    // Who writes nothing does not ask for the time with each call.
    if (written->contexts().empty()) return {};
    return {std::move(written), local_time({}, {})};
}

std::tm CallCore::State::local_time(std::optional<std::int64_t> seconds, std::string_view zone_name) const {
    const auto utc = seconds ? UtcTime(std::chrono::seconds(*seconds)) : clock.utc();
    const auto* zone = settings.time_zones != nullptr ? settings.time_zones->find(zone_name) : nullptr;
    const auto offset = zone != nullptr ? zone->offset_at(utc) : std::chrono::seconds(0);
    const auto local = static_cast<std::time_t>(
        std::chrono::floor<std::chrono::seconds>(utc + offset).time_since_epoch().count());
    std::tm time{};
    ::gmtime_r(&local, &time);
    return time;
}

template <class Way>
dialplan::Outcome CallCore::State::run_script(Channel& party, const Way& way) {
    const auto written = dialplan();
    ScriptHost host(*this, party, false);
    party.scripted->running = true;
    dialplan::Interpreter interpreter(*written, party.scripted->script, host);
    return way(interpreter);
}

void CallCore::State::reach(Channel& caller, const ScriptDestination& destination) {
    finish_transfer(caller);
    forget_script(caller);
    caller.scripted.emplace();
    caller.scripted->script.at = {destination.context, destination.exten, 1};
    if (destination.command.empty()) return resume_script(caller);
    after_script(caller, run_script(caller, [&](dialplan::Interpreter& interpreter) {
                     return interpreter.run_command(destination.command);
                 }));
}

bool CallCore::State::preprocess(Channel& caller, std::string_view kind, const std::string& own,
                                 Continuation then) {
    if (caller.scripted && caller.scripted->returned && caller.scripted->then.kind == then.kind &&
        caller.scripted->then.id == then.id) {
        forget_script(caller);
        return true;
    }
    std::erase_if(caller.variables,
                  [](const Variable& each) { return each.bare_name() == "XIVO_INTERFACE"; });
    const auto written = dialplan();
    std::vector<std::string> subroutines;
    const auto global = [&](const std::string& name) {
        const auto found = written->globals().find(name);
        return found == written->globals().end() ? std::string() : found->second;
    };
    if (is_on(global("XIVO_PRESUBR_GLOBAL_ENABLE"))) {
        auto name = global(fmt::format("XIVO_PRESUBR_GLOBAL_{}", kind));
        if (written->own(name, "s") != nullptr) subroutines.push_back(std::move(name));
    }
    if (!own.empty() && written->own(own, "s") == nullptr) {
        trace(caller, "the subroutine {} is not written in the dialplan", own);
    } else if (!own.empty()) {
        subroutines.push_back(own);
    }
    if (subroutines.empty()) return true;

    const auto hang = [&](std::string name, std::string value) {
        static_cast<void>(hang_variable(caller, {std::move(name), std::move(value)}));
    };
    hang("XIVO_DSTNUM", caller.exten);
    hang("XIVO_SRCNUM", caller.identity.number);
    hang("XIVO_CALLORIGIN", caller.trunk ? "extern" : "intern");
    if (then.kind == Continuation::Kind::Outcall) hang("XIVO_DSTNUM", then.exten);
    if (then.kind == Continuation::Kind::User || then.kind == Continuation::Kind::Outcall)
        hang("XIVO_CALLOPTIONS", {});
    if (const auto* user =
            then.kind == Continuation::Kind::User ? snapshot->user(model::UserId{then.id}) : nullptr) {
        hang("XIVO_INTERFACE", interfaces_of({user, {}, endpoints_of(*snapshot, user->id)}));
        hang("XIVO_MOBILEPHONENUMBER", user->mobile_phone_number);
    }
    if (const auto* group =
            then.kind == Continuation::Kind::Group ? snapshot->find(model::GroupId{then.id}) : nullptr) {
        hang("XIVO_GROUPNAME", group->name);
        hang("XIVO_GROUPOPTIONS", {});
    }
    forget_script(caller);
    auto& scripted = caller.scripted.emplace();
    then.number = caller.identity.number;
    scripted.then = std::move(then);
    // The last one returns to the system, each before it to the next.
    scripted.script.frames.push_back({true, {subroutines.back(), "s", 1}});
    for (auto next = subroutines.rbegin(); next != std::prev(subroutines.rend()); ++next)
        scripted.script.frames.push_back({false, {*next, "s", 1}});
    scripted.script.at = {subroutines.front(), "s", 1};
    trace(caller, "runs the subroutine {}", fmt::join(subroutines, ", then "));
    const auto outcome = run_script(caller, run);
    if (outcome != dialplan::Outcome::Returned) {
        after_script(caller, outcome);
        return false;
    }
    const auto done = caller.scripted->then;
    forget_script(caller);
    apply_changes(caller, done);
    // Another number may be another pattern's.
    if (done.kind != Continuation::Kind::Outcall || value_of(caller, "XIVO_DSTNUM") == done.exten)
        return true;
    caller.scripted.emplace();
    caller.scripted->then = done;
    caller.scripted->returned = true;
    go(caller, destination_of(caller, done));
    return false;
}

void CallCore::State::apply_changes(Channel& caller, const Continuation& then) {
    const auto number = printable(value_of(caller, "XIVO_SRCNUM"));
    if (!number.empty() && number != then.number) {
        trace(caller, "the caller's number is {} from now on", number);
        caller.identity.number = number;
    }
    for (const auto* name : {"XIVO_CALLOPTIONS", "XIVO_GROUPOPTIONS"}) {
        if (const auto options = value_of(caller, name);
            !options.empty() && then.kind != Continuation::Kind::None)
            trace(caller, "{} = {}", name, options);
    }
}

Destination CallCore::State::destination_of(const Channel& caller, const Continuation& then) {
    model::Destination to;
    if (then.ring_time) to.ring_time = std::chrono::duration<double>(*then.ring_time).count();
    const auto lead_to = [&](std::string type, const model::Declaration& kind) {
        to.type = std::move(type);
        to.to = {&kind, then.id};
        return look_up(caller, to);
    };
    switch (then.kind) {
        case Continuation::Kind::Incall:
            if (const auto* incall = snapshot->find(model::IncallId{then.id}))
                return IncallDestination{incall};
            break;
        case Continuation::Kind::User: {
            auto destination = lead_to("user", model::declaration_of<model::User>());
            if (auto* user = std::get_if<UserDestination>(&destination)) user->context = then.context;
            return destination;
        }
        case Continuation::Kind::Group:
            return lead_to("group", model::declaration_of<model::Group>());
        case Continuation::Kind::Outcall:
            to.exten = value_of(caller, "XIVO_DSTNUM");
            return lead_to("outcall", model::declaration_of<model::Outcall>());
        case Continuation::Kind::Conference:
            return lead_to("meetme", model::declaration_of<model::Conference>());
        case Continuation::Kind::None:
            break;
    }
    return UnknownDestination{};
}

UserDestination CallCore::State::as_changed_by_script(const Channel& caller,
                                                      const UserDestination& destination) {
    const auto interfaces = value_of(caller, "XIVO_INTERFACE");
    if (interfaces.empty() || interfaces == interfaces_of(destination)) return destination;
    UserDestination changed = destination;
    changed.endpoints.clear();
    for (std::size_t at = 0; at < interfaces.size();) {
        const auto end = std::min(interfaces.find('&', at), interfaces.size());
        const auto wanted = interfaces.substr(at, end - at);
        at = end + 1;
        const auto known = std::ranges::find_if(destination.endpoints, [&](const DestinationEndpoint& each) {
            return wanted == fmt::format("{}/{}", each.technology, each.name);
        });
        if (known != destination.endpoints.end()) {
            changed.endpoints.push_back(*known);
            continue;
        }
        const auto* account = wanted.starts_with("SIP/")
                                  ? snapshot->endpoint_sip(model::EndpointSipId{
                                        snapshot->id_by<model::EndpointSip>("username", wanted.substr(4))})
                                  : nullptr;
        const auto* line = account != nullptr ? snapshot->first_naming<model::Line>(account->id) : nullptr;
        if (line != nullptr)
            changed.endpoints.push_back({"SIP", account->username, line->id});
        else
            trace(caller, "XIVO_INTERFACE names {}, which is no line's", wanted);
    }
    return changed;
}

void CallCore::State::resume_script(Channel& party) {
    // Whoever runs it goes on by himself.
    if (party.scripted->running) {
        party.scripted->resumed = true;
        return;
    }
    after_script(party, run_script(party, run));
}

void CallCore::State::script_dialled(Channel& party, const std::string& pressed) {
    after_script(party, run_script(party, [&](dialplan::Interpreter& interpreter) {
                     return interpreter.run_dialled(pressed);
                 }));
}

void CallCore::State::after_script(Channel& party, dialplan::Outcome outcome) {
    if (outcome == dialplan::Outcome::GoneOn) return;
    auto& scripted = *party.scripted;
    scripted.running = false;
    switch (outcome) {
        case dialplan::Outcome::Waits:
        case dialplan::Outcome::GoneOn:
            return;
        case dialplan::Outcome::Returned: {
            // The channel keeps it until the destination has seen that it was there.
            const auto then = scripted.then;
            const auto id = party.id;
            scripted.returned = true;
            apply_changes(party, then);
            go(party, destination_of(party, then));
            // Where it went elsewhere after all, it has not been there.
            if (auto* still = channel(id); still != nullptr && still->scripted && still->scripted->returned)
                forget_script(*still);
            return;
        }
        case dialplan::Outcome::Ended:
            trace(party, "nothing follows in the dialplan");
            break;
        case dialplan::Outcome::Circles:
            trace(party, "goes in circles in the dialplan");
            forget_script(party);
            return give_up(party, Cause::ExchangeRoutingError);
    }
    if (party.state == ChannelState::Up) return hang_up(party, Cause::NormalClearing);
    // Whom a Dial did not reach is told what a telephone would be.
    hang_up(party, party.dial_status == "BUSY"         ? Cause::UserBusy
                   : party.dial_status == "NOANSWER"   ? Cause::NoAnswer
                   : party.dial_status == "CONGESTION" ? Cause::SwitchingCongestion
                                                       : Cause::CallRejected);
}

void CallCore::State::script_wait_over(Channel& party) {
    if (!party.scripted) return;
    party.scripted->wait = TimerId{};
    attend_music(party, nullptr);
    resume_script(party);
}

void CallCore::State::script_dial_over(Dial& dial) {
    auto& caller = live.channels.at(dial.caller);
    const auto cause = dial.failure == Cause::Unknown ? Cause::SubscriberAbsent : dial.failure;
    stop_dial(dial, cause);
    stop_ringback(caller);
    caller.dial_status = dial_status_of(cause);
    trace(caller, "Dial has reached nobody: {}", caller.dial_status);
    end_application(caller);
    if (!caller.scripted) return give_up(caller, cause);
    caller.scripted->goes_on = false;
    resume_script(caller);
}

bool CallCore::State::goes_on_in_dialplan(const Channel& party) const noexcept {
    return party.scripted && party.scripted->goes_on && !live.shutting_down && !party.steered &&
           !party.transfer && !negotiates(party);
}

void CallCore::State::go_on_in_dialplan(Channel& party) {
    party.scripted->goes_on = false;
    trace(party, "goes on in the dialplan");
    end_application(party);
    offer_own_codecs(party);
    resume_script(party);
}

void CallCore::State::end_script(Channel& ended) {
    if (!ended.scripted) return;
    const auto written = dialplan();
    auto& script = ended.scripted->script;
    // A subroutine of the system's is not where the call is.
    const bool is_subroutine = !script.frames.empty() && script.frames.front().to_system &&
                               script.frames.front().back.context == script.at.context;
    if (!is_subroutine && written->find(script.at.context, "h", local_time({}, {})) != nullptr) {
        ended.scripted->running = true;
        script.at = {script.at.context, "h", 1};
        script.frames.clear();
        ScriptHost host(*this, ended, true);
        static_cast<void>(dialplan::Interpreter(*written, script, host).run());
    }
    forget_script(ended);
}

void CallCore::State::forget_script(Channel& party) {
    if (!party.scripted) return;
    live.timers.stop(party.scripted->wait);
    party.scripted.reset();
}

bool CallCore::State::is_dialled(const Channel& party, std::string_view pressed) const {
    return !party.scripted ||
           !dialplan()->may_go_on(party.scripted->script.at.context, pressed, local_time({}, {}));
}

std::vector<Variable> CallCore::State::inherited_from(const Channel& caller) {
    std::vector<Variable> inherited;
    for (const auto& variable : caller.variables) {
        if (variable.name.starts_with("__"))
            inherited.push_back(variable);
        else if (variable.name.starts_with('_'))
            inherited.push_back({variable.name.substr(1), variable.value});
    }
    return inherited;
}

std::string CallCore::State::ScriptHost::variable(std::string_view name) {
    const auto& party = this->party();
    const auto set = std::ranges::find(party.variables, name, &Variable::bare_name);
    if (set != party.variables.end()) return set->value;
    if (name == "CHANNEL") return party.name;
    if (name == "UNIQUEID") return party.unique_id;
    if (name == "LINKEDID") return core_.linked_id(party);
    if (name == "LANGUAGE" || name == "CHANNEL(language)") return party.language;
    if (name == "DIALSTATUS") return party.dial_status;
    if (name == "EPOCH") return std::to_string(epoch());
    if (name == "XIVO_DSTNUM") return party.exten;
    if (name == "XIVO_SRCNUM") return party.identity.number;
    if (name == "XIVO_CALLORIGIN") return party.trunk ? "extern" : "intern";
    return global(name);
}

std::string CallCore::State::ScriptHost::global(std::string_view name) {
    const auto set = core_.live.globals.find(std::string(name));
    if (set != core_.live.globals.end()) return set->second;
    const auto written = core_.dialplan();
    const auto configured = written->globals().find(name);
    return configured == written->globals().end() ? std::string() : configured->second;
}

void CallCore::State::ScriptHost::set(std::string_view name, std::string value) {
    if (!core_.hang_variable(party(), {std::string(name), std::move(value)}))
        mistake(fmt::format("{} is one variable too many for this call", name));
}

void CallCore::State::ScriptHost::set_global(std::string_view name, std::string value) {
    auto& globals = core_.live.globals;
    if (globals.size() >= kMostGlobals && !globals.contains(std::string(name)))
        return mistake(fmt::format("{} is one global variable too many", name));
    globals.insert_or_assign(std::string(name), std::move(value));
}

std::int64_t CallCore::State::ScriptHost::epoch() {
    return std::chrono::floor<std::chrono::seconds>(core_.clock.utc()).time_since_epoch().count();
}

void CallCore::State::ScriptHost::mistake(std::string_view what) {
    core_.trace(party(), "{}", what);
}

void CallCore::State::ScriptHost::leave(const dialplan::Position& to) {
    if (hung_up_) return;
    auto& caller = party();
    core_.trace(caller, "leaves the dialplan for {}@{}", to.exten, to.context);
    core_.forget_script(caller);
    if (core_.divert(caller)) core_.go(caller, core_.look_up(caller, to.context, to.exten));
}

void CallCore::State::ScriptHost::step(const dialplan::Position& at, std::string_view application,
                                       std::string_view arguments) {
    if (scripted().script.steps > kTracedSteps) return;
    // Passwords are nobody's business.
    core_.trace(party(), "{},{},{}: {}({})", at.context, at.exten, at.priority, application,
                is_secret(application) ? "..." : arguments);
}

}  // namespace almon::pbx
