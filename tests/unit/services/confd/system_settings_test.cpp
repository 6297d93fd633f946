// SPDX-License-Identifier: GPL-3.0-or-later
// Sheets, presences, certificates, mail, network, and lists that are replaced as a whole.
#include <string>

#include "model/certificate.hpp"
#include "support/confd_service.hpp"

namespace almon::services {
namespace {

struct SystemSettings : test::ConfdService {
    std::string made(const std::string& collection, const std::string& body) {
        const auto answer = post(collection, body);
        EXPECT_EQ(answer.status, 201) << answer.text;
        return id_of(answer);
    }
    void refuses(const Answer& answer, std::string_view field) {
        EXPECT_EQ(answer.status, 400);
        EXPECT_NE(answer.text.find(field), std::string::npos) << answer.text;
    }
};

// ADA-097: francais and english are there, each with the six presences
TEST_F(SystemSettings, PresencesAreChosenByGroup) {
    const auto groups = get("/presence_groups?order=id");
    ASSERT_EQ(groups.body.at("total"), 2) << groups.text;
    EXPECT_EQ(groups.body.at("items").at(0).at("name"), "francais");
    const auto& english = groups.body.at("items").at(1);
    EXPECT_EQ(english.at("name"), "english");
    std::string labels;
    for (const auto& presence : english.at("presences").as_array())
        labels += std::string(presence.at("name").as_string()) + "=" +
                  std::string(presence.at("label").as_string()) + ";";
    EXPECT_EQ(labels,
              "available=Available;away=Away;berightback=Be right back;disconnected=Disconnected;"
              "donotdisturb=Do not disturb;outtolunch=Out to lunch;");
    EXPECT_EQ(get("/phone_hint_groups").body.at("items").at(0).at("name"), "xivo");
}

// ADA-097, ADA-101
TEST_F(SystemSettings, AProfileOfTheClientNamesGroupsThatExist) {
    const auto shipped = get("/cti_profiles?order=id");
    std::string names;
    for (const auto& profile : shipped.body.at("items").as_array()) {
        names += std::string(profile.at("name").as_string()) + ' ';
        EXPECT_EQ(profile.at("presence_group"), 1) << "francais";
        EXPECT_EQ(profile.at("phone_hint_group"), 1) << "xivo";
    }
    EXPECT_EQ(names, "Supervisor Agent Client Switchboard noservices ");
    const auto client = "/cti_profiles/" + made("/cti_profiles", R"({"name":"Desk","presence_group":2})");
    EXPECT_EQ(get(client).body.at("presence_group"), 2);
    EXPECT_TRUE(get(client).body.at("phone_hint_group").is_null());
    refuses(put(client, R"({"presence_group":99})"), "'presence_group'");
    refuses(put(client, R"({"phone_hint_group":99})"), "'phone_hint_group'");
    refuses(put(client, R"({"presence_group":"english"})"), "'presence_group'");
    EXPECT_EQ(put(client, R"({"phone_hint_group":1})").status, 204);
    refuses(erase("/presence_groups/2"), "cti_profile");
    EXPECT_EQ(put(client, R"({"presence_group":null})").status, 204);
    EXPECT_EQ(erase("/presence_groups/2").status, 204);
}

// ADA-098, ADA-099
TEST_F(SystemSettings, APresenceHasAColorWaysOutAndActions) {
    const auto group = made(
        "/presence_groups",
        R"({"name":"shop","presences":[{"name":"here","label":"Here","color":"#00ff00","reachable":["gone"]},)"
        R"({"name":"gone","label":"Gone","color":"#FF0000","actions":[{"name":"enable_dnd","parameter":"true"},{"name":"agentlogoff"}]}]})");
    EXPECT_EQ(get("/presence_groups/" + group).body.at("presences").at(1).at("actions").at(0).at("parameter"),
              "true");
    const auto with = [this](const std::string& presence) {
        return post("/presence_groups", R"({"name":"other","presences":[)" + presence + "]}");
    };
    refuses(with(R"({"name":"a","label":"A","color":"green"})"), "'presences'");
    refuses(with(R"({"name":"a","label":"A"})"), "'presences'");
    refuses(with(R"({"name":"","label":"A","color":"#00ff00"})"), "'presences'");
    refuses(with(R"({"name":"a","label":"A","color":"#00ff00","reachable":["b"]})"), "lack 'b'");
    refuses(with(R"({"name":"a","label":"A","color":"#00ff00","actions":[{"name":"dance"}]})"), "dance");
    refuses(with(R"({"name":"a","label":"A","color":"#00ff00","actions":[{"name":"enable_dnd"}]})"),
            "enable_dnd");
    refuses(with(R"({"name":"a","label":"A","color":"#00ff00"},{"name":"a","label":"B","color":"#00ff00"})"),
            "twice");
    refuses(with(R"({"name":"a","label":")" + std::string(1001, 'x') + R"(","color":"#00ff00"})"), "longer");
    refuses(
        post("/phone_hint_groups", R"({"name":"a","hints":[{"status":99,"label":"A","color":"#00ff00"}]})"),
        "'hints'");
    refuses(post("/phone_hint_groups", R"({"name":"a","hints":[{"status":"0"}]})"), "'hints'");
}

// ADA-104, ADA-105, ADA-108, ADA-109, ADA-121
TEST_F(SystemSettings, ASheetIsRaisedByEventsThatRaiseNoOther) {
    EXPECT_EQ(get("/sheets/1").body.at("fields").at(0).at("value"), "{xivo-calleridname}");
    const auto sheet =
        made("/sheets",
             R"({"name":"caller","focus":true,"events":["dial","link"],)"
             R"("fields":[{"title":"Who","type":"title","default_value":"?","value":"{xivo-calleridname}"}],)"
             R"("actions":["http://example.org/?{xivo-did}"]})");
    EXPECT_EQ(get("/sheets/" + sheet).body.at("focus"), true);
    refuses(post("/sheets", R"({"name":"other","events":["dial"]})"), "raises the sheet " + sheet);
    refuses(post("/sheets", R"({"name":"other","events":["sneeze"]})"), "'events'");
    refuses(post("/sheets", R"({"name":"other","events":["hangup","hangup"]})"), "'events'");
    refuses(post("/sheets", R"({"name":"other","fields":[{"type":"smell"}]})"), "'fields'");
    refuses(post("/sheets", R"({"name":"other","systray":[{"type":"phone"}]})"), "'systray'");
    refuses(post("/sheets", R"({"name":"other","actions":[""]})"), "'actions'");
    EXPECT_EQ(put("/sheets/" + sheet, R"({"events":["link"]})").status, 204);
    made("/sheets", R"({"name":"other","events":["dial"]})");
}

// ADA-052: no password on keys; SYS-037
TEST_F(SystemSettings, ACertificateIsPemAndItsKeyIsKeptToItself) {
    const auto block = [](const std::string& label) {
        return "-----BEGIN " + label + "-----\\nTUlJQg==\\n-----END " + label + "-----\\n";
    };
    const auto with = [&](const std::string& certificate, const std::string& key) {
        return post("/certificates", R"({"name":"phones","certificate":")" + certificate +
                                         R"(","private_key":")" + key + "\"}");
    };
    refuses(with("hello", ""), "'certificate'");
    refuses(with(block("CERTIFICATE") + "x", ""), "'certificate'");
    refuses(with(block("PRIVATE KEY"), ""), "'certificate'");
    refuses(with("-----BEGIN CERTIFICATE-----\\n!!!\\n-----END CERTIFICATE-----", ""), "'certificate'");
    refuses(with("-----BEGIN CERTIFICATE-----\\nTUlJQg==\\n-----END PRIVATE KEY-----", ""), "'certificate'");
    refuses(with(block("CERTIFICATE"), block("ENCRYPTED PRIVATE KEY")), "without a password");
    refuses(with(block("CERTIFICATE"), block("CERTIFICATE")), "'private_key'");
    refuses(with(block("CERTIFICATE"), block("PRIVATE KEY") + block("PRIVATE KEY")), "'private_key'");
    const auto made_one = with(block("CERTIFICATE") + block("CERTIFICATE"), block("EC PRIVATE KEY"));
    ASSERT_EQ(made_one.status, 201) << made_one.text;
    EXPECT_EQ(made_one.text.find("PRIVATE KEY"), std::string::npos) << "never shown";
    EXPECT_NE(configuration->current()->find(model::CertificateId{1})->private_key.find("EC PRIVATE KEY"),
              std::string::npos);
    const auto history = get("/history?kind=certificate");
    EXPECT_EQ(history.text.find("EC PRIVATE"), std::string::npos) << "nor in the history";
}

// ADA-049, ADA-051, ADA-052
TEST_F(SystemSettings, CertificatesAreMadeHere) {
    const auto authority = post("/certificates/generate",
                                R"({"name":"phones-CA","is_authority":true,"common_name":"pbx.example.org",)"
                                R"("organization":"Example","email":"phones@example.org",)"
                                R"("valid_until":"2099-12-31"})");
    ASSERT_EQ(authority.status, 201) << authority.text;
    EXPECT_EQ(authority.body.at("is_authority"), true);
    EXPECT_EQ(authority.text.find("PRIVATE"), std::string::npos);
    const auto issued = post("/certificates/generate", R"({"name":"phones","common_name":"pbx.example.org",)"
                                                       R"("authority":)" +
                                                           id_of(authority) + "}");
    ASSERT_EQ(issued.status, 201) << issued.text;
    const auto file = ask(http::Method::Get, "/certificates/" + id_of(issued) + "/file", {}, {}, {},
                          "application/x-pem-file");
    EXPECT_EQ(file.status, 200);
    const std::string own(authority.body.at("certificate").as_string());
    EXPECT_TRUE(file.text.starts_with("-----BEGIN CERTIFICATE-----")) << file.text;
    EXPECT_TRUE(file.text.ends_with(own)) << "who proves it stands behind it";
    EXPECT_EQ(file.text.find("PRIVATE"), std::string::npos);
    EXPECT_TRUE(configuration->current()
                    ->find(model::CertificateId{2})
                    ->private_key.starts_with("-----BEGIN PRIVATE KEY-----"));
    const auto order = [this](const std::string& members) {
        return post("/certificates/generate",
                    R"({"name":"x","common_name":"x.example.org",)" + members + "}");
    };
    refuses(post("/certificates/generate", R"({"name":"x"})"), "'common_name'");
    refuses(post("/certificates/generate", R"({"common_name":"x"})"), "'name'");
    refuses(order(R"("name":"phones")"), "'name'");
    refuses(order(R"("authority":99)"), "'authority'");
    refuses(order(R"("authority":)" + id_of(issued)), "no certificate of an authority");
    refuses(order(R"("valid_until":"2001-01-01")"), "'valid_until'");
    refuses(order(R"("valid_until":"soon")"), "'valid_until'");
    refuses(order(R"("country":"Canada")"), "'country'");
    refuses(order(R"("unit":")" + std::string(65, 'x') + "\""), "'unit'");
    refuses(order(R"("alternatives":["a,b"])"), "'alternatives'");
    refuses(order(R"("alternatives":"a")"), "'alternatives'");
    refuses(order(R"("key_length":512)"), "'key_length'");
    refuses(order(R"("is_authority":"yes")"), "'is_authority'");
    refuses(order(R"("password":"x")"), "'password'");
    EXPECT_EQ(get("/certificates/99/file").status, 406);
    EXPECT_EQ(get("/certificates").body.at("total"), 2);
}

// SYS-012, SYS-013, SYS-014
TEST_F(SystemSettings, MailsLeaveByARelayAndAnother) {
    EXPECT_TRUE(get("/mail").body.at("relay").is_null());
    EXPECT_EQ(
        put("/mail",
            R"({"domain":"pbx.example.org","relay":"smtp.example.org:587","fallback_relay":"192.0.2.9",)"
            R"("rewriting":[["root","phones@example.org"]]})")
            .status,
        204);
    EXPECT_EQ(put("/mail", R"({"sender_domain":"example.org"})").status, 204);
    const auto mail = get("/mail");
    EXPECT_EQ(mail.body.at("relay"), "smtp.example.org:587") << "what is left out stays";
    EXPECT_EQ(mail.body.at("sender_domain"), "example.org");
    EXPECT_FALSE(mail.body.as_object().contains("id"));
    refuses(put("/mail", R"({"relay":"a b"})"), "'relay'");
    refuses(put("/mail", R"({"relay":null})"), "'fallback_relay'");
    refuses(put("/mail", R"({"rewriting":[["root",""]]})"), "'rewriting'");
    refuses(put("/mail", R"({"rewriting":[["a","b"],["a","c"]]})"), "'rewriting'");
    refuses(put("/mail", R"({"colour":"red"})"), "'colour'");
    const auto change = configuration->current()->change();
    EXPECT_EQ(put("/mail", R"({"domain":"pbx.example.org"})").status, 204);
    EXPECT_EQ(configuration->current()->change(), change) << "nothing was changed";
}

// SYS-017
TEST_F(SystemSettings, AnotherInterfaceOfPhonesTakesThePlaceOfTheOneThereIs) {
    const auto eth0 = made("/network_interfaces", R"({"name":"eth0","type":"voip"})");
    const auto eth1 = made("/network_interfaces", R"({"name":"eth1"})");
    const auto type_of = [this](const std::string& id) {
        return std::string(get("/network_interfaces/" + id).body.at("type").as_string());
    };
    EXPECT_EQ(type_of(eth1), "data") << "unless it is said otherwise";
    const auto eth2 = made("/network_interfaces", R"({"name":"eth2","type":"voip"})");
    EXPECT_EQ(type_of(eth0) + type_of(eth1) + type_of(eth2), "datadatavoip");
    const auto changed = put("/network_interfaces/" + eth1, R"({"type":"voip"})");
    EXPECT_EQ(changed.status, 204);
    EXPECT_EQ(type_of(eth0) + type_of(eth1) + type_of(eth2), "datavoipdata");
    EXPECT_EQ(post("/history/" + changed.change + "/undo", "").status, 201) << "one change, so undone as one";
    EXPECT_EQ(type_of(eth0) + type_of(eth1) + type_of(eth2), "datadatavoip");
    refuses(put("/network_interfaces/" + eth1, R"({"type":"both"})"), "'type'");
}

// SYS-018, SYS-020
TEST_F(SystemSettings, AnInterfaceHasAnAddressOfItsOwnOrOneFromElsewhere) {
    EXPECT_EQ(put("/network",
                  R"({"hostname":"pbx","domain":"example.org","nameservers":["192.0.2.53","2001:db8::53"]})")
                  .status,
              204);
    refuses(put("/network", R"({"nameservers":["ns.example.org"]})"), "'nameservers'");
    refuses(put("/network", R"({"nameservers":["192.0.2.1","192.0.2.2","192.0.2.3","192.0.2.4"]})"),
            "'nameservers'");
    refuses(put("/network", R"({"search_domains":["-a"]})"), "'search_domains'");
    const auto eth0 = made("/network_interfaces", R"({"name":"eth0","type":"voip"})");
    made("/network_interfaces",
         R"({"name":"eth1","method":"static","address":"10.97.5.2","netmask":"255.255.255.0"})");
    const auto vlan = made("/network_interfaces",
                           R"({"vlan_interface":"eth0","vlan_id":101,"method":"static",)"
                           R"("address":"10.97.8.2","netmask":"255.255.255.0","gateway":"10.97.8.1"})");
    EXPECT_EQ(get("/network_interfaces/" + vlan).body.at("name"), "eth0.101");
    const auto with = [this](const std::string& members) {
        return post("/network_interfaces", "{" + members + "}");
    };
    refuses(with(""), "'name'");
    refuses(with(R"("name":"eth0")"), "'name'");
    refuses(with(R"("name":"eth2","method":"static")"), "'address'");
    refuses(with(R"("name":"eth2","method":"static","address":"10.0.0.256","netmask":"255.255.255.0")"),
            "'address'");
    refuses(with(R"("name":"eth2","method":"static","address":"10.0.0.1","netmask":"255.0.255.0")"),
            "'netmask'");
    refuses(
        with(
            R"("name":"eth2","method":"static","address":"10.0.0.1","netmask":"255.0.0.0","gateway":"11.0.0.1")"),
        "'gateway'");
    refuses(
        with(
            R"("name":"eth2","method":"static","address":"10.0.0.2","netmask":"255.0.0.0","gateway":"10.0.0.1")"),
        "eth0.101's business");
    refuses(with(R"("name":"eth2","address":"10.0.0.1")"), "'address'");
    refuses(with(R"("name":"eth2","vlan_id":7)"), "'vlan_id'");
    refuses(with(R"("vlan_interface":"eth9","vlan_id":7)"), "'vlan_interface'");
    refuses(erase("/network_interfaces/" + eth0), "eth0.101 lies on it");
    EXPECT_EQ(erase("/network_interfaces/" + vlan).status, 204);
    EXPECT_EQ(erase("/network_interfaces/" + eth0).status, 204);
}

TEST_F(SystemSettings, ZonesOfVoicemailsAreReplacedAsAWhole) {
    const std::string path = "/asterisk/voicemail/zonemessages";
    EXPECT_EQ(boost::json::serialize(get(path).body), R"({"items":[]})");
    EXPECT_EQ(
        put(path, R"({"items":[{"name":"eu-fr","timezone":"Europe/Paris","message":"'vm-received' Q"}]})")
            .status,
        204);
    EXPECT_EQ(get(path).body.at("items").at(0).at("timezone"), "Europe/Paris");
    refuses(put(path, R"({"items":[{"name":"eu fr","timezone":"Europe/Paris"}]})"), "'items'");
    refuses(put(path, R"({"items":[{"name":"eu-fr"}]})"), "'items'");
    refuses(put(path, R"({"items":[{"name":"a","timezone":"UTC"},{"name":"a","timezone":"UTC"}]})"),
            "'items'");
    refuses(put(path, R"({"items":"all"})"), "'items'");
    EXPECT_EQ(put(path, "{}").status, 204);
    EXPECT_EQ(boost::json::serialize(get(path).body), R"({"items":[]})");
}

TEST_F(SystemSettings, CallsOfIaxAreLimitedByNetwork) {
    const std::string path = "/asterisk/iax/callnumberlimits";
    EXPECT_EQ(
        put(path, R"({"items":[{"ip_address":"192.0.2.0","netmask":"255.255.255.0","limit":"16"}]})").status,
        204);
    EXPECT_EQ(get(path).body.at("items").at(0).at("limit"), "16");
    refuses(put(path, R"({"items":[{"ip_address":"192.0.2","netmask":"255.255.255.0","limit":"16"}]})"),
            "ip_address");
    refuses(put(path, R"({"items":[{"ip_address":"192.0.2.0","netmask":"24","limit":"16"}]})"), "netmask");
    refuses(put(path, R"({"items":[{"ip_address":"192.0.2.0","netmask":"255.255.255.0","limit":"many"}]})"),
            "limit");
}

TEST_F(SystemSettings, AnAdministratorHasSectionsAndAnEntity) {
    const auto entity = made("/entities", R"({"name":"company"})");
    const auto admin = made("/administrators",
                            R"({"username":"desk","password":"secret","entity":)" + entity +
                                R"(,"sections":[{"section":"users","access":"read"},{"section":"lines"}]})");
    EXPECT_EQ(get("/administrators/" + admin).body.at("sections").at(1).at("access"), "write");
    EXPECT_EQ(erase("/entities/" + entity).status, 400) << "ADA-146: it is an administrator's";
    const auto with = [this](const std::string& sections) {
        return post("/administrators",
                    R"({"username":"other","password":"secret","sections":)" + sections + "}");
    };
    refuses(with(R"([{"section":"kitchen"}])"), "kitchen");
    refuses(with(R"([{"section":"users","access":"all"}])"), "'sections'");
    refuses(with(R"([{"section":"users"},{"section":"users"}])"), "'sections'");
    refuses(with(R"(["users"])"), "'sections'");
}

}  // namespace
}  // namespace almon::services
