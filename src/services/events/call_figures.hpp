// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "bus/call_event.hpp"

namespace almon::services {

/// What has become of a call.
enum class CallOutcome : std::uint8_t {
    Answered,     ///< By a person, or by the system (voicemail, a menu, an announcement).
    Busy,         ///< Or rejected by hand.
    NoAnswer,     ///< It rang for as long as it may.
    Cancelled,    ///< Who called gave up.
    Unreachable,  ///< No such number, or no phone there.
    Failed,       ///< All else: forbidden, no way out, no common codec, full.
    Transferred,  ///< Before it was answered it became part of another call, by a transfer.
};
inline constexpr std::size_t kCallOutcomes = 7;
/// "answered", "busy", "no_answer", "cancelled", "unreachable", "failed", "transferred".
[[nodiscard]] std::string_view name_of(CallOutcome outcome) noexcept;

/// How many calls there were and what has become of them, followed by the events that they leave. A call is
/// all that belongs to one linked id, however many phones ring. One thread.
class CallFigures final {
public:
    void take(const bus::CallEvent& event);

    [[nodiscard]] std::uint64_t begun() const noexcept { return begun_; }
    /// Of calls that are over.
    [[nodiscard]] std::uint64_t ended(CallOutcome outcome) const noexcept {
        return ended_[static_cast<std::size_t>(outcome)];
    }
    /// Those that go on.
    [[nodiscard]] std::size_t now() const noexcept { return open_.size(); }

private:
    std::uint64_t begun_ = 0;
    std::array<std::uint64_t, kCallOutcomes> ended_{};
    /// By linked id, what becomes of it if it ends now.
    std::unordered_map<std::string, CallOutcome> open_;
};

}  // namespace almon::services
