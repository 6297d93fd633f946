// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/dtls_identity.hpp"
#include "media/srtp_session.hpp"

struct ssl_st;

namespace almon::media {

/// One DTLS association that agrees on SRTP keys (RFC 5764). Without a socket: datagrams go in and come out.
/// Of one thread.
class DtlsAssociation final {
public:
    /// @param fingerprint of the peer, as it was signalled.
    DtlsAssociation(std::shared_ptr<const DtlsIdentity> identity, bool client, std::string fingerprint);
    ~DtlsAssociation();
    DtlsAssociation(const DtlsAssociation&) = delete;
    DtlsAssociation& operator=(const DtlsAssociation&) = delete;

    enum class State : std::uint8_t {
        Idle,  ///< Nothing was said yet.
        Handshaking,
        Established,  ///< keys() are there.
        Failed,       ///< For good; reason() says why.
        Closed,       ///< The peer has said goodbye.
    };
    [[nodiscard]] State state() const noexcept { return state_; }
    [[nodiscard]] const std::string& reason() const noexcept { return reason_; }
    [[nodiscard]] const SrtpKeys& keys() const noexcept { return keys_; }

    /// The client's first flight; nothing where we are the server or have begun.
    void begin();
    void receive(std::span<const std::uint8_t> datagram);
    /// Sends a flight again whose answer is overdue. Call each 100 ms or so while it is Handshaking.
    void check_timer();
    /// What is to be sent now, in order.
    [[nodiscard]] std::vector<std::vector<std::uint8_t>> take_outgoing() noexcept;

private:
    struct Free {
        void operator()(ssl_st* ssl) const noexcept;
    };
    struct Datagrams;

    void proceed();
    void fail(std::string reason);
    void finish_handshake();

    std::shared_ptr<const DtlsIdentity> identity_;
    const std::string fingerprint_;
    const bool client_;
    std::unique_ptr<Datagrams> datagrams_;
    std::unique_ptr<ssl_st, Free> ssl_;
    State state_ = State::Idle;
    std::string reason_;
    SrtpKeys keys_;
};

}  // namespace almon::media
