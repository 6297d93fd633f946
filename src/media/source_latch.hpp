// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/time.hpp"
#include "media/socket_address.hpp"

namespace almon::media {

/// Whose packets belong to a leg, and where ours go (symmetric RTP, RFC 4961), guarded against strangers who
/// guess the port: the signalled address always wins; before it was heard the first valid source is taken
/// (the party is behind NAT); after that another source only once the present one has been silent.
class SourceLatch final {
public:
    /// The far end was signalled (again). The same address changes nothing; another one is sent to at once,
    /// and the source heard so far is not taken anew before `relatch_after`.
    void signal(const SocketAddress& remote, Instant now) noexcept;

    enum class Verdict { Accepted, AcceptedAnew, Refused };
    /// Judges the source of a packet that is valid otherwise. AcceptedAnew: the source is not the one before.
    [[nodiscard]] Verdict judge(const SocketAddress& source, Instant now, Duration relatch_after) noexcept {
        if (source == source_) [[likely]] {
            heard_at_ = now;
            return Verdict::Accepted;
        }
        return judge_other(source, now, relatch_after);
    }
    /// None while nothing is known.
    [[nodiscard]] const SocketAddress& destination() const noexcept { return source_ ? source_ : signalled_; }
    [[nodiscard]] bool latched() const noexcept { return static_cast<bool>(source_); }

private:
    [[nodiscard]] Verdict judge_other(const SocketAddress& source, Instant now,
                                      Duration relatch_after) noexcept;

    SocketAddress source_;  // first: compared for each packet
    Instant heard_at_{};
    SocketAddress signalled_;
    SocketAddress former_;  ///< Where the party was before it moved; its last packets are still on the way.
};

}  // namespace almon::media
