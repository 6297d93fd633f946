// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/site.hpp"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace almon::http {
namespace {

std::shared_ptr<Service> service(const std::string& name, const std::string& prefix) {
    auto made = std::make_shared<Service>();
    made->name = name;
    made->prefix = prefix;
    made->dialect = [name](int status, const Error&) { return Response::text(status, "text/plain", name); };
    made->router.add(Method::Get, "/who",
                     [name](const Request&) { return Response::text(200, "text/plain", name); });
    return made;
}

std::string ask(const Site& site, const char* target, Method method = Method::Get) {
    Request request;
    request.method = method;
    EXPECT_TRUE(request.set_target(target).has_value());
    Site::Goal goal;
    const auto early = site.receive(request, goal);
    const Response response = early ? *early : site.answer(request, goal);
    return std::to_string(response.status) + " " + response.body;
}

TEST(Site, GivesARequestToTheServiceWithTheLongestPrefix) {
    const auto confd = service("confd", "/1.1");
    const auto auth = service("auth", "/0.1");
    const Site site(
        {{"", confd}, {"", auth}, {"/api/confd", confd}, {"/api/auth", auth}, {"", service("page", "")}});
    EXPECT_EQ(ask(site, "/1.1/who"), "200 confd");
    EXPECT_EQ(ask(site, "/0.1/who"), "200 auth");
    EXPECT_EQ(ask(site, "/api/confd/1.1/who"), "200 confd");
    EXPECT_EQ(ask(site, "/api/auth/0.1/who"), "200 auth");
    EXPECT_EQ(ask(site, "/who"), "200 page");
    EXPECT_EQ(ask(site, "/1.1/nothing"), "404 confd") << "in its dialect";
    EXPECT_EQ(ask(site, "/1.11/who"), "404 page") << "a prefix ends at a slash";
    EXPECT_EQ(ask(site, "/1.1"), "404 confd");
}

TEST(Site, SpeaksPlainly_WhereNoServiceIsMeant) {
    const Site several({{"", service("confd", "/1.1")}, {"", service("auth", "/0.1")}});
    EXPECT_EQ(ask(several, "/elsewhere"), "404 there is nothing at this path\n");
    const auto page = std::make_shared<Service>();
    page->prefix = "/api";
    const Site led({{"", service("confd", "/1.1")}, {"", page}});
    EXPECT_EQ(ask(led, "/elsewhere"), "404 confd") << "it alone has a dialect";
    const Site one({{"", service("confd", "/1.1")}});
    EXPECT_EQ(ask(one, "/elsewhere"), "404 confd");
    EXPECT_EQ(ask(one, "*", Method::Options), "204 ");
}

TEST(Site, SurvivesFiltersAndHandlersThatThrow) {
    const auto broken = service("broken", "");
    broken->router.add(Method::Get, "/handler",
                       [](const Request&) -> Result<Response> { throw std::logic_error("x"); });
    broken->before = [](Request&, const Route& route) -> std::optional<Response> {
        if (route.path == "/who") throw std::logic_error("x");
        return std::nullopt;
    };
    const Site site({{"", broken}});
    EXPECT_EQ(ask(site, "/who"), "500 broken");
    EXPECT_EQ(ask(site, "/handler"), "500 broken");
}

}  // namespace
}  // namespace almon::http
