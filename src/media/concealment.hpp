// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

namespace almon::media {

/// Fills in for lost sound by what was heard before (ITU-T G.711 appendix I): it fades within 50 ms. Made for
/// 8 kHz. Nothing allocates but the constructor.
class Concealment final {
public:
    Concealment();
    ~Concealment();
    Concealment(const Concealment&) = delete;
    Concealment& operator=(const Concealment&) = delete;

    /// What has come; behind a gap its beginning is blended with what was filled in.
    void heard(std::span<std::int16_t> samples) noexcept;
    void fill(std::span<std::int16_t> missing) noexcept;

private:
    static constexpr std::size_t kHistory = 280;
    void remember(std::span<const std::int16_t> samples) noexcept;

    struct State;
    std::unique_ptr<State> state_;
    bool fills_ = false;
    std::array<std::int16_t, kHistory> history_{};  ///< The latest is last.
};

}  // namespace almon::media
