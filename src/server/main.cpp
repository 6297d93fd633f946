// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <csignal>
#include <cstdio>
#include <functional>
#include <string>

#include <malloc.h>

#include <fmt/format.h>

#include "base/system_clock.hpp"
#include "server/command_line.hpp"
#include "server/control_socket.hpp"
#include "server/server.hpp"
#include "server/server_settings.hpp"
#include "store/call_log.hpp"
#include "store/call_logging.hpp"

namespace {

using namespace almon;
using server::CommandLine;

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

int serve(const CommandLine& line) {
    keep_freed_memory();
    const sigset_t ending = block_ending_signals();
    auto settings = server::load_settings(line.config, line.data, line.overrides);
    if (!settings) return complain(settings.error());
    settings->demo = line.demo;
    settings->version = ALMON_VERSION;
    auto running = server::Server::start(*settings);
    if (!running) return complain(running.error());
    int signal = 0;
    sigwait(&ending, &signal);
    return 0;
}

/// As systemd and init scripts have it.
constexpr int kNotRunning = 3;

/// Asks the running server, and says what it answers.
int ask(const CommandLine& line) {
    const auto settings = server::load_settings(line.config, line.data, line.overrides);
    if (!settings) return complain(settings.error());
    const auto answer = server::ControlSocket::ask(server::control_socket_path(*settings), line.question());
    if (!answer) {
        const int status = complain(answer.error());
        return answer.error().code == ErrorCode::Unavailable ? kNotRunning : status;
    }
    std::fputs(answer->c_str(), stdout);
    return 0;
}

/// What works on the database itself, whether the server runs or not.
int work_on_database(
    const CommandLine& line,
    const std::function<Result<std::string>(store::Session&, const server::ServerSettings&)>& work) {
    const auto settings = server::load_settings(line.config, line.data, line.overrides);
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

int log_missed_calls(const CommandLine& line) {
    return work_on_database(line, [&](store::Session& session, const auto&) {
        return store::guarded([&]() -> Result<std::string> {
            const auto logged = store::CallLogging(session).log_missed(line.events, system_now().utc);
            return fmt::format("{} calls logged", logged);
        });
    });
}

int purge(const CommandLine& line) {
    return work_on_database(
        line, [&](store::Session& session, const server::ServerSettings& settings) -> Result<std::string> {
            const std::chrono::days kept(line.days.value_or(settings.calls.days_to_keep));
            const auto rows = store::purge_calls(session, system_now().utc - kept);
            if (!rows) return refuse(rows);
            return fmt::format("{} rows older than {} days are gone", *rows, kept.count());
        });
}

}  // namespace

int main(int count, char** values) {
    CommandLine line(ALMON_VERSION);
    CLI11_PARSE(line.app(), count, values);
    if (line.serves()) return serve(line);
    if (line.logs_missed_calls()) return log_missed_calls(line);
    if (line.purges()) return purge(line);
    if (line.completes() || line.prints_manual()) {
        std::fputs((line.completes() ? line.bash_completion() : line.manual()).c_str(), stdout);
        return 0;
    }
    return ask(line);
}
