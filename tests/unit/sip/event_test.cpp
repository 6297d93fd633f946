// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/event.hpp"

#include <gtest/gtest.h>

namespace almon::sip {
namespace {

using namespace std::chrono_literals;

TEST(Event, NamesPackageAndId) {
    const auto event = Event::parse("refer;id=93809824");
    ASSERT_TRUE(event);
    EXPECT_EQ(event->package, "refer");
    EXPECT_EQ(event->id(), "93809824");
    EXPECT_TRUE(event->same_as(*Event::parse("refer ; x=y; id=93809824")));
    EXPECT_FALSE(event->same_as(*Event::parse("refer")));
    EXPECT_FALSE(Event::parse(";id=1"));
}

TEST(SubscriptionState, ReadsWhatItWrites) {
    const auto state = SubscriptionState::parse("Terminated;reason=noresource;retry-after=60;expires=x");
    ASSERT_TRUE(state);
    EXPECT_EQ(state->state, SubscriptionState::State::Terminated);
    EXPECT_EQ(state->reason, "noresource");
    EXPECT_EQ(state->retry_after, 60s);
    EXPECT_EQ(state->expires, std::nullopt);
    EXPECT_EQ(state->text(), "terminated;reason=noresource;retry-after=60");
    EXPECT_EQ(SubscriptionState::parse("active;expires=3599")->text(), "active;expires=3599");
    EXPECT_EQ(SubscriptionState::parse("held")->state, SubscriptionState::State::Other);
    EXPECT_FALSE(SubscriptionState::parse(""));
}

}  // namespace
}  // namespace almon::sip
