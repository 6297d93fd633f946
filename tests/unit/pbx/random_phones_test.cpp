// SPDX-License-Identifier: GPL-3.0-or-later
// Phones that do whatever they like, in any order: the core keeps its invariants after every input and,
// restored from its saved state each time, ends with nothing left over.
#include <algorithm>
#include <array>
#include <map>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using test::CallOffice;

class RandomPhones : public testing::TestWithParam<std::uint64_t> {
protected:
    RandomPhones() : random_(GetParam()) {
        office_.phones.contacts["bob"] = {"bob-desk", "bob-soft"};
        office_.phones.codecs["carol"] = {"PCMU", "VP8"};
    }

    template <class Choices>
    const auto& one_of(const Choices& choices) {
        return choices[random_.below(choices.size())];
    }

    /// Any channel that ever was: dead ones get events too.
    ChannelId channel() {
        std::vector<ChannelId> known = callers_;
        for (const auto& [invited, call] : office_.phones.invited)
            known.push_back(invited);
        if (known.size() > 12) known.erase(known.begin(), known.end() - 12);
        return known.empty() ? ChannelId{1} : one_of(known);
    }

    std::string description() {
        static constexpr std::array<std::string_view, 4> kDirections{"sendrecv", "sendonly", "recvonly",
                                                                     "inactive"};
        std::string text(random_.below(2) == 0 ? CallOffice::kPhoneOffer : CallOffice::kPhoneAnswer);
        text = test::with_direction(text, one_of(kDirections));
        if (random_.below(4) == 0) text += "m=video 4444 RTP/AVP 97\r\na=rtpmap:97 VP8/90000\r\n";
        if (random_.below(8) == 0) text.replace(text.find("m=audio "), 12, "m=audio 0   ");
        return text;
    }

    void step() {
        static constexpr std::array kCauses{Cause::UserBusy, Cause::CallRejected, Cause::NormalClearing,
                                            Cause::ChannelUnavailable};
        static constexpr std::array<std::string_view, 4> kPeople{"alice", "bob", "carol", "mallory"};
        static constexpr std::array<std::string_view, 5> kNumbers{"1001", "1002", "1003", "2001", "1999"};
        switch (random_.below(24)) {
            case 0:
            case 1:
            case 2:
                callers_.push_back(office_.call(one_of(kPeople), std::string(one_of(kNumbers)),
                                                random_.below(5) == 0 ? "" : CallOffice::kPhoneOffer));
                break;
            case 3:
                office_.ringing(channel());
                break;
            case 4:
                office_.progress(channel(), description());
                break;
            case 5:
            case 6:
                office_.answer(channel(), description());
                break;
            case 7:
                office_.refuse(channel(), one_of(kCauses));
                break;
            case 8:
                office_.redirect(channel(), std::string(one_of(kNumbers)));
                break;
            case 9:
                office_.hang_up(channel(), one_of(kCauses));
                break;
            case 10:
            case 11:
                office_.offer(channel(), random_.below(4) == 0 ? "" : description());
                break;
            case 12:
                office_.answer_offer(channel(), description());
                break;
            case 13:
                office_.refuse_offer(channel(), one_of(kCauses));
                break;
            case 14:
                office_.pass(std::chrono::milliseconds{random_.below(8'000)});
                break;
            case 15:
                office_.transfer(channel(), std::string(one_of(kNumbers)));
                break;
            case 16:
                office_.transfer(channel(), channel());
                break;
            case 17:
                callers_.push_back(office_.take(one_of(kPeople), channel()));
                break;
            case 18:
            case 19: {
                const CallOrder order{model::UserId{random_.below(5)}, {}, std::string(one_of(kNumbers))};
                static_cast<void>(office_.order([&](CallCore& core) { return core.originate(order); }));
                break;
            }
            case 20:
                static_cast<void>(office_.order([&](CallCore& core) { return core.hang_up(unique_id()); }));
                break;
            case 21: {
                TransferOrder order{unique_id(), {}, std::string(one_of(kNumbers))};
                if (random_.below(2) == 0) order.flow = SteeredTransfer::Flow::Blind;
                if (random_.below(2) == 0) order.timeout = std::chrono::seconds{1 + random_.below(10)};
                static_cast<void>(office_.order([&](CallCore& core) { return core.transfer(order); }));
                break;
            }
            case 22:
                steer_on();
                break;
            default:
                media_event();
        }
    }

    /// Of one of the last channels.
    std::string unique_id() {
        const auto rows = office_.events.call_events();
        if (rows.empty()) return {};
        const auto known = std::min<std::size_t>(rows.size(), 30);
        return rows[rows.size() - 1 - random_.below(known)].unique_id;
    }

    void steer_on() {
        std::string name;
        for (const auto& event : office_.events.events) {
            if (const auto* transfer = std::get_if<bus::TransferChanged>(&event)) name = transfer->id;
        }
        const auto choice = random_.below(3);
        static_cast<void>(office_.order([&](CallCore& core) -> Result<void> {
            if (choice == 0) return core.complete_transfer(name);
            if (choice == 1) return core.cancel_transfer(name);
            const auto connected = core.connect(unique_id(), model::UserId{1 + random_.below(4)});
            return connected ? Result<void>{} : Result<void>(refuse(connected));
        }));
    }

    void media_event() {
        const auto legs = office_.recorder.all<media::OpenLeg>();
        if (legs.empty()) return;
        const auto leg = one_of(legs).leg;
        switch (random_.below(4)) {
            case 0:
                office_.media(media::MediaTimedOut{leg});
                break;
            case 1:
                office_.media(media::DigitReceived{leg, '1', 100ms});
                break;
            case 2:
                office_.settle_media();
                break;
            default:
                for (const auto& play : office_.recorder.all<media::Play>())
                    office_.media(media::PlaybackFinished{play.leg, play.playback, random_.below(2) == 0});
        }
    }

    SeededRandom random_;
    CallOffice office_;
    std::vector<ChannelId> callers_;
};

TEST_P(RandomPhones, LeaveNothingAndEveryChainEndsOnce) {
    for (int i = 0; i < 150; ++i)
        step();
    office_.core->hang_up_all(Cause::NormalClearing);
    office_.settle_media();
    EXPECT_TRUE(office_.core->idle());
    std::map<std::string, int> chains;
    std::map<std::string, int> channels;
    for (const auto& row : office_.events.call_events()) {
        if (row.type == bus::CallEventType::ChannelStart) {
            chains.try_emplace(row.linked_id, 0);
            ++channels[row.unique_id];
        }
        if (row.type == bus::CallEventType::ChannelEnd) --channels[row.unique_id];
        if (row.type == bus::CallEventType::LinkedIdEnd) ++chains[row.linked_id];
    }
    EXPECT_TRUE(std::ranges::all_of(chains, [](const auto& chain) { return chain.second == 1; }));
    EXPECT_TRUE(std::ranges::all_of(channels, [](const auto& channel) { return channel.second == 0; }));
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomPhones, testing::Range<std::uint64_t>(1, 41));

}  // namespace
}  // namespace almon::pbx
