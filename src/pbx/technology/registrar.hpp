// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "base/archive.hpp"
#include "base/result.hpp"
#include "base/step_clock.hpp"
#include "base/timer_queue.hpp"
#include "bus/event.hpp"
#include "sip/flow.hpp"

namespace almon::pbx {

struct RegistrarSettings {
    std::chrono::seconds minimum_expiry{60};
    std::chrono::seconds default_expiry{3600};
    std::chrono::seconds maximum_expiry{7200};
    /// A further contact replaces the one that would expire first, so that a phone that moved is never locked
    /// out.
    std::size_t contacts_per_endpoint = 10;
    /// Between two OPTIONS to each contact; zero: contacts are not asked.
    std::chrono::seconds qualify_interval{60};
};

/// Where a phone can be reached: one binding of RFC 3261 section 10.
struct Binding {
    bus::StoredContact stored;
    sip::Flow flow;
    bool reachable = true;  ///< False once OPTIONS went unanswered, until it is answered again.
    std::chrono::microseconds round_trip{0};
    TimerId expiry;
    TimerId qualify;
};
BOOST_DESCRIBE_STRUCT(Binding, (), (stored, flow, reachable, round_trip, expiry, qualify))

/// One contact of a REGISTER. An expiry of zero removes.
struct ContactRequest {
    std::string uri;
    std::optional<std::chrono::seconds> expires;
    double q = 1.0;
    std::string instance;
    std::uint32_t reg_id = 0;
};

/// An authenticated REGISTER, as values.
struct RegisterRequest {
    std::string username;
    sip::Flow flow;
    std::string call_id;
    std::uint32_t cseq = 0;
    std::string user_agent;
    std::vector<std::string> path;
    std::vector<ContactRequest> contacts;  ///< Empty: a query.
    bool remove_all = false;               ///< Contact: *
};

/// The location service: which endpoint can be reached where (RFC 3261 section 10.3, 5626 for instances, 3327
/// for paths). Pure; runs on the signalling loop. Every change is told to the event sink, which stores it.
class Registrar final {
public:
    Registrar(RegistrarSettings settings, const StepClock& clock, bus::EventSink& events);

    /// What was stored before a restart; expired ones are dropped and told.
    void load(const std::vector<bus::StoredContact>& contacts);

    /// All or nothing. Refusals: InvalidArgument (field "Expires": shorter than the minimum; SIP 423),
    /// Conflict (an older CSeq; 500).
    [[nodiscard]] Result<void> apply(const RegisterRequest& request);

    /// In order of preference: higher q first, then the latest.
    [[nodiscard]] std::vector<const Binding*> bindings(std::string_view username) const;
    [[nodiscard]] const Binding* find(std::string_view username, std::string_view uri) const;
    /// Seconds until it expires, at least 1.
    [[nodiscard]] std::chrono::seconds remaining(const Binding& binding) const;
    [[nodiscard]] std::size_t size() const noexcept { return count_; }

    /// The connection is gone: its bindings stay, and will be called at the address of their URI.
    void flow_lost(const sip::Flow& flow);
    /// Forgets the bindings of an endpoint that was deleted.
    void remove_all(std::string_view username);

    /// A binding that shall be asked with OPTIONS now.
    struct QualifyDue {
        std::string username;
        std::string uri;
    };
    /// Expires what is due and says whom to ask.
    [[nodiscard]] std::vector<QualifyDue> advance();
    [[nodiscard]] std::optional<Instant> next_deadline() const { return timers_.next_deadline(); }
    void qualified(std::string_view username, std::string_view uri, bool answered,
                   std::chrono::microseconds round_trip);

    void save(Archive& archive) const;
    void restore(ArchiveReader& reader);

    struct Purpose {
        bool qualify = false;
        std::string username;
        std::string uri;
    };

private:
    Binding* find_mutable(std::string_view username, std::string_view uri);
    void bind(const RegisterRequest& request, const ContactRequest& contact, std::chrono::seconds expires);
    void remove(const std::string& username, std::size_t index);
    void start_timers(Binding& binding, std::chrono::seconds until_expiry);

    RegistrarSettings settings_;
    const StepClock& clock_;
    bus::EventSink& events_;

    std::map<std::string, std::vector<Binding>, std::less<>> bindings_;
    TimerQueue<Purpose> timers_;
    std::size_t count_ = 0;
};
BOOST_DESCRIBE_STRUCT(Registrar::Purpose, (), (qualify, username, uri))

}  // namespace almon::pbx
