// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <unordered_map>

#include <boost/describe.hpp>

#include "base/archive.hpp"
#include "base/net_address.hpp"
#include "base/step_clock.hpp"

namespace almon::pbx {

struct GuessGuardSettings {
    /// So many wrong guesses from one address within `window`, without a right one between, and it is shut
    /// out.
    std::uint32_t allowed_guesses = 30;
    std::chrono::seconds window{60};
    std::chrono::seconds shut_out{300};
    /// Addresses remembered at once; beyond it the table starts anew, so that a flood of addresses costs no
    /// memory.
    std::size_t addresses = 10'000;
};

/// Makes guessing passwords and account names hopeless: an address that only guesses wrong hears nothing more
/// for a while. One right answer (a colleague behind the same router) clears its count. Pure; part of the
/// call core's live state.
class GuessGuard final {
public:
    GuessGuard(GuessGuardSettings settings, const StepClock& clock) : settings_(settings), clock_(clock) {}

    [[nodiscard]] bool shut_out(const NetAddress& address) const;
    void wrong(const NetAddress& address);
    void right(const NetAddress& address);

    void save(Archive& archive) const { archive.put(guesses_); }
    void restore(ArchiveReader& reader) { reader.get(guesses_); }

    struct Guesses {
        std::uint32_t count = 0;
        Instant since{};
        Instant shut_out_until{};
    };

private:
    static NetAddress host_of(NetAddress address) {
        address.port = 0;
        return address;
    }

    GuessGuardSettings settings_;
    const StepClock& clock_;
    std::unordered_map<NetAddress, Guesses> guesses_;
};
BOOST_DESCRIBE_STRUCT(GuessGuard::Guesses, (), (count, since, shut_out_until))

}  // namespace almon::pbx
