// SPDX-License-Identifier: GPL-3.0-or-later
// bench_office <data folder> <users>: makes an office of that many users, each with a line, a SIP account and
// a number from 100000 on, in the data folder of an Almon that does not run. Prints them as demo.json does.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/system_clock.hpp"
#include "model/change.hpp"
#include "model/snapshot_publisher.hpp"
#include "store/configuration_store.hpp"
#include "store/database.hpp"

namespace {

int fail(const almon::Error& error) {
    std::fputs(fmt::format("{}: {}\n", error.field, error.reason).c_str(), stderr);
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    using namespace almon;
    if (argc != 3) return fail({ErrorCode::InvalidArgument, "usage", "bench_office <data folder> <users>"});
    const std::filesystem::path data = argv[1];
    const int users = std::atoi(argv[2]);

    const store::DatabaseLocation database{store::Dialect::Sqlite, (data / "almon.db").string()};
    if (const auto prepared = store::prepare_database(database); !prepared) return fail(prepared.error());
    model::SnapshotPublisher publisher;
    auto opened = store::ConfigurationStore::open({database, data / "secret.key"}, publisher);
    if (!opened) return fail(opened.error());
    auto& store = **opened;

    const std::string context = "bench";
    model::Change change{"system", {}};
    change.put(model::Context{
        store.reserve<model::Context>(), context, "Bench", "internal", {{"100000", "199999"}}, {}});
    boost::json::array list;
    for (int number = 100'000; number < 100'000 + users; ++number) {
        const auto exten = std::to_string(number);
        const auto name = "bench" + exten;
        const auto secret = "secret" + exten;
        model::User user;
        user.id = store.reserve<model::User>();
        user.uuid = fmt::format("00000000-0000-4000-8000-{:012}", number);
        user.firstname = "User";
        user.lastname = exten;
        model::EndpointSip endpoint;
        endpoint.id = store.reserve<model::EndpointSip>();
        endpoint.username = name;
        endpoint.secret = secret;
        model::Line line;
        line.id = store.reserve<model::Line>();
        line.name = name;
        line.context = context;
        line.endpoint_sip = endpoint.id;
        const model::Extension extension{store.reserve<model::Extension>(), exten, context};
        change.put(user).put(endpoint).put(line).put(extension);
        change.put(model::UserLine{user.id, line.id}).put(model::LineExtension{line.id, extension.id});
        list.push_back({{"firstname", user.firstname},
                        {"exten", exten},
                        {"sip_username", name},
                        {"sip_password", secret}});
    }
    if (const auto applied = store.apply(change, system_now().utc); !applied) return fail(applied.error());
    std::puts(boost::json::serialize(list).c_str());
    return 0;
}
