// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using test::CallOffice;
using testing::ElementsAre;
using testing::HasSubstr;

/// Who calls Bob while he is busy may dial in the context annex, where Dave has 2001.
class DialTone : public testing::Test {
protected:
    void offers(std::string pin) {
        office.phones.contacts["dave"] = {"dave-desk"};
        model::Destination disa;
        disa.type = "application";
        disa.action = "disa";
        disa.context = "annex";
        disa.pin = std::move(pin);
        auto bob = office.user(2);
        bob.fallback_busy = disa;
        office.configure([&](model::SnapshotBuilder& builder) { builder.put(bob); });
        alice = office.call("alice", "1002");
        office.refuse(office.invited(0), Cause::UserBusy);
    }
    void type(std::string_view keys) {
        for (const char key : keys)
            office.press(alice, key);
    }

    CallOffice office;
    ChannelId alice;
};

TEST_F(DialTone, WhoKnowsThePinDialsAsFromInside) {  // API-097
    offers("77");
    EXPECT_THAT(office.hear_all(), ElementsAre("password"));
    type("78#");
    EXPECT_THAT(office.hear_all(), ElementsAre("password-wrong", "password"));
    type("77#");
    EXPECT_THAT(office.hear_all(), ElementsAre("dial-number"));
    type("2001#");
    ASSERT_EQ(office.phones.invited.size(), 2U);
    EXPECT_EQ(office.phones.invited[1].second.endpoint, "dave");
    office.answer(office.invited(1));
    EXPECT_EQ(office.core->bridge_count(), 1U);
    EXPECT_THAT(office.why("SIP/alice-00000001"), testing::Not(HasSubstr("77")));
}

TEST_F(DialTone, WhoDoesNotIsHungUpAfterThreeTries) {
    offers("77");
    for (int tries = 0; tries < 3; ++tries)
        type("1#");
    EXPECT_THAT(office.hear_all(), ElementsAre("password-wrong"));
    EXPECT_TRUE(office.phones.ended.contains(alice));
    EXPECT_EQ(office.phones.invited.size(), 1U);
}

TEST_F(DialTone, WithoutAPinTheNumberIsAskedForAtOnce) {
    offers("");
    EXPECT_THAT(office.hear_all(), ElementsAre("dial-number"));
    office.pass(7s);
    EXPECT_THAT(office.hear_all(), ElementsAre("goodbye"));
    EXPECT_TRUE(office.phones.ended.contains(alice));
}

TEST_F(DialTone, AnUnknownNumberIsSaidToBeOne) {
    offers("");
    type("9999#");
    EXPECT_THAT(office.hear_all(), ElementsAre("ss-noservice"));
    EXPECT_EQ(office.phones.ended.at(alice), Cause::UnallocatedNumber);
}

}  // namespace
}  // namespace almon::pbx
