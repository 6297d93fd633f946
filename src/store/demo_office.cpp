// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/demo_office.hpp"

#include <fstream>
#include <iterator>
#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/file.hpp"
#include "base/uuid.hpp"
#include "model/administrator.hpp"
#include "model/change.hpp"
#include "model/installation.hpp"
#include "model/parking_lot.hpp"
#include "store/password_hash.hpp"

namespace almon::store {
namespace {

constexpr const char* kContext = "default";
constexpr const char* kAdministrator = "admin";
constexpr std::size_t kPasswordLength = 20;  // 100 bits

constexpr struct {
    const char* firstname;
    const char* username;
    const char* exten;
} kPeople[] = {{"Alice", "alice", "1001"}, {"Bob", "bob", "1002"}, {"Carol", "carol", "1003"}};

model::Change office(ConfigurationStore& store, Random& random) {
    model::Change change{"demo", {}};
    model::Context context;
    context.id = store.reserve<model::Context>();
    context.name = kContext;
    context.label = "Demo office";
    context.user_ranges = {{"1000", "1999"}};
    change.put(context);
    for (const auto& person : kPeople) {
        model::User user;
        user.id = store.reserve<model::User>();
        user.uuid = random_uuid(random);
        user.firstname = person.firstname;
        user.caller_id = fmt::format("\"{}\"", person.firstname);
        model::EndpointSip endpoint;
        endpoint.id = store.reserve<model::EndpointSip>();
        endpoint.username = person.username;
        endpoint.secret = random.token(kPasswordLength);
        user.username = person.username;
        user.password = endpoint.secret;
        model::Line line;
        line.id = store.reserve<model::Line>();
        line.name = person.username;
        line.context = kContext;
        line.endpoint_sip = endpoint.id;
        line.caller_id_name = person.firstname;
        line.caller_id_number = person.exten;
        const model::Extension extension{store.reserve<model::Extension>(), person.exten, kContext};
        change.put(user).put(endpoint).put(line).put(extension);
        change.put(model::UserLine{user.id, line.id}).put(model::LineExtension{line.id, extension.id});
    }
    model::put_first_parking_lot(change, store.reserve<model::ParkingLot>(),
                                 store.reserve<model::Extension>(), kContext);
    return change;
}

std::vector<DemoUser> users_in(const model::Snapshot& snapshot) {
    std::vector<DemoUser> users;
    for (const auto& person : kPeople) {
        const auto* endpoint = snapshot.endpoint_sip_by_username(person.username);
        const auto* line = endpoint != nullptr ? snapshot.line_of_endpoint(endpoint->id) : nullptr;
        const auto* extension = line != nullptr ? snapshot.main_extension_of_line(line->id) : nullptr;
        if (extension == nullptr || snapshot.users_of_line(line->id).empty()) continue;
        const auto* user = snapshot.user(snapshot.users_of_line(line->id).front());
        if (user == nullptr) continue;
        users.push_back({user->firstname, extension->exten, endpoint->username, endpoint->secret});
    }
    return users;
}

std::string json_of(const DemoOffice& office) {
    boost::json::array list;
    for (const auto& user : office.users)
        list.push_back(boost::json::object{{"firstname", user.firstname},
                                           {"exten", user.exten},
                                           {"sip_username", user.sip_username},
                                           {"sip_password", user.sip_password}});
    const boost::json::object admin{{"username", office.admin.username}, {"password", office.admin.password}};
    return boost::json::serialize(boost::json::object{{"users", std::move(list)}, {"admin", admin}}) + "\n";
}

/// What an earlier start wrote; empty: nothing that can be read.
std::string password_in(const std::filesystem::path& file) {
    std::ifstream stream(file);
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    boost::json::error_code error;
    const auto json = boost::json::parse(text, error);
    if (error) return {};
    const auto* password = json.find_pointer("/admin/password", error);
    if (password == nullptr || !password->is_string()) return {};
    return std::string(password->get_string());
}

Result<DemoAdministrator> administrator(ConfigurationStore& store, Random& random,
                                        const std::filesystem::path& file, UtcTime now) {
    const auto snapshot = store.current();
    const auto* found = snapshot->find(
        model::AdministratorId{snapshot->id_by<model::Administrator>("username", kAdministrator)});
    if (found != nullptr) {
        auto password = password_in(file);
        if (!password.empty() && verify_password(found->password, password))
            return DemoAdministrator{kAdministrator, std::move(password)};
    }
    model::Administrator admin;
    if (found != nullptr)
        admin = *found;
    else
        admin.id = store.reserve<model::Administrator>();
    admin.username = kAdministrator;
    admin.password = random.token(kPasswordLength);
    model::Change change{"demo", {}};
    // Nobody needs the wizard any more, which asks nobody who he is.
    model::Installation installation;
    if (const auto* settings = snapshot->find(model::kInstallation)) installation = *settings;
    installation.id = model::kInstallation;
    installation.configured = true;
    change.put(installation);
    change.put(admin);
    if (const auto made = store.apply(std::move(change), now); !made) return refuse(made);
    return DemoAdministrator{kAdministrator, std::move(admin.password)};
}

}  // namespace

Result<DemoOffice> make_demo_office(ConfigurationStore& store, Random& random,
                                    const std::filesystem::path& file, UtcTime now) {
    if (store.current()->all<model::User>().empty() && store.current()->context(kContext) == nullptr) {
        if (const auto made = store.apply(office(store, random), now); !made) return refuse(made);
    }
    auto admin = administrator(store, random, file, now);
    if (!admin) return refuse(admin);
    DemoOffice made{users_in(*store.current()), *std::move(admin)};
    if (const auto error = write_file(file, json_of(made), 0600))
        return refuse(ErrorCode::Unavailable, file.string(), "cannot be written: " + error.message());
    return made;
}

}  // namespace almon::store
