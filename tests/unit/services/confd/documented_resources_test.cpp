// SPDX-License-Identifier: GPL-3.0-or-later
// What the documentation says of each kind of resource, row by row of the ledger: fields with their defaults,
// what cannot be changed, what belongs to what. That every operation of the contract answers,
// tests/conformance asks.
#include <string>
#include <tuple>

#include "support/confd_service.hpp"

namespace almon::services {
namespace {

namespace json = boost::json;

struct Documented : test::ConfdService {
    std::string made(const std::string& collection, const std::string& body = "{}") {
        const auto answer = post(collection, body);
        EXPECT_EQ(answer.status, 201) << collection << ' ' << answer.text;
        return id_of(answer);
    }
    json::value shown(const std::string& path) {
        const auto answer = get(path);
        EXPECT_EQ(answer.status, 200) << path << ' ' << answer.text;
        return answer.body;
    }
    /// Every member that `wanted`, an object as text, has is there with its value.
    static void has(const json::value& resource, const std::string& wanted) {
        const auto parsed = json::parse(wanted);
        for (const auto& [name, value] : parsed.as_object()) {
            const auto* member = resource.as_object().if_contains(name);
            ASSERT_NE(member, nullptr) << name;
            EXPECT_EQ(*member, value) << name;
        }
    }
    void does(const Answer& answer, int status = 204) { EXPECT_EQ(answer.status, status) << answer.text; }
    std::string first_of(const std::string& path) { return json::serialize(shown(path).at("items").at(0)); }

