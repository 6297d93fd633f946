// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include <boost/describe.hpp>

namespace almon::pbx {

/// RTP port pairs that the media engine has bound ahead, so that a call never waits for a socket. First in,
/// first out: a port that was told to a party and given back unused rests as long as possible before the next
/// one gets it.
class PortStock final {
public:
    /// Always ready, even when no call is up.
    static constexpr std::size_t kLeast = 64;

    [[nodiscard]] std::optional<std::uint16_t> take();
    void give_back(std::uint16_t port) { ready_.push_back(port); }
    void add(const std::vector<std::uint16_t>& ports);
    /// The engine has no more to give: what was asked for does not come.
    void exhausted() noexcept { asked_ = 0; }
    /// What was asked for has not all come yet.
    [[nodiscard]] bool awaits() const noexcept { return asked_ > 0; }
    /// How many to ask the engine for now; 0: enough, or already asked. The answer counts as asked.
    /// @param in_use open legs: the busier the system, the larger the stock.
    [[nodiscard]] std::size_t wanted(std::size_t in_use);
    [[nodiscard]] std::size_t size() const noexcept { return ready_.size(); }

private:
    std::deque<std::uint16_t> ready_;
    std::size_t asked_ = 0;

    BOOST_DESCRIBE_CLASS(PortStock, (), (), (), (ready_, asked_))
};

}  // namespace almon::pbx
