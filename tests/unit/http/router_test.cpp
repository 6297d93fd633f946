// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/router.hpp"

#include <string>

#include <gtest/gtest.h>

namespace almon::http {
namespace {

class Routing : public ::testing::Test {
protected:
    void add(Method method, const std::string& path) {
        router_.add(method, path, [](const Request&) { return Response::empty(200); });
    }
    /// "template name=value ...", or "allow: GET ...", or "unknown".
    std::string find(std::string_view path, Method method = Method::Get) {
        std::vector<PathParameter> parameters;
        const auto match = router_.match(method, path, parameters);
        if (match.route == nullptr) return match.allow.empty() ? "unknown" : "allow: " + match.allow;
        std::string text = match.route->path;
        for (const PathParameter& parameter : parameters) {
            text += ' ';
            text += parameter.name;
            text += '=' + parameter.value;
        }
        return text;
    }

    Router router_;
};

TEST_F(Routing, LiteralsWinOverParameters_AndGiveWayWhereTheyLeadNowhere) {
    add(Method::Get, "/users/{user_id}");
    add(Method::Get, "/users/import");
    add(Method::Get, "/users/{id}/lines/{line_id}");
    EXPECT_EQ(find("/users/12"), "/users/{user_id} user_id=12");
    EXPECT_EQ(find("/users/import"), "/users/import");
    EXPECT_EQ(find("/users/import/lines/3"), "/users/{id}/lines/{line_id} id=import line_id=3");
    EXPECT_EQ(find("/users/12/lines"), "unknown");
    EXPECT_EQ(find("/users"), "unknown");
    EXPECT_EQ(find("/users/"), "unknown") << "a parameter is not empty";
    EXPECT_EQ(find(""), "unknown");
}

TEST_F(Routing, ATrailingSlashIsAnotherPath) {  // API-053
    add(Method::Get, "/users");
    add(Method::Get, "/");
    EXPECT_EQ(find("/users"), "/users");
    EXPECT_EQ(find("/users/"), "unknown");
    EXPECT_EQ(find("/"), "/");
    EXPECT_EQ(find(""), "unknown");
}

TEST_F(Routing, SegmentsAreDecodedOneByOne) {
    add(Method::Get, "/contacts/{id}");
    add(Method::Get, "/été");
    EXPECT_EQ(find("/contacts/a%2Fb%20c"), "/contacts/{id} id=a/b c");
    EXPECT_EQ(find("/%63ontacts/1"), "/contacts/{id} id=1");
    EXPECT_EQ(find("/%C3%A9t%c3%a9"), "/été");
    EXPECT_EQ(find("/contacts/%"), "unknown");
}

TEST_F(Routing, ALastParameterMayTakeTheRest) {
    add(Method::Get, "/files/{path...}");
    add(Method::Get, "/files/index");
    EXPECT_EQ(find("/files/a/b.css"), "/files/{path...} path=a/b.css");
    EXPECT_EQ(find("/files/index"), "/files/index");
    EXPECT_EQ(find("/files/index/more"), "/files/{path...} path=index/more");
    EXPECT_EQ(find("/files/"), "/files/{path...} path=");
    EXPECT_EQ(find("/files"), "/files/{path...} path=");
    EXPECT_EQ(find("/file"), "unknown");
}

TEST_F(Routing, KnownPathsSayWhichMethodsTheyHave) {
    add(Method::Get, "/users");
    add(Method::Post, "/users");
    add(Method::Put, "/users/{id}");
    EXPECT_EQ(find("/users", Method::Post), "/users");
    EXPECT_EQ(find("/users", Method::Head), "/users") << "served from GET";
    EXPECT_EQ(find("/users", Method::Delete), "allow: GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(find("/users", Method::Options), "allow: GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(find("/users", Method::Other), "allow: GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(find("/users/1", Method::Head), "allow: PUT, OPTIONS");
    add(Method::Head, "/users");
    std::vector<PathParameter> parameters;
    EXPECT_EQ(router_.match(Method::Head, "/users", parameters).route->method, Method::Head);
    EXPECT_EQ(router_.routes().size(), 4u);
}

TEST_F(Routing, ADeepPathCostsNoMoreThanTheRoutes) {
    add(Method::Get, "/{a}/{b}");
    std::string path;
    for (int count = 0; count < 100'000; ++count)
        path += "/a";
    EXPECT_EQ(find(path), "unknown");
}

}  // namespace
}  // namespace almon::http
