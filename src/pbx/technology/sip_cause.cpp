// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/sip_cause.hpp"

#include <charconv>

namespace almon::pbx {

int sip_status_of(Cause cause) noexcept {
    switch (cause) {
        case Cause::UnallocatedNumber:
            return 404;
        case Cause::UserBusy:
            return 486;
        case Cause::NoUserResponse:
            return 408;
        case Cause::NoAnswer:
        case Cause::SubscriberAbsent:
            return 480;
        case Cause::CallRejected:
            return 603;
        case Cause::DestinationOutOfOrder:
            return 502;
        case Cause::InvalidNumberFormat:
            return 484;
        case Cause::BearerCapabilityNotAvailable:
        case Cause::IncompatibleDestination:
            return 488;
        case Cause::NoCircuitAvailable:
        case Cause::TemporaryFailure:
        case Cause::SwitchingCongestion:
        case Cause::ChannelUnavailable:
            return 503;
        case Cause::Interworking:
            return 500;
        case Cause::RecoveryOnTimerExpiry:
            return 504;
        case Cause::ExchangeRoutingError:
            return 483;
        case Cause::NormalClearing:
        case Cause::AnsweredElsewhere:
            return 487;
        case Cause::NormalUnspecified:
        case Cause::Unknown:
            return 480;
    }
    return 500;
}

Cause cause_of_sip_status(int status) noexcept {
    switch (status) {
        case 400:
        case 481:
        case 500:
            return Cause::TemporaryFailure;
        case 401:
        case 402:
        case 403:
        case 407:
        case 603:
            return Cause::CallRejected;
        case 404:
        case 604:
            return Cause::UnallocatedNumber;
        case 408:
            return Cause::NoUserResponse;
        case 410:
            return Cause::UnallocatedNumber;
        case 480:
            return Cause::NoAnswer;
        case 484:
            return Cause::InvalidNumberFormat;
        case 486:
        case 600:
            return Cause::UserBusy;
        case 487:
            return Cause::NormalClearing;
        case 482:
        case 483:
            return Cause::ExchangeRoutingError;
        case 491:
            return Cause::ChannelUnavailable;
        case 488:
        case 606:
            return Cause::BearerCapabilityNotAvailable;
        case 502:
            return Cause::DestinationOutOfOrder;
        case 503:
            return Cause::SwitchingCongestion;
        case 504:
            return Cause::RecoveryOnTimerExpiry;
        default:
            return status >= 500 ? Cause::TemporaryFailure : Cause::Interworking;
    }
}

std::string reason_header_of(Cause cause) {
    if (cause == Cause::AnsweredElsewhere) return "SIP;cause=200;text=\"Call completed elsewhere\"";
    std::string value = "Q.850;cause=" + std::to_string(static_cast<int>(cause)) + ";text=\"";
    value += text_of(cause);
    value += '"';
    return value;
}

std::optional<Cause> cause_of_reason_header(std::string_view value) noexcept {
    const auto at = value.find("cause=");
    if (at == std::string_view::npos) return std::nullopt;
    int number = 0;
    const auto digits = value.substr(at + 6);
    if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec != std::errc{})
        return std::nullopt;
    if (value.starts_with("SIP"))
        return number == 200 ? Cause::AnsweredElsewhere : cause_of_sip_status(number);
    if (!value.starts_with("Q.850") || number <= 0 || number > 127) return std::nullopt;
    return static_cast<Cause>(number);
}

}  // namespace almon::pbx
