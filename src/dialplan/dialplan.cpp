// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialplan/dialplan.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/lower_case.hpp"
#include "base/whole_number.hpp"

namespace almon::dialplan {
namespace {

/// The context and all that it includes, each once.
template <class Visit>
bool any_context(const Dialplan& dialplan, std::string_view name, const std::tm& now,
                 std::vector<std::string_view>& visited, const Visit& visit) {
    if (std::ranges::find(visited, name) != visited.end()) return false;
    visited.push_back(name);
    const auto* context = dialplan.context(name);
    if (context == nullptr) return false;
    if (visit(name)) return true;
    return std::ranges::any_of(context->includes, [&](const Include& include) {
        return (!include.when || include.when->holds(now)) &&
               any_context(dialplan, include.context, now, visited, visit);
    });
}

}  // namespace

Statement statement_of(std::string_view application) {
    static constexpr std::array<std::pair<std::string_view, Statement>, 17> kStatements{{
        {"continuewhile", Statement::ContinueWhile},
        {"endwhile", Statement::EndWhile},
        {"execif", Statement::ExecIf},
        {"exitwhile", Statement::ExitWhile},
        {"gosub", Statement::Gosub},
        {"gosubif", Statement::GosubIf},
        {"goto", Statement::Goto},
        {"gotoif", Statement::GotoIf},
        {"gotoiftime", Statement::GotoIfTime},
        {"log", Statement::Log},
        {"mset", Statement::MultipleSet},
        {"noop", Statement::NoOperation},
        {"return", Statement::Return},
        {"set", Statement::Set},
        {"stackpop", Statement::StackPop},
        {"verbose", Statement::Verbose},
        {"while", Statement::While},
    }};
    const auto found = std::ranges::find(kStatements, in_lower_case(application),
                                         &std::pair<std::string_view, Statement>::first);
    return found == kStatements.end() ? Statement::Application : found->second;
}

const Priority* Extension::priority(unsigned number) const noexcept {
    // Almost always all numbers from 1 on are there.
    if (number >= 1 && number <= priorities.size() && priorities[number - 1].number == number)
        return &priorities[number - 1];
    const auto found = std::ranges::lower_bound(priorities, number, {}, &Priority::number);
    return found == priorities.end() || found->number != number ? nullptr : &*found;
}

const Priority* Extension::priority(std::string_view text) const noexcept {
    if (const auto number = whole_number<unsigned>(text)) return priority(*number);
    const auto found = std::ranges::find(priorities, text, &Priority::label);
    return text.empty() || found == priorities.end() ? nullptr : &*found;
}

const Context* Dialplan::context(std::string_view name) const noexcept {
    const auto found = contexts_.find(name);
    return found == contexts_.end() ? nullptr : &found->second;
}

const Extension* Dialplan::own(std::string_view name, std::string_view exten) const {
    const auto* in = context(name);
    if (in == nullptr) return nullptr;
    if (const auto found = in->extensions.find(exten); found != in->extensions.end()) return &found->second;
    // `s`, `i` and `t` are names, not numbers that a pattern could mean.
    if (exten.size() == 1 && std::string_view("sithT").find(exten[0]) != std::string_view::npos)
        return nullptr;
    const auto found = std::ranges::find_if(
        in->patterns, [&](const Extension& each) { return each.pattern->matches(exten); });
    return found == in->patterns.end() ? nullptr : &*found;
}

const Extension* Dialplan::find(std::string_view context, std::string_view exten, const std::tm& now) const {
    const Extension* found = nullptr;
    std::vector<std::string_view> visited;
    any_context(*this, context, now, visited, [&](std::string_view each) {
        found = own(each, exten);
        return found != nullptr;
    });
    return found;
}

bool Dialplan::may_go_on(std::string_view name, std::string_view exten, const std::tm& now) const {
    std::vector<std::string_view> visited;
    return any_context(*this, name, now, visited, [&](std::string_view each) {
        const auto& in = *context(each);
        const auto longer = in.extensions.upper_bound(exten);
        if (longer != in.extensions.end() && longer->first.starts_with(exten)) return true;
        return std::ranges::any_of(in.patterns,
                                   [&](const Extension& other) { return other.pattern->may_go_on(exten); });
    });
}

std::size_t Dialplan::priority_count() const noexcept {
    std::size_t count = 0;
    for (const auto& [name, context] : contexts_) {
        for (const auto& [exten, extension] : context.extensions)
            count += extension.priorities.size();
        for (const auto& extension : context.patterns)
            count += extension.priorities.size();
    }
    return count;
}

std::string Complaint::sentence() const {
    return fmt::format("{}, line {}: {}", file, line, text);
}

}  // namespace almon::dialplan
