// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <boost/describe.hpp>

namespace almon::sip {

/// The message that carries an offer. RFC 6337 2.2 lists where its answer then belongs.
enum class OfferIn : std::uint8_t {
    Invite,       ///< Initial or re-INVITE; answer in a reliable 1xx or in the 2xx.
    Provisional,  ///< Reliable 1xx; answer in PRACK.
    Success,      ///< 2xx to INVITE; answer in ACK.
    Prack,        ///< Answer in its 2xx.
    Update,       ///< Answer in its 2xx.
};

/// The offer/answer exchange of one dialog: at most one offer is open (RFC 3264 4, RFC 6337 2).
struct OfferAnswer {
    enum class State : std::uint8_t {
        Nothing,   ///< No session description was agreed yet.
        Sent,      ///< Our offer waits for the peer's answer.
        Received,  ///< The peer's offer waits for our answer.
        Agreed,
    };

    State state = State::Nothing;
    OfferIn offer_in = OfferIn::Invite;  ///< Of the open offer.
    bool ever_agreed = false;

    [[nodiscard]] bool open() const noexcept { return state == State::Sent || state == State::Received; }
    /// True where we may make an offer (of the kind that needs a first exchange to be over).
    [[nodiscard]] bool may_offer() const noexcept { return state == State::Agreed; }

    void offer_sent(OfferIn in) noexcept {
        state = State::Sent;
        offer_in = in;
    }
    void offer_received(OfferIn in) noexcept {
        state = State::Received;
        offer_in = in;
    }
    /// The answer was sent or received.
    void answered() noexcept {
        state = State::Agreed;
        ever_agreed = true;
    }
    /// The offer was refused: what was agreed before still holds (RFC 3264 8).
    void refused() noexcept { state = ever_agreed ? State::Agreed : State::Nothing; }
};
BOOST_DESCRIBE_STRUCT(OfferAnswer, (), (state, offer_in, ever_agreed))

/// What to do with an offer of the peer that arrives in UPDATE or re-INVITE.
enum class OfferVerdict : std::uint8_t {
    Take,
    Glare,  ///< 491: our own offer is open (RFC 3261 14.2, RFC 3311 5.2).
    Busy,   ///< 500 with Retry-After: an earlier offer of the peer waits for our answer.
};
[[nodiscard]] constexpr OfferVerdict judge_offer(const OfferAnswer& exchange) noexcept {
    switch (exchange.state) {
        case OfferAnswer::State::Sent:
            return OfferVerdict::Glare;
        case OfferAnswer::State::Received:
            return OfferVerdict::Busy;
        default:
            return OfferVerdict::Take;
    }
}

}  // namespace almon::sip