    /// A user with a line that has a SIP endpoint.
    struct Person {
        std::string user, line, sip;
    };
    Person make_person() {
        make_context();
        Person person{make_user(), made("/lines", R"({"context":"default"})"),
                      made("/endpoints/sip", R"({"username":"alice","secret":"s3cret"})")};
        does(put("/lines/" + person.line + "/endpoints/sip/" + person.sip));
        does(put("/users/" + person.user + "/lines/" + person.line));
        return person;
    }
};

// API-052: what came with one version is there with its name and type in the next; here those of a user
TEST_F(Documented, MembersAreAlwaysThere_NullWhereNothingIsSet) {
    const auto user = shown("/users/" + make_user());
    for (const auto* name : {"id", "uuid", "firstname", "lastname", "email", "timezone", "language",
                             "description", "caller_id", "outgoing_caller_id", "mobile_phone_number",
                             "username", "music_on_hold", "preprocess_subroutine", "userfield", "lines"})
        EXPECT_TRUE(user.as_object().contains(name)) << name;
}

TEST_F(Documented, UsersHaveASummary) {  // API-063
    make_user("Alice");
    const auto summary = shown("/users?view=summary").at("items").at(0);
    has(summary, R"({"firstname":"Alice","lastname":null,"extension":null,"context":null,"enabled":true})");
    EXPECT_FALSE(summary.as_object().contains("caller_id"));
}

TEST_F(Documented, ALineTellsItsUsers) {  // API-068
    const auto person = make_person();
    EXPECT_EQ(first_of("/lines/" + person.line + "/users"),
              json::serialize(shown("/users/" + person.user + "/lines").at("items").at(0)));
    EXPECT_EQ(json::serialize(shown("/lines/" + person.line + "/users").at("items").at(0).at("user_id")),
              person.user);
}

TEST_F(Documented, ASoftphoneFindsItsAccount) {  // API-069
    const auto person = make_person();
    const auto uuid = std::string(shown("/users/" + person.user).at("uuid").as_string());
    for (const auto& line : {person.line, std::string("main")})
        has(shown("/users/" + uuid + "/lines/" + line + "/associated/endpoints/sip"),
            R"({"username":"alice","secret":"s3cret","type":"friend"})");
    EXPECT_EQ(get("/users/" + make_user("Bob") + "/lines/main/associated/endpoints/sip").status, 404);
}

TEST_F(Documented, AUserHasACtiProfile) {  // API-074
    const auto user = make_user();
    does(put("/users/" + user, R"({"username":"alice","password":"secret"})"));
    does(put("/users/" + user + "/cti", R"({"cti_profile_id":3,"enabled":true})"));
    has(shown("/users/" + user + "/cti"), R"({"cti_profile_id":3,"enabled":true})");
    EXPECT_EQ(put("/users/" + user + "/cti", R"({"cti_profile_id":99})").status, 400);
}

TEST_F(Documented, AUserBelongsToAnEntity) {  // API-075, API-110
    const auto user = make_user();
    const auto entity = made("/entities", R"({"name":"company","display_name":"The company"})");
    does(put("/users/" + user + "/entities/" + entity));
    EXPECT_EQ(json::serialize(shown("/users/" + user + "/entities").at("entity_id")), entity);
    EXPECT_EQ(erase("/entities/" + entity).status, 400) << "it is in use";
    EXPECT_EQ(put("/entities/" + entity, R"({"display_name":"x"})").status, 404) << "there is no PUT";
    EXPECT_EQ(post("/entities", R"({"name":"company"})").status, 400) << "its name is unique";
    EXPECT_EQ(post("/entities", "{}").status, 400);
    does(erase("/entities/" + made("/entities", R"({"name":"other"})")));
}

TEST_F(Documented, AUserHasCallPermissions) {  // API-076, API-112
    const auto user = make_user();
    const auto permission = made("/callpermissions", R"({"name":"abroad","extensions":["_00.","911"]})");
    has(shown("/callpermissions/" + permission),
        R"({"name":"abroad","mode":"deny","enabled":true,"password":null,"description":null,"extensions":["_00.","911"]})");
    does(put("/users/" + user + "/callpermissions/" + permission));
    EXPECT_EQ(json::serialize(
                  shown("/users/" + user + "/callpermissions").at("items").at(0).at("call_permission_id")),
              permission);
    EXPECT_EQ(
        json::serialize(shown("/callpermissions/" + permission + "/users").at("items").at(0).at("user_id")),
        user);
    does(erase("/users/" + user + "/callpermissions/" + permission));
    EXPECT_EQ(shown("/users/" + user + "/callpermissions").at("total"), 0);
    EXPECT_EQ(post("/callpermissions", R"({"name":"b","mode":"perhaps"})").status, 400);
    EXPECT_EQ(post("/callpermissions", "{}").status, 400);
}

TEST_F(Documented, CallPermissionsAreGivenToWhateverMayHaveThem) {  // ADA-074
    make_context();
    const auto permission = made("/callpermissions", R"({"name":"abroad","extensions":["_00."]})");
    const auto path = "/callpermissions/" + permission;
    has(shown(path), R"({"users":[],"groups":[],"outcalls":[],"incalls":[]})");
    const std::pair<const char*, std::string> owners[] = {
        {"users", make_user()},
        {"groups", made("/groups", R"({"name":"interns"})")},
        {"outcalls", made("/outcalls", R"({"name":"world"})")},
        {"incalls", made("/incalls", R"({"destination":{"type":"none"}})")}};
    for (const auto& [kind, id] : owners) {
        const auto association = std::string("/") + kind + '/' + id + path;
        EXPECT_EQ(erase(association).status, 404) << kind;
        does(put(association));
        EXPECT_EQ(shown(path).at(kind).as_array().size(), 1u) << kind;
        EXPECT_EQ(put(std::string("/") + kind + '/' + id + "/callpermissions/99").status, 404) << kind;
        does(erase(association));
        EXPECT_TRUE(shown(path).at(kind).as_array().empty()) << kind;
        does(put(association));
    }
    does(erase(path));
    EXPECT_TRUE(shown("/incalls/" + owners[3].second).at("call_permissions").as_array().empty());
}

TEST_F(Documented, AUserHasFallbacks) {  // API-079
    const auto user = make_user();
    const auto other = make_user("Bob");
    does(put(
        "/users/" + user + "/fallbacks",
        R"({"noanswer_destination":{"type":"user","user_id":)" + other +
            R"(},"busy_destination":{"type":"hangup","cause":"busy"},"fail_destination":{"type":"none"}})"));
    const auto fallbacks = shown("/users/" + user + "/fallbacks");
    EXPECT_EQ(json::serialize(fallbacks.at("noanswer_destination").at("user_id")), other);
    EXPECT_EQ(fallbacks.at("busy_destination").at("type"), "hangup");
    EXPECT_TRUE(fallbacks.at("congestion_destination").is_null());
    does(put("/users/" + user + "/fallbacks", "{}"));
    EXPECT_TRUE(shown("/users/" + user + "/fallbacks").at("noanswer_destination").is_null())
        << "what is left out is removed";
    EXPECT_EQ(
        put("/users/" + user + "/fallbacks", R"({"busy_destination":{"type":"user","user_id":99}})").status,
        400);
}

TEST_F(Documented, ALineKeepsWhatIsNotToBeEdited) {  // API-080
    make_context();
    EXPECT_EQ(post("/lines", "{}").status, 400) << "its context is required";
    const auto line = made("/lines", R"({"context":"default"})");
    const auto before = shown("/lines/" + line);
    does(put("/lines/" + line,
             R"({"id":99,"device_id":"abc","name":"new","protocol":"sip","position":3,)"
             R"("caller_id_name":"Desk","caller_id_num":"1001","provisioning_code":"123456"})"));
    const auto after = shown("/lines/" + line);
    for (const auto* name : {"id", "device_id", "name", "protocol"})
        EXPECT_EQ(after.at(name), before.at(name)) << name;
    has(after,
        R"({"position":3,"caller_id_name":"Desk","caller_id_num":"1001","provisioning_code":"123456",)"
        R"("endpoint_sip":null,"endpoint_sccp":null,"endpoint_custom":null,"extensions":[],"users":[]})");
    does(erase("/lines/" + line));
}

TEST_F(Documented, AnExtensionTellsItsLines) {  // API-083
    const auto person = make_person();
    const auto extension = made("/extensions", R"({"exten":"1001","context":"default"})");
    does(put("/lines/" + person.line + "/extensions/" + extension));
    EXPECT_EQ(json::serialize(shown("/extensions/" + extension + "/lines").at("items").at(0).at("line_id")),
              person.line);
    EXPECT_EQ(json::serialize(shown("/extensions/" + extension + "/line").at("line_id")), person.line)
        << "as of old";
}

TEST_F(Documented, ASipEndpointNeedsNothing) {  // API-089
    const auto sip = shown("/endpoints/sip/" + made("/endpoints/sip"));
    EXPECT_FALSE(sip.at("username").as_string().empty());
    EXPECT_FALSE(sip.at("secret").as_string().empty());
    has(sip, R"({"type":"friend","host":"dynamic","options":[],"line":[],"trunk":null})");
    const auto id = made("/endpoints/sip", R"({"options":[["x-colour","green"],["allow","alaw,ulaw"]]})");
    EXPECT_EQ(json::serialize(shown("/endpoints/sip/" + id).at("options")),
              R"([["x-colour","green"],["allow","alaw,ulaw"]])");
    EXPECT_EQ(post("/endpoints/sip", R"({"options":[["allow","alaw"],["allow","ulaw"]]})").status, 400)
        << "once only";
    EXPECT_EQ(post("/endpoints/sip", R"({"type":"enemy"})").status, 400);
    does(erase("/endpoints/sip/" + id));
}

TEST_F(Documented, AnSccpEndpointHasFourOptions) {  // API-091
    const auto sccp = made(
        "/endpoints/sccp",
        R"({"options":[["cid_name","Nora"],["cid_num","12"],["allow","alaw,ulaw"],["disallow","all"]]})");
    EXPECT_EQ(shown("/endpoints/sccp/" + sccp).at("options").as_array().size(), 4U);
    EXPECT_EQ(shown("/endpoints/sccp/" + sccp).at("line"), json::array());
    EXPECT_EQ(post("/endpoints/sccp", R"({"options":[["qualify","yes"]]})").status, 400);
    does(put("/endpoints/sccp/" + sccp, R"({"options":[]})"));
    does(erase("/endpoints/sccp/" + sccp));
}

TEST_F(Documented, ACustomEndpointNeedsItsInterface) {  // API-092
    EXPECT_EQ(post("/endpoints/custom", "{}").status, 400);
    const auto custom = made("/endpoints/custom", R"({"interface":"dahdi/i1"})");
    has(shown("/endpoints/custom/" + custom),
        R"({"interface":"dahdi/i1","enabled":true,"line":[],"trunk":null})");
    does(put("/endpoints/custom/" + custom, R"({"enabled":false})"));
    EXPECT_EQ(shown("/endpoints/custom/" + custom).at("enabled"), false);
    does(erase("/endpoints/custom/" + custom));
}

TEST_F(Documented, ATrunkNeedsNothingAndHasOneEndpoint) {  // API-093, API-095
    const auto trunk = made("/trunks");
    has(shown("/trunks/" + trunk), R"({"context":null,"endpoint_sip":null,"endpoint_custom":null})");
    make_context();
    does(put("/trunks/" + trunk, R"({"context":"default"})"));
    const auto custom = made("/endpoints/custom", R"({"interface":"dahdi/g1"})");
    does(put("/trunks/" + trunk + "/endpoints/custom/" + custom));
    EXPECT_EQ(json::serialize(shown("/trunks/" + trunk + "/endpoints/custom").at("endpoint_id")), custom);
    EXPECT_EQ(json::serialize(shown("/endpoints/custom/" + custom + "/trunks").at("trunk_id")), trunk);
    EXPECT_EQ(shown("/trunks/" + trunk).at("endpoint_custom").at("interface"), "dahdi/g1");
    EXPECT_EQ(put("/trunks/" + trunk + "/endpoints/sip/" + made("/endpoints/sip")).status, 400)
        << "one is enough";
    does(erase("/trunks/" + trunk + "/endpoints/custom/" + custom));
    EXPECT_EQ(get("/trunks/" + trunk + "/endpoints/custom").status, 404);
    does(erase("/trunks/" + trunk));
}

TEST_F(Documented, ATrunkIsReachedByASipAccount) {  // API-094
    const auto trunk = made("/trunks");
    const auto sip = made("/endpoints/sip", R"({"username":"carrier","type":"peer","host":"192.0.2.1"})");
    EXPECT_EQ(get("/trunks/" + trunk + "/endpoints/sip").status, 404);
    EXPECT_EQ(get("/endpoints/sip/" + sip + "/trunks").status, 404);
    does(put("/trunks/" + trunk + "/endpoints/sip/" + sip));
    const auto association = R"({"trunk_id":)" + trunk + R"(,"endpoint_id":)" + sip + R"(,"endpoint":"sip"})";
    EXPECT_EQ(shown("/trunks/" + trunk + "/endpoints/sip"), json::parse(association));
    EXPECT_EQ(shown("/endpoints/sip/" + sip + "/trunks"), json::parse(association));
    EXPECT_EQ(shown("/trunks/" + trunk).at("endpoint_sip").at("username"), "carrier");
    EXPECT_EQ(json::serialize(shown("/endpoints/sip/" + sip).at("trunk").at("id")), trunk);
    EXPECT_EQ(put("/trunks/" + made("/trunks") + "/endpoints/sip/" + sip).status, 400) << "it is another's";
    EXPECT_EQ(erase("/endpoints/sip/" + sip).status, 400) << "it is in use";
    EXPECT_EQ(erase("/trunks/" + trunk + "/endpoints/sip/" + made("/endpoints/sip")).status, 404);
    does(erase("/trunks/" + trunk + "/endpoints/sip/" + sip));
    EXPECT_TRUE(shown("/trunks/" + trunk).at("endpoint_sip").is_null());
    EXPECT_EQ(get("/trunks/" + trunk + "/endpoints/sip").status, 404);
    does(erase("/endpoints/sip/" + sip));
}

TEST_F(Documented, ATrunkIsOfOneOfThreeKinds) {  // ADB-011
    const auto trunk = made("/trunks");
    const auto iax = made("/endpoints/iax", R"({"options":[["secret","x"]]})");
    has(shown("/endpoints/iax/" + iax),
        R"({"type":"friend","host":"dynamic","options":[["secret","x"]],"trunk":null})");
    EXPECT_EQ(shown("/endpoints/iax/" + iax).at("name").as_string().size(), 8u) << "drawn";
    EXPECT_EQ(put("/endpoints/iax/" + iax, R"({"options":[["cid_number","1"],["cid-number","2"]]})").status,
              400);
    const std::pair<const char*, std::string> kinds[] = {
        {"sip", made("/endpoints/sip")},
        {"iax", iax},
        {"custom", made("/endpoints/custom", R"({"interface":"dahdi/g1"})")}};
    for (const auto& [kind, id] : kinds) {
        const auto path = "/trunks/" + trunk + "/endpoints/" + kind + '/' + id;
        does(put(path));
        EXPECT_EQ(shown("/trunks/" + trunk + "/endpoints/" + kind).at("endpoint"), kind);
        EXPECT_EQ(json::serialize(shown("/trunks/" + trunk).at(std::string("endpoint_") + kind).at("id")),
                  id);
        for (const auto& [other, other_id] : kinds) {
            if (other == kind) continue;
            EXPECT_EQ(put("/trunks/" + trunk + "/endpoints/" + other + '/' + other_id).status, 400) << other;
        }
        EXPECT_EQ(erase(std::string("/endpoints/") + kind + '/' + id).status, 400) << "it is in use";
        does(erase(path));
    }
    EXPECT_EQ(put("/trunks/" + trunk + "/endpoints/isdn/1").status, 404) << "there is no fourth";
}

TEST_F(Documented, ADeviceIsToldToFetchItsSettings) {  // API-114, ADB-117, ADB-118
    const auto person = make_person();
    const auto device = std::string(
        post("/devices", R"({"mac":"00:15:5d:00:00:01","plugin":"p"})").body.at("id").as_string());
    for (const auto method : {http::Method::Get, http::Method::Put})
        does(ask(method, "/devices/" + device + "/synchronize"));
    EXPECT_TRUE(synchronized.empty()) << "nobody is registered as its lines: there are none";
    does(put("/lines/" + person.line + "/devices/" + device));
    EXPECT_EQ(shown("/devices/" + device).at("status"), "configured");
    does(get("/devices/" + device + "/synchronize"));
    EXPECT_EQ(synchronized, std::vector<std::string>{"alice"});
    EXPECT_EQ(get("/devices/0123456789abcdef0123456789abcdef/synchronize").status, 404);
    // It restarts once its lines are gone, which is what it then learns.
    does(get("/devices/" + device + "/autoprov"));
    EXPECT_EQ(synchronized.size(), 2u);
    EXPECT_EQ(shown("/devices/" + device).at("status"), "autoprov");
    // Whose line is taken away is told nothing until somebody asks for it.
    does(put("/lines/" + person.line + "/devices/" + device));
    does(erase("/lines/" + person.line + "/devices/" + device));
    EXPECT_EQ(synchronized.size(), 2u);
    EXPECT_EQ(shown("/devices/" + device).at("status"), "autoprov");
    // In a batch it is told once all of it is in force, and not where it is refused.
    does(put("/lines/" + person.line + "/devices/" + device));
    const auto command = R"({"method":"PUT","path":"/devices/)" + device + R"(/synchronize"})";
    EXPECT_EQ(post("/batch", R"({"operations":[)" + command + R"(,{"method":"DELETE","path":"/users/999"}]})")
                  .status,
              404);
    EXPECT_EQ(synchronized.size(), 2u);
    EXPECT_EQ(post("/batch", R"({"operations":[)" + command + "]}").status, 200);
    EXPECT_EQ(synchronized.size(), 3u);
}

TEST_F(Documented, AUserHasTheServicesOfItsForm) {  // ADB-191
    const auto user = make_user();
    const auto path = "/users/" + user;
    has(shown(path), R"({"supervision_enabled":true,"call_transfer_enabled":false,)"
                     R"("online_call_record_enabled":false,"call_record_enabled":false})");
    does(put(path, R"({"supervision_enabled":false,"call_transfer_enabled":true,)"
                   R"("online_call_record_enabled":true,"call_record_enabled":true})"));
    has(shown(path), R"({"supervision_enabled":false,"call_transfer_enabled":true,)"
                     R"("online_call_record_enabled":true,"call_record_enabled":true})");
    EXPECT_EQ(shown(path + "/services"),
              json::parse(R"({"dnd":{"enabled":false},"incallfilter":{"enabled":false}})"));
    does(put(path + "/services", R"({"dnd":{"enabled":true},"incallfilter":{"enabled":true}})"));
    EXPECT_EQ(shown(path + "/services"),
              json::parse(R"({"dnd":{"enabled":true},"incallfilter":{"enabled":true}})"));
    const auto filter = made("/callfilters", R"({"name":"boss","source":"all","strategy":"all"})");
    const auto uuid = std::string(shown(path).at("uuid").as_string());
    does(put("/callfilters/" + filter + "/recipients/users", R"({"users":[{"uuid":")" + uuid + R"("}]})"));
    EXPECT_EQ(shown("/callfilters/" + filter).at("recipients").at("users").at(0).at("uuid").as_string(),
              uuid);
    const auto agent = made("/agents", R"({"number":"1001"})");
    does(put(path + "/agents/" + agent));
    EXPECT_EQ(json::serialize(shown(path + "/agents").at("agent_id")), agent);
}

TEST_F(Documented, AKeyTwiceForOneUserIsRefused) {  // ADB-204
    const auto path = "/users/" + make_user() + "/funckeys";
    const auto key = R"({"destination":{"type":"forward","forward":"unconditional"}})";
    does(put(path + "/1", key));  // without a destination it asks for one
    EXPECT_EQ(put(path + "/2", key).status, 400);
    does(put(path + "/2", R"({"destination":{"type":"forward","forward":"unconditional","exten":"1002"}})"));
    does(put(path + "/1", key));
    EXPECT_EQ(shown(path).at("keys").as_object().size(), 2u);
}

TEST_F(Documented, WhoChangesSomethingLearnsTheNumberOfTheChange) {
    const auto user = post("/users", R"({"firstname":"Alice"})");
    ASSERT_FALSE(user.change.empty());
    const auto changed = put("/users/" + id_of(user), R"({"firstname":"Alicia"})");
    EXPECT_EQ(std::stoi(changed.change), std::stoi(user.change) + 1);
    EXPECT_TRUE(put("/users/" + id_of(user), R"({"firstname":"Alicia"})").change.empty())
        << "nothing changed";
    EXPECT_TRUE(put("/users/" + id_of(user), R"({"firstname":""})").change.empty()) << "refused";
    EXPECT_TRUE(get("/users/" + id_of(user)).change.empty());
    EXPECT_EQ(post("/history/" + changed.change + "/undo", "").status, 201);
    EXPECT_EQ(shown("/users/" + id_of(user)).at("firstname"), "Alice");
}

TEST_F(Documented, AnIvrNeedsANameAndAMenu) {  // API-102
    EXPECT_EQ(post("/ivr", R"({"name":"a"})").status, 400);
    EXPECT_EQ(post("/ivr", R"({"menu_sound":"a"})").status, 400);
    const auto ivr = made(
        "/ivr",
        R"({"name":"office","menu_sound":"welcome","choices":[{"exten":"1","destination":{"type":"none"}}]})");
    const auto menu = shown("/ivr/" + ivr);
    has(menu, R"({"timeout":5,"max_tries":3,"greeting_sound":null,"invalid_sound":null,"abort_sound":null})");
    EXPECT_EQ(menu.at("choices").at(0).at("exten"), "1");
    does(put("/ivr/" + ivr, R"({"choices":[]})"));
    does(erase("/ivr/" + ivr));
}

TEST_F(Documented, AConferenceNeedsNothing) {  // API-103
    const auto conference = made("/conferences");
    has(shown("/conferences/" + conference),
        R"({"name":null,"pin":null,"admin_pin":null,"quiet_join_leave":false,"announce_join_leave":false,)"
        R"("announce_user_count":false,"announce_only_user":true,"music_on_hold":null,"preprocess_subroutine":null})");
    does(put("/conferences/" + conference, R"({"name":"board","pin":"1234"})"));
    EXPECT_EQ(put("/conferences/" + conference, R"({"pin":"abcd"})").status, 400);
    does(erase("/conferences/" + conference));
}

TEST_F(Documented, AGroupNeedsAName) {  // API-105
    EXPECT_EQ(post("/groups", "{}").status, 400);
    const auto group = made("/groups", R"({"name":"sales"})");
    has(shown("/groups/" + group),
        R"({"name":"sales","ring_strategy":"all","timeout":null,"user_timeout":15,"retry_delay":5,"ring_in_use":true,)"
        R"("music_on_hold":null,"caller_id_mode":null,"caller_id_name":null,"preprocess_subroutine":null,"enabled":true})");
    for (const auto* strategy : {"all", "random", "least_recent", "linear", "fewest_calls",
                                 "memorized_round_robin", "weight_random"})
        does(put("/groups/" + group, R"({"ring_strategy":")" + std::string(strategy) + "\"}"));
    EXPECT_EQ(put("/groups/" + group, R"({"ring_strategy":"loudest"})").status, 400);
    does(erase("/groups/" + group));
}

TEST_F(Documented, AGroupHasAFallback) {  // API-107
    const auto group = made("/groups", R"({"name":"sales"})");
    does(put("/groups/" + group + "/fallbacks",
             R"({"noanswer_destination":{"type":"hangup","cause":"normal"}})"));
    EXPECT_EQ(shown("/groups/" + group + "/fallbacks").at("noanswer_destination").at("type"), "hangup");
    does(put("/groups/" + group + "/fallbacks", "{}"));
    EXPECT_TRUE(shown("/groups/" + group + "/fallbacks").at("noanswer_destination").is_null());
}

TEST_F(Documented, AContextHasRangesAndKeepsItsName) {  // API-109
    const auto context =
        made("/contexts",
             R"({"name":"floor","label":"Third floor","user_ranges":[{"start":"300","end":"399"}],)"
             R"("group_ranges":[{"start":"400","end":"419"}],"queue_ranges":[{"start":"420","end":"429"}],)"
             R"("conference_room_ranges":[{"start":"430","end":"439"}]})");
    has(shown("/contexts/" + context),
        R"({"name":"floor","label":"Third floor","type":"internal","enabled":true,"description":null,)"
        R"("user_ranges":[{"start":"300","end":"399"}],"incall_ranges":[]})");
    does(put("/contexts/" + context, R"({"label":"Below"})"));
    EXPECT_EQ(put("/contexts/" + context, R"({"name":"cellar"})").status, 400);
    has(shown("/contexts/" + context), R"({"name":"floor","label":"Below"})");
    const auto incalls = made(
        "/contexts",
        R"({"name":"in","type":"incall","incall_ranges":[{"start":"5145550100","end":"5145550199","did_length":10}]})");
    EXPECT_EQ(shown("/contexts/" + incalls).at("incall_ranges").at(0).at("did_length"), 10);
    for (const auto* type : {"outcall", "services", "others"})
        made("/contexts", R"({"name":")" + std::string(type) + R"(","type":")" + type + "\"}");
    EXPECT_EQ(post("/contexts", R"({"name":"x","type":"secret"})").status, 400);
    does(erase("/contexts/" + context));
}

