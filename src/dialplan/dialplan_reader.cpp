// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/lower_case.hpp"
#include "base/utf8.hpp"
#include "base/whole_number.hpp"
#include "dialplan/arguments.hpp"
#include "dialplan/dialplan.hpp"

namespace almon::dialplan {
namespace {

constexpr std::size_t kMostComplaints = 100;
constexpr unsigned kHighestPriority = 1'000'000;

/// X, Z and N may be written small in patterns, but not where characters are listed.
std::string with_capital_classes(std::string_view pattern) {
    std::string out(pattern);
    bool listed = false;
    for (auto& c : out) {
        if (c == '[') listed = true;
        if (c == ']') listed = false;
        if (!listed && (c == 'x' || c == 'z' || c == 'n')) c = static_cast<char>(c - 32);
    }
    // Dashes between digits are there for the eye.
    std::string read;
    for (const char c : out) {
        if (c == '[') listed = true;
        if (c == ']') listed = false;
        if (c != '-' || listed) read += c;
    }
    return read;
}

}  // namespace

namespace {

/// Conditional applications within each other.
constexpr int kDeepestCommand = 8;

bool is_choice(Statement statement) noexcept {
    return statement == Statement::ExecIf || statement == Statement::GotoIf ||
           statement == Statement::GosubIf || statement == Statement::GotoIfTime;
}

bool is_loop(Statement statement) noexcept {
    return statement == Statement::While || statement == Statement::EndWhile ||
           statement == Statement::ExitWhile || statement == Statement::ContinueWhile;
}

Result<Command> read_command(std::string_view text, int depth) {
    const auto wrong = [](std::string reason) { return refuse(ErrorCode::Malformed, "", std::move(reason)); };
    if (depth > kDeepestCommand) return wrong("too many conditions stand in each other");
    Command command;
    const auto open = text.find('(');
    command.application = trimmed(text.substr(0, open));
    if (open != std::string_view::npos) {
        const auto close = text.rfind(')');
        if (close == std::string_view::npos || close < open)
            return wrong(fmt::format("the bracket behind {} is not closed", command.application));
        if (const auto behind = trimmed(text.substr(close + 1)); !behind.empty())
            return wrong(
                fmt::format("nothing is expected behind the last bracket, not \"{}\"", behind.substr(0, 40)));
        command.text = text.substr(open + 1, close - open - 1);
    } else if (const auto comma = command.application.find(','); comma != std::string::npos) {
        // The way of old: Goto,context,s,1.
        command.text = trimmed(std::string_view(command.application).substr(comma + 1));
        command.application = trimmed(std::string_view(command.application).substr(0, comma));
    }
    command.statement = statement_of(command.application);
    const auto read = [&](std::string_view part) -> Result<Substitution> {
        auto substitution = Substitution::parse(part);
        if (!substitution)
            return refuse(
                ErrorCode::Malformed, "",
                fmt::format("{}({}): {}", command.application, command.text, substitution.error().reason));
        return substitution;
    };
    const auto choice =
        is_choice(command.statement) ? split_choice(command.text) : Choice{command.text, {}, {}};
    auto arguments = read(choice.condition);
    if (!arguments) return refuse(arguments);
    command.arguments = *std::move(arguments);
    command.compares = (is_choice(command.statement) || command.statement == Statement::While) &&
                       command.arguments.says("=<>");
    if (!is_choice(command.statement)) return command;
    for (const auto part : {choice.if_true, choice.if_false}) {
        if (command.statement != Statement::ExecIf) {
            auto target = read(part);
            if (!target) return refuse(target);
            command.targets.push_back(*std::move(target));
            continue;
        }
        auto done = part.empty() ? Result<Command>(Command{}) : read_command(part, depth + 1);
        if (!done) return done;
        if (is_loop(done->statement))
            return wrong(fmt::format("{} cannot stand in ExecIf", done->application));
        command.commands.push_back(*std::move(done));
    }
    return command;
}

}  // namespace

Result<Command> read_command(std::string_view text) {
    return read_command(text, 0);
}

/// Builds a dialplan from its files, line by line.
class DialplanReader final {
public:
    explicit DialplanReader(const std::vector<std::string_view>& applications)
        : applications_(applications) {}

