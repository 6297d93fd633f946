// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/command_line.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

#include <fmt/format.h>

#include "services/command_line/command.hpp"

namespace almon::server {

namespace {

/// Each command with the words that lead to it, those of the program itself first.
void for_each_command(const CLI::App& app, const std::string& words,
                      const std::function<void(const std::string& words, const CLI::App& command)>& take) {
    take(words, app);
    for (const auto* below : app.get_subcommands([](const CLI::App*) { return true; }))
        for_each_command(*below, words.empty() ? below->get_name() : words + ' ' + below->get_name(), take);
}

std::vector<const CLI::Option*> options_of(const CLI::App& command, bool positional) {
    std::vector<const CLI::Option*> options;
    for (const auto* option : command.get_options()) {
        if (option->get_positional() == positional) options.push_back(option);
    }
    return options;
}

/// Text for troff: what would be a command or a minus of its own is none.
std::string troff(std::string_view text) {
    std::string escaped;
    for (const char letter : text) {
        if (letter == '\\') {
            escaped += "\\e";
        } else if (letter == '-') {
            escaped += "\\-";
        } else {
            escaped += letter;
        }
    }
    if (escaped.starts_with('.') || escaped.starts_with('\'')) escaped.insert(0, "\\&");
    return escaped;
}

}  // namespace

CommandLine::CommandLine(std::string version) : version_(std::move(version)) {
    app_.set_version_flag("--version", "almon " + version_);
    app_.require_subcommand(1);
    serve_ = app_.add_subcommand("serve", "Run the telephone system until SIGINT or SIGTERM");
    add_configured_options(*serve_);
    serve_->add_flag("--demo", demo, "Make a small office at the first start");
    add_commands();
    call_logs_ = app_.add_subcommand("call-logs", "Log calls that the log has missed, from their events");
    add_configured_options(*call_logs_);
    call_logs_->add_option("-c", events, "Among so many last events")->capture_default_str();
    purge_ = app_.add_subcommand("purge-db", "Forget calls and their events, as the server does each night");
    add_configured_options(*purge_);
    purge_->add_option("--days", days, "Older than so many days; calls.days_to_keep")
        ->check(CLI::Range(0, 36500));
    completion_ = app_.add_subcommand("completion", "Print a script for bash that completes these commands");
    manual_ = app_.add_subcommand("manual", "Print this as a page for man: almon manual | man -l -");
}

void CommandLine::add_configured_options(CLI::App& command) {
    command.add_option("--config", config, "Configuration file; conf.d beside it is read too")
        ->capture_default_str();
    command.add_option("--data", data, "Data directory, in place of the configured one");
    command.add_option("--set", overrides, "One setting: key=value, e.g. sip.udp.port=5070")->take_all();
}

void CommandLine::add_commands() {
    for (const auto& command : services::commands()) {
        for (const auto text : {command.words, command.also}) {
            if (text.empty()) continue;
            auto& asked = asked_.emplace_back(Asked{services::words_of(text), nullptr, {}, false});
            asked.app = &command_at(asked.words);
            asked.app->description(std::string(command.summary));
            asked.app->require_subcommand(0, 1);
            add_configured_options(*asked.app);
            asked.app->add_flag("--json", asked.json, "Print JSON, for programs");
            for (const auto& [name, optional] : command.takes()) {
                auto& value = asked.arguments.emplace_back();
                asked.app->add_option(std::string(name), value)->required(!optional);
            }
        }
    }
}

/// Makes what is missing of the way to it.
CLI::App& CommandLine::command_at(const std::vector<std::string>& words) {
    auto* at = &app_;
    std::string way = app_.get_name();
    for (const auto& word : words) {
        way += ' ' + word;
        const auto below =
            at->get_subcommands([&](const CLI::App* each) { return each->get_name() == word; });
        if (!below.empty()) {
            at = below.front();
            continue;
        }
        at = at->add_subcommand(word, "More words follow: " + way + " --help");
        at->require_subcommand(1);
    }
    return *at;
}

ControlQuestion CommandLine::question() const {
    ControlQuestion question;
    // "core show channels" was given as well where "core show channels count" was.
    const Asked* given = nullptr;
    for (const auto& each : asked_) {
        if (each.app->parsed() && (given == nullptr || each.words.size() > given->words.size()))
            given = &each;
    }
    if (given == nullptr) return question;
    question.json = given->json;
    question.words = given->words;
    std::ranges::copy_if(given->arguments, std::back_inserter(question.words),
                         [](const std::string& argument) { return !argument.empty(); });
    return question;
}

std::string CommandLine::bash_completion() const {
    std::string script =
        "# bash completion for almon; made by `almon completion`\n"
        "_almon() {\n"
        "    local word words='' path='' current=${COMP_WORDS[COMP_CWORD]}\n"
        "    case ${COMP_WORDS[COMP_CWORD-1]} in\n"
        "        --config) mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); return ;;\n"
        "        --data) mapfile -t COMPREPLY < <(compgen -d -- \"$current\"); return ;;\n"
        "    esac\n"
        "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
        "        case $word in -*) break ;; esac\n"
        "        path+=${path:+ }$word\n"
        "    done\n"
        "    case $path in\n";
    for_each_command(app_, "", [&](const std::string& words, const CLI::App& command) {
        std::string next;
        for (const auto* below : command.get_subcommands([](const CLI::App*) { return true; }))
            next += below->get_name() + ' ';
        for (const auto* option : options_of(command, false))
            next += option->get_name() + ' ';
        // What is behind a command may be followed by an argument.
        const bool takes = !options_of(command, true).empty();
        fmt::format_to(std::back_inserter(script), "        '{}'{}) words='{}' ;;\n", words,
                       takes ? fmt::format("|'{} '*", words) : "", next.substr(0, next.size() - 1));
    });
    return script +
           "    esac\n"
           "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
           "}\n"
           "complete -F _almon almon\n";
}

std::string CommandLine::manual() const {
    auto page = fmt::format(R"(.TH ALMON 1 "" "almon {}"
.SH NAME
almon \- a business telephone system
.SH SYNOPSIS
.B almon
.I command
[\fIoption\fR ...]
.SH DESCRIPTION
One program is the whole telephone system: \fBalmon serve\fR runs it. The other commands ask the running one, over
a socket in its data directory that only root and the user whom it runs as may use, or work on its database.
.SH COMMANDS
)",
                            version_);
    for_each_command(app_, "", [&](const std::string& words, const CLI::App& command) {
        const bool groups = !command.get_subcommands([](const CLI::App*) { return true; }).empty() &&
                            options_of(command, false).size() <= 1;
        if (words.empty() || groups) return;
        fmt::format_to(std::back_inserter(page), ".TP\n.B {}", troff(words));
        for (const auto* argument : options_of(command, true))
            page += fmt::format(fmt::runtime(argument->get_required() ? " \\fI{}\\fP" : " [\\fI{}\\fP]"),
                                troff(argument->get_name(true)));
        fmt::format_to(std::back_inserter(page), "\n{}.\n", troff(command.get_description()));
    });
    std::map<std::string, const CLI::Option*> options;
    for_each_command(app_, "", [&](const std::string&, const CLI::App& command) {
        for (const auto* option : options_of(command, false))
            options.emplace(option->get_name(false, true), option);
    });
    page += ".SH OPTIONS\n";
    for (const auto& [name, option] : options) {
        fmt::format_to(std::back_inserter(page), ".TP\n.B {}\n{}.\n", troff(name),
                       troff(option->get_description()));
    }
    return page + R"(.SH EXIT STATUS
0 where the command was carried out, 3 where almon is not running, otherwise 1 or what was wrong with the words that
were given; the reason is on standard error.
.SH FILES
.I /etc/almon/config.yml
.br
.I /var/lib/almon/almon.sock
)";
}

}  // namespace almon::server
