// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "base/archive.hpp"
#include "base/step_clock.hpp"
#include "model/ids.hpp"
#include "pbx/technology/dialog_info.hpp"
#include "sip/notifier.hpp"

namespace almon::pbx {

/// What a lamp shows: the calls of a user, whether a service of his is on, or whether somebody waits at a
/// parking place.
struct LampSubject {
    model::UserId user;
    std::string
        code{};  ///< That switches the service, as it is dialled; the parking place; empty: the calls.
    model::ParkingLotId lot{};  ///< Of the place; 0: it is none.

    friend auto operator<=>(const LampSubject&, const LampSubject&) = default;
};
BOOST_DESCRIBE_STRUCT(LampSubject, (), (user, code, lot))

/// The lamps of phones: subscriptions to the dialogs of a colleague (RFC 4235), or to a service as if it were
/// a dialog. Whole state at first and
/// after each refresh, then what has changed. Who may watch whom, and what the dialogs are, is the caller's
/// business.
class SipLamps final {
public:
    SipLamps(sip::NotifierSettings settings, const StepClock& clock, sip::UserAgent& user_agent);

    static constexpr std::string_view kPackage = "dialog";

    /// A SUBSCRIBE that begins. It is answered; tell_whole() is owed where a subscription came of it.
    /// @param entity "sip:1002@pbx.example.com", @param host how we are called in URIs for this subscriber.
    [[nodiscard]] std::optional<sip::SubscriptionId> subscribe(const sip::IncomingRequest& event,
                                                               LampSubject subject, std::string entity,
                                                               std::string host);
    /// A SUBSCRIBE within its dialog, likewise.
    [[nodiscard]] std::optional<sip::SubscriptionId> refresh(const sip::IncomingRequest& event);
    /// A SUBSCRIBE that cannot be a subscription to dialogs: answered.
    void refuse(const sip::IncomingRequest& event);

    [[nodiscard]] LampSubject subject_of(sip::SubscriptionId subscription) const;
    [[nodiscard]] bool is_watched(const LampSubject& subject) const { return watchers_.contains(subject); }
    /// Those of services.
    [[nodiscard]] std::vector<LampSubject> watched_services() const;

    void tell_whole(sip::SubscriptionId subscription, const std::vector<WatchedDialog>& dialogs);
    /// Tells all who watch it what has changed, once each of them has answered what it was told
    /// before.
    void tell_changes(const LampSubject& subject, const std::vector<WatchedDialog>& dialogs);

    /// RequestCompleted of the user agent. True where it was one of ours.
    bool on_completed(const sip::RequestCompleted& event);
    /// Those whose watchers can be told now what they have missed: tell_changes() is owed for each.
    [[nodiscard]] std::vector<LampSubject> take_missed();
    void advance();
    [[nodiscard]] std::optional<Instant> next_deadline() const { return notifier_.next_deadline(); }
    [[nodiscard]] std::size_t size() const noexcept { return watches_.size(); }

    void save(Archive& archive) const;
    void restore(ArchiveReader& reader);

    /// What a subscriber was told of a dialog.
    struct Told {
        std::string state;
        CallerId other;
        bool is_called = false;
    };
    struct Watch {
        LampSubject subject;
        std::string entity;
        std::string host;
        std::uint32_t version = 0;  ///< Of the next body.
        bool is_over = false;       ///< The body that is owed is the last.
        bool missed = false;        ///< Something has changed while a NOTIFY was under way.
        bool refused = false;       ///< It did not take the last body: the next tells all there is.
        std::map<std::string, Told> told;
    };
    /// What one subscription has come to, for those who check.
    struct Seen {
        std::string_view call_id;
        const Watch& watch;
        bool is_settled = false;  ///< The subscriber has taken all that it was told.
    };
    [[nodiscard]] std::vector<Seen> seen() const;

private:
    void notify(sip::SubscriptionId id, Watch& watch, bool whole, const std::vector<WatchedDialog>& dialogs);
    void forget_ended();

    const StepClock& clock_;
    sip::UserAgent& user_agent_;
    sip::Notifier notifier_;

    std::map<sip::SubscriptionId, Watch> watches_;
    std::map<LampSubject, std::set<sip::SubscriptionId>> watchers_;  ///< Derived from watches_.
};
BOOST_DESCRIBE_STRUCT(SipLamps::Told, (), (state, other, is_called))
BOOST_DESCRIBE_STRUCT(SipLamps::Watch, (), (subject, entity, host, version, is_over, missed, refused, told))

}  // namespace almon::pbx
