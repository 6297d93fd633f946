// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/describe.hpp>

#include "base/result.hpp"
#include "model/ids.hpp"
#include "pbx/ids.hpp"

namespace almon::model {
struct CallFilterMember;
struct Change;
struct Forward;
class Snapshot;
struct User;
}  // namespace almon::model

namespace almon::pbx {

/// What a user, or who listens to a mailbox, has changed by telephone. The core asks for it; it is made off
/// the signalling loop, as the disk has to be waited for, and its outcome is told to the channel that asked.
struct ServiceChange {
    enum class Service : std::uint8_t {
        DoNotDisturb,
        IncallFilter,
        CallRecord,
        ForwardUnconditional,
        ForwardBusy,
        ForwardNoAnswer,
        AllForwards,   ///< Can be switched off only.
        FilterMember,  ///< Of a boss or a secretary (ADA-059).
        MailboxPassword,
    };

    std::uint64_t number = 0;  ///< Names the change; 0: it was not asked for yet.
    ChannelId channel;
    model::UserId user;
    Service service = Service::DoNotDisturb;
    bool enabled = false;
    std::string destination{};  ///< Of a forward that is switched on; the new password of a mailbox.
    model::CallFilterMemberId member{};
    model::VoicemailId voicemail{};  ///< Whose password it is: then there need not be a user.
};
BOOST_DESCRIBE_STRUCT(ServiceChange, (),
                      (number, channel, user, service, enabled, destination, member, voicemail))

/// The service that a feature code (FeatureCode::feature) switches; nothing: it does something else.
[[nodiscard]] std::optional<ServiceChange::Service> service_of(std::string_view feature) noexcept;
/// What the names of its sounds begin with: "dnd" of "dnd-on" and "dnd-off".
[[nodiscard]] std::string_view sound_of(ServiceChange::Service service) noexcept;
/// Whether the lamp of a key is lit that dials a code with something behind it: of a forward to a number
/// where calls go to that one, of one without a number where they go anywhere (ADB-205). Nothing: such keys
/// have no lamp.
[[nodiscard]] std::optional<bool> is_lit(std::string_view feature, std::string_view argument,
                                         const model::User& user, const model::Snapshot& snapshot);
/// The secretary of a filter that *37 with these digits names; null: none, or the user has nothing to do with
/// it. A boss switches each of the secretaries, a secretary only herself (ADA-059).
[[nodiscard]] const model::CallFilterMember* filter_member(std::string_view digits, const model::User& user,
                                                           const model::Snapshot& snapshot);

/// Whether the service is on; of AllForwards whether one is.
[[nodiscard]] bool is_on(ServiceChange::Service service, const model::User& user) noexcept;
/// The forward that a service is; null: it is none.
[[nodiscard]] const model::Forward* forward_of(ServiceChange::Service service,
                                               const model::User& user) noexcept;

/// The change as a store takes it: refused with Outdated where the resource was changed in between, and then
/// to be made anew; without operations where all is so already. NotFound: the user is no more.
[[nodiscard]] Result<model::Change> change_of(const ServiceChange& change, const model::Snapshot& snapshot);

}  // namespace almon::pbx
