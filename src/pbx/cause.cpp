// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/cause.hpp"

namespace almon::pbx {

std::string_view text_of(Cause cause) noexcept {
    switch (cause) {
        case Cause::Unknown:
            return "Unknown";
        case Cause::UnallocatedNumber:
            return "Unallocated number";
        case Cause::NormalClearing:
            return "Normal clearing";
        case Cause::UserBusy:
            return "User busy";
        case Cause::NoUserResponse:
            return "No user response";
        case Cause::NoAnswer:
            return "No answer";
        case Cause::SubscriberAbsent:
            return "Subscriber absent";
        case Cause::CallRejected:
            return "Call rejected";
        case Cause::ExchangeRoutingError:
            return "Exchange routing error";
        case Cause::AnsweredElsewhere:
            return "Answered elsewhere";
        case Cause::DestinationOutOfOrder:
            return "Destination out of order";
        case Cause::InvalidNumberFormat:
            return "Invalid number format";
        case Cause::NormalUnspecified:
            return "Normal, unspecified";
        case Cause::NoCircuitAvailable:
            return "No circuit available";
        case Cause::TemporaryFailure:
            return "Temporary failure";
        case Cause::SwitchingCongestion:
            return "Switching congestion";
        case Cause::ChannelUnavailable:
            return "Channel unavailable";
        case Cause::BearerCapabilityNotAvailable:
            return "Bearer capability not available";
        case Cause::IncompatibleDestination:
            return "Incompatible destination";
        case Cause::RecoveryOnTimerExpiry:
            return "Recovery on timer expiry";
        case Cause::Interworking:
            return "Interworking, unspecified";
    }
    return "Unknown";
}

std::string_view dial_status_of(Cause cause) noexcept {
    switch (cause) {
        case Cause::UserBusy:
        case Cause::CallRejected:
            return "BUSY";
        case Cause::NoAnswer:
        case Cause::NoUserResponse:
            return "NOANSWER";
        case Cause::NormalClearing:
        case Cause::AnsweredElsewhere:
            return "CANCEL";
        case Cause::UnallocatedNumber:
        case Cause::SubscriberAbsent:
        case Cause::DestinationOutOfOrder:
        case Cause::InvalidNumberFormat:
            return "CHANUNAVAIL";
        default:
            return "CONGESTION";
    }
}

}  // namespace almon::pbx
