// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/dial.hpp"

#include <vector>

namespace almon::pbx {
namespace {

int rank(Cause cause) noexcept {
    switch (cause) {
        case Cause::CallRejected:
            return 0;
        case Cause::NoAnswer:
            return 1;
        case Cause::UserBusy:
            return 2;
        case Cause::NoUserResponse:
            return 3;
        case Cause::BearerCapabilityNotAvailable:
        case Cause::IncompatibleDestination:
            return 4;
        case Cause::NoCircuitAvailable:
            return 5;
        case Cause::SubscriberAbsent:
            return 7;
        case Cause::Unknown:
            return 8;
        default:
            return 6;
    }
}

}  // namespace

void Dial::forget(ChannelId channel) {
    std::erase_if(ringing, [&](const DialAttempt& attempt) { return attempt.channel == channel; });
}

void Dial::failed(Cause cause) noexcept {
    failure = better_cause(failure, cause);
}

Cause better_cause(Cause first, Cause second) noexcept {
    return rank(second) < rank(first) ? second : first;
}

}  // namespace almon::pbx
