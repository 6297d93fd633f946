// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/archive.hpp"
#include "base/current.hpp"
#include "base/random.hpp"
#include "base/step_clock.hpp"
#include "base/time_zone.hpp"
#include "bus/event.hpp"
#include "dialplan/dialplan.hpp"
#include "media/commands.hpp"
#include "model/snapshot.hpp"
#include "pbx/call_orders.hpp"
#include "pbx/caller_number_rules.hpp"
#include "pbx/mailbox.hpp"
#include "pbx/service_change.hpp"
#include "pbx/technology.hpp"

namespace almon::pbx {

struct CallCoreSettings {
    NetAddress media_address;      ///< What session descriptions say; port unused.
    std::string dtls_fingerprint;  ///< Of the certificate that the media engine has, as in a=fingerprint.
    std::size_t maximum_calls = 10'000;
    std::chrono::milliseconds media_timeout{0};
    std::string sounds_directory;     ///< Of those that came with the program: below it <language>/<key>.wav.
    std::string uploads_directory;    ///< Below it <category>/[<language>/]<name>.
    std::string music_directory;      ///< Of music on hold: below it <category>/<file>.
    std::string voicemail_directory;  ///< Of messages: see Mailbox.
    std::string conference_directory;  ///< Of the names of those who are in conference rooms, while they are.
    std::string default_language = "en_US";
    std::string country = "US";        ///< Of the tones.
    std::size_t traced_calls = 1'000;  ///< The last calls whose 'why' record is kept.
    CallerNumberRules caller_numbers;  ///< For numbers of callers from outside.
    /// Of schedules, loaded before a snapshot is used that names them; null, or not loaded: UTC.
    std::shared_ptr<const TimeZones> time_zones;
    /// What administrators have written; null: nothing.
    std::shared_ptr<const Current<dialplan::Dialplan>> dialplan{};
};

/// The call core: channels, bridges, dials, routing, call events. Deterministic: inputs are what technologies
/// and the media engine tell, timers, snapshots and commands; outputs are verbs to technologies, media
/// commands and events. One thread, no lock, no clock. All of its state is a value that can be saved at any
/// step and restored.
class CallCore final : public TechnologyListener {
public:
    CallCore(CallCoreSettings settings, const StepClock& clock, Random& random, media::CommandSink& media,
             bus::EventSink& events, std::shared_ptr<const model::Snapshot> snapshot);
    ~CallCore() override;

    /// The applications that scripts of the dialplan can use, in lower case.
    [[nodiscard]] static std::vector<std::string_view> script_applications();

    /// Technologies are lent and outlive the core's use of them.
    void add(Technology& technology);

    /// Orders the first RTP ports, before the first call. The first advance() does it too; a restored core
    /// has them.
    void start();

    /// Messages that an earlier process has left; before the first call.
    void load_mailboxes(std::map<model::VoicemailId, Mailbox> mailboxes);

    // Inputs besides TechnologyListener
    void use(std::shared_ptr<const model::Snapshot> snapshot);
    void on_media(const media::Event& event);
    /// What users have changed by telephone since the last time; service_changed() is owed for each.
    [[nodiscard]] std::vector<ServiceChange> take_service_changes();
    /// @param made false: it was refused.
    void service_changed(const ServiceChange& change, bool made);
    void advance();
    [[nodiscard]] std::optional<Instant> next_deadline() const;
    /// Ends every call, as at shutdown; refuses new ones from then on.
    void hang_up_all(Cause cause);

    // What programs order (call_orders.hpp). A call is named by the unique id of its channel.

