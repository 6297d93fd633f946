// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "media/concealment.hpp"

namespace almon::media {

/// The voice of one party in time: packets come when the network pleases, a frame is taken every 20 ms. Waits
/// a frame at first, longer once packets have come too late, and less again where it has waited for nothing.
/// What was lost is filled in (ITU-T G.711 appendix I), and fades within 50 ms. Nothing allocates but the
/// constructor. One sample is one unit of the RTP timestamp.
class JitterBuffer final {
public:
    /// The latest that a packet may come without being taken for the beginning of something new, and the most
    /// that is kept: in frames.
    static constexpr std::size_t kLatest = 6;
    static constexpr std::size_t kMost = 12;

    /// @param frame samples of 20 ms
    explicit JitterBuffer(std::size_t frame);
    JitterBuffer(const JitterBuffer&) = delete;
    JitterBuffer& operator=(const JitterBuffer&) = delete;

    void put(std::uint32_t ssrc, std::uint32_t timestamp, std::span<const std::int16_t> samples) noexcept;
    /// The next frame; false: it is silence, since nothing comes.
    bool take(std::span<std::int16_t> frame) noexcept;

    /// How many samples wait.
    [[nodiscard]] std::size_t waiting() const noexcept;

private:
    void begin(std::uint32_t ssrc, std::uint32_t timestamp) noexcept;
    [[nodiscard]] std::int16_t& at(std::uint32_t timestamp) noexcept { return ring_[timestamp & mask_]; }
    void skip(std::uint32_t samples) noexcept;
    void wait_less(bool is_quiet) noexcept;

    std::size_t frame_;
    std::vector<std::int16_t> ring_;
    std::uint32_t mask_;
    bool runs_ = false;
    bool has_begun_ = false;  ///< The first of it has been taken.
    std::uint32_t ssrc_ = 0;
    std::uint32_t next_ = 0;   ///< Timestamp of what is taken next.
    std::uint32_t end_ = 0;    ///< Behind the newest that has come.
    std::size_t starved_ = 0;  ///< Frames since anything was there to be taken.
    std::uint32_t least_ = 0;  ///< That was left waiting, in the last `observed_` frames.
    std::size_t observed_ = 0;
    Concealment concealment_;
};

}  // namespace almon::media
