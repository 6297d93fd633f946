// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/monitoring/monitoring.hpp"

#include <future>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "http/site.hpp"

namespace almon::services {
namespace {

namespace json = boost::json;

http::Response ask(const std::shared_ptr<const http::Service>& service,
                   http::Method method = http::Method::Get) {
    const http::Site site({{"/it", service}});
    http::Request request;
    request.method = method;
    EXPECT_TRUE(request.set_target("/it"));
    http::Site::Goal goal;
    auto early = site.receive(request, goal);
    return early ? *std::move(early) : site.answer(request, goal);
}

struct HealthTest : testing::Test {
    std::vector<Ailment> found;
    int examinations = 0;
    Instant now{1h};
    std::shared_ptr<Health> health = std::make_shared<Health>(
        [this] {
            ++examinations;
            return found;
        },
        [this] { return now; });
};

TEST_F(HealthTest, AllIsWell) {
    const auto answer = ask(make_health_service(health, true));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"status":"ok","failing":[]})");
    EXPECT_EQ(answer.headers.find("Cache-Control"), "no-store");
}

TEST_F(HealthTest, WhatDoesNotWorkIsNamed_TheReasonOnlyToThoseWhoLookAfterTheMachine) {
    found = {{"database", "the disk is full"}};
    const auto told = ask(make_health_service(health, true));
    EXPECT_EQ(told.status, 503);
    EXPECT_EQ(told.body,
              R"({"status":"failing","failing":[{"part":"database","reason":"the disk is full"}]})");
    const auto others = ask(make_health_service(health, false));
    EXPECT_EQ(others.status, 503);
    EXPECT_EQ(others.body, R"({"status":"failing","failing":[{"part":"database"}]})");
}

TEST_F(HealthTest, HoweverManyAsk_ThePartsAreLookedAtOnceASecond) {
    const auto service = make_health_service(health, true);
    for (int time = 0; time < 5; ++time)
        ask(service);
    EXPECT_EQ(examinations, 1);
    found = {{"events", "do not answer"}};
    now += 1s;
    EXPECT_EQ(ask(service).status, 503);
    EXPECT_EQ(examinations, 2);
}

TEST(Health, WhoAsksWhileAnotherLooksDoesNotWait) {
    Instant now{1h};
    std::promise<void> halted;
    std::promise<void> released;
    int examinations = 0;
    Health health(
        [&]() -> std::vector<Ailment> {
            if (++examinations == 1) return {{"database", "once"}};
            halted.set_value();
            released.get_future().wait();
            return {};
        },
        [&] { return now; });
    EXPECT_EQ(health.ailments().size(), 1U);
    now += 1s;
    auto looking = std::async(std::launch::async, [&] { return health.ailments(); });
    halted.get_future().wait();
    EXPECT_EQ(health.ailments().size(), 1U) << "as it was found last";
    released.set_value();
    EXPECT_TRUE(looking.get().empty());
    EXPECT_TRUE(health.ailments().empty());
}

TEST(Metrics, AreServedAsPrometheusReadsThem) {
    const auto service =
        make_metrics_service([](Exposition& into) { into.gauge("load", "Load.").sample(1); });
    const auto answer = ask(service);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers.find("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_EQ(answer.body, "# HELP load Load.\n# TYPE load gauge\nload 1\n");
    EXPECT_EQ(ask(service, http::Method::Post).status, 405);
}

}  // namespace
}  // namespace almon::services
