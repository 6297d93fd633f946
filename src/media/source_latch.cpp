// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/source_latch.hpp"

namespace almon::media {

void SourceLatch::signal(const SocketAddress& remote, Instant now) noexcept {
    if (!remote || remote == signalled_) return;
    const bool moved = static_cast<bool>(signalled_);
    signalled_ = remote;
    // What was heard before anything was signalled is early media of this very party.
    if (!moved || source_ == remote) return;
    former_ = source_;
    source_ = {};
    heard_at_ = now;
}

SourceLatch::Verdict SourceLatch::judge_other(const SocketAddress& source, Instant now,
                                              Duration relatch_after) noexcept {
    const bool silent = now - heard_at_ >= relatch_after;
    const bool taken = source == signalled_ || silent || (!source_ && source != former_);
    if (!taken) return Verdict::Refused;
    source_ = source;
    former_ = {};
    heard_at_ = now;
    return Verdict::AcceptedAnew;
}

}  // namespace almon::media
