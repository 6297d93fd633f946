// SPDX-License-Identifier: GPL-3.0-or-later
// POST /calls/explain (ours): where a call would go and why.
#include <string>

#include "support/confd_service.hpp"

namespace almon::services {
namespace {

struct Explanation : test::ConfdService {
    /// Alice 1001 and Bob 1002, each with a line and a phone.
    Explanation() {
        make_context();
        alice = make_person("Alice", "1001");
        bob = make_person("Bob", "1002");
    }
    std::string make_person(const std::string& name, const std::string& number) {
        const auto user = make_user(name);
        const auto line = id_of(post("/lines", R"({"context":"default"})"));
        const auto endpoint = id_of(post("/endpoints/sip", "{}"));
        const auto extension =
            id_of(post("/extensions", R"({"context":"default","exten":")" + number + "\"}"));
        EXPECT_EQ(put("/lines/" + line + "/endpoints/sip/" + endpoint).status, 204);
        EXPECT_EQ(put("/users/" + user + "/lines/" + line).status, 204);
        EXPECT_EQ(put("/lines/" + line + "/extensions/" + extension).status, 204);
        return user;
    }
    Answer explain(const std::string& members) { return post("/calls/explain", "{" + members + "}"); }
    Answer from_alice(const std::string& to, const std::string& more = {}) {
        return explain(R"("from":{"user":)" + alice + R"(},"to":")" + to + "\"" + more);
    }
    static std::string who_rings(const Answer& answer) {
        std::string users;
        for (const auto& ring : answer.body.at("rings").as_array())
            users += boost::json::serialize(ring.at("user_id")) + ' ';
        return users;
    }
    static bool says(const Answer& answer, std::string_view text) {
        for (const auto& step : answer.body.at("steps").as_array()) {
            if (step.at("text").as_string().find(text) != std::string::npos) return true;
        }
        return false;
    }

    std::string alice, bob;
};

TEST_F(Explanation, TellsWhoRingsAndHowItEnds) {
    const auto told = from_alice("1002", R"(,"when":"2016-11-20T15:37:13+01:00")");
    ASSERT_EQ(told.status, 200) << told.text;
    EXPECT_EQ(who_rings(told), bob + ' ');
    EXPECT_EQ(told.body.at("rings").at(0).at("caller_id").at("number"), "1001");
    EXPECT_TRUE(told.body.at("rings").at(0).at("user_uuid").is_string());
    EXPECT_TRUE(told.body.at("rings").at(0).as_object().contains("line_id"));
    EXPECT_EQ(told.body.at("when"), "2016-11-20T14:37:13.000000Z");
    EXPECT_EQ(told.body.at("change"), configuration->current()->change());
    EXPECT_EQ(told.body.at("answered"), false);
    EXPECT_EQ(told.body.at("ended"), true);
    EXPECT_EQ(told.body.at("cause").at("code"), 19);
    EXPECT_TRUE(says(told, "nobody answered within the ring time"));
    const auto unknown = from_alice("1777");
    EXPECT_EQ(unknown.body.at("rings").as_array().size(), 0U);
    EXPECT_EQ(unknown.body.at("cause").at("code"), 1);
    EXPECT_TRUE(says(unknown, "1777 is unknown in context default"));
}

TEST_F(Explanation, AsksForAUserALineOrAContext) {
    const auto uuid = std::string(get("/users/" + alice).body.at("uuid").as_string());
    EXPECT_EQ(who_rings(explain(R"("from":{"user":")" + uuid + R"("},"to":"1002")")), bob + ' ');
    const auto line = id_of(get("/users/" + alice).body.at("lines").at(0).is_object()
                                ? Answer{200, get("/users/" + alice).body.at("lines").at(0), {}, {}}
                                : Answer{});
    EXPECT_EQ(who_rings(explain(R"("from":{"line":)" + line + R"(},"to":"1002")")), bob + ' ');
    const auto outside =
        explain(R"("from":{"context":"default","number":"0123456789","name":"Zoe"},"to":"1001")");
    EXPECT_EQ(who_rings(outside), alice + ' ');
    EXPECT_EQ(outside.body.at("rings").at(0).at("caller_id").at("number"), "0123456789");
}

