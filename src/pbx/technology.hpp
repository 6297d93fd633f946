// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "model/ids.hpp"
#include "pbx/cause.hpp"
#include "pbx/channel_media.hpp"
#include "pbx/ids.hpp"
#include "sdp/session_description.hpp"

namespace almon::pbx {

/// Who calls, as shown to the other party.
struct CallerId {
    std::string name;
    std::string number;
    bool withheld = false;

    friend bool operator==(const CallerId&, const CallerId&) = default;
};
BOOST_DESCRIBE_STRUCT(CallerId, (), (name, number, withheld))

/// Where a technology can ring an endpoint: one registered contact, one fixed host. Opaque to the call core.
struct Target {
    std::string address;      ///< The technology's own name for it, valid until the registration changes.
    std::string description;  ///< For people and traces: "sip:alice@192.0.2.7:5062 over UDP".
    OfferedMedia media = OfferedMedia::Plain;
};

/// How many switches a call may still pass: what ends a call that goes in circles (Max-Forwards of RFC 3261).
inline constexpr std::uint8_t kMostHops = 70;

/// Whose refusal it is.
enum class Refusal : std::uint8_t {
    OfDevice,  ///< The person's other devices may still take the call.
    OfPerson,  ///< Nobody else need be asked (SIP 6xx).
};

/// A call that a technology shall place.
struct OutgoingCall {
    std::string endpoint;  ///< Name of the endpoint: SIP username.
    std::string target;    ///< Target::address.
    CallerId caller;
    std::string dialled;                           ///< The number that the caller dialled.
    std::optional<sdp::SessionDescription> offer;  ///< With our media addresses; none: the other side offers.
    std::optional<CallerId> referred_by{};         ///< Who transferred the caller.
    std::uint8_t hops = kMostHops;                 ///< One less than the call had that it continues.
    std::string number{};         ///< Towards another telephone system: whom it shall reach; else empty.
    bool answers_itself = false;  ///< The phone shall speak without being taken off the hook.
};

/// A call that came in, its caller proven.
struct IncomingCall {
    std::string technology;  ///< "SIP"
    std::string endpoint;    ///< Name of the calling endpoint: SIP username.
    model::LineId line;
    std::string exten;  ///< What was dialled.
    CallerId claimed;   ///< What the phone says of itself; the line's own identity wins.
    std::optional<sdp::SessionDescription> offer;
    std::string context{};  ///< Where `exten` is looked up; empty: the line's.
    std::uint8_t hops = kMostHops;
    ChannelId replaces{};  ///< Instead of dialling, takes the place of this channel; 0: dials.
    ChannelId origin{};    ///< The channel whose call this continues (Local); 0: a call of its own.
    OfferedMedia media = OfferedMedia::Plain;  ///< How it is offered, where it made no offer.
    model::TrunkId trunk{};                    ///< By which it comes from another telephone system.
};

/// Where a party wants its peer to go.
struct TransferRequest {
    std::string exten;      ///< Blind: a number, looked up in the context of the party that asks.
    ChannelId consulted{};  ///< Attended: that party's other channel; its peer is meant. 0: blind.
};

enum class TransferStage : std::uint8_t {
    Trying,
    Ringing,
    Done,    ///< The target talks to the peer; the channel of whoever asked is hung up next.
    Failed,  ///< Without Trying before it: refused. The two talk as before.
};

/// A call of a user, as those see it who watch the user.
struct ShownCall {
    enum class Stage : std::uint8_t { Trying, Ringing, Talking };

    ChannelId channel;
    bool is_called = false;  ///< The user is called; false: calls.
    Stage stage = Stage::Trying;
    CallerId other;  ///< Whom it is about: who calls, or who was reached.
};

/// What a voicemail holds.
struct MessageCounts {
    std::size_t fresh = 0;  ///< That nobody has heard.
    std::size_t old = 0;
};

/// One kind of channel: SIP, Local, the simulator's phone. The call core asks by these verbs and never sees
/// the protocol. All calls happen on the signalling loop; results come through TechnologyListener, from
/// within or later. A verb for a channel that the technology has already given up (hung_up, refused) is
/// ignored.
class Technology {
public:
    virtual ~Technology() = default;
    [[nodiscard]] virtual std::string_view name() const noexcept = 0;

    /// Where this endpoint can be reached now; empty: not registered.
    [[nodiscard]] virtual std::vector<Target> targets(std::string_view endpoint) const = 0;
    /// Codecs that the endpoint may use, by SDP encoding name, audio and video in order of preference; empty:
    /// all.
    [[nodiscard]] virtual std::vector<std::string> allowed_codecs(std::string_view endpoint) const = 0;

    // A call that we place. The core has made the channel and chosen its id.
    virtual void invite(ChannelId channel, const OutgoingCall& call) = 0;

