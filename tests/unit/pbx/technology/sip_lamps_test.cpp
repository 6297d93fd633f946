// SPDX-License-Identifier: GPL-3.0-or-later
// What a lamp is told of a colleague's calls, towards a scripted phone (RFC 4235).
#include "pbx/technology/sip_lamps.hpp"

#include <gtest/gtest.h>

#include "support/sip_network.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using test::body_of;
using test::header_of;
using test::parsed;
using test::response_to;

constexpr model::UserId kBob{2};

class SipLampsTest : public testing::Test {
protected:
    SipLampsTest() {
        server.act = [this](const sip::UserAgentEvent& event) {
            clock.now = network.now();
            if (const auto* request = std::get_if<sip::IncomingRequest>(&event)) {
                const bool begins = request->request.to()->tag().empty();
                const auto subscription =
                    begins ? lamps->subscribe(*request, {kBob}, "sip:1002@192.0.2.1", "192.0.2.1")
                           : lamps->refresh(*request);
                if (subscription) lamps->tell_whole(*subscription, dialogs);
            } else if (const auto* completed = std::get_if<sip::RequestCompleted>(&event)) {
                ASSERT_TRUE(lamps->on_completed(*completed));
                for (const auto& subject : lamps->take_missed())
                    lamps->tell_changes(subject, dialogs);
            }
        };
    }

    void subscribe(int cseq, std::string_view expires, std::string_view tag = {}) {
        std::string message = "SUBSCRIBE sip:1002@192.0.2.1 SIP/2.0\n";
        message += "Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKlamp" + std::to_string(cseq) + "\n";
        message += "Max-Forwards: 70\nFrom: <sip:carol@192.0.2.9>;tag=w\nTo: <sip:1002@192.0.2.1>";
        if (!tag.empty()) message.append(";tag=").append(tag);
        message += "\nCall-ID: lamp\nCSeq: " + std::to_string(cseq) + " SUBSCRIBE\n";
        message += "Contact: <sip:carol@192.0.2.9:5060>\nEvent: dialog\nExpires: ";
        message.append(expires).append("\n\n");
        network.send_as(phone, server, message);
        network.run_for(50ms);
        response = network.take(phone, "SIP/2.0");
    }
    void change(std::vector<WatchedDialog> to) {
        dialogs = std::move(to);
        clock.now = network.now();
        lamps->tell_changes({kBob}, dialogs);
        network.run_for(50ms);
    }
    /// Takes the next NOTIFY and answers it; its body.
    std::string take_notify(int status = 200) {
        const auto notify = network.take(phone, "NOTIFY");
        network.send_as(phone, server, response_to(notify, status, "w"));
        network.run_for(50ms);
        return body_of(notify);
    }
    static WatchedDialog dialog(std::string id, std::string_view state) {
        return {std::move(id), true, state, std::nullopt, {"Alice", "1001", false}};
    }
    static bool says(std::string_view body, std::string_view text) {
        return body.find(text) != std::string_view::npos;
    }
    /// Saves the lamps and the user agent that carries them, throws the lamps away and restores them.
    void save_and_restore() {
        Archive before;
        lamps->save(before);
        lamps = std::make_unique<SipLamps>(sip::NotifierSettings{}, clock, *server.agent);
        ArchiveReader reader(before.bytes());
        lamps->restore(reader);
        ASSERT_TRUE(reader.ok());
        EXPECT_TRUE(reader.at_end());
        Archive after;
        lamps->save(after);
        EXPECT_EQ(before.bytes(), after.bytes());
    }

    test::SipNetwork network;
    test::SipParty& server = network.add("server", "192.0.2.1");
    NetAddress phone = test::address_of("192.0.2.9");
    StepClock clock;
    std::unique_ptr<SipLamps> lamps =
        std::make_unique<SipLamps>(sip::NotifierSettings{}, clock, *server.agent);
    std::vector<WatchedDialog> dialogs;
    std::string response;
};