TEST_F(Explanation, TellsItOfTheConfigurationAsItWas) {
    const auto before = configuration->current()->change();
    ASSERT_EQ(put("/users/" + bob + "/services/dnd", R"({"enabled":true})").status, 204);
    EXPECT_EQ(from_alice("1002").body.at("cause").at("code"), 17) << "busy now";
    const auto then = from_alice("1002", R"(,"change":)" + std::to_string(before));
    ASSERT_EQ(then.status, 200) << then.text;
    EXPECT_EQ(who_rings(then), bob + ' ');
    EXPECT_EQ(then.body.at("change"), before);
    const auto empty = from_alice("1002", R"(,"change":0)");
    EXPECT_EQ(empty.status, 400) << "Alice was not there yet";
    EXPECT_NE(empty.text.find("from.user"), std::string::npos);
    // What was erased since is there again.
    ASSERT_EQ(put("/users/" + bob + "/services/dnd", R"({"enabled":false})").status, 204);
    const auto last = configuration->current()->change();
    ASSERT_EQ(erase("/users/" + make_user("Carol")).status, 204);
    EXPECT_EQ(who_rings(from_alice("1002", R"(,"change":)" + std::to_string(last))), bob + ' ');
}

TEST_F(Explanation, TellsItWithABatchThatIsNotMade) {
    const auto before = configuration->current()->change();
    const auto forwarded =
        from_alice("1002", R"(,"batch":{"operations":[{"method":"PUT","path":"/users/)" + bob +
                               R"(/forwards/unconditional","body":{"enabled":true,"destination":"1001"}}]})");
    ASSERT_EQ(forwarded.status, 200) << forwarded.text;
    EXPECT_TRUE(says(forwarded, "forwards all calls to 1001"));
    EXPECT_EQ(forwarded.body.at("change"), before + 1);
    EXPECT_EQ(configuration->current()->change(), before);
    EXPECT_EQ(who_rings(from_alice("1002")), bob + ' ') << "nothing was changed";
    const auto refused = from_alice(
        "1002",
        R"(,"batch":{"operations":[{"method":"POST","path":"/extensions","body":{"exten":"1001","context":"default"}}]})");
    EXPECT_EQ(refused.status, 400) << "as the batch itself would be";
    EXPECT_EQ(configuration->current()->change(), before);
}

// ADB-154, ADB-157: what the schedule says at the time that is asked about
TEST_F(Explanation, FollowsSchedulesAtTheTimeAskedFor) {
    const auto schedule = id_of(
        post("/schedules", R"({"name":"office","open_periods":[{"hours_start":"09:00",)"
                           R"("hours_end":"18:00","week_days":[1,2,3,4,5],"month_days":[],"months":[]}],)"
                           R"("closed_destination":{"type":"user","user_id":)" +
                               alice + "}}"));
    post(
        "/contexts",
        R"({"name":"in","type":"incall","incall_ranges":[{"start":"0140000000","end":"0140000099","did_length":10}]})");
    const auto incall = id_of(post("/incalls", R"({"destination":{"type":"user","user_id":)" + bob + "}}"));
    const auto number = id_of(post("/extensions", R"({"exten":"0140000001","context":"in"})"));
    ASSERT_EQ(put("/incalls/" + incall + "/extensions/" + number).status, 204);
    ASSERT_EQ(put("/incalls/" + incall + "/schedules/" + schedule).status, 204);
    const auto at = [this](const std::string& when) {
        return explain(R"("from":{"context":"in","number":"0612345678"},"to":"0140000001","when":")" + when +
                       "\"");
    };
    EXPECT_EQ(who_rings(at("2016-11-21T10:00:00+01:00")), bob + ' ') << "a Monday";
    EXPECT_EQ(who_rings(at("2016-11-21T20:00:00+01:00")), alice + ' ') << "in the evening";
    EXPECT_EQ(who_rings(at("2016-11-20T10:00:00+01:00")), alice + ' ') << "a Sunday";
}