    // A call that came in.
    virtual void ring(ChannelId channel) = 0;
    /// Early media: what the caller shall hear before the answer comes from our media address.
    virtual void progress(ChannelId channel, const sdp::SessionDescription& answer) = 0;
    /// `description` is the answer, or our offer where the caller made none.
    virtual void answer(ChannelId channel, const sdp::SessionDescription& description) = 0;

    // Both
    /// Refuses, cancels or ends, whatever fits the channel's state. The channel is given up: no more events
    /// about it.
    virtual void hang_up(ChannelId channel, Cause cause) = 0;
    /// Offers anew within the call; offer_answered or offer_refused follows.
    virtual void offer(ChannelId channel, const sdp::SessionDescription& offer) = 0;
    virtual void answer_offer(ChannelId channel, const sdp::SessionDescription& answer) = 0;
    virtual void refuse_offer(ChannelId channel, Cause cause) = 0;
    /// The other party put us on hold, or took us back: to be shown where the technology can.
    virtual void hold(ChannelId channel, bool held) = 0;
    /// A digit by signalling (SIP INFO), for endpoints that want it so or can take it in no other way.
    /// @param takes_events the call has telephone-event: false is then an answer, and the digit goes as RFC
    /// 4733.
    [[nodiscard]] virtual bool send_digit(ChannelId channel, char digit, std::chrono::milliseconds duration,
                                          bool takes_events) = 0;
    /// Sends the party elsewhere: 302 before the answer, REFER after.
    virtual void redirect(ChannelId channel, std::string_view exten) = 0;
    /// How the transfer goes that the party asked for. `cause` counts where it failed; ChannelUnavailable: to
    /// be tried again, as the media of one of them are being negotiated.
    virtual void tell_transfer(ChannelId channel, TransferStage stage, Cause cause) = 0;
    /// Whom the party talks to has changed (P-Asserted-Identity).
    virtual void update_identity(ChannelId channel, const CallerId& connected) = 0;
    /// The calls of this user (TechnologyListener::calls_of) are others than before, for whoever watches
    /// them. Told once at the end of a step.
    virtual void calls_changed(model::UserId user) = 0;
    /// There are others in it than before (TechnologyListener::messages_of).
    virtual void mailbox_changed(model::VoicemailId /*voicemail*/) {}
    /// Somebody waits at the place now, or nobody any more (TechnologyListener::parked_at).
    virtual void parking_changed(model::ParkingLotId /*lot*/, std::string_view /*place*/) {}
};

/// What technologies tell; implemented by the call core.
class TechnologyListener {
public:
    virtual ~TechnologyListener() = default;
    /// A new call. The core may ring, answer or hang up before it returns.
    virtual void incoming(ChannelId channel, Technology& technology, IncomingCall call) = 0;
    virtual void ringing(ChannelId channel) = 0;
    virtual void progressed(ChannelId channel, const sdp::SessionDescription& early) = 0;
    /// `description`: the answer, or the offer where we made none (then answer_offer() is owed).
    virtual void answered(ChannelId channel, const sdp::SessionDescription& description) = 0;
    /// An outgoing call failed before the answer.
    virtual void refused(ChannelId channel, Cause cause, Refusal refusal) = 0;
    /// The phone wants the call elsewhere (3xx): an extension of its context.
    virtual void redirected(ChannelId channel, std::string exten) = 0;
    /// The other side ended an established call, or cancelled an incoming one.
    virtual void hung_up(ChannelId channel, Cause cause) = 0;
    /// A new offer within the call; answer_offer() or refuse_offer() is owed. None: the peer asks us to
    /// offer.
    virtual void offered(ChannelId channel, const std::optional<sdp::SessionDescription>& offer) = 0;
    virtual void offer_answered(ChannelId channel, const sdp::SessionDescription& answer) = 0;
    virtual void offer_refused(ChannelId channel, Cause cause) = 0;
    /// The party wants its peer to talk to somebody else; tell_transfer() is owed.
    virtual void transfer_requested(ChannelId channel, TransferRequest request) = 0;
    /// A digit that came by signalling. Digits in media come from the media engine.
    virtual void digit(ChannelId channel, char digit, std::chrono::milliseconds duration) = 0;
    [[nodiscard]] virtual std::vector<ShownCall> calls_of(model::UserId user) const = 0;
    [[nodiscard]] virtual MessageCounts messages_of(model::VoicemailId /*voicemail*/) const { return {}; }
    /// Who waits at a place of a parking lot; nothing: nobody does.
    [[nodiscard]] virtual std::optional<CallerId> parked_at(model::ParkingLotId /*lot*/,
                                                            std::string_view /*place*/) const {
        return std::nullopt;
    }
    /// Ids of channels come from one place, whoever makes them.
    [[nodiscard]] virtual ChannelId new_channel_id() = 0;
};

}  // namespace almon::pbx
