// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "pbx/technology.hpp"

namespace almon::test {

/// A channel technology that does nothing by itself: it writes down what the call core asks for; the test
/// plays the phones by calling the core's TechnologyListener.
class FakeTechnology final : public pbx::Technology {
public:
    explicit FakeTechnology(std::string name = "SIP") : name_(std::move(name)) {}

    // What the test sets up.
    std::map<std::string, std::vector<std::string>, std::less<>> contacts;  ///< By endpoint.
    std::map<std::string, std::vector<std::string>, std::less<>> codecs;    ///< By endpoint; none: all.
    bool takes_signalled_digits = false;
    /// Called from within invite(), for phones that answer at once.
    std::function<void(pbx::ChannelId, const pbx::OutgoingCall&)> on_invite;

    // What the core asked for.
    std::vector<std::string> verbs;  ///< "ring 1", "hang_up 2 Normal clearing" ...
    std::vector<std::pair<pbx::ChannelId, pbx::OutgoingCall>> invited;
    std::map<pbx::ChannelId, sdp::SessionDescription> told;  ///< The last description for each channel.
    std::map<pbx::ChannelId, pbx::Cause> ended;
    std::map<pbx::ChannelId, bool> held;
    std::map<pbx::ChannelId, pbx::CallerId> connected;
    std::vector<model::VoicemailId> mailboxes;  ///< That have changed, as often as it was told.
    std::vector<model::UserId> changed;         ///< Users whose calls have changed, as often as it was told.
    std::vector<std::string> places;            ///< Where somebody has come or gone, likewise.

    [[nodiscard]] std::string_view name() const noexcept override { return name_; }
    [[nodiscard]] std::vector<pbx::Target> targets(std::string_view endpoint) const override;
    [[nodiscard]] std::vector<std::string> allowed_codecs(std::string_view endpoint) const override;
    void invite(pbx::ChannelId channel, const pbx::OutgoingCall& call) override;
    void ring(pbx::ChannelId channel) override;
    void progress(pbx::ChannelId channel, const sdp::SessionDescription& answer) override;
    void answer(pbx::ChannelId channel, const sdp::SessionDescription& description) override;
    void hang_up(pbx::ChannelId channel, pbx::Cause cause) override;
    void offer(pbx::ChannelId channel, const sdp::SessionDescription& offer) override;
    void answer_offer(pbx::ChannelId channel, const sdp::SessionDescription& answer) override;
    void refuse_offer(pbx::ChannelId channel, pbx::Cause cause) override;
    void hold(pbx::ChannelId channel, bool held) override;
    [[nodiscard]] bool send_digit(pbx::ChannelId channel, char digit, std::chrono::milliseconds duration,
                                  bool takes_events) override;
    void redirect(pbx::ChannelId channel, std::string_view exten) override;
    void tell_transfer(pbx::ChannelId channel, pbx::TransferStage stage, pbx::Cause cause) override;
    void update_identity(pbx::ChannelId channel, const pbx::CallerId& connected) override;
    void calls_changed(model::UserId user) override { changed.push_back(user); }
    void mailbox_changed(model::VoicemailId voicemail) override { mailboxes.push_back(voicemail); }
    void parking_changed(model::ParkingLotId, std::string_view place) override { places.emplace_back(place); }

    /// How often a verb was asked for, whatever its channel and arguments.
    [[nodiscard]] std::size_t count(std::string_view verb) const;

private:
    void note(std::string_view verb, pbx::ChannelId channel, std::string_view argument = {});

    std::string name_;
};

}  // namespace almon::test
