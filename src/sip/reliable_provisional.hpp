// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <boost/describe.hpp>

namespace almon::sip {

/// Which reliable provisional responses of one early dialog we have taken (RFC 3262 4).
struct ProvisionalOrder {
    std::uint32_t last_rseq = 0;  ///< 0: none yet; the first may have any value.

    /// True where this is the next in order: take it and send PRACK. A repeated one is dropped silently, and
    /// so is one that comes too early: the peer sends it again.
    [[nodiscard]] bool take(std::uint32_t rseq) noexcept {
        if (rseq == 0 || (last_rseq != 0 && rseq != last_rseq + 1)) return false;
        last_rseq = rseq;
        return true;
    }
};
BOOST_DESCRIBE_STRUCT(ProvisionalOrder, (), (last_rseq))

}  // namespace almon::sip