    void read(const File& file) {
        plan_.files_.push_back(file.name);
        file_ = &file;
        line_ = 0;
        context_.clear();
        exten_ = nullptr;
        in_comment_ = false;
        std::string_view rest = file.text;
        if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
        while (!rest.empty() && errors_.size() < kMostComplaints) {
            const auto end = std::min(rest.find('\n'), rest.size());
            ++line_;
            const auto line = without_comment(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
            if (!trimmed(line).empty()) read_line(trimmed(line));
        }
    }

    ReadDialplan finish() {
        for (auto& [name, context] : plan_.contexts_) {
            for (auto& [exten, extension] : context.extensions)
                finish(extension);
            for (auto& extension : context.patterns)
                finish(extension);
            std::ranges::stable_sort(context.patterns, [](const Extension& a, const Extension& b) {
                return *a.pattern < *b.pattern;
            });
        }
        ReadDialplan read;
        read.errors = std::move(errors_);
        read.warnings = std::move(warnings_);
        if (read.errors.empty()) read.dialplan = std::make_shared<const Dialplan>(std::move(plan_));
        return read;
    }

private:
    void complain(std::string text) { errors_.push_back({file_->name, line_, std::move(text)}); }
    void warn(std::string text) {
        if (warnings_.size() < kMostComplaints) warnings_.push_back({file_->name, line_, std::move(text)});
    }

    /// A semicolon begins one, unless a backslash stands before it.
    std::string without_comment(std::string_view line) {
        std::string kept;
        for (std::size_t at = 0; at < line.size(); ++at) {
            const auto rest = line.substr(at);
            if (in_comment_) {
                if (rest.starts_with("--;")) {
                    in_comment_ = false;
                    at += 2;
                }
            } else if (rest.starts_with("\\;")) {
                kept += ';';
                ++at;
            } else if (rest.starts_with(";--") && !rest.starts_with(";---")) {
                in_comment_ = true;
                at += 2;
            } else if (line[at] == ';') {
                break;
            } else {
                kept += line[at];
            }
        }
        return kept;
    }

    void read_line(std::string_view line) {
        if (!is_utf8(line)) return complain("the text is no UTF-8");
        if (line.starts_with('[')) return begin_context(line);
        if (line.starts_with('#'))
            return complain(fmt::format("{} is not supported: each file is read by itself",
                                        line.substr(0, line.find(' '))));
        const auto equals = line.find('=');
        if (equals == std::string_view::npos)
            return complain(fmt::format("\"name = value\" is expected, not \"{}\"", line.substr(0, 60)));
        const auto key = in_lower_case(trimmed(line.substr(0, equals)));
        auto value = line.substr(equals + 1);
        if (value.starts_with('>')) value.remove_prefix(1);
        value = trimmed(value);
        if (context_.empty() || context_ == "globals") {
            plan_.globals_.insert_or_assign(std::string(trimmed(line.substr(0, equals))), std::string(value));
        } else if (context_ == "general") {
            // How a file is treated elsewhere means nothing here.
        } else if (key == "exten") {
            read_exten(value);
        } else if (key == "same") {
            if (exten_ == nullptr) return complain("\"same\" needs an \"exten\" before it");
            read_priority(*exten_, value);
        } else if (key == "include") {
            read_include(value);
        } else if (key == "ignorepat" || key == "switch" || key == "lswitch" || key == "eswitch") {
            warn(fmt::format("{} is left out", key));
        } else {
            complain(fmt::format("exten, same or include is expected, not \"{}\"", key));
        }
    }

    void begin_context(std::string_view line) {
        const auto end = line.find(']');
        if (end == std::string_view::npos) return complain("a ] is missing");
        context_ = trimmed(line.substr(1, end - 1));
        exten_ = nullptr;
        const auto behind = trimmed(line.substr(end + 1));
        if (context_.empty()) complain("the name of the context is missing");
        if (!behind.empty() && behind != "(+)")
            complain(fmt::format("nothing is expected behind ], not \"{}\"", behind.substr(0, 40)));
        // A context is there even while nothing can be dialled in it.
        if (!context_.empty() && context_ != "globals" && context_ != "general") plan_.contexts_[context_];
    }

    void read_exten(std::string_view value) {
        const auto comma = value.find(',');
        if (comma == std::string_view::npos) return complain("\"name,priority,Application\" is expected");
        const auto name = trimmed(value.substr(0, comma));
        exten_key_ = fmt::format("{},{}", context_, name);
        // Whom the caller must be: `100/5551234`.
        if (name.find('/') != std::string_view::npos) {
            warn("what depends on the caller's number is left out: use GotoIf with CALLERID(num)");
            exten_ = &left_out_;
            if (left_out_.name != exten_key_) left_out_ = {exten_key_};
        } else if (name.empty() || name == "_") {
            return complain("the extension has no name");
        } else {
            exten_ = extension(name);
        }
        read_priority(*exten_, value.substr(comma + 1));
    }

    Extension* extension(std::string_view name) {
        auto& context = plan_.contexts_[context_];
        if (!name.starts_with('_')) {
            const auto found = context.extensions.try_emplace(std::string(name)).first;
            found->second.name = name;
            return &found->second;
        }
        auto pattern = with_capital_classes(name.substr(1));
        const auto known = std::ranges::find(context.patterns, pattern, &Extension::name);
        if (known != context.patterns.end()) return &*known;
        auto& added = context.patterns.emplace_back();
        added.pattern.emplace(pattern);
        added.name = std::move(pattern);
        return &added;
    }

    void read_priority(Extension& of, std::string_view value) {
        const auto comma = value.find(',');
        auto written = trimmed(value.substr(0, comma));
        const auto rest =
            comma == std::string_view::npos ? std::string_view() : trimmed(value.substr(comma + 1));
        if (written == "hint") {
            of.hint = rest;
            return;
        }
        Priority priority;
        if (const auto open = written.find('('); open != std::string_view::npos) {
            if (!written.ends_with(')'))
                return complain(fmt::format("the label of \"{}\" does not end", written));
            priority.label = trimmed(written.substr(open + 1, written.size() - open - 2));
            written = trimmed(written.substr(0, open));
        }
        const auto before = of.priorities.empty()     ? 0U
                            : exten_key_ == last_key_ ? last_priority_
                                                      : of.priorities.back().number;
        std::optional<unsigned> number;
        if (written == "n" || written.starts_with("n+")) {
            const auto plus = written == "n" ? std::optional(1U) : whole_number<unsigned>(written.substr(2));
            if (before == 0) return complain("the first priority of an extension is 1, not n");
            if (plus) number = before + *plus;
        } else if (written == "s") {
            number = before;
        } else {
            number = whole_number<unsigned>(written);
        }
        if (!number || *number == 0 || *number > kHighestPriority)
            return complain(fmt::format("a priority is expected, not \"{}\"", written));
        if (rest.empty()) return complain("an application is expected behind the priority");
        priority.number = *number;
        if (!read_application(priority, rest)) return;
        const auto place = std::ranges::lower_bound(of.priorities, *number, {}, &Priority::number);
        if (place != of.priorities.end() && place->number == *number)
            return complain(fmt::format("{} has a priority {} already", of.name, *number));
        const bool label_is_new =
            priority.label.empty() ||
            std::ranges::find(of.priorities, priority.label, &Priority::label) == of.priorities.end();
        if (!label_is_new) return complain(fmt::format("{} has a label {} already", of.name, priority.label));
        of.priorities.insert(place, std::move(priority));
        last_key_ = exten_key_;
        last_priority_ = *number;
    }

    bool read_application(Priority& priority, std::string_view text) {
        auto command = read_command(text);
        if (!command) {
            complain(command.error().reason);
            return false;
        }
        priority.command = *std::move(command);
        priority.file = static_cast<std::uint32_t>(plan_.files_.size() - 1);
        priority.line = line_;
        warn_of(priority.command);
        return true;
    }

    void warn_of(const Command& command) {
        for (const auto& each : command.commands)
            warn_of(each);
        const bool is_known =
            std::ranges::find(applications_, in_lower_case(command.application)) != applications_.end();
        if (command.statement == Statement::Application && !command.application.empty() && !is_known)
            warn(
                fmt::format("there is no application {}: calls that come by end there", command.application));
    }

    void read_include(std::string_view value) {
        const auto comma = value.find(',');
        Include include{std::string(trimmed(value.substr(0, comma)))};
        if (include.context.empty()) return complain("the name of the included context is missing");
        if (comma != std::string_view::npos) {
            auto when = TimeRange::parse(value.substr(comma + 1));
            if (!when) return complain(fmt::format("{}: {}", when.error().field, when.error().reason));
            include.when = *std::move(when);
        }
        plan_.contexts_[context_].includes.push_back(std::move(include));
    }

    /// Finds what belongs together.
    void finish(Extension& extension) {
        std::vector<Priority*> open;
        for (auto& each : extension.priorities) {
            if (each.command.statement == Statement::While) open.push_back(&each);
            if (each.command.statement == Statement::ExitWhile ||
                each.command.statement == Statement::ContinueWhile) {
                if (open.empty())
                    complain_of(each, "there is no While around it");
                else
                    each.partner = open.back()->number;
            }
            if (each.command.statement != Statement::EndWhile) continue;
            if (open.empty()) {
                complain_of(each, "there is no While before it");
                continue;
            }
            open.back()->partner = each.number;
            each.partner = open.back()->number;
            open.pop_back();
        }
        for (const auto* each : open)
            complain_of(*each, "there is no EndWhile behind it");
    }

    void complain_of(const Priority& priority, std::string_view text) {
        errors_.push_back({plan_.files_[priority.file], priority.line,
                           fmt::format("{}: {}", priority.command.application, text)});
    }

    const std::vector<std::string_view>& applications_;
    Dialplan plan_;
    std::vector<Complaint> errors_;
    std::vector<Complaint> warnings_;
    const File* file_ = nullptr;
    unsigned line_ = 0;
    std::string context_;
    Extension* exten_ = nullptr;
    Extension left_out_{};
    std::string exten_key_;  ///< Which extension `same` goes on with.
    std::string last_key_;   ///< Which one had the last priority.
    unsigned last_priority_ = 0;
    bool in_comment_ = false;
};

ReadDialplan read_dialplan(const std::vector<File>& files,
                           const std::vector<std::string_view>& applications) {
    DialplanReader reader(applications);
    for (const auto& file : files)
        reader.read(file);
    return reader.finish();
}

}  // namespace almon::dialplan
