// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/swagger/swagger_ui.hpp"

#include <string>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "http/site.hpp"
#include "support/files.hpp"

namespace almon::services {
namespace {

std::shared_ptr<const http::Service> service(const char* name, const char* prefix, const char* path) {
    auto made = std::make_shared<http::Service>();
    made->name = name;
    made->prefix = prefix;
    made->router.add(http::Method::Get, path, [](const http::Request&) {
        return http::Response::text(200, "text/plain", "document");
    });
    return made;
}

std::string ask(const http::Site& site, const char* target) {
    http::Request request;
    request.method = http::Method::Get;
    EXPECT_TRUE(request.set_target(target));
    http::Site::Goal goal;
    const auto early = site.receive(request, goal);
    const auto response = early ? *early : site.answer(request, goal);
    return std::to_string(response.status) + " " + response.body;
}

TEST(SwaggerUi, ShowsTheServicesOfItsPortThatDescribeThemselves) {  // API-032
    const test::TemporaryFolder folder;
    ASSERT_FALSE(write_file(folder.path() / "index.html", "the page", 0600));
    const auto swagger = SwaggerUi::load(folder.path());
    ASSERT_TRUE(swagger);
    std::vector<http::Mount> mounts = {{"/api/auth", service("auth", "", "/0.1/api/api.yml")},
                                       {"/api/confd", service("confd", "/1.1", "/api/api.yml")},
                                       {"/api/session", service("session", "", "/who")}};
    swagger->mount(mounts);
    const http::Site site(std::move(mounts));
    EXPECT_EQ(ask(site, "/api/"), "200 the page");
    EXPECT_EQ(ask(site, "/api/services.json"),
              "200 {\"services\":[{\"name\":\"auth\",\"folder\":\"/api/auth\",\"version\":\"0.1\"},"
              "{\"name\":\"confd\",\"folder\":\"/api/confd\",\"version\":\"1.1\"}]}");
    EXPECT_EQ(ask(site, "/api/confd/1.1/api/api.yml"), "200 document") << "it takes nobody's place";
    EXPECT_EQ(ask(site, "/api/session/who"), "200 document");
}

TEST(SwaggerUi, NeedsItsFiles) {
    EXPECT_EQ(SwaggerUi::load("/nowhere/at/all").error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace almon::services
