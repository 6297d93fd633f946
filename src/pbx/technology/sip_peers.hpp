// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/snapshot.hpp"
#include "pbx/technology/host_names.hpp"
#include "sip/flow.hpp"
#include "sip/user_agent.hpp"

namespace almon::pbx {

/// Where we listen: flows to others begin there.
struct ListeningAddress {
    sip::TransportKind transport = sip::TransportKind::Udp;
    NetAddress address{};
};

/// A way to a host, and how it is called in URIs.
struct SipWay {
    sip::Flow flow;
    std::string host_port;  ///< "sip.example.com:5080;transport=tcp"
};

/// Other telephone systems at fixed addresses: accounts of trunks whose host is not "dynamic", and the
/// providers that we register with (ADB-015 to ADB-020).
class SipPeers final {
public:
    SipPeers(std::vector<ListeningAddress> listening, const StepClock& clock)
        : listening_(std::move(listening)), clock_(clock), names_(clock) {}

    void use(const model::Snapshot& snapshot);
    [[nodiscard]] HostNames& names() noexcept { return names_; }
    [[nodiscard]] const HostNames& names() const noexcept { return names_; }

    /// How a host is reached; nothing while its name has no address, or nothing listens for it.
    [[nodiscard]] std::optional<SipWay> way_to(std::string_view host, std::uint16_t port,
                                               sip::TransportKind transport) const;
    /// How an account with a host of its own is reached: its options port and transport count.
    [[nodiscard]] std::optional<SipWay> way_to(const model::EndpointSip& endpoint) const;

    /// The trunk's account whose host a request came from and that need not prove itself: a peer, which is
    /// known by its address, or a friend with the option insecure=invite. Over UDP its port counts too,
    /// unless the option is insecure=port. Null: there is none.
    [[nodiscard]] const model::EndpointSip* sender(const model::Snapshot& snapshot,
                                                   const sip::Flow& flow) const;

    /// Accounts with the option qualify that shall be asked with OPTIONS now (ADB-021); asked() is owed for
    /// each.
    [[nodiscard]] std::vector<model::EndpointSipId> take_due();
    void asked(model::EndpointSipId endpoint, sip::ClientRequestId request);
    /// False where it was no question of ours. Any answer shows that somebody is there.
    [[nodiscard]] bool on_completed(const sip::RequestCompleted& event);
    /// False once nobody has answered, until somebody does.
    [[nodiscard]] bool is_reachable(model::EndpointSipId endpoint) const;
    /// An account with the option qualify, as it stands.
    struct Shown {
        model::EndpointSipId endpoint;
        bool reachable = true;
        /// Since when it is so; nothing: it was not asked to the end yet.
        std::optional<UtcTime> since{};
    };
    [[nodiscard]] std::vector<Shown> monitored() const;
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    void save(Archive& archive) const;
    void restore(ArchiveReader& reader);

    /// A host that is asked whether it is there.
    struct Monitored {
        std::chrono::seconds interval{0};
        Instant ask_at{};
        sip::ClientRequestId request{};  ///< That was not answered yet.
        bool reachable = true;
        std::optional<UtcTime> since{};  ///< As Shown has it.
    };

private:
    void monitor(const model::EndpointSip& endpoint);

    std::vector<ListeningAddress> listening_;
    const StepClock& clock_;
    HostNames names_;
    std::vector<model::EndpointSipId> known_by_address_;
    std::map<model::EndpointSipId, Monitored> monitored_;
};
BOOST_DESCRIBE_STRUCT(SipPeers::Monitored, (), (interval, ask_at, request, reachable, since))

/// Whether the account is reached at a host of its own rather than where it registers from.
[[nodiscard]] bool has_own_host(const model::EndpointSip& endpoint) noexcept;

}  // namespace almon::pbx
