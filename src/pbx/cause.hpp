// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace almon::pbx {

/// Why a call ended or was refused: ITU-T Q.850 cause values, the common language of all technologies.
enum class Cause : std::uint8_t {
    Unknown = 0,
    UnallocatedNumber = 1,
    NormalClearing = 16,
    UserBusy = 17,
    NoUserResponse = 18,
    NoAnswer = 19,
    SubscriberAbsent = 20,
    CallRejected = 21,
    ExchangeRoutingError = 25,  ///< A loop, or too many redirections.
    AnsweredElsewhere = 26,
    DestinationOutOfOrder = 27,
    InvalidNumberFormat = 28,
    NormalUnspecified = 31,
    NoCircuitAvailable = 34,
    TemporaryFailure = 41,
    SwitchingCongestion = 42,
    /// In refuse_offer and offer_refused: offers crossed (glare, SIP 491); may be tried again.
    ChannelUnavailable = 44,
    BearerCapabilityNotAvailable = 58,
    IncompatibleDestination = 88,
    RecoveryOnTimerExpiry = 102,
    Interworking = 127,
};

/// As people read it: "Normal clearing", "User busy".
[[nodiscard]] std::string_view text_of(Cause cause) noexcept;

/// The documented DIALSTATUS for a dial that ended with this cause without an answer: "BUSY", "NOANSWER",
/// "CANCEL", "CONGESTION", "CHANUNAVAIL".
[[nodiscard]] std::string_view dial_status_of(Cause cause) noexcept;

}  // namespace almon::pbx
