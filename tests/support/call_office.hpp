// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "bus/event.hpp"
#include "media/commands.hpp"
#include "pbx/call_core.hpp"
#include "support/fake_technology.hpp"

namespace almon::test {

/// Writes down what the core asks of the media engine, and answers as the engine would when told to.
class MediaRecorder final : public media::CommandSink {
public:
    void command(media::Command command) override { commands.push_back(std::move(command)); }

    template <class Command>
    [[nodiscard]] std::vector<Command> all() const {
        std::vector<Command> found;
        for (const auto& command : commands) {
            if (const auto* wanted = std::get_if<Command>(&command)) found.push_back(*wanted);
        }
        return found;
    }
    /// The last ConfigureLeg for the leg that has this port.
    [[nodiscard]] media::ConfigureLeg configured(std::uint16_t port) const;
    [[nodiscard]] media::LegId leg_at(std::uint16_t port) const;
    [[nodiscard]] bool joined(std::uint16_t first_port, std::uint16_t second_port) const;

    std::vector<media::Command> commands;
};

class EventRecorder final : public bus::EventSink {
public:
    void emit(bus::Event event) override { events.push_back(std::move(event)); }

    [[nodiscard]] std::vector<bus::CallEvent> call_events() const;
    /// "CHAN_START SIP/alice-00000001", one a line, in order.
    [[nodiscard]] std::vector<std::string> chain() const;

    std::vector<bus::Event> events;
};

/// An office with a call core and phones that the test plays: Alice 1001, Bob 1002, Carol 1003 in context
/// default, Dave 2001 in context annex. After every input the invariants are checked and the core is replaced
/// by one restored from its saved state, so that each test also proves the take-over.
class CallOffice {
public:
    explicit CallOffice(pbx::CallCoreSettings settings = default_settings());
    ~CallOffice();

    [[nodiscard]] static pbx::CallCoreSettings default_settings();

    /// Changes the configuration: fill a builder, the next calls see it.
    template <class Change>
    void configure(Change&& change) {
        model::SnapshotBuilder builder(*snapshot);
        change(builder);
        snapshot = builder.build(snapshot->change() + 1);
        core->use(snapshot);
    }
    [[nodiscard]] model::User user(std::uint64_t id) const { return *snapshot->user(model::UserId{id}); }
    template <class Change>
    void change_user(std::uint64_t id, Change&& change) {
        auto changed = user(id);
        change(changed);
        configure([&](model::SnapshotBuilder& builder) { builder.put(std::move(changed)); });
    }
    [[nodiscard]] model::Line line(std::uint64_t id) const { return *snapshot->line(model::LineId{id}); }

    // The phones. `offer` is text of a session description; empty: none.
    pbx::ChannelId call(std::string_view from, std::string exten);
    pbx::ChannelId call(std::string_view from, std::string exten, std::string_view offer);
    /// From outside, by a trunk and in its context.
    pbx::ChannelId call_by(std::uint64_t trunk, std::string exten, pbx::CallerId caller);
    void ringing(pbx::ChannelId channel);
    void progress(pbx::ChannelId channel, std::string_view description = kPhoneAnswer);
    void answer(pbx::ChannelId channel, std::string_view description = kPhoneAnswer);
    void refuse(pbx::ChannelId channel, pbx::Cause cause, pbx::Refusal refusal = pbx::Refusal::OfDevice);
    void redirect(pbx::ChannelId channel, std::string exten);
    void hang_up(pbx::ChannelId channel, pbx::Cause cause = pbx::Cause::NormalClearing);
    void offer(pbx::ChannelId channel, std::string_view description);
    void answer_offer(pbx::ChannelId channel, std::string_view description);
    void refuse_offer(pbx::ChannelId channel, pbx::Cause cause);
    void transfer(pbx::ChannelId channel, std::string exten);
    void transfer(pbx::ChannelId channel, pbx::ChannelId consulted);
    /// A call that takes the place of another channel.
    pbx::ChannelId take(std::string_view from, pbx::ChannelId replaced, std::string_view offer = kPhoneOffer);
    void press(pbx::ChannelId channel, char digit);
    /// What a program orders: `work` with the core.
    template <class Work>
    auto order(Work&& work) {
        auto answer = work(*core);
        after_step();
        return answer;
    }

    // The media engine and the clock.
    void media(const media::Event& event);
    /// Every closed leg is reported closed.
    void settle_media();
    void pass(std::chrono::milliseconds time);
    /// What was played last: a path, "a tone", or the empty text.
    [[nodiscard]] std::string played() const;
    /// It is over; not complete: it could not be played.
    void finish_sound(bool complete = true);
    /// Lets all sounds be heard to their end; their names, without folder and ending. Of greetings only those
    /// are there that are among `greetings`.
    std::vector<std::string> hear_all();
    std::set<std::string> greetings;
    /// Makes what users have asked for by telephone, or refuses it; how many there were.
    std::size_t make_changes(bool made = true);

    /// The channels that were invited so far, in order.
    [[nodiscard]] pbx::ChannelId invited(std::size_t index) const { return phones.invited.at(index).first; }
    /// Who was rung, in order: the endpoints of all invitations, or of those since this was asked last.
    [[nodiscard]] std::vector<std::string> rung() const { return rung_after(0); }
    std::vector<std::string> newly_rung() { return rung_after(std::exchange(seen, phones.invited.size())); }
    std::size_t seen = 0;  ///< Invitations that newly_rung() has told of.
    /// Why the channel was hung up; Unknown: it was not.
    [[nodiscard]] pbx::Cause end_of(pbx::ChannelId channel) const;
    /// Our port for the first stream, as the phone of this channel was told.
    [[nodiscard]] std::uint16_t port_of(pbx::ChannelId channel, std::size_t stream = 0) const;
    [[nodiscard]] std::string why(std::string_view call) const;
    [[nodiscard]] std::string saved() const;

    static constexpr std::string_view kPhoneOffer =
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
        "m=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
        "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=sendrecv\r\n";
    static constexpr std::string_view kPhoneAnswer =
        "v=0\r\no=- 2 1 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n"
        "m=audio 5000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
        "a=fmtp:101 0-16\r\na=sendrecv\r\n";

    StepClock clock;
    SeededRandom random{1};
    MediaRecorder recorder;
    EventRecorder events;
    FakeTechnology phones;
    std::shared_ptr<const model::Snapshot> snapshot;
    std::unique_ptr<pbx::CallCore> core;

private:
    [[nodiscard]] pbx::IncomingCall call_of(std::string_view from, std::string exten,
                                            std::string_view offer) const;
    void after_step();
    [[nodiscard]] std::vector<std::string> rung_after(std::size_t first) const;

    pbx::CallCoreSettings settings_;
    std::size_t ports_given_ = 0;
    std::size_t commands_seen_ = 0;
};

/// The description with its first direction attribute replaced: "sendonly", "inactive" ...
[[nodiscard]] std::string with_direction(std::string_view description, std::string_view direction);

}  // namespace almon::test
