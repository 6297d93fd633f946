// SPDX-License-Identifier: GPL-3.0-or-later
// What a user sees of the others.
#include <string>

#include "support/confd_service.hpp"

namespace almon::services {
namespace {

struct Colleagues : test::ConfdService {
    std::string user(const std::string& body) {
        const auto answer = post("/users", body);
        EXPECT_EQ(answer.status, 201) << answer.text;
        return id_of(answer);
    }
};

TEST_F(Colleagues, AreFoundByNameWithWhatIsNeededToCallThem) {
    const auto alice = user(R"({"firstname":"Alice","email":"alice@example.org"})");
    user(R"({"firstname":"Bob","lastname":"Builder","username":"bob","password":"opensesame"})");
    user(R"({"firstname":"Carol","enabled":false})");
    const auto path = "/users/" + alice + "/colleagues";
    const auto all = get(path);
    EXPECT_EQ(all.status, 200) << all.text;
    EXPECT_EQ(all.body.at("total"), 2) << "who is switched off is not there: " << all.text;
    EXPECT_EQ(all.text.find("opensesame"), std::string::npos);
    EXPECT_EQ(all.text.find("provisioning_code"), std::string::npos);
    const auto found = get(path + "?search=%62UIL&limit=5");
    ASSERT_EQ(found.body.at("total"), 1) << found.text;
    const auto& bob = found.body.at("items").at(0);
    EXPECT_EQ(bob.at("firstname"), "Bob");
    EXPECT_TRUE(bob.as_object().contains("line_id"));
    EXPECT_TRUE(bob.as_object().contains("exten"));
}

TEST_F(Colleagues, AreNoWayAroundOtherQuestions) {
    const auto alice = user(R"({"firstname":"Alice"})");
    const auto path = "/users/" + alice + "/colleagues";
    // What would show more, or others, is not listened to.
    const auto more = get(path + "?view=summary&enabled=false&search=a%26view%3Dsummary");
    EXPECT_EQ(more.body.at("total"), 0) << more.text;
    EXPECT_EQ(get(path + "?limit=none").status, 400);
    EXPECT_EQ(get("/users/999/colleagues").status, 404);
}

}  // namespace
}  // namespace almon::services
