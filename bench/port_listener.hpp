// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <variant>
#include <vector>

#include "media/engine.hpp"

namespace almon::bench {

/// Of what a media engine tells, only the ports that it has made ready.
class PortListener final : public media::EventListener {
public:
    void on_media(std::vector<media::Event> events) override {
        const std::lock_guard lock(mutex_);
        for (const auto& event : events) {
            if (const auto* const ready = std::get_if<media::PortsReady>(&event))
                ports_.insert(ports_.end(), ready->ports.begin(), ready->ports.end());
        }
        came_.notify_all();
    }
    /// Waits until there are so many.
    [[nodiscard]] std::vector<std::uint16_t> ports(std::size_t count) {
        std::unique_lock lock(mutex_);
        came_.wait(lock, [&] { return ports_.size() >= count; });
        return ports_;
    }

private:
    std::mutex mutex_;
    std::condition_variable came_;
    std::vector<std::uint16_t> ports_;
};

}  // namespace almon::bench
