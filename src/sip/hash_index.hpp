// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

namespace almon::sip {

/// From a 64-bit hash to the slots of a table that have it; slots of equal hash hang together in a list, so
/// that each of them leaves in constant time. Whoever asks compares what was hashed.
class HashIndex final {
public:
    static constexpr std::uint32_t kNone = 0xFFFFFFFF;

    void insert(std::uint64_t hash, std::uint32_t slot) {
        if (links_.size() <= slot) links_.resize(slot + 1);
        const auto [head, is_new] = heads_.try_emplace(hash, slot);
        links_[slot] = {kNone, is_new ? kNone : head->second};
        if (is_new) return;
        links_[head->second].previous = slot;
        head->second = slot;
    }
    void erase(std::uint64_t hash, std::uint32_t slot) {
        const Link link = links_[slot];
        if (link.next != kNone) links_[link.next].previous = link.previous;
        if (link.previous != kNone) {
            links_[link.previous].next = link.next;
        } else if (link.next != kNone) {
            heads_.find(hash)->second = link.next;
        } else {
            heads_.erase(hash);
        }
    }
    [[nodiscard]] std::uint32_t first(std::uint64_t hash) const {
        const auto head = heads_.find(hash);
        return head == heads_.end() ? kNone : head->second;
    }
    [[nodiscard]] std::uint32_t next(std::uint32_t slot) const { return links_[slot].next; }
    void clear() {
        heads_.clear();
        links_.clear();
    }

private:
    struct Link {
        std::uint32_t previous = kNone;
        std::uint32_t next = kNone;
    };
    /// The keys are hashes already.
    struct Identity {
        using is_avalanching = void;
        std::size_t operator()(std::uint64_t hash) const noexcept { return hash; }
    };

    boost::unordered_flat_map<std::uint64_t, std::uint32_t, Identity> heads_;
    std::vector<Link> links_;  ///< By slot.
};

}  // namespace almon::sip
