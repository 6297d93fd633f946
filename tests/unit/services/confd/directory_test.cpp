// SPDX-License-Identifier: GPL-3.0-or-later
// Where contacts come from, and what is shown of them.
#include <string>

#include "model/directory_source.hpp"
#include "support/confd_service.hpp"

namespace almon::services {
namespace {

struct Directories : test::ConfdService {
    std::string made(const std::string& collection, const std::string& body) {
        const auto answer = post(collection, body);
        EXPECT_EQ(answer.status, 201) << answer.text;
        return id_of(answer);
    }
    void refuses(const std::string& collection, const std::string& body, std::string_view field) {
        const auto answer = post(collection, body);
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_NE(answer.text.find(field), std::string::npos) << body << ": " << answer.text;
    }
};

// ADA-133
TEST_F(Directories, AnLdapServerHasAPortAndASecurityLayer) {
    const auto server =
        get("/ldap_servers/" + made("/ldap_servers", R"({"name":"main","host":"ldap.example.org"})"));
    EXPECT_EQ(server.body.at("port"), 389);
    EXPECT_EQ(server.body.at("security_layer"), "disabled");
    EXPECT_EQ(server.body.at("protocol_version"), 3);
    made("/ldap_servers", R"({"name":"secure","host":"192.0.2.1","port":636,"security_layer":"ssl"})");
    refuses("/ldap_servers", R"({"name":"main","host":"a"})", "'name'");
    refuses("/ldap_servers", R"({"name":"b","host":"a b"})", "'host'");
    refuses("/ldap_servers", R"({"name":"b","host":"a","security_layer":"starttls"})", "'security_layer'");
    refuses("/ldap_servers", R"({"name":"b","host":"a","protocol_version":4})", "'protocol_version'");
}

// ADA-135
TEST_F(Directories, AnLdapFilterNamesItsServerAndKeepsItsPassword) {
    const auto server = made("/ldap_servers", R"({"name":"main","host":"ldap.example.org"})");
    const auto filter =
        made("/ldap_filters",
             R"({"name":"people","server":)" + server +
                 R"(,"username":"cn=reader","password":"s3cret","base_dn":"dc=example","filter":"cn=*%Q*"})");
    const auto shown = get("/ldap_filters/" + filter);
    EXPECT_EQ(shown.body.at("filter"), "cn=*%Q*");
    EXPECT_EQ(shown.text.find("s3cret"), std::string::npos);
    EXPECT_EQ(configuration->current()->find(model::LdapFilterId{1})->password, "s3cret");
    EXPECT_EQ(erase("/ldap_servers/" + server).status, 400) << "a filter names it";
    refuses("/ldap_filters", R"({"name":"others","server":99})", "'server'");
    EXPECT_EQ(erase("/ldap_filters/" + filter).status, 204);
    EXPECT_EQ(erase("/ldap_servers/" + server).status, 204);
}

// ADA-127, ADA-129, ADA-130
TEST_F(Directories, ASourceSaysWhatItIsAndWhatBecomesOfItsColumns) {
    const auto source = made(
        "/directory_sources",
        R"({"name":"file","type":"csv","uri":"file:///contacts.csv","delimiter":"|","direct_match":["name"],)"
        R"("reverse_match":["phone"],"fields":{"display_name":"{firstname} {lastname}","number":"9{number}"}})");
    EXPECT_EQ(get("/directory_sources/" + source).body.at("fields").at("number"), "9{number}");
    refuses("/directory_sources", R"({"name":"a","type":"csv"})", "'uri'");
    refuses("/directory_sources", R"({"name":"a","type":"ldap"})", "'ldap_filter'");
    refuses("/directory_sources", R"({"name":"a","type":"phone","uri":"x"})", "'type'");
    refuses("/directory_sources", R"({"name":"a","type":"csv","uri":"x","delimiter":"||"})", "'delimiter'");
    refuses("/directory_sources", R"({"name":"a","type":"csv","uri":"x","direct_match":["a","a"]})",
            "'direct_match'");
    refuses("/directory_sources", R"({"name":"a","type":"csv","uri":"x","direct_match":["a,b"]})",
            "'direct_match'");
    for (const auto* format : {"{", "}", "{}", "{a", "a}", "{a{b}}"})
        refuses("/directory_sources",
                R"({"name":"a","type":"csv","uri":"x","fields":{"name":")" + std::string(format) + "\"}}",
                "'fields'");
}

// ADA-141, ADA-142
TEST_F(Directories, AContextHasADisplayAndSources) {
    make_context();
    const auto display = made(
        "/directory_displays",
        R"({"name":"all","columns":[{"title":"Name","type":"name","default_value":"?","field":"display_name"},)"
        R"({"title":"Number","type":"number","field":"phone"},{"title":"","type":"status"}]})");
    EXPECT_EQ(get("/directory_displays/" + display).body.at("columns").at(1).at("default_value"), "");
    const auto first = made("/directory_sources", R"({"name":"a","type":"xivo","uri":"https://localhost"})");
    const auto second = made("/directory_sources", R"({"name":"b","type":"xivo","uri":"https://localhost"})");
    const auto profile = made("/directory_profiles", R"({"context":"default","display":)" + display +
                                                         ",\"sources\":[" + second + "," + first + "]}");
    EXPECT_EQ(boost::json::serialize(get("/directory_profiles/" + profile).body.at("sources")),
              "[" + second + "," + first + "]");
    EXPECT_EQ(erase("/directory_displays/" + display).status, 400);
    ASSERT_EQ(erase("/directory_sources/" + second).status, 204) << "it is taken out";
    EXPECT_EQ(boost::json::serialize(get("/directory_profiles/" + profile).body.at("sources")),
              "[" + first + "]");
    refuses("/directory_profiles", R"({"context":"default","display":)" + display + "}", "'context'");
    refuses("/directory_profiles", R"({"context":"nowhere","display":)" + display + "}", "'context'");
    made("/contexts", R"({"name":"annex"})");
    refuses("/directory_profiles", R"({"context":"annex","display":99})", "'display'");
    refuses("/directory_profiles", R"({"context":"annex","display":)" + display + R"(,"sources":[null]})",
            "'sources'");
    refuses("/directory_displays", R"({"name":"b","columns":[{"title":"x","type":"smell","field":"a"}]})",
            "'columns'");
    refuses("/directory_displays", R"({"name":"b","columns":[{"title":"x","type":"name"}]})", "'columns'");
    refuses("/directory_displays", R"({"name":"b","columns":[{"colour":"red"}]})", "'columns'");
    refuses("/directory_displays", R"({"name":"b","columns":["x"]})", "'columns'");
}

}  // namespace
}  // namespace almon::services
