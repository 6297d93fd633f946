// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/archive.hpp"
#include "base/random.hpp"
#include "base/step_clock.hpp"
#include "bus/event.hpp"
#include "media/commands.hpp"
#include "model/snapshot.hpp"
#include "pbx/call_core.hpp"
#include "pbx/technology/sip_technology.hpp"
#include "sip/user_agent.hpp"

namespace almon::pbx {

struct ExchangeSettings {
    sip::UserAgentSettings user_agent;
    SipTechnologySettings sip;
    CallCoreSettings calls;
};

/// The whole deterministic switch: SIP user agent, SIP technology and call core as one machine. Inputs are
/// messages, lost flows, media events, snapshots, commands and the passing of time; outputs are bytes on the
/// Wire, media commands and events. The server drives it from its signalling loop, the simulator in virtual
/// time.
class Exchange final {
public:
    Exchange(ExchangeSettings settings, Random& random, sip::Wire& wire, media::CommandSink& media,
             bus::EventSink& events, std::shared_ptr<const model::Snapshot> snapshot, Now now);

    /// Registrations that were stored by an earlier process.
    void load_contacts(const std::vector<bus::StoredContact>& contacts, Now now);

    /// Messages that an earlier process has left.
    void load_mailboxes(std::map<model::VoicemailId, Mailbox> mailboxes) {
        calls_.load_mailboxes(std::move(mailboxes));
    }

    void receive(const sip::Flow& flow, sip::Message message, Now now);
    void flow_lost(const sip::Flow& flow, Now now);
    void on_media(const media::Event& event, Now now);
    void use(std::shared_ptr<const model::Snapshot> snapshot, Now now);
    /// Names of hosts that shall be looked up off the loop; name_found() is owed for each.
    [[nodiscard]] std::vector<std::string> take_name_questions() { return sip_.take_name_questions(); }
    /// @param addresses empty: there are none.
    void name_found(const std::string& host, std::vector<NetAddress> addresses, Now now);
    /// What users have changed by telephone, to be made off the loop; service_changed() is owed for each,
    /// after the snapshot that contains it.
    [[nodiscard]] std::vector<ServiceChange> take_service_changes() { return calls_.take_service_changes(); }
    void service_changed(const ServiceChange& change, bool made, Now now);
    /// Sentences for the log about what has changed between us and other telephone systems.
    [[nodiscard]] std::vector<std::string> take_news() { return sip_.registrations().take_news(); }
    /// See SipTechnology.
    void synchronize(std::string_view username, Now now);
    /// Fires every timer that is due. Call at next_deadline().
    void advance(Now now);
    [[nodiscard]] std::optional<Instant> next_deadline() const;
    /// What programs order of calls, as a step of its own.
    void order(const std::function<void(CallCore&)>& what, Now now);
    /// Ends all calls and refuses new ones, as at shutdown.
    void hang_up_all(Now now);
    /// Nothing is left that still waits for an answer of a peer: after hang_up_all(), time to leave.
    [[nodiscard]] bool quiet() const noexcept;

    [[nodiscard]] const CallCore& calls() const noexcept { return calls_; }
    [[nodiscard]] const SipTechnology& sip() const noexcept { return sip_; }
    [[nodiscard]] const sip::UserAgent& user_agent() const noexcept { return user_agent_; }

    void save(Archive& archive) const;
    void restore(ArchiveReader& reader, Now now);

private:
    StepClock clock_;
    CallCore calls_;
    SipTechnology sip_;
    sip::UserAgent user_agent_;
};

}  // namespace almon::pbx