    /// @return the call of the phone that rings first.
    [[nodiscard]] Result<std::string> originate(const CallOrder& order);
    /// Its party has hung up, as far as others see. A phone that rings stops ringing, its user's others do
    /// not.
    [[nodiscard]] Result<void> hang_up(std::string_view call);
    /// Sends the party of a call to a user; whoever it talks to is free once the user answers, and gets it
    /// back where he does not.
    /// @return the call of the user's phone that rings.
    [[nodiscard]] Result<std::string> connect(std::string_view call, model::UserId user);
    /// What programs have hung on a call. One that was never set is empty.
    [[nodiscard]] Result<void> set_variable(std::string_view call, Variable variable);
    [[nodiscard]] Result<std::string> variable(std::string_view call, std::string_view name) const;
    /// @return the transfer as it is when the number has been dialled.
    [[nodiscard]] Result<SteeredTransfer> transfer(const TransferOrder& order);
    [[nodiscard]] Result<SteeredTransfer> find_transfer(std::string_view name) const;
    [[nodiscard]] std::vector<SteeredTransfer> transfers_of(model::UserId user) const;
    [[nodiscard]] Result<void> complete_transfer(std::string_view name);
    [[nodiscard]] Result<void> cancel_transfer(std::string_view name);
    /// Who waits, by parking lot and place; who has only reserved a place does not.
    [[nodiscard]] std::vector<ParkedParty> parked() const;

    // What programs do with messages (API-142 to API-145), which the file's name names.

    /// There are files of it on the disk, which go with the voicemail.
    void keep_mailbox(model::VoicemailId voicemail);
    /// Empty where nobody has left a message, or where there is no such voicemail.
    [[nodiscard]] Mailbox mailbox(model::VoicemailId voicemail) const;
    /// @param fresh to those that nobody has heard, or away from them; where it is already, nothing changes.
    /// NotFound: there is no such message.
    [[nodiscard]] Result<void> move_message(model::VoicemailId voicemail, std::string_view file, bool fresh);
    /// NotFound: there is no such message.
    [[nodiscard]] Result<void> erase_message(model::VoicemailId voicemail, std::string_view file);

    /// RTP ports are there for the first calls, or the engine has said that there are none: before that, a
    /// call would be refused for want of ports.
    [[nodiscard]] bool ready() const noexcept;
    [[nodiscard]] std::size_t channel_count() const noexcept;
    [[nodiscard]] std::size_t bridge_count() const noexcept;
    /// Where it has not grown, nothing here has changed.
    [[nodiscard]] std::uint64_t inputs_taken() const noexcept;
    /// Nothing leaked: no channel, bridge, dial, leg, port in use or timer. For the simulator's invariants.
    [[nodiscard]] bool idle() const noexcept;
    /// Sentences about what does not hold (a bridge with one party, a leg without channel ...); empty when
    /// all is well.
    [[nodiscard]] std::vector<std::string> broken_invariants() const;
    /// The 'why' record of a call by unique id, linked id or channel name, as text lines; NotFound when it is
    /// not among the last. An empty name: those of the last ten calls.
    [[nodiscard]] Result<std::string> why(std::string_view call) const;

    void save(Archive& archive) const;
    void restore(ArchiveReader& reader);

    // TechnologyListener
    void incoming(ChannelId channel, Technology& technology, IncomingCall call) override;
    void ringing(ChannelId channel) override;
    void progressed(ChannelId channel, const sdp::SessionDescription& early) override;
    void answered(ChannelId channel, const sdp::SessionDescription& description) override;
    void refused(ChannelId channel, Cause cause, Refusal refusal) override;
    void redirected(ChannelId channel, std::string exten) override;
    void hung_up(ChannelId channel, Cause cause) override;
    void offered(ChannelId channel, const std::optional<sdp::SessionDescription>& offer) override;
    void offer_answered(ChannelId channel, const sdp::SessionDescription& answer) override;
    void offer_refused(ChannelId channel, Cause cause) override;
    void transfer_requested(ChannelId channel, TransferRequest request) override;
    void digit(ChannelId channel, char digit, std::chrono::milliseconds duration) override;
    [[nodiscard]] std::vector<ShownCall> calls_of(model::UserId user) const override;
    [[nodiscard]] std::optional<CallerId> parked_at(model::ParkingLotId lot,
                                                    std::string_view place) const override;
    [[nodiscard]] MessageCounts messages_of(model::VoicemailId voicemail) const override;
    [[nodiscard]] ChannelId new_channel_id() override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace almon::pbx
