// SPDX-License-Identifier: GPL-3.0-or-later
// Commands about what numbers mean.
#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "model/context.hpp"
#include "model/extension.hpp"
#include "model/feature_code.hpp"
#include "model/outcall.hpp"
#include "model/user.hpp"
#include "pbx/numbering.hpp"
#include "pbx/resolver.hpp"
#include "services/command_line/command.hpp"

namespace almon::services {

namespace json = boost::json;

namespace {

/// What a number leads to: "user 2 (Bob)", "way out 1 (Provider)", "group 3".
std::string goal_of(const model::Extension& extension, const model::Snapshot& configuration) {
    for (const auto line : configuration.lines_of_extension(extension.id)) {
        for (const auto id : configuration.users_of_line(line)) {
            if (const auto* user = configuration.user(id)) {
                const auto space = user->firstname.empty() || user->lastname.empty() ? "" : " ";
                return fmt::format("user {} ({}{}{})", id.value, user->firstname, space, user->lastname);
            }
        }
        return fmt::format("line {}, which is no user's", line.value);
    }
    if (const auto* rule = configuration.first_naming<model::OutcallExtension>(extension.id)) {
        const auto* way_out = configuration.find(rule->outcall);
        return fmt::format("way out {} ({})", rule->outcall.value, way_out != nullptr ? way_out->name : "");
    }
    if (!extension.leads_to) return "nothing";
    return fmt::format("{} {}", extension.leads_to.kind->kind, extension.leads_to.id);
}

/// As it is dialled; a way out may want a prefix of its own.
std::string number_of(const model::Extension& extension, const model::Snapshot& configuration) {
    const auto* rule = configuration.first_naming<model::OutcallExtension>(extension.id);
    return rule == nullptr ? extension.exten : pbx::dialled_pattern(extension, rule->prefix);
}

struct Number {
    std::string number;
    std::string goal;
    bool is_off = false;
};

/// What can be dialled in a context, in order.
std::vector<Number> numbers_in(const std::string& context, const model::Snapshot& configuration) {
    std::vector<Number> numbers;
    configuration.for_each<model::Extension>([&](const model::Extension& extension) {
        if (extension.context == context)
            numbers.push_back({number_of(extension, configuration), goal_of(extension, configuration),
                               extension.commented});
    });
    std::ranges::sort(numbers, {}, &Number::number);
    return numbers;
}

/// Adds a line for each; the same for programs.
json::array list(const std::vector<Number>& numbers, std::vector<std::string>& lines) {
    json::array listed;
    for (const auto& each : numbers) {
        lines.push_back(
            fmt::format("  {:<20} => {}{}", each.number, each.goal, each.is_off ? ", switched off" : ""));
        listed.push_back({{"number", each.number}, {"goal", each.goal}, {"enabled", !each.is_off}});
    }
    return listed;
}

void show_context(Shown& shown, const model::Context& context, const model::Snapshot& configuration) {
    shown.lines.push_back(fmt::format("[ Context '{}' ] {}{}", context.name, context.type,
                                      context.enabled ? "" : ", switched off"));
    auto numbers = list(numbers_in(context.name, configuration), shown.lines);
    json::array includes;
    for (const auto& include : context.includes) {
        shown.lines.push_back(fmt::format("  Include => '{}'", include));
        includes.emplace_back(include);
    }
    shown.json.as_array().push_back({{"context", context.name},
                                     {"type", context.type},
                                     {"enabled", context.enabled},
                                     {"numbers", std::move(numbers)},
                                     {"includes", std::move(includes)}});
}

/// What administrators have written of it.
void show_written(Shown& shown, const std::string& name, const dialplan::Context& context,
                  const dialplan::Dialplan& written) {
    shown.lines.push_back(fmt::format("[ Context '{}' ] written in the dialplan", name));
    json::array extensions;
    const auto show = [&](const dialplan::Extension& extension) {
        const auto number = (extension.pattern ? "_" : "") + extension.name;
        json::array priorities;
        for (const auto& priority : extension.priorities) {
            const auto label = priority.label.empty() ? "" : fmt::format("({})", priority.label);
            shown.lines.push_back(fmt::format("  {:<20} => {}{}. {}({})  [{}:{}]", number, priority.number,
                                              label, priority.command.application, priority.command.text,
                                              written.file(priority.file), priority.line));
            priorities.push_back({{"priority", priority.number},
                                  {"label", priority.label},
                                  {"application", priority.command.application},
                                  {"arguments", priority.command.text},
                                  {"file", written.file(priority.file)},
                                  {"line", priority.line}});
        }
        extensions.push_back({{"number", number}, {"priorities", std::move(priorities)}});
    };
    for (const auto& [exten, extension] : context.extensions)
        show(extension);
    for (const auto& extension : context.patterns)
        show(extension);
    json::array includes;
    for (const auto& include : context.includes) {
        shown.lines.push_back(fmt::format("  Include => '{}'", include.context));
        includes.emplace_back(include.context);
    }
    shown.json.as_array().push_back({{"context", name},
                                     {"type", "written"},
                                     {"enabled", true},
                                     {"numbers", std::move(extensions)},
                                     {"includes", std::move(includes)}});
}

/// Never null.
std::shared_ptr<const dialplan::Dialplan> written_dialplan(const ManagerDesk& desk) {
    return desk.dialplan ? desk.dialplan() : std::make_shared<const dialplan::Dialplan>();
}

/// The codes of the system, which are dialled in every context of those inside.
void show_codes(Shown& shown, const model::Snapshot& configuration) {
    std::vector<Number> codes;
    configuration.for_each<model::FeatureCode>([&](const model::FeatureCode& code) {
        codes.push_back({code.exten, "code " + code.feature, !code.enabled});
    });
    std::ranges::sort(codes, {}, &Number::number);
    shown.lines.emplace_back("[ Codes, in contexts of the type internal ]");
    auto numbers = list(codes, shown.lines);
    shown.json.as_array().push_back({{"context", nullptr},
                                     {"type", "codes"},
                                     {"enabled", true},
                                     {"numbers", std::move(numbers)},
                                     {"includes", json::array{}}});
}

/// How a number that is dialled in a context is looked up, by the very router that looks up those of calls.
Shown show_look_up(std::string_view number, std::string_view context, const ManagerDesk& desk,
                   const model::Snapshot& configuration) {
    Shown shown;
    json::array steps;
    pbx::NumberPatterns patterns;
    const auto written = written_dialplan(desk);
    const auto seconds = std::chrono::system_clock::to_time_t(desk.now());
    std::tm now{};
    ::localtime_r(&seconds, &now);
    const auto destination = pbx::resolve(configuration, context, number,
                                          [&](std::string step) {
                                              steps.emplace_back(step);
                                              shown.lines.push_back(std::move(step));
                                          },
                                          &patterns, {written, now});
    shown.json = {{"number", number},
                  {"context", context},
                  {"found", !std::holds_alternative<pbx::UnknownDestination>(destination)},
                  {"steps", std::move(steps)}};
    return shown;
}

Result<Shown> show_dialplan(const ManagerDesk& desk, CommandArguments arguments) {
    const auto configuration = desk.configuration();
    const auto written = written_dialplan(desk);
    if (arguments.empty()) {
        Shown shown{{}, json::array{}};
        configuration->for_each<model::Context>(
            [&](const model::Context& context) { show_context(shown, context, *configuration); });
        show_codes(shown, *configuration);
        for (const auto& [name, context] : written->contexts())
            show_written(shown, name, context, *written);
        return shown;
    }
    const std::string_view asked = arguments[0];
    const auto at = asked.rfind('@');
    const auto name = at == std::string_view::npos ? asked : asked.substr(at + 1);
    const auto* context = configuration->context(name);
    const auto* own = written->context(name);
    if (context == nullptr && own == nullptr)
        return refuse(ErrorCode::NotFound, "context", fmt::format("{} does not exist", name));
    if (at != std::string_view::npos) return show_look_up(asked.substr(0, at), name, desk, *configuration);
    Shown shown{{}, json::array{}};
    if (context != nullptr) show_context(shown, *context, *configuration);
    if (own != nullptr) show_written(shown, std::string(name), *own, *written);
    return shown;
}

Result<Shown> reload_dialplan(const ManagerDesk& desk, CommandArguments) {
    if (!desk.reload_dialplan) return refuse(ErrorCode::Unavailable, "dialplan", "cannot be read here");
    auto in_force = desk.reload_dialplan();
    if (!in_force) return refuse(in_force);
    Shown shown;
    shown.lines = {"In force: " + *in_force};
    shown.json = {{"in_force", *in_force}};
    return shown;
}

}  // namespace

std::span<const Command> dialplan_commands() {
    static constexpr Command kCommands[] = {
        {"dialplan show", "", "[<context>]",
         "The numbers of all contexts or of one; <number>@<context>: how that is looked up", false,
         show_dialplan},
        {"dialplan reload", "", "", "Reads the dialplan files anew, and tells what is wrong with them", true,
         reload_dialplan},
    };
    return kCommands;
}

}  // namespace almon::services
