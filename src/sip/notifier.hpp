// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/describe.hpp>

#include "base/archive.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "base/timer_queue.hpp"
#include "sip/dialog.hpp"
#include "sip/event.hpp"
#include "sip/user_agent.hpp"

namespace almon::sip {

struct SubscriptionTag;
using SubscriptionId = Id<SubscriptionTag>;

struct NotifierSettings {
    std::chrono::seconds minimum_expiry{60};
    std::chrono::seconds default_expiry{3600};
    std::chrono::seconds maximum_expiry{3600};
    /// Beyond it a new one is answered 503.
    std::size_t subscriptions = 100'000;
};

/// The notifying side of subscriptions (RFC 6665 section 4.2), whatever the event package: dialogs,
/// refreshes, expiry, one NOTIFY at a time, an end where the subscriber is gone. What a package's state looks
/// like is the user's business. Pure; on the signalling loop, beside the UserAgent that carries its messages.
class Notifier final {
public:
    Notifier(NotifierSettings settings, UserAgent& user_agent);

    /// What a SUBSCRIBE outside or within its dialog came to. It has been answered; a NOTIFY with the state
    /// is owed at once, also after a refresh (RFC 6665 4.2.1.2).
    struct Subscribed {
        SubscriptionId subscription;
        bool is_new = false;
        /// Unsubscribed, or a fetch: the NOTIFY that is owed is the last one. Use end().
        bool is_over = false;
    };
    /// @param offered the event packages that there are; anything else is answered 489 with Allow-Events.
    /// Nothing where the request was refused.
    [[nodiscard]] std::optional<Subscribed> on_subscribe(const IncomingRequest& event,
                                                         const std::vector<std::string_view>& offered,
                                                         Now now);

    /// The dialog that carries a subscription; null: there is no such.
    [[nodiscard]] const Dialog* dialog_of(SubscriptionId subscription) const;
    /// A NOTIFY waits for its answer.
    [[nodiscard]] bool is_notifying(SubscriptionId subscription) const;
    /// Tells the state. While a NOTIFY is under way the latest state waits, older ones are skipped.
    void notify(SubscriptionId subscription, const Body& state, Now now);
    /// The last NOTIFY: "deactivated", "noresource", "timeout" ... (RFC 6665 4.1.3).
    void end(SubscriptionId subscription, std::string_view reason, const Body& state, Now now);

    /// The NOTIFY that a RequestCompleted of the user agent was about.
    struct Notified {
        SubscriptionId subscription;  ///< It may have ended with this.
        bool was_taken = false;       ///< 2xx: the subscriber knows the state.
    };
    /// RequestCompleted of the user agent; nothing where it was none of ours. A subscriber that is gone (no
    /// answer, 481, 410 ...) ends its subscription. One that refuses otherwise keeps it without knowing the
    /// state: it is for the user to tell it again.
    std::optional<Notified> on_completed(const RequestCompleted& event, Now now);
    /// Ends what has expired, with a NOTIFY that says so.
    void advance(Now now);
    [[nodiscard]] std::optional<Instant> next_deadline() const { return timers_.next_deadline(); }

    /// Subscriptions that have ended since the last call, so that the user forgets what it kept for them.
    [[nodiscard]] std::vector<SubscriptionId> take_ended();
    [[nodiscard]] std::size_t size() const noexcept { return subscriptions_.size(); }

    void save(Archive& archive) const;
    void restore(ArchiveReader& reader);

    struct Subscription {
        Dialog dialog;
        std::string event;  ///< The Event value that NOTIFYs carry: package and id.
        Instant expires{};
        TimerId expiry;
        std::uint64_t in_flight = 0;  ///< Number of the NOTIFY under way; 0: none.
        std::optional<Body> waiting;  ///< The state to tell when it is answered.
        std::string ending;           ///< Reason of the last NOTIFY; empty: goes on.
    };

private:
    [[nodiscard]] std::optional<Subscribed> refresh(const IncomingRequest& event, std::string_view tag,
                                                    std::chrono::seconds expires, Now now);
    void set_expiry(SubscriptionId id, Subscription& subscription, std::chrono::seconds expires, Now now);
    void accept(RequestId request, std::chrono::seconds expires, Now now);
    void send(SubscriptionId id, Subscription& subscription, const Body& state, Now now);
    void forget(SubscriptionId id);

    NotifierSettings settings_;
    UserAgent& user_agent_;

    std::map<SubscriptionId, Subscription> subscriptions_;
    std::unordered_map<std::string, SubscriptionId> by_local_tag_;
    std::unordered_map<ClientRequestId, SubscriptionId> notifies_;
    TimerQueue<SubscriptionId> timers_;
    std::vector<SubscriptionId> ended_;
    std::uint64_t last_ = 0;
};
BOOST_DESCRIBE_STRUCT(Notifier::Subscription, (),
                      (dialog, event, expires, expiry, in_flight, waiting, ending))

}  // namespace almon::sip
