// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <malloc.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/system_clock.hpp"
#include "server/control_socket.hpp"
#include "server/server.hpp"
#include "server/server_settings.hpp"
#include "store/call_log.hpp"
#include "store/call_logging.hpp"

namespace {

using namespace almon;

struct Arguments {
    std::string config = "/etc/almon/config.yml";
    std::string data;
    std::vector<std::string> overrides;
    bool demo = false;
    std::string call;
    std::size_t events = 20'000;
    std::optional<int> days;
};

int complain(const Error& error) {
    std::fprintf(stderr, "almon: %s\n", server::sentence_of(error).c_str());
    return 1;
}

/// SIGINT and SIGTERM are waited for in one place; no thread is interrupted by them.
sigset_t block_ending_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return signals;
}

/// What one call gives back the next one takes; by default the kernel is asked to take and give it each time.
void keep_freed_memory() {
    ::mallopt(M_TRIM_THRESHOLD, 16 * 1024 * 1024);
}

int serve(const Arguments& arguments) {
    keep_freed_memory();
    const sigset_t ending = block_ending_signals();
    auto settings = server::load_settings(arguments.config, arguments.data, arguments.overrides);
    if (!settings) return complain(settings.error());
    settings->demo = arguments.demo;
    settings->version = ALMON_VERSION;
    auto running = server::Server::start(*settings);
    if (!running) return complain(running.error());
    int signal = 0;
    sigwait(&ending, &signal);
    return 0;
}

/// Asks the running server, and says what it answers.
int ask(const Arguments& arguments, const std::string& question) {
    const auto settings = server::load_settings(arguments.config, arguments.data, arguments.overrides);
    if (!settings) return complain(settings.error());
    const auto answer = server::ControlSocket::ask(server::control_socket_path(*settings), question);
    if (!answer) return complain(answer.error());
    std::fputs(answer->c_str(), stdout);
    return 0;
}

/// What works on the database itself, whether the server runs or not.
int work_on_database(
    const Arguments& arguments,
    const std::function<Result<std::string>(store::Session&, const server::ServerSettings&)>& work) {
    const auto settings = server::load_settings(arguments.config, arguments.data, arguments.overrides);
    if (!settings) return complain(settings.error());
    const auto location = store::DatabaseLocation::parse(settings->database_uri());
    if (!location) return complain(location.error());
    if (const auto prepared = store::prepare_database(*location); !prepared)
        return complain(prepared.error());
    auto session = store::Session::open(*location);
    if (!session) return complain(session.error());
    const auto done = work(*session, *settings);
    if (!done) return complain(done.error());
    std::puts(done->c_str());
    return 0;
}

int log_missed_calls(const Arguments& arguments) {
    return work_on_database(arguments, [&](store::Session& session, const auto&) {
        return store::guarded([&]() -> Result<std::string> {
            const auto logged = store::CallLogging(session).log_missed(arguments.events, system_now().utc);
            return fmt::format("{} calls logged", logged);
        });
    });
}

int purge(const Arguments& arguments) {
    return work_on_database(
        arguments,
        [&](store::Session& session, const server::ServerSettings& settings) -> Result<std::string> {
            const std::chrono::days kept(arguments.days.value_or(settings.calls.days_to_keep));
            const auto rows = store::purge_calls(session, system_now().utc - kept);
            if (!rows) return refuse(rows);
            return fmt::format("{} rows older than {} days are gone", *rows, kept.count());
        });
}

}  // namespace

int main(int count, char** values) {
    Arguments arguments;
    CLI::App app("Almon, a business telephone system", "almon");
    app.set_version_flag("--version", "almon " ALMON_VERSION);
    app.require_subcommand(1);

    const auto configured = [&arguments](CLI::App* command) {
        command->add_option("--config", arguments.config, "Configuration file; conf.d beside it is read too")
            ->capture_default_str();
        command->add_option("--data", arguments.data, "Data directory, in place of the configured one");
        command->add_option("--set", arguments.overrides, "One setting: key=value, e.g. sip.udp.port=5070")
            ->take_all();
    };
    CLI::App* serve_command = app.add_subcommand("serve", "Run the telephone system until SIGINT or SIGTERM");
    configured(serve_command);
    serve_command->add_flag("--demo", arguments.demo, "Make a small office at the first start");
    CLI::App* why_command = app.add_subcommand("why", "Say why a call went where it went");
    configured(why_command);
    why_command->add_option("call", arguments.call,
                            "Unique id, linked id or channel name; without it: the last calls");
    CLI::App* registrations_command =
        app.add_subcommand("registrations", "Show our accounts at providers, and whether we are registered");
    configured(registrations_command);
    CLI::App* call_logs_command =
        app.add_subcommand("call-logs", "Log calls that the log has missed, from their events");
    configured(call_logs_command);
    call_logs_command->add_option("-c", arguments.events, "Among so many last events")->capture_default_str();
    CLI::App* purge_command =
        app.add_subcommand("purge-db", "Forget calls and their events, as the server does each night");
    configured(purge_command);
    purge_command->add_option("--days", arguments.days, "Older than so many days; calls.days_to_keep")
        ->check(CLI::Range(0, 36500));

    CLI11_PARSE(app, count, values);
    if (serve_command->parsed()) return serve(arguments);
    if (call_logs_command->parsed()) return log_missed_calls(arguments);
    if (purge_command->parsed()) return purge(arguments);
    return ask(arguments, registrations_command->parsed() ? "registrations" : "why " + arguments.call);
}