TEST_F(Explanation, TellsByWhichTrunkACallWouldLeave) {
    post("/contexts", R"({"name":"out","type":"outcall"})");
    const auto trunk = id_of(post("/trunks", R"({"context":"out"})"));
    const auto endpoint =
        id_of(post("/endpoints/sip", R"({"username":"carrier","type":"peer","host":"192.0.2.7"})"));
    ASSERT_EQ(put("/trunks/" + trunk + "/endpoints/sip/" + endpoint).status, 204);
    const auto outcall = id_of(post("/outcalls", R"({"name":"abroad"})"));
    const auto pattern = id_of(post("/extensions", R"({"exten":"_00.","context":"out"})"));
    ASSERT_EQ(put("/outcalls/" + outcall + "/extensions/" + pattern, R"({"strip_digits":2})").status, 204);
    ASSERT_EQ(put("/outcalls/" + outcall + "/trunks", R"({"trunks":[{"id":)" + trunk + "}]}").status, 204);
    const auto told = explain(R"("from":{"context":"out"},"to":"0033123456789")");
    ASSERT_EQ(told.body.at("rings").as_array().size(), 1U) << told.text;
    EXPECT_EQ(boost::json::serialize(told.body.at("rings").at(0).at("trunk_id")), trunk) << told.text;
    EXPECT_TRUE(says(told, "33123456789")) << told.text;
    const auto permission = id_of(post("/callpermissions", R"({"name":"abroad","extensions":["_00."]})"));
    ASSERT_EQ(put("/outcalls/" + outcall + "/callpermissions/" + permission).status, 204);
    const auto forbidden = explain(R"("from":{"context":"out"},"to":"0033123456789")");
    EXPECT_EQ(forbidden.body.at("rings").as_array().size(), 0U) << forbidden.text;
}

TEST_F(Explanation, RefusesWhatMakesNoSense) {
    const std::string call = R"("from":{"user":)" + alice + R"(},"to":"1002")";
    const auto refuses = [&](const std::string& members, std::string_view field) {
        const auto answer = explain(members);
        EXPECT_EQ(answer.status, 400) << members;
        EXPECT_NE(answer.text.find(field), std::string::npos) << members << ": " << answer.text;
    };
    refuses(R"("to":"1002")", "'from'");
    refuses(R"("from":"1001","to":"1002")", "'from'");
    refuses(R"("from":{},"to":"1002")", "'from'");
    refuses(R"("from":{"user":1,"line":1},"to":"1002")", "'from'");
    refuses(R"("from":{"user":99},"to":"1002")", "'from.user'");
    refuses(R"("from":{"user":"nobody"},"to":"1002")", "'from.user'");
    refuses(R"("from":{"user":[]},"to":"1002")", "'from.user'");
    refuses(R"("from":{"line":99},"to":"1002")", "'from.line'");
    refuses(R"("from":{"context":"nowhere"},"to":"1002")", "'from.context'");
    refuses(R"("from":{"user":1,"number":"12"},"to":"1002")", "'from'");
    refuses(R"("from":{"user":1,"colour":"red"},"to":"1002")", "'from.colour'");
    refuses(R"("from":{"user":)" + make_user("Homeless") + R"(},"to":"1002")", "has no line");
    refuses(R"("from":{"user":)" + alice + "}", "'to'");
    refuses(R"("from":{"user":)" + alice + R"(},"to":1002)", "'to'");
    refuses(R"("from":{"user":)" + alice + R"(},"to":"bob@example.org")", "'to'");
    refuses(R"("from":{"user":)" + alice + R"(},"to":")" + std::string(81, '1') + "\"", "'to'");
    refuses(call + R"(,"when":"tomorrow")", "'when'");
    refuses(call + R"(,"when":"2016-02-30T00:00:00Z")", "'when'");
    refuses(call + R"(,"change":9999)", "'change'");
    refuses(call + R"(,"change":-1)", "'change'");
    refuses(call + R"(,"change":"last")", "'change'");
    refuses(call + R"(,"batch":[])", "");
    EXPECT_EQ(
        explain(call + R"(,"batch":{"operations":[{"method":"PUT","path":"/users/99","body":{}}]})").status,
        404)
        << "as the batch would be";
    refuses(call + R"(,"batch":{"operations":[]},"change":1)", "'batch'");
    refuses(call + R"(,"why":true)", "'why'");
    EXPECT_EQ(post("/calls/explain", "{").status, 400);
}

}  // namespace
}  // namespace almon::services
