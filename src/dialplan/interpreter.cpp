// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialplan/interpreter.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "dialplan/arguments.hpp"
#include "dialplan/expression.hpp"

namespace almon::dialplan {
namespace {

void set_in(std::vector<Variable>& variables, std::string_view name, std::string value) {
    const auto known = std::ranges::find(variables, name, &Variable::name);
    if (known != variables.end())
        known->value = std::move(value);
    else
        variables.push_back({std::string(name), std::move(value)});
}

/// A condition without $[...] around it whose brackets do not match, as somebody has typed it (ADB-049).
std::string_view without_lost_bracket(std::string_view condition) {
    const bool lost = std::ranges::count(condition, ')') > std::ranges::count(condition, '(');
    return lost && condition.ends_with(')') ? condition.substr(0, condition.size() - 1) : condition;
}

}  // namespace

Outcome Interpreter::run() {
    script_.steps = 0;
    return loop();
}

Outcome Interpreter::run_command(std::string_view text) {
    script_.steps = 0;
    const auto command = read_command(text);
    if (!command) {
        mistake(fmt::format("{}: {}", text, command.error().reason));
        return Outcome::Ended;
    }
    if (execute(*command) == After::Stop) return outcome_;
    return loop();
}

Outcome Interpreter::run_dialled(const std::string& pressed) {
    const auto now = host_.local_time({}, {});
    const auto go_on_at = [&](std::string exten) {
        const auto context = script_.at.context;
        arrive({context, std::move(exten), 1});
        return run();
    };
    if (!pressed.empty() && dialplan_.find(script_.at.context, pressed, now) != nullptr)
        return go_on_at(pressed);
    if (!pressed.empty()) host_.set("INVALID_EXTEN", pressed);
    for (const auto* name : {"t", "i"}) {
        if (!pressed.empty() && *name == 't') continue;
        if (dialplan_.find(script_.at.context, name, now) != nullptr) return go_on_at(name);
    }
    return Outcome::Ended;
}

bool Interpreter::locate() {
    if (extension_ == nullptr)
        extension_ = dialplan_.find(script_.at.context, script_.at.exten, host_.local_time({}, {}));
    return extension_ != nullptr;
}

Outcome Interpreter::loop() {
    for (;;) {
        if (++script_.steps > kMostSteps) return Outcome::Circles;
        priority_ = locate() ? extension_->priority(script_.at.priority) : nullptr;
        if (priority_ == nullptr) {
            if (script_.frames.empty()) return Outcome::Ended;
            // Who forgets Return() at the end of a subroutine means it; who has left it by Goto does not
            // (API-208).
            const auto& frame = script_.frames.back();
            if (frame.to_system && frame.back.context != script_.at.context) return Outcome::Ended;
            if (return_with({}) == After::Stop) return outcome_;
            continue;
        }
        if (execute(priority_->command) == After::Stop) return outcome_;
    }
}

Interpreter::After Interpreter::stop(Outcome with) noexcept {
    outcome_ = with;
    return After::Stop;
}

Interpreter::After Interpreter::execute(const Command& command) {
    if (command.application.empty()) return After::Next;
    if (!command.targets.empty() || !command.commands.empty()) return choose(command);
    auto arguments = command.arguments.fill_in(*this);
    host_.step(script_.at, command.application, arguments);
    ++script_.at.priority;
    return do_statement(command, std::move(arguments));
}

Interpreter::After Interpreter::choose(const Command& command) {
    const auto condition = command.arguments.fill_in(*this);
    bool is_met = false;
    if (command.statement != Statement::GotoIfTime) {
        is_met = holds(condition, command.compares);
    } else if (const auto range = TimeRange::parse(condition)) {
        is_met = range->holds(host_.local_time({}, {}));
    } else {
        mistake(fmt::format("GotoIfTime: {}: {}", range.error().field, range.error().reason));
    }
    const std::size_t chosen = is_met ? 0 : 1;
    if (command.statement == Statement::ExecIf) {
        host_.step(script_.at, command.application, fmt::format("{}? {}", condition, is_met ? "yes" : "no"));
        if (command.commands[chosen].application.empty()) ++script_.at.priority;
        return execute(command.commands[chosen]);
    }
    const auto target = command.targets[chosen].fill_in(*this);
    host_.step(script_.at, command.application,
               fmt::format("{}? {}", condition, target.empty() ? "no" : target));
    ++script_.at.priority;
    if (target.empty()) return After::Next;
    return command.statement == Statement::GosubIf ? go_sub(target) : go_to(target);
}

Interpreter::After Interpreter::do_statement(const Command& command, std::string arguments) {
    switch (command.statement) {
        case Statement::NoOperation:
        case Statement::Verbose:
        case Statement::Log:
        // Choices: see choose().
        case Statement::GotoIf:
        case Statement::GosubIf:
        case Statement::GotoIfTime:
        case Statement::ExecIf:
            return After::Next;
        case Statement::Set:
            return set(arguments);
        case Statement::MultipleSet:
            for (const auto& each : split_arguments(arguments))
                set(each);
            return After::Next;
        case Statement::Goto:
            return go_to(arguments);
        case Statement::Gosub:
            return go_sub(arguments);
        case Statement::While:
            if (priority_ != nullptr && !holds(arguments, command.compares)) jump_to(priority_->partner + 1);
            return After::Next;
        case Statement::EndWhile:
        case Statement::ContinueWhile:
            if (priority_ != nullptr) jump_to(priority_->partner);
            return After::Next;
        case Statement::ExitWhile:
            if (priority_ == nullptr) return After::Next;
            if (const auto* loop = extension_->priority(priority_->partner)) jump_to(loop->partner + 1);
            return After::Next;
        case Statement::Return:
            return return_with(std::move(arguments));
        case Statement::StackPop:
            if (!script_.frames.empty() && !script_.frames.back().to_system) script_.frames.pop_back();
            return After::Next;
        case Statement::Application:
            break;
    }
    switch (host_.run(command.application, std::move(arguments))) {
        case Flow::Next:
            return After::Next;
        case Flow::Waits:
            return stop(Outcome::Waits);
        case Flow::GoneOn:
            break;
    }
    return stop(Outcome::GoneOn);
}

Interpreter::After Interpreter::set(std::string_view assignment) {
    // The name may be a function whose arguments have an equals sign.
    const auto open = assignment.find('(');
    auto equals = assignment.find('=');
    if (open < equals) equals = assignment.find('=', std::min(assignment.find(')', open), assignment.size()));
    const auto name = trimmed(assignment.substr(0, equals));
    if (equals == std::string_view::npos || name.empty()) {
        mistake(fmt::format("Set({}): \"name=value\" is expected", assignment));
        return After::Next;
    }
    assign(name, std::string(assignment.substr(equals + 1)));
    return After::Next;
}

void Interpreter::assign(std::string_view name, std::string value) {
    const auto open = name.find('(');
    if (open == std::string_view::npos) return host_.set(name, std::move(value));
    const auto function = name.substr(0, open);
    auto arguments = name.substr(open + 1);
    if (arguments.ends_with(')')) arguments.remove_suffix(1);
    if (function == "GLOBAL") return host_.set_global(arguments, std::move(value));
    if (function == "LOCAL" && !script_.frames.empty())
        return set_in(script_.frames.back().locals, arguments, std::move(value));
    if (function == "LOCAL") return host_.set(arguments, std::move(value));
    const auto written = host_.write(function, arguments, std::move(value));
    if (written) return;
    mistake(written.error().code == ErrorCode::NotFound
                ? fmt::format("there is no function {} that can be set", function)
                : fmt::format("{}: {} {}", name, written.error().field, written.error().reason));
}

bool Interpreter::holds(std::string_view condition, bool compares) {
    if (!compares) return is_true(trimmed(condition));
    const auto value = evaluate(without_lost_bracket(condition));
    if (!value) mistake(fmt::format("{}: the {} {}", condition, value.error().field, value.error().reason));
    return value && is_true(*value);
}

Interpreter::After Interpreter::go_to(std::string_view target) {
    const auto parts = split_arguments(target);
    if (parts.empty() || parts.size() > 3) {
        mistake(fmt::format("Goto({}): \"context,extension,priority\" is expected", target));
        return After::Next;
    }
    Position to = script_.at;
    if (parts.size() == 3) to.context = parts[0];
    if (parts.size() >= 2) to.exten = parts[parts.size() - 2];
    const auto& wanted = parts.back();
    const auto* extension = parts.size() == 1 && locate()
                                ? extension_
                                : dialplan_.find(to.context, to.exten, host_.local_time({}, {}));
    if (extension == nullptr) {
        // In the telephone system's own numbers, which have no priorities.
        outcome_ = Outcome::GoneOn;
        host_.leave(to);
        return After::Stop;
    }
    const auto* priority = extension->priority(wanted);
    if (priority == nullptr) {
        mistake(fmt::format("{},{} has no priority or label {}", to.context, to.exten, wanted));
        return stop(Outcome::Ended);
    }
    to.priority = priority->number;
    arrive(std::move(to));
    extension_ = extension;
    return After::Next;
}

Interpreter::After Interpreter::go_sub(std::string_view target) {
    if (script_.frames.size() >= kMostFrames) {
        mistake("subroutines call each other without end");
        return stop(Outcome::Circles);
    }
    // `context,extension,priority(argument,...)`
    const auto open = target.find('(');
    const auto close = target.rfind(')');
    Frame frame;
    frame.back = script_.at;
    if (open != std::string_view::npos) {
        const auto given =
            target.substr(open + 1, close == std::string_view::npos ? close : close - open - 1);
        unsigned count = 0;
        for (auto& each : split_arguments(given))
            frame.locals.push_back({fmt::format("ARG{}", ++count), std::move(each)});
        frame.locals.push_back({"ARGC", std::to_string(count)});
        target = target.substr(0, open);
    }
    script_.frames.push_back(std::move(frame));
    return go_to(target);
}

Interpreter::After Interpreter::return_with(std::string value) {
    if (script_.frames.empty()) {
        mistake("Return() without a Gosub");
        return stop(Outcome::Ended);
    }
    auto frame = std::move(script_.frames.back());
    script_.frames.pop_back();
    if (frame.to_system) return stop(Outcome::Returned);
    host_.set("GOSUB_RETVAL", std::move(value));
    arrive(std::move(frame.back));
    return After::Next;
}

void Interpreter::arrive(Position at) {
    script_.at = std::move(at);
    extension_ = nullptr;
}

std::string Interpreter::variable(std::string_view name) {
    if (name == "EXTEN") return script_.at.exten;
    if (name == "CONTEXT") return script_.at.context;
    if (name == "PRIORITY") return std::to_string(script_.at.priority);
    if (!script_.frames.empty()) {
        const auto& locals = script_.frames.back().locals;
        const auto local = std::ranges::find(locals, name, &Variable::name);
        if (local != locals.end()) return local->value;
    }
    return host_.variable(name);
}

Result<std::string> Interpreter::read(std::string_view function, std::string_view arguments) {
    if (function == "LOCAL") return variable(arguments);
    if (function == "DIALPLAN_EXISTS") {
        const auto parts = split_arguments(arguments);
        const auto* extension =
            dialplan_.find(argument(parts, 0), argument(parts, 1), host_.local_time({}, {}));
        const bool exists =
            parts.size() < 2
                ? dialplan_.context(argument(parts, 0)) != nullptr
                : extension != nullptr && (parts.size() < 3 || extension->priority(parts[2]) != nullptr);
        return std::string(exists ? "1" : "0");
    }
    return host_.read(function, arguments);
}

}  // namespace almon::dialplan
