// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "pbx/technology.hpp"

namespace almon::pbx::input {

// What technologies tell, as values: what they tell from within a verb waits until the step that called the
// verb is done, so that no rule of the core sees another one half done.

struct Incoming {
    ChannelId channel;
    Technology* technology;
    IncomingCall call;
};
struct Ringing {
    ChannelId channel;
};
struct Progressed {
    ChannelId channel;
    sdp::SessionDescription early;
};
struct Answered {
    ChannelId channel;
    sdp::SessionDescription description;
};
struct Refused {
    ChannelId channel;
    Cause cause;
    Refusal refusal;
};
struct Redirected {
    ChannelId channel;
    std::string exten;
};
struct HungUp {
    ChannelId channel;
    Cause cause;
};
struct Offered {
    ChannelId channel;
    std::optional<sdp::SessionDescription> offer;
};
struct OfferAnswered {
    ChannelId channel;
    sdp::SessionDescription answer;
};
struct OfferRefused {
    ChannelId channel;
    Cause cause;
};
struct TransferRequested {
    ChannelId channel;
    TransferRequest request;
};
struct Digit {
    ChannelId channel;
    char digit;
    std::chrono::milliseconds duration;
};

}  // namespace almon::pbx::input

namespace almon::pbx {

using CoreInput =
    std::variant<input::Incoming, input::Ringing, input::Progressed, input::Answered, input::Refused,
                 input::Redirected, input::HungUp, input::Offered, input::OfferAnswered, input::OfferRefused,
                 input::TransferRequested, input::Digit>;

}  // namespace almon::pbx
