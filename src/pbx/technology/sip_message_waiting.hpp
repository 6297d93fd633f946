// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "base/archive.hpp"
#include "base/step_clock.hpp"
#include "model/ids.hpp"
#include "pbx/technology.hpp"
#include "sip/notifier.hpp"

namespace almon::pbx {

/// The light of phones that says that there are messages (RFC 3842): subscriptions to a voicemail. Who may
/// watch which is the caller's business.
class SipMessageWaiting final {
public:
    SipMessageWaiting(sip::NotifierSettings settings, const StepClock& clock, sip::UserAgent& user_agent);

    static constexpr std::string_view kPackage = "message-summary";

    /// A SUBSCRIBE, outside or within its dialog: answered, and the state told.
    /// @param voicemail of one that begins; in a dialog it is known.
    /// @param account the URI to call to hear the messages.
    void subscribe(const sip::IncomingRequest& event, model::VoicemailId voicemail, std::string account,
                   const TechnologyListener& calls);
    /// Tells all who watch it.
    void tell(model::VoicemailId voicemail, const TechnologyListener& calls);

    /// RequestCompleted of the user agent. True where it was one of ours.
    bool on_completed(const sip::RequestCompleted& event);
    void advance();
    [[nodiscard]] std::optional<Instant> next_deadline() const { return notifier_.next_deadline(); }
    [[nodiscard]] std::size_t size() const noexcept { return watches_.size(); }

    void save(Archive& archive) const;
    void restore(ArchiveReader& reader);

    struct Watch {
        model::VoicemailId voicemail;
        std::string account;
    };

private:
    void forget_ended();

    const StepClock& clock_;
    sip::Notifier notifier_;
    std::map<sip::SubscriptionId, Watch> watches_;
};
BOOST_DESCRIBE_STRUCT(SipMessageWaiting::Watch, (), (voicemail, account))

/// A body of application/simple-message-summary.
[[nodiscard]] sip::Body message_summary(std::string_view account, MessageCounts counts);

}  // namespace almon::pbx
