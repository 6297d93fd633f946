// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "server/control_socket.hpp"

namespace almon::server {

/// What `almon` is asked for on its command line: the words and options that there are, and what was given.
/// The commands for the running server are those of services/command_line, each under all of its words.
class CommandLine final {
public:
    /// @param version of the program.
    explicit CommandLine(std::string version);
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;

    /// To be parsed with CLI11_PARSE, once.
    [[nodiscard]] CLI::App& app() noexcept { return app_; }

    // Of every command

    std::string config = "/etc/almon/config.yml";
    std::string data;  ///< Empty: as configured.
    std::vector<std::string> overrides;

    // What is to be done; one of these.

    [[nodiscard]] bool serves() const { return serve_->parsed(); }
    bool demo = false;
    [[nodiscard]] bool logs_missed_calls() const { return call_logs_->parsed(); }
    std::size_t events = 20'000;  ///< Among which missed calls are looked for.
    [[nodiscard]] bool purges() const { return purge_->parsed(); }
    std::optional<int> days;
    [[nodiscard]] bool completes() const { return completion_->parsed(); }
    [[nodiscard]] bool prints_manual() const { return manual_->parsed(); }
    /// What the running server is asked.
    [[nodiscard]] ControlQuestion question() const;

    /// A script for bash that completes all of this.
    [[nodiscard]] std::string bash_completion() const;
    /// All of this as a page for man(1).
    [[nodiscard]] std::string manual() const;

private:
    /// A command for the running server, under one of its words.
    struct Asked {
        std::vector<std::string> words;
        CLI::App* app = nullptr;
        std::deque<std::string> arguments;  ///< In the order in which they stand; empty: not given.
        bool json = false;
    };

    void add_configured_options(CLI::App& command);
    void add_commands();
    CLI::App& command_at(const std::vector<std::string>& words);

    const std::string version_;
    CLI::App app_{"Almon, a business telephone system", "almon"};
    CLI::App* serve_ = nullptr;
    CLI::App* call_logs_ = nullptr;
    CLI::App* purge_ = nullptr;
    CLI::App* completion_ = nullptr;
    CLI::App* manual_ = nullptr;
    std::deque<Asked> asked_;
};

}  // namespace almon::server
