// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/demo_office.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <boost/json.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.hpp"
#include "base/uuid.hpp"

namespace almon::server {

namespace {

constexpr const char* kContext = "default";
constexpr std::size_t kPasswordLength = 16;

struct Person {
    const char* firstname;
    const char* exten;
    const char* username;
};
constexpr std::array<Person, 3> kPeople{{{"Alice", "1001", "alice"}, {"Bob", "1002", "bob"}, {"Carol", "1003", "carol"}}};

void add_person(store::ConfigurationStore& configuration, model::Change& change, const Person& person, Random& random) {
    model::User user;
    user.id = configuration.reserve<model::User>();
    user.uuid = random_uuid(random);
    user.firstname = person.firstname;
    model::EndpointSip endpoint;
    endpoint.id = configuration.reserve<model::EndpointSip>();
    endpoint.username = person.username;
    endpoint.secret = random.token(kPasswordLength);
    model::Line line;
    line.id = configuration.reserve<model::Line>();
    line.name = person.username;
    line.context = kContext;
    line.endpoint_sip = endpoint.id;
    model::Extension extension;
    extension.id = configuration.reserve<model::Extension>();
    extension.exten = person.exten;
    extension.context = kContext;
    change.put(user).put(endpoint).put(line).put(extension);
    change.put(model::UserLine{user.id, line.id, true, true});
    change.put(model::LineExtension{line.id, extension.id, true});
}

/// Written beside and renamed, so that nobody ever reads half of it.
Result<void> write_privately(const std::filesystem::path& file, const std::string& text) {
    const std::string beside = file.string() + ".new";
    const int descriptor = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const auto failed = [&] { return refuse(ErrorCode::Unavailable, file.string(), std::strerror(errno)); };
    if (descriptor < 0) return failed();
    // An older file may have been left with a wider mode.
    const bool written = fchmod(descriptor, 0600) == 0 &&
                         write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(descriptor) == 0;
    const int error = errno;
    close(descriptor);
    errno = error;
    if (!written || std::rename(beside.c_str(), file.c_str()) != 0) return failed();
    return {};
}

}  // namespace

Result<DemoOffice> open_demo_office(store::ConfigurationStore& configuration, const std::filesystem::path& json_file, UtcTime now) {
    if (configuration.current()->context(kContext) == nullptr) {
        SystemRandom random;
        model::Change change;
        change.who = "demo";
        model::Context context;
        context.id = configuration.reserve<model::Context>();
        context.name = kContext;
        context.label = "Default";
        context.user_ranges.push_back({"1000", "1999"});
        change.put(context);
        for (const auto& person : kPeople) add_person(configuration, change, person, random);
        if (const auto applied = configuration.apply(change, now); !applied) return refuse(applied);
    }

    DemoOffice office;
    boost::json::array users;
    const auto snapshot = configuration.current();
    for (const auto& person : kPeople) {
        // Somebody may have changed or deleted them since.
        const auto* endpoint = snapshot->endpoint_sip_by_username(person.username);
        const auto* line = endpoint == nullptr ? nullptr : snapshot->line_of_endpoint(endpoint->id);
        const auto* extension = line == nullptr ? nullptr : snapshot->main_extension_of_line(line->id);
        if (extension == nullptr || snapshot->users_of_line(line->id).empty()) continue;
        const auto* user = snapshot->user(snapshot->users_of_line(line->id).front());
        office.users.push_back({user->firstname, extension->exten, endpoint->username, endpoint->secret});
        users.push_back({{"firstname", user->firstname},
                         {"exten", extension->exten},
                         {"sip_username", endpoint->username},
                         {"sip_password", endpoint->secret}});
    }
    const auto written = write_privately(json_file, boost::json::serialize(boost::json::object{{"users", users}}) + "\n");
    if (!written) return refuse(written);
    return office;
}

void greet(const DemoOffice& office, const std::string& host, int port) {
    std::printf("Register two phones at %s:%d (UDP or TCP) and call each other:\n\n", host.c_str(), port);
    std::printf("  %-8s %-7s %-14s %s\n", "name", "number", "user name", "password");
    for (const auto& user : office.users) {
        std::printf("  %-8s %-7s %-14s %s\n", user.firstname.c_str(), user.exten.c_str(), user.sip_username.c_str(),
                    user.sip_password.c_str());
    }
    std::printf("\nCtrl-C ends all calls and stops.\n");
    std::fflush(stdout);
}

}  // namespace almon::server