TEST_F(SipLampsTest, TellsAllAtFirstAndThenWhatHasChanged) {
    dialogs = {dialog("1", "confirmed")};
    subscribe(1, "600");
    const auto first = take_notify();
    EXPECT_TRUE(says(first, R"(version="0" state="full")"));
    EXPECT_TRUE(says(first, R"(<dialog id="1")"));
    change({dialog("1", "confirmed"), dialog("2", "trying")});
    const auto second = take_notify();
    EXPECT_TRUE(says(second, R"(version="1" state="partial")"));
    EXPECT_FALSE(says(second, R"(<dialog id="1")"));
    EXPECT_TRUE(says(second, R"(<dialog id="2")"));
    change({dialog("2", "trying")});
    const auto third = take_notify();
    EXPECT_TRUE(says(third, R"(<dialog id="1")"));
    EXPECT_TRUE(says(third, "<state>terminated</state>"));
    change({dialog("2", "trying")});
    EXPECT_FALSE(network.take(phone)) << "nothing has changed";
}

TEST_F(SipLampsTest, TellsWhatHappenedWhileANotifyWasUnderWayInOneWithoutSkippingAVersion) {
    subscribe(1, "600");
    change({dialog("1", "trying")});
    change({dialog("1", "early")});
    change({dialog("1", "confirmed")});
    EXPECT_TRUE(says(take_notify(), R"(version="0")"));
    const auto caught_up = take_notify();
    EXPECT_TRUE(says(caught_up, R"(version="1" state="partial")"));
    EXPECT_TRUE(says(caught_up, "<state>confirmed</state>"));
    EXPECT_FALSE(network.take(phone));
}

TEST_F(SipLampsTest, WhoRefusedANotifyForNowIsToldAllWithTheNext) {
    dialogs = {dialog("1", "trying")};
    subscribe(1, "600");
    (void)take_notify();
    change({dialog("1", "early")});
    (void)take_notify(503);
    ASSERT_EQ(lamps->size(), 1U);
    EXPECT_FALSE(lamps->seen().front().is_settled);
    change({dialog("1", "early"), dialog("2", "trying")});
    const auto again = take_notify();
    EXPECT_TRUE(says(again, R"(state="full")"));
    EXPECT_TRUE(says(again, "<state>early</state>"));
    EXPECT_TRUE(says(again, R"(<dialog id="2")"));
    EXPECT_TRUE(lamps->seen().front().is_settled);
}

TEST_F(SipLampsTest, AnUnsubscriptionIsToldTheStateOnceMoreAndForgotten) {
    dialogs = {dialog("1", "confirmed")};
    subscribe(1, "600");
    (void)take_notify();
    subscribe(2, "0", parsed(response).to()->tag());
    EXPECT_TRUE(says(take_notify(), R"(state="full")"));
    EXPECT_EQ(lamps->size(), 0U);
    EXPECT_FALSE(lamps->is_watched({kBob}));
    EXPECT_FALSE(lamps->next_deadline());
}

TEST_F(SipLampsTest, APhoneThatVanishesIsForgotten) {
    subscribe(1, "600");
    (void)take_notify();
    change({dialog("1", "trying")});
    network.run_for(40s);
    EXPECT_EQ(lamps->size(), 0U);
    EXPECT_FALSE(lamps->is_watched({kBob}));
}

TEST_F(SipLampsTest, SavedAndRestoredItKnowsWhoWatchesWhatWasToldAndWhatIsOwed) {
    dialogs = {dialog("1", "trying")};
    subscribe(1, "600");
    change({dialog("1", "early")});  // missed: the first NOTIFY is under way
    save_and_restore();
    EXPECT_TRUE(lamps->is_watched({kBob}));
    EXPECT_TRUE(says(take_notify(), "<state>trying</state>"));
    EXPECT_TRUE(says(take_notify(), R"(version="1" state="partial")"));

    save_and_restore();
    change({dialog("1", "early")});
    EXPECT_FALSE(network.take(phone)) << "it was told before";
    change({});
    (void)take_notify(503);

    save_and_restore();
    change({dialog("2", "trying")});
    EXPECT_TRUE(says(take_notify(), R"(version="3" state="full")"));

    save_and_restore();
    ASSERT_TRUE(lamps->next_deadline());
    network.run_for(*lamps->next_deadline() - network.now().instant);
    clock.now = network.now();
    lamps->advance();
    network.run_for(50ms);
    const auto last = network.take(phone, "NOTIFY");
    EXPECT_EQ(header_of(last, "Subscription-State"), "terminated;reason=timeout");
    network.send_as(phone, server, response_to(last, 200, "w"));
    network.run_for(50ms);
    EXPECT_EQ(lamps->size(), 0U);
}

}  // namespace
}  // namespace almon::pbx
