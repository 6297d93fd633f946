// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/describe.hpp>

#include "base/archive.hpp"
#include "base/random.hpp"
#include "base/step_clock.hpp"
#include "model/registration.hpp"
#include "model/snapshot.hpp"
#include "pbx/technology/sip_peers.hpp"
#include "sip/user_agent.hpp"

namespace almon::pbx {

/// Our accounts at providers: REGISTER (RFC 3261 10.2) with digest, again in time, with longer and longer
/// pauses where it fails, and once more to take it back when the account is erased or switched off (ADB-013,
/// ADB-016, ADB-019, ADB-020). Runs on the signalling loop; part of the live state.
class OutwardRegistrations final {
public:
    OutwardRegistrations(const StepClock& clock, Random& random, SipPeers& peers, sip::UserAgent& user_agent,
                         std::string advertised_host)
        : clock_(clock),
          random_(random),
          peers_(peers),
          user_agent_(user_agent),
          advertised_host_(std::move(advertised_host)) {}

    /// What differs from before is registered anew at the next advance(); what is gone is taken back.
    void use(const model::Snapshot& snapshot);
    void advance();
    [[nodiscard]] std::optional<Instant> next_deadline() const;
    /// An address of a host was found: who waits for it need not wait longer.
    void host_found(const std::string& host);
    /// False where it was no request of ours.
    [[nodiscard]] bool on_completed(const sip::RequestCompleted& event);

    enum class State : std::uint8_t { Trying, Registered, Refused, Unreachable };
    /// One line of `almon registrations`.
    struct Shown {
        std::string account;  ///< "alice@sip.example.com:5080"
        State state = State::Trying;
        std::string reason;  ///< "403 Forbidden"
        std::chrono::seconds expires{0};
        model::RegisterSipId id{};
        /// Since when it is registered, or is not; nothing: it was not answered yet.
        std::optional<UtcTime> since{};
    };
    [[nodiscard]] std::vector<Shown> all() const;
    /// Sentences about what has changed, for the log.
    [[nodiscard]] std::vector<std::string> take_news() { return std::exchange(news_, {}); }

    void save(Archive& archive) const;
    void restore(ArchiveReader& reader);

    /// An account as it was configured when we registered it.
    struct Account {
        std::string transport;
        std::string user;
        std::string auth_user;
        std::string password;
        std::string host;
        std::uint16_t port = 0;
        std::string contact_user;
        std::chrono::seconds expires{0};

        friend bool operator==(const Account&, const Account&) = default;
    };
    struct Registration {
        Account account;
        State state = State::Trying;
        std::string reason;
        std::optional<UtcTime> since;  ///< As Shown has it.
        std::string call_id;
        std::uint32_t cseq = 0;
        std::chrono::seconds asks{0};  ///< Longer than the account's where the provider insists (423).
        std::chrono::seconds granted{0};
        unsigned failures = 0;
        sip::ClientRequestId request{};  ///< On its way.
        std::optional<Instant> due;
    };

private:
    void send(Registration& registration, std::chrono::seconds expires);
    void take_back(Registration registration);
    void succeeded(Registration& registration, const sip::Message& response);
    void failed(Registration& registration, State state, std::string reason,
                std::chrono::seconds at_least = {});
    void tell(Registration& registration, State state, std::string reason);

    const StepClock& clock_;
    Random& random_;
    SipPeers& peers_;
    sip::UserAgent& user_agent_;
    std::string advertised_host_;
    std::map<std::uint64_t, Registration> registrations_;  ///< By RegisterSip.
    /// Accounts that were erased or changed: their last REGISTER is on its way.
    std::vector<Registration> leaving_;
    std::vector<std::string> news_;
};
BOOST_DESCRIBE_STRUCT(OutwardRegistrations::Account, (),
                      (transport, user, auth_user, password, host, port, contact_user, expires))
BOOST_DESCRIBE_STRUCT(OutwardRegistrations::Registration, (),
                      (account, state, reason, since, call_id, cseq, asks, granted, failures, request, due))

/// "registered", "refused" ...
[[nodiscard]] std::string_view name_of(OutwardRegistrations::State state) noexcept;

}  // namespace almon::pbx
