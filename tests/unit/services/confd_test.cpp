// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "support/confd_service.hpp"

namespace almon::services {
namespace {

namespace json = boost::json;

using Confd = test::ConfdService;

// API-054, API-061
TEST_F(Confd, AUserNeedsAFirstNameOnly) {
    const auto made = post("/users", R"({"firstname":"hello-world"})");
    ASSERT_EQ(made.status, 201) << made.text;
    const auto user = get("/users/" + id_of(made));
    ASSERT_EQ(user.status, 200);
    EXPECT_EQ(user.body, made.body);
    EXPECT_EQ(user.body.at("ring_seconds"), 30);
    EXPECT_EQ(user.body.at("simultaneous_calls"), 5);
    EXPECT_EQ(user.body.at("enabled"), true);
    EXPECT_EQ(user.body.at("supervision_enabled"), true);
    EXPECT_EQ(user.body.at("call_transfer_enabled"), false);
    EXPECT_TRUE(user.body.at("lastname").is_null());
    EXPECT_EQ(user.body.at("userfield"), "");
    EXPECT_EQ(user.body.at("lines"), json::array());
    const auto by_uuid = get("/users/" + std::string(user.body.at("uuid").as_string()));
    EXPECT_EQ(by_uuid.body, user.body);
}

// API-062
TEST_F(Confd, TheCallerIdIsMadeOnCreationOnly) {
    const auto id = id_of(post("/users", R"({"firstname":"Alice","lastname":"Martin"})"));
    EXPECT_EQ(get("/users/" + id).body.at("caller_id"), "\"Alice Martin\"");
    EXPECT_EQ(put("/users/" + id, R"({"lastname":"Durand"})").status, 204);
    EXPECT_EQ(get("/users/" + id).body.at("caller_id"), "\"Alice Martin\"");
    EXPECT_EQ(get("/users/" + id).body.at("firstname"), "Alice") << "what is left out stays";
}

TEST_F(Confd, WhatIsWrongIsSaidFieldByField) {
    const auto wrong =
        post("/users", R"({"ring_seconds":"long","email":"nowhere","colour":"red","enabled":null})");
    EXPECT_EQ(wrong.status, 400);
    ASSERT_TRUE(wrong.body.is_array());
    for (const auto* field : {"ring_seconds", "email", "colour", "enabled", "firstname"})
        EXPECT_NE(wrong.text.find(std::string("'") + field + "'"), std::string::npos)
            << field << " in " << wrong.text;
    EXPECT_EQ(get("/users").body.at("total"), 0);
    EXPECT_EQ(post("/users", "{").status, 400);
    EXPECT_EQ(post("/users", "[]").status, 400);
    EXPECT_EQ(get("/users/17").status, 404);
}

// API-047, API-049
TEST_F(Confd, ListsAreSearchedOrderedAndPaged) {
    for (const auto* name : {"Zoé", "Hélène", "albert", "Bob"})
        make_user(name);
    EXPECT_EQ(get("/users").body.at("total"), 4);
    const auto ordered = get("/users?order=firstname&limit=2&offset=1");
    EXPECT_EQ(ordered.body.at("total"), 4);
    ASSERT_EQ(ordered.body.at("items").as_array().size(), 2u);
    EXPECT_EQ(ordered.body.at("items").at(0).at("firstname"), "Bob");
    EXPECT_EQ(ordered.body.at("items").at(1).at("firstname"), "Hélène");
    const auto found = get("/users?search=HELENE");
    EXPECT_EQ(found.body.at("total"), 1);
    const auto last = get("/users?order=firstname&direction=desc&limit=1");
    EXPECT_EQ(last.body.at("items").at(0).at("firstname"), "Zoé");
    EXPECT_EQ(get("/users?order=nothing").status, 400);
    EXPECT_EQ(get("/users?direction=up").status, 400);
    EXPECT_EQ(get("/users?limit=-1").status, 400);
    EXPECT_EQ(get("/users?skip=3").body.at("items").as_array().size(), 1u) << "API-048";
}

// API-055
TEST_F(Confd, AUserWithAPhoneIsMadeStepByStep) {
    make_context();
    const auto user = make_user();
    const auto line = id_of(post("/lines", R"({"context":"default"})"));
    const auto extension = id_of(post("/extensions", R"({"exten":"1001","context":"default"})"));
    const auto endpoint = post("/endpoints/sip", "{}");
    ASSERT_EQ(endpoint.status, 201) << endpoint.text;
    EXPECT_FALSE(endpoint.body.at("username").as_string().empty());
    EXPECT_EQ(put("/lines/" + line + "/endpoints/sip/" + id_of(endpoint)).status, 204);
    EXPECT_EQ(put("/lines/" + line + "/extensions/" + extension).status, 204);
    EXPECT_EQ(put("/users/" + user + "/lines/" + line).status, 204);

    const auto snapshot = configuration->current();
    const auto* number = snapshot->extension_in("default", "1001");
    ASSERT_NE(number, nullptr);
    EXPECT_EQ(snapshot->lines_of_extension(number->id).size(), 1u);
    const auto shown = get("/users/" + user).body.at("lines").at(0);
    EXPECT_EQ(shown.at("extensions").at(0).at("exten"), "1001");
    EXPECT_EQ(shown.at("endpoint_sip").at("username"), endpoint.body.at("username"));
    EXPECT_EQ(get("/users?search=1001").body.at("total"), 1) << "colleagues are found by number";
    EXPECT_EQ(get("/lines/" + line).body.at("name"), endpoint.body.at("username"));

    EXPECT_EQ(erase("/users/" + user).status, 400) << "a line is attached";
    EXPECT_EQ(erase("/extensions/" + extension).status, 400);
    EXPECT_EQ(erase("/users/" + user + "/lines/" + line).status, 204);
    EXPECT_EQ(erase("/users/" + user).status, 204);
}

TEST_F(Confd, AnExtensionOutsideOfItsContextIsRefused) {
    make_context();
    EXPECT_EQ(post("/extensions", R"({"exten":"2001","context":"default"})").status, 400);
    EXPECT_EQ(post("/extensions", R"({"exten":"1001","context":"nowhere"})").status, 400);
    EXPECT_EQ(post("/extensions", R"({"exten":"1001","context":"default"})").status, 201);
    EXPECT_EQ(post("/extensions", R"({"exten":"1001","context":"default"})").status, 400)
        << "there is one already";
}

TEST_F(Confd, TheEntityTagGuardsAgainstTheOtherAdministrator) {
    const auto id = make_user();
    const auto read = get("/users/" + id);
    ASSERT_FALSE(read.etag.empty());
    EXPECT_EQ(ask(http::Method::Put, "/users/" + id, R"({"lastname":"A"})", read.etag).status, 204);
    EXPECT_EQ(ask(http::Method::Put, "/users/" + id, R"({"lastname":"B"})", read.etag).status, 412);
    EXPECT_EQ(ask(http::Method::Delete, "/users/" + id, {}, read.etag).status, 412);
    EXPECT_EQ(get("/users/" + id).body.at("lastname"), "A");
}

TEST_F(Confd, HistoryTellsAndUndoTakesBack) {
    const auto id =
        id_of(post("/users", R"({"firstname":"Alice","username":"alice","password":"secret-one"})"));
    put("/users/" + id, R"({"firstname":"Alicia","password":"secret-two"})");
    const auto history = get("/history?kind=user&id=" + id);
    ASSERT_EQ(history.body.at("total"), 2) << history.text;
    const auto& last = history.body.at("items").at(0);
    EXPECT_EQ(last.at("who"), "local");
    EXPECT_EQ(last.at("operations").at(0).at("action"), "updated");
    EXPECT_EQ(history.text.find("secret-"), std::string::npos) << "secrets are not told";
    const auto number = json::serialize(last.at("number"));
    EXPECT_EQ(ask(http::Method::Post, "/history/" + number + "/undo").status, 201);
    EXPECT_EQ(get("/users/" + id).body.at("firstname"), "Alice");
    EXPECT_EQ(get("/users/" + id).body.at("password"), "secret-one");
    EXPECT_EQ(ask(http::Method::Post, "/history/" + number + "/undo").status, 400)
        << "it was changed again since";
    EXPECT_EQ(ask(http::Method::Post, "/history/999/undo").status, 404);
}

TEST_F(Confd, ABatchIsOneChangeOrNone) {
    make_context();
    const auto before = configuration->current()->change();
    const auto made = post("/batch", R"({"operations":[
        {"method":"POST","path":"/users","body":{"firstname":"Bob"}},
        {"method":"POST","path":"/lines","body":{"context":"default"}},
        {"method":"POST","path":"/endpoints/sip","body":{"username":"bob"}},
        {"method":"POST","path":"/extensions","body":{"exten":"1002","context":"default"}},
        {"method":"PUT","path":"/lines/${1.id}/endpoints/sip/${2.id}"},
        {"method":"PUT","path":"/lines/${1.id}/extensions/${3.id}"},
        {"method":"PUT","path":"/users/${0.uuid}/lines/${1.id}"}]})");
    ASSERT_EQ(made.status, 200) << made.text;
    EXPECT_EQ(configuration->current()->change(), before + 1);
    EXPECT_EQ(get("/users?search=1002").body.at("total"), 1);
    EXPECT_EQ(made.body.at("results").at(0).at("body").at("lines").at(0).at("extensions").at(0).at("exten"),
              "1002");

