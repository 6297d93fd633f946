// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/describe.hpp>

#include "base/archive.hpp"
#include "base/histogram.hpp"
#include "base/random.hpp"
#include "base/step_clock.hpp"
#include "bus/event.hpp"
#include "model/snapshot.hpp"
#include "pbx/technology.hpp"
#include "pbx/technology/outward_registrations.hpp"
#include "pbx/technology/registrar.hpp"
#include "pbx/technology/sip_authenticator.hpp"
#include "pbx/technology/sip_lamps.hpp"
#include "pbx/technology/sip_message_waiting.hpp"
#include "pbx/technology/sip_peers.hpp"
#include "pbx/technology/sip_reference.hpp"
#include "sip/user_agent.hpp"

namespace almon::pbx {

struct SipTechnologySettings {
    SipAuthenticatorSettings authenticator;
    RegistrarSettings registrar;
    sip::NotifierSettings lamps;
    sip::SessionTimers session_timers;
    /// How we are called in our own URIs where the listening address is unspecified ("0.0.0.0").
    std::string advertised_host = "127.0.0.1";
    std::vector<ListeningAddress> listening{};  ///< From where other telephone systems are called.
};

/// SIP phones as channels: INVITE sessions of the user agent on one side, the verbs of the call core on the
/// other. Authenticates, registers, and turns SDP bodies, statuses, Reason, P-Asserted-Identity and INFO
/// digits into what the core understands.
class SipTechnology final : public Technology, public sip::UserAgentListener {
public:
    SipTechnology(SipTechnologySettings settings, const StepClock& clock, Random& random,
                  bus::EventSink& events, TechnologyListener& calls, sip::UserAgent& user_agent,
                  std::shared_ptr<const model::Snapshot> snapshot);

    void load_contacts(const std::vector<bus::StoredContact>& contacts);
    void use(std::shared_ptr<const model::Snapshot> snapshot);
    void flow_lost(const sip::Flow& flow);
    void advance();
    [[nodiscard]] std::optional<Instant> next_deadline() const;
    /// Names of hosts that shall be looked up, by whoever may wait; name_found() is owed for each.
    [[nodiscard]] std::vector<std::string> take_name_questions() { return peers_.names().take_questions(); }
    /// @param addresses empty: there are none.
    void name_found(const std::string& host, std::vector<NetAddress> addresses);
    [[nodiscard]] OutwardRegistrations& registrations() noexcept { return registrations_; }
    [[nodiscard]] const OutwardRegistrations& registrations() const noexcept { return registrations_; }
    [[nodiscard]] const SipPeers& peers() const noexcept { return peers_; }
    [[nodiscard]] const Registrar& registrar() const noexcept { return registrar_; }
    [[nodiscard]] const SipLamps& lamps() const noexcept { return lamps_; }
    /// From an INVITE to what its caller is told first: that it rings, early media or the answer (the session
    /// request delay of RFC 6076 4.3.1, of calls that got so far). Any thread; not part of the live state.
    [[nodiscard]] const Histogram& set_up_delays() const noexcept { return set_up_delays_; }
    /// Has every phone that is registered as this account fetch its settings anew: a NOTIFY out of any dialog
    /// with the event check-sync, as makers of phones have it by custom. Gives how many were told.
    std::size_t synchronize(std::string_view username);
    /// See SipAuthenticator.
    [[nodiscard]] bool shut_out(const NetAddress& address) const { return authenticator_.shut_out(address); }

    // Technology
    [[nodiscard]] std::string_view name() const noexcept override { return "SIP"; }
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
    void redirect(ChannelId channel, std::string_view exten) override;
    void tell_transfer(ChannelId channel, TransferStage stage, Cause cause) override;
    void update_identity(ChannelId channel, const CallerId& connected) override;
    void calls_changed(model::UserId user) override;
    void mailbox_changed(model::VoicemailId voicemail) override;
    void parking_changed(model::ParkingLotId lot, std::string_view place) override;

    // sip::UserAgentListener
    void on_user_agent(const sip::UserAgentEvent& event) override;

    void save(Archive& archive) const;
    void restore(ArchiveReader& reader);

