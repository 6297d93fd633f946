// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include <boost/describe.hpp>

#include "base/archive.hpp"
#include "pbx/technology.hpp"

namespace almon::pbx {

/// Calls that leave the core and come in again at another number, "Local/<exten>@<context>": the way in which
/// a native destination is rung as if it were a phone. Each call has two halves: the one that was placed, and
/// the one that comes in and is routed; what is asked of one is told of the other.
class LocalTechnology final : public Technology {
public:
    explicit LocalTechnology(TechnologyListener& listener) noexcept : listener_(listener) {}

    [[nodiscard]] std::string_view name() const noexcept override { return "Local"; }
    /// Always there once it is well-formed: "1002@default".
    [[nodiscard]] std::vector<Target> targets(std::string_view endpoint) const override;
    [[nodiscard]] std::vector<std::string> allowed_codecs(std::string_view endpoint) const override;
    void invite(ChannelId channel, const OutgoingCall& call) override;
    void ring(ChannelId channel) override;
    void progress(ChannelId channel, const sdp::SessionDescription& answer) override;
    void answer(ChannelId channel, const sdp::SessionDescription& description) override;
    void hang_up(ChannelId channel, Cause cause) override;
    void offer(ChannelId channel, const sdp::SessionDescription& offer) override;
    void answer_offer(ChannelId channel, const sdp::SessionDescription& answer) override;
    void refuse_offer(ChannelId channel, Cause cause) override;
    void hold(ChannelId channel, bool held) override;
    [[nodiscard]] bool send_digit(ChannelId channel, char digit, std::chrono::milliseconds duration,
                                  bool takes_events) override;
    /// Before the answer, the placed half is told to go elsewhere; after it, nothing happens.
    void redirect(ChannelId channel, std::string_view exten) override;
    void tell_transfer(ChannelId channel, TransferStage stage, Cause cause) override;
    void update_identity(ChannelId channel, const CallerId& connected) override;
    void calls_changed(model::UserId user) override;

    [[nodiscard]] std::size_t channel_count() const noexcept { return halves_.size(); }
    void save(Archive& archive) const { archive.put(halves_); }
    void restore(ArchiveReader& reader) { reader.get(halves_); }

private:
    struct Half {
        ChannelId other;
        bool placed = false;  ///< The core invited it; false: it came in.
        bool answered = false;

        BOOST_DESCRIBE_CLASS(Half, (), (other, placed, answered), (), ())
    };

    [[nodiscard]] Half* half(ChannelId channel) noexcept;

    TechnologyListener& listener_;
    std::map<ChannelId, Half> halves_;
};

}  // namespace almon::pbx
