// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/monitoring/exposition.hpp"

#include <gtest/gtest.h>

namespace almon::services {
namespace {

TEST(Exposition, AFamilyHasItsHelpAndTypeOnce_ThenItsSamples) {
    Exposition exposition;
    exposition.counter("calls_total", "Calls.")
        .sample(3, {{"outcome", "busy"}})
        .sample(0, {{"outcome", "x"}});
    exposition.gauge("load", "Load.").sample(0.25);
    EXPECT_EQ(std::move(exposition).take(),
              "# HELP calls_total Calls.\n# TYPE calls_total counter\n"
              "calls_total{outcome=\"busy\"} 3\ncalls_total{outcome=\"x\"} 0\n"
              "# HELP load Load.\n# TYPE load gauge\nload 0.25\n");
}

TEST(Exposition, LargeCountsKeepAllDigits_AndFractionsTheirs) {
    Exposition exposition;
    exposition.gauge("a", "A.").sample(123'456'789'012.0).sample(1'764'421'839.123456).sample(-1.5);
    const auto text = std::move(exposition).take();
    EXPECT_NE(text.find("a 123456789012\n"), std::string::npos) << text;
    EXPECT_NE(text.find("a 1764421839.123456\n"), std::string::npos) << text;
    EXPECT_NE(text.find("a -1.5\n"), std::string::npos) << text;
}

TEST(Exposition, ValuesOfLabelsAreEscaped) {
    Exposition exposition;
    exposition.gauge("a", "A.").sample(1, {{"version", "1\"\\\n2"}, {"b", ""}});
    EXPECT_NE(std::move(exposition).take().find(R"(a{version="1\"\\\n2",b=""} 1)"), std::string::npos);
}

TEST(Exposition, AHistogramIsInSecondsAndCountsUpwards) {
    Histogram histogram{10ms, 2500ms};
    histogram.observe(5ms);
    histogram.observe(2s);
    histogram.observe(1min);
    Exposition exposition;
    exposition.histogram("took_seconds", "Time.", histogram.read());
    EXPECT_EQ(std::move(exposition).take(),
              "# HELP took_seconds Time.\n# TYPE took_seconds histogram\n"
              "took_seconds_bucket{le=\"0.01\"} 1\ntook_seconds_bucket{le=\"2.5\"} 2\n"
              "took_seconds_bucket{le=\"+Inf\"} 3\ntook_seconds_sum 62.005\ntook_seconds_count 3\n");
}

}  // namespace
}  // namespace almon::services