TEST_F(Documented, AVoicemailNeedsNameNumberAndContext) {  // API-115
    make_context();
    for (const auto* body : {R"({"number":"1001","context":"default"})",
                             R"({"name":"a","context":"default"})", R"({"name":"a","number":"1001"})"})
        EXPECT_EQ(post("/voicemails", body).status, 400) << body;
    const auto voicemail = made("/voicemails", R"({"name":"Alice","number":"1001","context":"default"})");
    has(shown("/voicemails/" + voicemail),
        R"({"password":null,"email":null,"pager":null,"language":null,"timezone":null,"max_messages":null,)"
        R"("attach_audio":null,"delete_messages":false,"ask_password":true,"enabled":true,"options":[],"users":[]})");
    const auto user = make_user();
    does(put("/users/" + user + "/voicemails/" + voicemail));
    does(put("/voicemails/" + voicemail, R"({"name":"Alice's","options":[["envelope","yes"]]})"));
    EXPECT_EQ(shown("/voicemails/" + voicemail).at("users").as_array().size(), 1U);
    made("/voicemails", R"({"name":"Bob","number":"1002","context":"default"})");
    EXPECT_EQ(shown("/voicemails?limit=1&offset=1").at("items").as_array().size(), 1U);
}

// API-119, API-120, API-123, API-125
TEST_F(Documented, FunctionKeysLeadToFiltersConferencesGroupsAndPagings) {
    const auto boss = make_person().user;
    const auto secretary = make_user("Bob");
    const auto filter = made("/callfilters", R"({"name":"boss","source":"all","strategy":"all"})");
    const auto uuid = [this](const std::string& user) {
        return std::string(shown("/users/" + user).at("uuid").as_string());
    };
    does(put("/callfilters/" + filter + "/surrogates/users",
             R"({"users":[{"uuid":")" + uuid(secretary) + "\"}]}"));
    const auto member =
        json::serialize(shown("/callfilters/" + filter).at("surrogates").at("users").at(0).at("member_id"));
    const auto conference = made("/conferences", R"({"name":"board"})");
    const auto group = made("/groups", R"({"name":"sales"})");
    const auto paging = made("/pagings", R"({"number":"666"})");
    int position = 0;
    for (const auto& [type, field, id] :
         {std::tuple{"bsfilter", "filter_member_id", member},
          std::tuple{"conference", "conference_id", conference}, std::tuple{"group", "group_id", group},
          std::tuple{"paging", "paging_id", paging}}) {
        const auto key = "/users/" + boss + "/funckeys/" + std::to_string(++position);
        const auto with = [&, type = type, field = field](const std::string& number) {
            return R"({"destination":{"type":")" + std::string(type) + R"(",")" + field + "\":" + number +
                   "}}";
        };
        does(put(key, with(id)));
        const auto destination = shown(key).at("destination");
        EXPECT_EQ(destination.at("type"), type);
        EXPECT_EQ(json::serialize(destination.at(field)), id);
        EXPECT_EQ(put(key, with("9999")).status, 400) << type;
        EXPECT_EQ(put(key, with("\"x\"")).status, 400) << type;
    }
}

}  // namespace
}  // namespace almon::services
