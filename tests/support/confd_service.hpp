// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "base/system_clock.hpp"
#include "pbx/rehearsal.hpp"
#include "services/audio_files.hpp"
#include "services/confd/confd.hpp"
#include "support/files.hpp"

namespace almon::test {

/// The service on a database of its own, asked without a socket.
struct ConfdService : testing::Test {
    ConfdService() {
        const auto location =
            *store::DatabaseLocation::parse("sqlite://" + (folder.path() / "almon.db").string());
        EXPECT_TRUE(store::prepare_database(location));
        auto opened =
            store::ConfigurationStore::open({location, folder.path() / "secret.key", "almon"}, publisher);
        EXPECT_TRUE(opened);
        configuration = *std::move(opened);
        service = services::make_confd_service(
            {*configuration, "11111111-2222-4333-8444-555555555555", [] { return system_now().utc; },
             [](std::string_view) -> Result<std::string> { return std::string("first\nsecond\n"); }, nullptr,
             [](const std::shared_ptr<const model::Snapshot>& snapshot, const pbx::RehearsedCall& call) {
                 return pbx::rehearse(snapshot, {}, call);
             },
             &audio, nullptr, nullptr,
             [this](std::vector<std::string> accounts) {
                 synchronized.insert(synchronized.end(), accounts.begin(), accounts.end());
             }});
    }

    struct Answer {
        int status = 0;
        boost::json::value body;
        std::string etag;
        std::string text;
        std::string change{};  ///< Number of the change that was made.
    };
    Answer ask(http::Method method, const std::string& target, const std::string& body = {},
               const std::string& if_match = {}, const std::string& type = "application/json",
               const std::string& accept = "application/json") {
        http::Request request;
        request.method = method;
        // As the parser answers it.
        if (!request.set_target(target)) return {400, nullptr, {}, {}, {}};
        request.headers.set("Accept", accept);
        if (!body.empty()) {
            request.headers.set("Content-Type", type);
            request.headers.set("Content-Length", std::to_string(body.size()));
        }
        if (!if_match.empty()) request.headers.set("If-Match", if_match);
        request.body = body;
        const auto match = service->router.match(method, request.raw_path(), request.path_parameters);
        if (match.route == nullptr) return {404, nullptr, {}, {}, {}};
        http::Response response;
        if (auto before = service->before(request, *match.route)) {
            response = *std::move(before);
        } else if (match.route->options.take_body && !take_body(request, *match.route)) {
            response = http::Response::empty(503);
        } else if (auto handled = match.route->handler(request)) {
            response = *std::move(handled);
        } else {
            response =
                service->dialect(handled.error().code == ErrorCode::NotFound ? 404 : 400, handled.error());
        }
        Answer answer{response.status, nullptr, std::string(response.headers.get("ETag")),
                      response.stream ? pulled(response.stream) : response.body,
                      std::string(response.headers.get("Almon-Change"))};
        boost::system::error_code malformed;
        answer.body = boost::json::parse(answer.text, malformed);
        return answer;
    }
    static bool take_body(http::Request& request, const http::Route& route) {
        auto taker = route.options.take_body(request);
        if (!taker || !(*taker)->take(std::exchange(request.body, {}))) return false;
        request.taker = *std::move(taker);
        return true;
    }
    static std::string pulled(const http::BodyStream& stream) {
        std::string body;
        for (bool more = true; more;)
            more = stream(body).value_or(false);
        return body;
    }
    Answer get(const std::string& target) { return ask(http::Method::Get, target); }
    Answer post(const std::string& target, const std::string& body) {
        return ask(http::Method::Post, target, body);
    }
    Answer put(const std::string& target, const std::string& body = {}) {
        return ask(http::Method::Put, target, body);
    }
    Answer erase(const std::string& target) { return ask(http::Method::Delete, target); }

    std::string id_of(const Answer& answer) { return boost::json::serialize(answer.body.at("id")); }
    std::string make_user(const std::string& firstname = "Alice") {
        return id_of(post("/users", R"({"firstname":")" + firstname + "\"}"));
    }
    void make_context() {
        ASSERT_EQ(
            post("/contexts", R"({"name":"default","user_ranges":[{"start":"1000","end":"1999"}]})").status,
            201);
    }

    TemporaryFolder folder;
    /// Where what begins with "RIFF" is taken for audio.
    services::AudioFiles audio{folder.path() / "audio", folder.path() / "shipped",
                               [](const std::filesystem::path& file) -> Result<void> {
                                   if (read_file(file).starts_with("RIFF")) return {};
                                   return refuse(ErrorCode::Unsupported, "", "no RIFF");
                               }};
    model::SnapshotPublisher publisher;
    std::unique_ptr<store::ConfigurationStore> configuration;
    std::vector<std::string> synchronized;  ///< SIP accounts whose phones were to fetch their settings.
    std::shared_ptr<const http::Service> service;
};

}  // namespace almon::test
