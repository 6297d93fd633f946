// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "base/result.hpp"
#include "media/commands.hpp"

struct srtp_ctx_t_;

namespace almon::media {

/// Protects what we send and opens what we receive (RFC 3711, 6188, 7714). Of one thread. No packet costs an
/// allocation, once the stream it belongs to is known.
class SrtpSession final {
public:
    /// Most that protection adds to a packet.
    static constexpr std::size_t kMostOverhead = 32;

    /// Refused for an unknown suite and for keys that are not as long as it wants.
    [[nodiscard]] static Result<SrtpSession> make(const SrtpKeys& keys);

    /// In place; `packet` must have room for kMostOverhead bytes more than `size`. The new size, or 0.
    [[nodiscard]] std::size_t protect_rtp(std::uint8_t* packet, std::size_t size) noexcept;
    [[nodiscard]] std::size_t protect_rtcp(std::uint8_t* packet, std::size_t size) noexcept;
    /// In place. The new size; 0 for what is forged, replayed or not protected.
    [[nodiscard]] std::size_t unprotect_rtp(std::span<std::uint8_t> packet) noexcept;
    [[nodiscard]] std::size_t unprotect_rtcp(std::span<std::uint8_t> packet) noexcept;

private:
    struct Free {
        void operator()(srtp_ctx_t_* context) const noexcept;
    };
    using Context = std::unique_ptr<srtp_ctx_t_, Free>;

    SrtpSession(Context outbound, Context inbound) noexcept
        : outbound_(std::move(outbound)), inbound_(std::move(inbound)) {}

    Context outbound_;
    Context inbound_;
};

}  // namespace almon::media
