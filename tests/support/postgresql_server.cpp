// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/postgresql_server.hpp"

#include <cstdlib>
#include <memory>

#include <unistd.h>

namespace almon::test {
namespace {

const std::string kPrograms = "/usr/lib/postgresql/15/bin/";
const std::string kAsPostgres = "setpriv --reuid=postgres --regid=postgres --init-groups ";

}  // namespace

PostgresqlServer* PostgresqlServer::shared() {
    static const std::unique_ptr<PostgresqlServer> server = []() -> std::unique_ptr<PostgresqlServer> {
        if (::geteuid() != 0 || !std::filesystem::exists(kPrograms + "initdb")) return nullptr;
        auto started = std::make_unique<PostgresqlServer>();
        if (!started->running()) return nullptr;
        return started;
    }();
    return server.get();
}

PostgresqlServer::PostgresqlServer() {
    const auto folder = folder_.path().string();
    std::filesystem::permissions(folder_.path(), std::filesystem::perms(0755));
    running_ = run("chown postgres " + folder) &&
               run(kAsPostgres + kPrograms + "initdb -D " + folder +
                   "/d -A trust -N --locale=C.UTF-8 -E UTF8 >" + folder + "/initdb.log 2>&1") &&
               run(kAsPostgres + kPrograms + "pg_ctl -D " + folder + "/d -w -l " + folder +
                   "/log -o \"-c listen_addresses='' -k " + folder + " -c fsync=off\" start >/dev/null 2>&1");
    if (!running_)
        ADD_FAILURE() << "PostgreSQL does not start: see " << read_file(folder_.path() / "initdb.log");
}

PostgresqlServer::~PostgresqlServer() {
    if (running_)
        static_cast<void>(run(kAsPostgres + kPrograms + "pg_ctl -D " + folder_.path().string() +
                              "/d -m immediate -w stop >/dev/null 2>&1"));
}

std::string PostgresqlServer::create_database() {
    const auto name = "test" + std::to_string(++databases_);
    const auto folder = folder_.path().string();
    EXPECT_TRUE(run(kAsPostgres + kPrograms + "createdb -h " + folder + " " + name));
    return "postgresql:///" + name + "?host=" + folder + "&user=postgres";
}

bool PostgresqlServer::run(const std::string& command) const {
    return std::system(("cd / && " + command).c_str()) == 0;  // the current folder may be closed to postgres
}

}  // namespace almon::test
