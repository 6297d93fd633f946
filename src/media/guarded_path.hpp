// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "media/commands.hpp"
#include "media/dtls_association.hpp"
#include "media/ice_lite.hpp"
#include "media/srtp_session.hpp"

namespace almon::media {

/// What stands between the sockets of a leg and its packets where they are not plain: the checks of ICE, the
/// handshake of DTLS, the keys of SRTP. Without a socket; of the leg's thread.
class GuardedPath final {
public:
    /// The sockets of a leg. With rtcp-mux the first carries both.
    enum Component : std::uint8_t { kRtp, kRtcp };

    /// What a message that is no packet of media leads to.
    struct Reaction {
        std::vector<std::vector<std::uint8_t>> replies;  ///< To where it came from.
        bool nominated = false;                          ///< Media goes to where it came from, from now on.
        bool established = false;                        ///< Media can flow.
        bool failed = false;                             ///< For good; see reason().
    };

    /// What was signalled, perhaps again: what has not changed goes on as it is (an association, the counters
    /// of a key).
    void configure(const ConfigureLeg& command, const std::shared_ptr<const DtlsIdentity>& identity,
                   Instant now);

    /// True while packets must not pass, for want of keys.
    [[nodiscard]] bool blocked(Component component) const noexcept {
        return security_.protection != LegSecurity::Protection::None && session(component) == nullptr;
    }
    /// Whether media may come from there: with ICE, a check has.
    [[nodiscard]] bool admits(Component component, const SocketAddress& source) const noexcept {
        return !ice_[component] || ice_[component]->knows(source);
    }

    [[nodiscard]] Reaction on_stun(Component component, std::span<const std::uint8_t> packet,
                                   const SocketAddress& source);
    [[nodiscard]] Reaction on_dtls(Component component, std::span<const std::uint8_t> packet);
    /// Once the far end's address is known, and now and then: begins the handshake where that is ours to do,
    /// says again what may be lost, gives up on one that does not come.
    [[nodiscard]] Reaction advance(Component component, bool can_send, Instant now);

    /// In place, the new size; 0: must not go on. See SrtpSession for the room that protecting needs.
    [[nodiscard]] std::size_t protect_rtp(std::uint8_t* packet, std::size_t size) noexcept;
    [[nodiscard]] std::size_t protect_rtcp(Component component, std::uint8_t* packet,
                                           std::size_t size) noexcept;
    [[nodiscard]] std::size_t unprotect_rtp(std::span<std::uint8_t> packet) noexcept;
    [[nodiscard]] std::size_t unprotect_rtcp(Component component, std::span<std::uint8_t> packet) noexcept;

    [[nodiscard]] const std::string& reason() const noexcept { return reason_; }
    /// How media is protected, for people: "DTLS-SRTP with AEAD_AES_128_GCM".
    [[nodiscard]] std::string description() const;

private:
    struct Part {
        std::unique_ptr<DtlsAssociation> dtls;
        std::optional<SrtpSession> session;
    };

    [[nodiscard]] const SrtpSession* session(Component component) const noexcept {
        // Keys of a description are for both; with rtcp-mux there is one component.
        const auto& own = parts_[component].session;
        if (own) return &*own;
        const bool shared = security_.protection == LegSecurity::Protection::Keys || mux_;
        return shared && parts_[kRtp].session ? &*parts_[kRtp].session : nullptr;
    }
    [[nodiscard]] SrtpSession* session(Component component) noexcept {
        return const_cast<SrtpSession*>(std::as_const(*this).session(component));
    }
    void take_up(Component component, Reaction& reaction);
    void fail(std::string reason, Reaction& reaction);

    LegSecurity security_;
    bool mux_ = false;
    std::array<Part, 2> parts_;
    std::array<std::optional<IceLite>, 2> ice_;
    Instant since_{};
    std::string reason_;
    bool told_established_ = false;
    bool told_failed_ = false;
};

}  // namespace almon::media
