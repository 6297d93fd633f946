// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/static_files.hpp"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "http/server.hpp"
#include "support/files.hpp"
#include "support/http_client.hpp"

namespace almon::http {
namespace {

Request asking(const char* accept_encoding = "", const std::string& if_none_match = "") {
    Request request;
    if (*accept_encoding != '\0') request.headers.add("Accept-Encoding", accept_encoding);
    if (!if_none_match.empty()) request.headers.add("If-None-Match", if_none_match);
    return request;
}

const std::string kScript(5000, 'x');

StaticFiles page() {
    StaticFiles files({.fallback = "index.html", .immutable_below = "assets/"});
    files.add("index.html", "<!doctype html>");
    files.add("assets/page-1a2b.js", kScript);
    files.add("docs/index.html", "docs");
    return files;
}

TEST(StaticFiles, AnswersWithTypeTagAndHowLongItKeeps) {
    const StaticFiles files = page();
    const auto index = files.answer(asking(), "");
    ASSERT_TRUE(index);
    EXPECT_EQ(index->status, 200);
    EXPECT_EQ(index->body, "<!doctype html>");
    EXPECT_EQ(index->headers.get("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(index->headers.get("Cache-Control"), "no-cache");
    EXPECT_EQ(index->headers.get("X-Content-Type-Options"), "nosniff");
    EXPECT_TRUE(index->headers.get("Content-Security-Policy").starts_with("default-src 'self'"));
    const auto script = files.answer(asking(), "assets/page-1a2b.js");
    ASSERT_TRUE(script);
    EXPECT_EQ(script->headers.get("Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(script->headers.get("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_NE(script->headers.get("ETag"), index->headers.get("ETag"));
    EXPECT_EQ(files.answer(asking(), "docs/")->body, "docs");
}

TEST(StaticFiles, PacksOnceForThoseWhoTakeIt) {
    const StaticFiles files = page();
    const auto packed = files.answer(asking("br, gzip"), "assets/page-1a2b.js");
    EXPECT_EQ(packed->headers.get("Content-Encoding"), "gzip");
    EXPECT_EQ(packed->headers.get("Vary"), "Accept-Encoding");
    EXPECT_LT(packed->body.size(), kScript.size() / 10);
    const auto plain = files.answer(asking("gzip;q=0"), "assets/page-1a2b.js");
    EXPECT_FALSE(plain->headers.contains("Content-Encoding"));
    EXPECT_EQ(plain->body, kScript);
}

TEST(StaticFiles, SaysThatNothingChanged) {
    const StaticFiles files = page();
    const std::string tag(files.answer(asking(), "")->headers.get("ETag"));
    for (const std::string& known : {tag, tag.substr(2), "\"other\", " + tag, std::string("*")}) {
        const auto answer = files.answer(asking("", known), "");
        EXPECT_EQ(answer->status, 304) << known;
        EXPECT_EQ(answer->body, "");
        EXPECT_EQ(answer->headers.get("ETag"), tag);
    }
    EXPECT_EQ(files.answer(asking("", "\"other\""), "")->status, 200);
    StaticFiles changed;
    changed.add("index.html", "<!doctype html> ");
    EXPECT_EQ(changed.answer(asking("", tag), "")->status, 200);
}

TEST(StaticFiles, ShowsThePageForItsOwnPaths_NotForFilesThatAreMissing) {
    const StaticFiles files = page();
    EXPECT_EQ(files.answer(asking(), "users/12")->body, "<!doctype html>");
    EXPECT_FALSE(files.answer(asking(), "assets/page-old.js"));
    StaticFiles plain;
    plain.add("index.html", "x");
    EXPECT_FALSE(plain.answer(asking(), "users/12"));
    EXPECT_EQ(plain.answer(asking(), "users/12").error().code, ErrorCode::NotFound);
}

TEST(StaticFiles, TakesAFolderWithoutWhatIsHiddenOrLeadsOutOfIt) {
    const test::TemporaryFolder folder;
    const auto write = [&](const char* name, const char* content) {
        const auto path = folder.path() / name;
        std::filesystem::create_directories(path.parent_path());
        EXPECT_FALSE(write_file(path, content, 0600));
    };
    write("page/index.html", "index");
    write("page/fonts/a.woff2", "font");
    write("page/fonts/a.woff2.gz", "packed font");
    write("page/alone.gz", "no other's packed form");
    write("page/.git/config", "hidden");
    write("page/.env", "hidden");
    write("secret.key", "secret");
    std::filesystem::create_symlink("../secret.key", folder.path() / "page/secret.key");
    std::filesystem::create_directory_symlink("..", folder.path() / "page/up");
    StaticFiles files;
    ASSERT_TRUE(files.add_folder(folder.path() / "page"));
    EXPECT_EQ(files.size(), 3U);
    EXPECT_EQ(files.answer(asking("gzip"), "fonts/a.woff2")->body, "packed font");
    EXPECT_EQ(files.answer(asking("gzip"), "alone.gz")->body, "no other's packed form");
    EXPECT_FALSE(files.answer(asking(), "fonts/a.woff2.gz"));
    EXPECT_EQ(files.answer(asking(), "fonts/a.woff2")->headers.get("Content-Type"), "font/woff2");
    for (const char* path : {"../secret.key", "secret.key", "up/secret.key", ".env", "/etc/passwd", "fonts",
                             "fonts/../index.html", "index.html/", "index.html%00.js"})
        EXPECT_FALSE(files.answer(asking(), path)) << path;
    EXPECT_EQ(files.add_folder(folder.path() / "nowhere").error().code, ErrorCode::NotFound);
}

TEST(StaticFiles, AreServedBelowTheirPrefix) {
    auto files = std::make_shared<StaticFiles>();
    files->add("index.html", "hello");
    files->add("big.js", kScript);
    Server server;
    const auto service = std::make_shared<Service>(make_static_service("page", "/api", files));
    const auto address = server.listen(*NetAddress::parse("127.0.0.1", 0), {{"", service}});
    ASSERT_TRUE(address);
    test::HttpClient client(*address);
    EXPECT_EQ(client.ask("GET", "/api/").body, "hello");
    const auto moved = client.ask("GET", "/api");
    EXPECT_EQ(moved.status, 301);
    EXPECT_EQ(moved.headers.get("Location"), "api/");
    client.send("HEAD /api/big.js HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto head = client.receive(true);
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.body, "");
    EXPECT_EQ(head.headers.get("Content-Length"), "5000");
    EXPECT_EQ(client.ask("GET", "/api/big.js").headers.get("Vary"), "Accept-Encoding");
    EXPECT_EQ(client.ask("POST", "/api/").status, 405);
    EXPECT_EQ(client.ask("GET", "/api/nothing").status, 404);
    for (const char* out :
         {"/api/../etc/passwd", "/api/%2e%2e/%2e%2e/etc/passwd", "/api/..%2f..%2fetc/passwd"}) {
        test::HttpClient harmful(*address);
        EXPECT_EQ(harmful.ask("GET", out).status, 400) << out;
    }
}

}  // namespace
}  // namespace almon::http
