// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/page_site.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "http/site.hpp"
#include "support/files.hpp"

namespace almon::server {
namespace {

std::shared_ptr<const http::Service> service(const std::string& path) {
    auto made = std::make_shared<http::Service>();
    made->router.add(http::Method::Get, path,
                     [path](const http::Request&) { return http::Response::text(200, "text/plain", path); });
    return made;
}

struct PageSite : testing::Test {
    http::Response get(const std::string& target) {
        const auto mounts = page_site(
            {service("/0.1/token"), service("/1.1/users"), service("/1.0/cdr"), service("/1.0/calls"),
             service("/0.1/sessions"), service("/sip"), service("/"), service("")},
            page);
        EXPECT_TRUE(mounts);
        const http::Site site(*mounts);
        http::Request request;
        EXPECT_TRUE(request.set_target(target));
        http::Site::Goal goal;
        auto early = site.receive(request, goal);
        return early ? *std::move(early) : site.answer(request, goal);
    }

    test::TemporaryFolder folder;
    ServerSettings::Page page{8443, folder.path().string()};
};

TEST_F(PageSite, HasThePageAndAllThatItAsksFor) {
    std::ofstream(folder.path() / "index.html") << "<!doctype html>";
    EXPECT_EQ(get("/api/auth/0.1/token").body, "/0.1/token");
    EXPECT_EQ(get("/api/confd/1.1/users").body, "/1.1/users");
    EXPECT_EQ(get("/api/ctid-ng/1.0/calls").body, "/1.0/calls");
    EXPECT_EQ(get("/api/session/0.1/sessions").body, "/0.1/sessions");
    EXPECT_EQ(get("/ws/sip").body, "/sip");
    EXPECT_EQ(get("/api/websocketd/").body, "/");
    EXPECT_EQ(get("/health").body, "");
    EXPECT_EQ(get("/api/confd/1.1/nothing").status, 404);
    for (const auto* view : {"/", "/users/4"}) {
        const auto answer = get(view);
        EXPECT_EQ(answer.status, 200) << view;
        EXPECT_EQ(answer.body, "<!doctype html>") << view;
    }
}

TEST_F(PageSite, AllowsNoScriptThatIsNoFileOfOurs) {
    std::ofstream(folder.path() / "index.html") << "<!doctype html>";
    const auto answer = get("/");
    const auto policy = answer.headers.get("Content-Security-Policy");
    EXPECT_NE(policy.find("default-src 'none'; script-src 'self'; style-src 'self';"), std::string_view::npos)
        << policy;
    EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string_view::npos) << policy;
    EXPECT_EQ(policy.find("unsafe"), std::string_view::npos) << policy;
    EXPECT_EQ(answer.headers.get("Referrer-Policy"), "no-referrer");
}

TEST_F(PageSite, WithoutItsFolderTheRestIsServed) {
    page.directory = (folder.path() / "gone").string();
    EXPECT_EQ(get("/api/confd/1.1/users").status, 200);
    EXPECT_EQ(get("/").status, 404);
}

}  // namespace
}  // namespace almon::server