    /// What we know of one channel beyond the user agent's session.
    struct Call {
        ChannelId channel;
        sip::SessionId session;
        std::string endpoint;
        bool outgoing = false;
        bool answered = false;
        std::optional<Instant> begun;  ///< Of an INVITE whose caller has been told nothing.
        /// The peer's answer to our INVITE's offer, which came before its 2xx or with it.
        std::optional<sdp::SessionDescription> answer;
        std::optional<Reference> reference;  ///< The REFER that it sent.
    };
    /// A contact that was asked with OPTIONS.
    struct Qualification {
        std::string username;
        std::string uri;
        Instant asked;
    };

private:
    void on(const sip::IncomingInvite& event);
    void on(const sip::IncomingRequest& event);
    void on(const sip::SessionRequest& event);
    void on(const sip::SessionProgress& event);
    void on(const sip::SessionAnswered& event);
    void on(const sip::SessionFailed& event);
    void on(const sip::SessionOffered& event);
    void on(const sip::SessionAnswer& event);
    void on(const sip::OfferRefused& event);
    void on(const sip::SessionConfirmed& event);
    void on(const sip::SessionEnded& event);
    void on(const sip::RequestCompleted& event);

    /// Whose request it is: whoever proves it, or a telephone system that is known by its address.
    [[nodiscard]] tl::expected<const model::EndpointSip*, SipAuthenticator::Refusal> identify(
        const sip::Message& request, const sip::Flow& flow);
    /// Who calls, as the request says.
    [[nodiscard]] static CallerId claimed_by(const sip::Message& invite, const model::EndpointSip& endpoint);
    /// Where a target is; nothing where it is no more.
    [[nodiscard]] std::optional<sip::InviteSettings> way_to(const OutgoingCall& call) const;
    /// What another telephone system wants to see beside the number.
    void address_trunk(sip::InviteSettings& invite, const OutgoingCall& call, const std::string& host) const;
    /// The channel that an INVITE with Replaces means; else how to answer it.
    [[nodiscard]] tl::expected<ChannelId, int> replaced_channel(const sip::Message& invite,
                                                                std::string_view replaces);
    void handle_refer(Call& call, const sip::SessionRequest& event);
    void handle_register(const sip::IncomingRequest& event);
    void handle_subscribe(const sip::IncomingRequest& event);
    /// What a lamp shows for a number dialled from this line; nothing: there is nothing to see.
    [[nodiscard]] std::optional<LampSubject> lamp_subject(const model::Line& line, const std::string& exten);
    [[nodiscard]] std::vector<WatchedDialog> dialogs_of(const LampSubject& subject);
    [[nodiscard]] std::vector<WatchedDialog> dialogs_of(model::UserId user);
    [[nodiscard]] std::vector<WatchedDialog> service_as_dialog(const LampSubject& subject) const;
    [[nodiscard]] std::vector<WatchedDialog> parked_as_dialog(const LampSubject& subject) const;
    /// @param before the configuration until now.
    void watch_mailbox(const sip::IncomingRequest& event, const model::Line* line);
    void show_services(const model::Snapshot& before);
    void handle_options(const sip::IncomingRequest& event);
    void refuse_register(sip::RequestId request, const Error& error);
    [[nodiscard]] std::string host_of(const sip::Flow& flow) const;
    /// A request of our own to a phone, to be filled in further.
    [[nodiscard]] sip::RequestSettings request_to(const Binding& binding, std::string method) const;
    void qualify(const Registrar::QualifyDue& due);
    void qualify(model::EndpointSipId peer);

    [[nodiscard]] Call* call_of(ChannelId channel);
    [[nodiscard]] Call* call_of(sip::SessionId session);
    void add_call(Call call);
    void forget(const Call& call);
    /// The caller is about to be told something.
    void note_told(Call& call);

    SipTechnologySettings settings_;
    const StepClock& clock_;
    TechnologyListener& calls_;
    sip::UserAgent& user_agent_;

    std::shared_ptr<const model::Snapshot> snapshot_;
    SipAuthenticator authenticator_;
    Registrar registrar_;
    SipLamps lamps_;
    SipMessageWaiting waiting_messages_;
    SipPeers peers_;
    OutwardRegistrations registrations_;
    std::unordered_map<ChannelId, Call> channels_;
    std::unordered_map<sip::SessionId, ChannelId> sessions_;
    std::unordered_map<sip::ClientRequestId, Qualification> qualifications_;
    Histogram set_up_delays_{10ms, 25ms, 50ms, 100ms, 250ms, 500ms, 1s, 2500ms, 5s, 10s};
};
BOOST_DESCRIBE_STRUCT(SipTechnology::Call, (),
                      (channel, session, endpoint, outgoing, answered, begun, answer, reference))
BOOST_DESCRIBE_STRUCT(SipTechnology::Qualification, (), (username, uri, asked))

}  // namespace almon::pbx
