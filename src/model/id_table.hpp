// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "model/shared_map.hpp"

namespace almon::model {

/// Values by id, in the order of ids, of which a changed copy shares everything that did not change: blocks
/// of 64 consecutive ids. Copying the table costs one pointer; changing one of 20,000 entries copies one
/// block and the list of blocks. A copy may be read by many threads while another copy is edited.
template <class Value>
class IdTable final {
public:
    [[nodiscard]] const Value* find(std::uint64_t id) const noexcept {
        if (!top_) return nullptr;
        const auto block = position(top_->blocks, id / kBlock);
        if (block == top_->blocks.end() || block->first != id / kBlock) return nullptr;
        const auto& slot = block->second->slots[id % kBlock];
        return slot.used ? &slot.value : nullptr;
    }
    [[nodiscard]] std::size_t size() const noexcept { return top_ ? top_->size : 0; }

    void put(Edition edition, std::uint64_t id, Value value) {
        auto& slot = block_to_edit(edition, id / kBlock).slots[id % kBlock];
        if (!slot.used) ++top_->size;
        slot = {true, std::move(value)};
    }
    void erase(Edition edition, std::uint64_t id) {
        if (find(id) == nullptr) return;
        block_to_edit(edition, id / kBlock).slots[id % kBlock] = {};
        --top_->size;
    }

    /// visitor(id, value), by ascending id; one that gives false ends it.
    template <class Visitor>
    void for_each(Visitor&& visitor) const {
        if (!top_) return;
        for (const auto& [number, block] : top_->blocks) {
            for (std::size_t i = 0; i < kBlock; ++i) {
                if (!block->slots[i].used) continue;
                if constexpr (std::is_void_v<decltype(visitor(number, block->slots[i].value))>)
                    visitor(number * kBlock + i, block->slots[i].value);
                else if (!visitor(number * kBlock + i, block->slots[i].value))
                    return;
            }
        }
    }

private:
    static constexpr std::size_t kBlock = 64;
    struct Slot {
        bool used = false;
        Value value{};
    };
    struct Block {
        Edition edition = 0;
        std::array<Slot, kBlock> slots;
    };
    using Blocks = std::vector<std::pair<std::uint64_t, std::shared_ptr<Block>>>;
    struct Top {
        Edition edition = 0;
        std::size_t size = 0;
        Blocks blocks;
    };

    template <class Range>
    [[nodiscard]] static auto position(Range& blocks, std::uint64_t number) noexcept {
        return std::lower_bound(blocks.begin(), blocks.end(), number,
                                [](const auto& block, std::uint64_t wanted) { return block.first < wanted; });
    }

    [[nodiscard]] Block& block_to_edit(Edition edition, std::uint64_t number) {
        if (!top_)
            top_ = std::make_shared<Top>();
        else if (top_->edition != edition)
            top_ = std::make_shared<Top>(*top_);
        top_->edition = edition;
        auto block = position(top_->blocks, number);
        if (block == top_->blocks.end() || block->first != number)
            block = top_->blocks.emplace(block, number, std::make_shared<Block>());
        else if (block->second->edition != edition)
            block->second = std::make_shared<Block>(*block->second);
        block->second->edition = edition;
        return *block->second;
    }

    std::shared_ptr<Top> top_;
};

}  // namespace almon::model
