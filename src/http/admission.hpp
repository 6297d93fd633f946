// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/net_address.hpp"
#include "base/time.hpp"

namespace almon::http {

/// How many connections there are, and how many may be. Any thread.
class Admission final : public std::enable_shared_from_this<Admission> {
public:
    Admission(std::size_t limit, std::size_t limit_per_address) noexcept
        : limit_(limit), limit_per_address_(limit_per_address) {}

    /// A connection's place, given back when it goes.
    class Ticket final {
    public:
        Ticket() = default;
        Ticket(Ticket&& other) noexcept : admission_(std::move(other.admission_)), host_(other.host_) {}
        Ticket& operator=(Ticket&& other) noexcept {
            std::swap(admission_, other.admission_);
            std::swap(host_, other.host_);
            return *this;
        }
        ~Ticket() { give_back(); }

        void give_back() noexcept;

    private:
        friend class Admission;
        Ticket(std::shared_ptr<Admission> admission, const NetAddress& host)
            : admission_(std::move(admission)), host_(host) {}

        std::shared_ptr<Admission> admission_;
        NetAddress host_;
    };

    /// Nothing where a limit is reached.
    [[nodiscard]] std::optional<Ticket> admit(const NetAddress& remote);
    [[nodiscard]] std::size_t count() const;
    /// True once there is none any more; false after `patience`.
    [[nodiscard]] bool wait_until_empty(Duration patience);

private:
    void leave(const NetAddress& host) noexcept;

    const std::size_t limit_;
    const std::size_t limit_per_address_;
    mutable std::mutex mutex_;
    std::condition_variable empty_;
    std::size_t count_ = 0;
    std::unordered_map<NetAddress, std::size_t> by_host_;
};

}  // namespace almon::http