    const auto refused = post("/batch", R"({"operations":[
        {"method":"POST","path":"/users","body":{"firstname":"Carol"}},
        {"method":"POST","path":"/extensions","body":{"exten":"1002","context":"default"}}]})");
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(get("/users").body.at("total"), 1);
}

// API-111
TEST_F(Confd, TheWizardIsPassedOnce) {
    EXPECT_EQ(get("/wizard").body.at("configured"), false);
    EXPECT_EQ(get("/wizard/discover").status, 200);
    const std::string answers =
        R"({"admin_password":"proformatique","license":true,"timezone":"America/Montreal",
        "entity_name":"ACME","network":{"hostname":"pbx","domain":"example.org","interface":"eth0",
        "ip_address":"10.0.0.2","netmask":"255.255.255.0","gateway":"10.0.0.1","nameservers":["10.0.0.3"]},
        "context_internal":{"number_start":"1000","number_end":"1999"}})";
    EXPECT_EQ(post("/wizard", R"({"license":false})").status, 400);
    const auto passed = post("/wizard", answers);
    ASSERT_EQ(passed.status, 201) << passed.text;
    EXPECT_EQ(passed.text.find("proformatique"), std::string::npos);
    EXPECT_EQ(get("/wizard").body.at("configured"), true);
    EXPECT_EQ(post("/wizard", answers).status, 403);
    EXPECT_NE(configuration->current()->context("default"), nullptr);
    EXPECT_EQ(post("/extensions", R"({"exten":"1001","context":"default"})").status, 201);
}

// API-046
TEST_F(Confd, OnlyJsonIsSpoken) {
    http::Request request;
    request.method = http::Method::Get;
    ASSERT_TRUE(request.set_target("/users"));
    const auto match = service->router.match(http::Method::Get, request.raw_path(), request.path_parameters);
    EXPECT_EQ(service->before(request, *match.route)->status, 406);
    request.headers.set("Accept", "application/json");
    request.method = http::Method::Post;
    request.headers.set("Content-Length", "5");
    request.headers.set("Content-Type", "text/plain");
    EXPECT_EQ(service->before(request, *match.route)->status, 415);
}

}  // namespace
}  // namespace almon::services
