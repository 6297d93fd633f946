// SPDX-License-Identifier: GPL-3.0-or-later
// What the applications of the dialplan do with a call.
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/lower_case.hpp"
#include "base/whole_number.hpp"
#include "dialplan/arguments.hpp"
#include "dialplan/expression.hpp"
#include "model/endpoint_sip.hpp"
#include "model/parking_lot.hpp"
#include "model/trunk.hpp"
#include "model/voicemail.hpp"
#include "pbx/script_host.hpp"
#include "pbx/spoken_number.hpp"

namespace almon::pbx {

using dialplan::argument;
using dialplan::Flow;

namespace {

constexpr std::chrono::milliseconds kLongestWait{24 * 3600 * 1000};
/// What waits for nothing lets others go first.
constexpr std::chrono::milliseconds kShortestWait{1};
constexpr std::size_t kLongestExtension = 40;
constexpr std::size_t kMostDigits = 80;
constexpr int kPasswordTries = 3;

/// Seconds, with a fraction where somebody wants one.
std::optional<std::chrono::milliseconds> time_of(std::string_view text) {
    double seconds = 0;
    if (!dialplan::read_number(text, seconds) || seconds < 0) return std::nullopt;
    return std::min(kLongestWait, std::chrono::milliseconds(std::llround(std::min(seconds, 1e6) * 1000)));
}

std::vector<std::string> listed(std::string_view text) {
    std::vector<std::string> names;
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        if (end > 0) names.emplace_back(dialplan::trimmed(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return names;
}

std::vector<Prompt> prompts_of(const std::vector<std::string>& sounds) {
    std::vector<Prompt> prompts;
    add_sounds(prompts, sounds);
    return prompts;
}

/// The digits of a text, for who is read them.
std::string only_digits(std::string_view text) {
    std::string digits;
    std::ranges::copy_if(text, std::back_inserter(digits), [](char c) {
        return std::string_view("0123456789*#").find(c) != std::string_view::npos;
    });
    return digits;
}

}  // namespace

const std::vector<CallCore::State::ScriptHost::Application>& CallCore::State::ScriptHost::table() {
    using Host = ScriptHost;
    static const std::vector<Application> kApplications{
        {"answer", &Host::answer},
        {"authenticate", &Host::authenticate},
        {"background", &Host::background},
        {"busy", &Host::busy, true},
        {"confbridge", &Host::conference},
        {"congestion", &Host::congestion, true},
        {"dial", &Host::dial, true},
        {"hangup", &Host::hang_up, true},
        {"meetme", &Host::conference},
        {"musiconhold", &Host::music_on_hold},
        {"park", &Host::park},
        {"pickup", &Host::pick_up},
        {"playback", &Host::playback},
        {"progress", &Host::progress},
        {"read", &Host::read_digits},
        {"ringing", &Host::ring},
        {"saydigits", &Host::say_digits},
        {"saynumber", &Host::say_number},
        {"transfer", &Host::transfer},
        {"voicemail", &Host::voicemail},
        {"voicemailmain", &Host::voicemail_main},
        {"wait", &Host::wait},
        {"waitexten", &Host::wait_for_extension},
    };
    return kApplications;
}

std::vector<std::string_view> CallCore::State::ScriptHost::applications() {
    std::vector<std::string_view> names;
    for (const auto& application : table())
        names.push_back(application.name);
    return names;
}

bool CallCore::State::ScriptHost::is_secret(std::string_view application) {
    return in_lower_case(application) == "authenticate";
}

std::vector<std::string_view> CallCore::script_applications() {
    return State::ScriptHost::applications();
}

Flow CallCore::State::ScriptHost::run(std::string_view application, std::string arguments) {
    const auto found = std::ranges::find(table(), in_lower_case(application), &Application::name);
    if (found == table().end()) {
        core_.trace(party(), "there is no application {}: the call ends", application);
        if (hung_up_) return Flow::GoneOn;
        core_.forget_script(party());
        core_.give_up(party(), Cause::SwitchingCongestion);
        return Flow::GoneOn;
    }
    // Nothing can be done any more for who is not there.
    if (hung_up_) return Flow::Next;
    if (!found->keeps_transfer) core_.finish_transfer(party());
    const auto flow = (this->*found->run)(dialplan::split_arguments(arguments));
    if (flow != Flow::Waits) return flow;
    auto* still = core_.channel(id_);
    if (still == nullptr || !still->scripted) return Flow::GoneOn;
    return std::exchange(still->scripted->resumed, false) ? Flow::Next : Flow::Waits;
}

bool CallCore::State::ScriptHost::answered() {
    return party().state == ChannelState::Up || core_.answer_itself(party());
}

Flow CallCore::State::ScriptHost::wait_for(std::chrono::milliseconds time) {
    scripted().wait = core_.live.timers.start(core_.clock.instant() + std::max(time, kShortestWait),
                                              {TimerPurpose::Kind::ScriptWait, DialId{}, id_});
    return Flow::Waits;
}

Flow CallCore::State::ScriptHost::say(std::vector<Prompt> prompts, purpose::ScriptStep step, KeyWait keys) {
    core_.stop_ringback(party());
    core_.offer_own_codecs(party());
    core_.say(party(), std::move(step), std::move(prompts), keys, kSoundLimit);
    return Flow::Waits;
}

Flow CallCore::State::ScriptHost::say_sounds(std::vector<std::string> sounds) {
    if (sounds.empty()) return Flow::Next;
    if (!answered()) return Flow::GoneOn;
    return say(prompts_of(sounds));
}

Flow CallCore::State::ScriptHost::go(const Destination& destination) {
    auto& caller = party();
    core_.forget_script(caller);
    if (core_.divert(caller)) core_.go(caller, destination);
    return Flow::GoneOn;
}

/// Answer([milliseconds])
Flow CallCore::State::ScriptHost::answer(const Arguments& given) {
    if (!answered()) return Flow::GoneOn;
    const auto pause = whole_number<int>(argument(given, 0)).value_or(0);
    return pause > 0 ? wait_for(std::min(kLongestWait, std::chrono::milliseconds(pause))) : Flow::Next;
}

/// Authenticate(password)
Flow CallCore::State::ScriptHost::authenticate(const Arguments& given) {
    if (argument(given, 0).empty()) return Flow::Next;
    if (!answered()) return Flow::GoneOn;
    purpose::ScriptStep step{purpose::ScriptStep::Awaits::Password};
    step.variable = given[0];
    step.sounds = {"password"};
    step.most = kMostDigits;
    step.patience = scripted().response_timeout;
    step.tries = kPasswordTries;
    auto prompts = prompts_of(step.sounds);
    const KeyWait keys{step.most, step.patience, scripted().digit_timeout};
    return say(std::move(prompts), std::move(step), keys);
}

/// Background(sound[&sound]...[,options])
Flow CallCore::State::ScriptHost::background(const Arguments& given) {
    const bool answers = argument(given, 1).find('n') == std::string_view::npos;
    if (answers && !answered()) return Flow::GoneOn;
    purpose::ScriptStep step{purpose::ScriptStep::Awaits::Extension};
    return say(prompts_of(listed(argument(given, 0))), std::move(step),
               {kLongestExtension, kShortestWait, scripted().digit_timeout});
}

/// WaitExten([seconds])
Flow CallCore::State::ScriptHost::wait_for_extension(const Arguments& given) {
    const auto patience = time_of(argument(given, 0)).value_or(scripted().response_timeout);
    purpose::ScriptStep step{purpose::ScriptStep::Awaits::Extension, true};
    return say({}, std::move(step),
               {kLongestExtension, std::max(patience, kShortestWait), scripted().digit_timeout});
}

/// Read(variable[,sound[&sound]...[,digits[,options[,attempts[,seconds]]]]])
Flow CallCore::State::ScriptHost::read_digits(const Arguments& given) {
    if (argument(given, 0).empty()) {
        mistake("Read needs a variable");
        return Flow::Next;
    }
    if (!answered()) return Flow::GoneOn;
    purpose::ScriptStep step{purpose::ScriptStep::Awaits::Digits};
    step.variable = given[0];
    step.sounds = listed(argument(given, 1));
    const auto most = whole_number<std::size_t>(argument(given, 2)).value_or(0);
    step.most = most == 0 ? kMostDigits : std::min(most, kMostDigits);
    step.tries = std::clamp(whole_number<int>(argument(given, 4)).value_or(1), 1, 100);
    step.patience = time_of(argument(given, 5)).value_or(scripted().response_timeout);
    auto prompts = prompts_of(step.sounds);
    const KeyWait keys{step.most, std::max(step.patience, kShortestWait), scripted().digit_timeout};
    return say(std::move(prompts), std::move(step), keys);
}

/// Playback(sound[&sound]...[,skip|noanswer])
Flow CallCore::State::ScriptHost::playback(const Arguments& given) {
    const auto options = argument(given, 1);
    const bool is_up = party().state == ChannelState::Up;
    if (options.find("skip") != std::string_view::npos && !is_up) return Flow::Next;
    const auto sounds = listed(argument(given, 0));
    if (sounds.empty()) return Flow::Next;
    if (options.find("noanswer") == std::string_view::npos && !answered()) return Flow::GoneOn;
    core_.begin_application(party(), "Playback", std::string(argument(given, 0)));
    return say(prompts_of(sounds));
}

Flow CallCore::State::ScriptHost::say_digits(const Arguments& given) {
    return say_sounds(spoken_digits(only_digits(argument(given, 0))));
}

Flow CallCore::State::ScriptHost::say_number(const Arguments& given) {
    const auto number = whole_number<std::uint32_t>(argument(given, 0));
    if (!number) {
        mistake(fmt::format("SayNumber: {} is no number", argument(given, 0)));
        return Flow::Next;
    }
    return say_sounds(spoken_number(party().language, *number));
}

Flow CallCore::State::ScriptHost::wait(const Arguments& given) {
    const auto time = time_of(argument(given, 0));
    if (!time) {
        mistake(fmt::format("Wait: \"{}\" is no time in seconds", argument(given, 0)));
        return Flow::Next;
    }
    return wait_for(*time);
}

Flow CallCore::State::ScriptHost::ring(const Arguments&) {
    auto& caller = party();
    if (caller.state == ChannelState::Trying) {
        caller.state = ChannelState::Ringing;
        core_.note_change(caller);
        if (auto* technology = core_.technology_of(caller)) technology->ring(caller.id);
    }
    return Flow::Next;
}

Flow CallCore::State::ScriptHost::progress(const Arguments&) {
    static_cast<void>(core_.open_ear(party(), false));
    return Flow::Next;
}

/// Hangup([cause])
Flow CallCore::State::ScriptHost::hang_up(const Arguments& given) {
    auto& ended = party();
    const auto number = whole_number<std::uint8_t>(argument(given, 0));
    auto cause = number && *number > 0 ? static_cast<Cause>(*number) : Cause::NormalClearing;
    if (ended.transfer) return give_back(cause);
    if (ended.state != ChannelState::Up && cause == Cause::NormalClearing) cause = Cause::CallRejected;
    core_.hang_up(ended, cause);
    return Flow::GoneOn;
}

Flow CallCore::State::ScriptHost::busy(const Arguments& given) {
    return end_with(Cause::UserBusy, argument(given, 0));
}

Flow CallCore::State::ScriptHost::congestion(const Arguments& given) {
    return end_with(Cause::SwitchingCongestion, argument(given, 0));
}

Flow CallCore::State::ScriptHost::end_with(Cause cause, std::string_view seconds) {
    auto& ended = party();
    if (ended.transfer) return give_back(cause);
    if (ended.state != ChannelState::Up) {
        core_.hang_up(ended, cause);
    } else {
        core_.forget_script(ended);
        core_.end_with_tone(ended, cause, time_of(seconds).value_or(kSoundLimit));
    }
    return Flow::GoneOn;
}

Flow CallCore::State::ScriptHost::give_back(Cause cause) {
    core_.forget_script(party());
    core_.give_up(party(), cause);
    return Flow::GoneOn;
}

/// MusicOnHold([class[,seconds]])
Flow CallCore::State::ScriptHost::music_on_hold(const Arguments& given) {
    if (!answered()) return Flow::GoneOn;
    const auto name = argument(given, 0).empty() ? std::string_view("default") : argument(given, 0);
    const auto* category = core_.music_named(name);
    if (category == nullptr) mistake(fmt::format("there is no music {}", name));
    core_.offer_own_codecs(party());
    core_.attend_music(party(), category);
    return wait_for(time_of(argument(given, 1)).value_or(kLongestWait));
}

/// MeetMe(number) and ConfBridge(number): a conference room by its number, or by its id.
Flow CallCore::State::ScriptHost::conference(const Arguments& given) {
    const auto number = argument(given, 0);
    auto destination = core_.look_up(party(), party().context, number);
    if (!std::holds_alternative<ConferenceDestination>(destination)) {
        const auto* room =
            core_.snapshot->find(model::ConferenceId{whole_number<std::uint64_t>(number).value_or(0)});
        if (room == nullptr) {
            mistake(fmt::format("there is no conference room {}", number));
            return Flow::Next;
        }
        destination = ConferenceDestination{room};
    }
    return go(destination);
}

Flow CallCore::State::ScriptHost::park(const Arguments&) {
    const model::ParkingLot* lot = nullptr;
    core_.snapshot->for_each<model::ParkingLot>([&](const model::ParkingLot& each) {
        if (lot == nullptr) lot = &each;
    });
    if (lot == nullptr) {
        mistake("there is no parking lot");
        return Flow::Next;
    }
    if (!answered()) return Flow::GoneOn;
    auto number = core_.free_place(*lot);
    if (number.empty()) {
        mistake("all places are taken");
        return Flow::Next;
    }
    auto& caller = party();
    core_.forget_script(caller);
    core_.begin_application(caller, "Park", lot->name);
    core_.park(caller, {lot->id, std::move(number), false});
    return Flow::GoneOn;
}

/// Pickup([number[@context]])
Flow CallCore::State::ScriptHost::pick_up(const Arguments& given) {
    auto& caller = party();
    if (caller.state == ChannelState::Up) {
        mistake("Pickup: the call was answered already");
        return Flow::Next;
    }
    core_.forget_script(caller);
    const auto number = argument(given, 0).substr(0, argument(given, 0).find('@'));
    number.empty() ? core_.take_any_call(caller) : core_.take_call_of(caller, std::string(number));
    return Flow::GoneOn;
}

/// Transfer([technology/]number)
Flow CallCore::State::ScriptHost::transfer(const Arguments& given) {
    const auto to = argument(given, 0);
    const auto slash = to.find('/');
    return go(
        core_.look_up(party(), party().context, slash == std::string_view::npos ? to : to.substr(slash + 1)));
}

/// VoiceMail(number[@context][,u|b|s])
Flow CallCore::State::ScriptHost::voicemail(const Arguments& given) {
    const auto box = argument(given, 0);
    const auto at = std::min(box.find('@'), box.size());
    const auto context = at < box.size() ? box.substr(at + 1) : std::string_view(party().context);
    const auto* found = model::voicemail_in(*core_.snapshot, context, box.substr(0, at));
    if (found == nullptr) {
        mistake(fmt::format("there is no voicemail {}", box));
        set("VMSTATUS", "FAILED");
        return Flow::Next;
    }
    const auto options = argument(given, 1);
    const auto has = [&](char option) { return options.find(option) != std::string_view::npos; };
    return go(VoicemailDestination{found, has('b') ? "busy" : has('u') ? "unavailable" : "", has('s')});
}

/// VoiceMailMain([number][@context])
Flow CallCore::State::ScriptHost::voicemail_main(const Arguments& given) {
    const auto box = argument(given, 0);
    const auto at = std::min(box.find('@'), box.size());
    const std::string context(at < box.size() ? box.substr(at + 1) : std::string_view(party().context));
    if (!answered()) return Flow::GoneOn;
    auto& caller = party();
    core_.forget_script(caller);
    if (at == 0) {
        core_.reach(caller, MailboxAccessDestination{context});
        return Flow::GoneOn;
    }
    core_.begin_application(caller, "VoiceMailMain", std::string(box));
    const auto* found = model::voicemail_in(*core_.snapshot, context, box.substr(0, at));
    core_.ask_mailbox_password(caller, {found != nullptr ? found->id : model::VoicemailId{}, 1, false});
    return Flow::GoneOn;
}

/// Dial(technology/target[&technology/target]...[,seconds[,options]])
Flow CallCore::State::ScriptHost::dial(const Arguments& given) {
    auto& caller = party();
    if (caller.hops == 0) {
        mistake("the call has passed as many switches as it may: a loop");
        core_.forget_script(caller);
        core_.give_up(caller, Cause::ExchangeRoutingError);
        return Flow::GoneOn;
    }
    const auto options = argument(given, 2);
    scripted().goes_on = options.find('g') != std::string_view::npos;
    std::string data(argument(given, 0));
    if (!argument(given, 1).empty()) data += fmt::format(",{}", given[1]);
    core_.begin_application(caller, "Dial", std::move(data));
    auto& dial = core_.begin_dial(caller, time_of(argument(given, 1)));
    dial.context = caller.context;
    dial.scripted = true;
    std::vector<Invitation> invitations;
    for (const auto& target : listed(argument(given, 0)))
        ring_target(dial, target, invitations);
    for (auto& [technology, callee, call] : invitations)
        technology->invite(callee, call);
    core_.fail_if_over(dial);
    return Flow::Waits;
}

void CallCore::State::ScriptHost::ring_target(Dial& dial, std::string_view target,
                                              std::vector<Invitation>& invitations) {
    auto& caller = party();
    const auto slash = std::min(target.find('/'), target.size());
    const auto technology = in_lower_case(target.substr(0, slash));
    auto whom = target.substr(std::min(slash + 1, target.size()));
    const auto ring_user = [&](const UserDestination& destination) {
        const auto id = destination.user->id;
        // His second telephone is no second call.
        if (std::ranges::find(dial.users, id) == dial.users.end()) {
            if (const auto cause = core_.barred(caller, *destination.user); cause != Cause::Unknown)
                return dial.failed(cause);
            core_.count(dial, id);
        }
        for (const auto& endpoint : destination.endpoints)
            core_.ring(dial, Called{endpoint, destination.user, {}, caller.identity}, invitations);
    };
    if (technology == "local") {
        // `number@context[/options]`: whoever has the number.
        whom = whom.substr(0, whom.find('/'));
        const auto at = std::min(whom.find('@'), whom.size());
        const auto context = at < whom.size() ? whom.substr(at + 1) : std::string_view(caller.context);
        const auto destination = core_.look_up(caller, context, whom.substr(0, at));
        if (const auto* user = std::get_if<UserDestination>(&destination)) return ring_user(*user);
        core_.trace(caller, "{} is no user's: it cannot be dialled", target);
        return dial.failed(Cause::UnallocatedNumber);
    }
    // `SIP/account`, `SIP/trunk/number` or `SIP/number@trunk`.
    const auto divider = whom.find_first_of("/@");
    auto account = whom;
    std::string_view number;
    if (divider != std::string_view::npos) {
        account = whom[divider] == '/' ? whom.substr(0, divider) : whom.substr(divider + 1);
        number = whom[divider] == '/' ? whom.substr(divider + 1) : whom.substr(0, divider);
    }
    const model::EndpointSipId id{core_.snapshot->id_by<model::EndpointSip>("username", account)};
    const auto* endpoint =
        technology == "sip" || technology == "pjsip" ? core_.snapshot->endpoint_sip(id) : nullptr;
    if (endpoint == nullptr) {
        core_.trace(caller, "{} is not known: it cannot be dialled", target);
        return dial.failed(Cause::DestinationOutOfOrder);
    }
    if (const auto* trunk = core_.snapshot->first_naming<model::Trunk>(id)) {
        if (core_.is_full(trunk->id)) return dial.failed(Cause::NoCircuitAvailable);
        WayOut way;
        return core_.ring(dial,
                          Called{{"SIP", endpoint->username, {}},
                                 nullptr,
                                 trunk->id,
                                 core_.caller_id_outside(caller, way, *endpoint),
                                 std::string(number.empty() ? std::string_view(caller.exten) : number)},
                          invitations);
    }
    const auto* line = core_.snapshot->first_naming<model::Line>(id);
    if (line == nullptr) {
        core_.trace(caller, "{} is neither a line's nor a trunk's", target);
        return dial.failed(Cause::DestinationOutOfOrder);
    }
    const auto& users = core_.snapshot->users_of_line(line->id);
    const auto* user = users.empty() ? nullptr : core_.snapshot->user(users.front());
    if (user == nullptr) {
        core_.trace(caller, "{} is nobody's", target);
        return dial.failed(Cause::DestinationOutOfOrder);
    }
    ring_user({user, line->context, {{"SIP", endpoint->username, line->id}}});
}

void CallCore::State::concluded(Channel& party, const purpose::ScriptStep& step, const std::string& pressed) {
    using Awaits = purpose::ScriptStep::Awaits;
    if (!party.scripted) return hang_up(party, Cause::NormalClearing);
    const bool is_playback = step.awaits == Awaits::Nothing;
    if (is_playback) end_application(party);
    if (is_playback || (step.awaits == Awaits::Extension && pressed.empty() && !step.needs_extension))
        return resume_script(party);
    if (step.awaits == Awaits::Extension) return script_dialled(party, pressed);
    const bool is_password = step.awaits == Awaits::Password;
    const bool is_right = is_password ? pressed == step.variable : !pressed.empty();
    if (!is_right && step.tries > 1) {
        auto again = step;
        --again.tries;
        auto prompts = prompts_of(step.sounds);
        if (is_password) prompts.insert(prompts.begin(), {"password-wrong"});
        const KeyWait keys{step.most, step.patience, party.scripted->digit_timeout};
        return say(party, std::move(again), std::move(prompts), keys, kSoundLimit);
    }
    if (is_password && !is_right) {
        forget_script(party);
        return say(party, purpose::EndOfCall{Cause::CallRejected}, {{"password-wrong"}}, {}, kSoundLimit);
    }
    if (!is_password) {
        ScriptHost host(*this, party, false);
        host.set(step.variable, pressed);
        host.set("READSTATUS", pressed.empty() ? "TIMEOUT" : "OK");
    }
    resume_script(party);
}

}  // namespace almon::pbx
