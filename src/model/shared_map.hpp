// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "model/key.hpp"

namespace almon::model {

/// Names one editing of maps: parts made under it may still be changed under it, all others are copied first.
/// Never reused.
using Edition = std::uint64_t;

/// A table of which a changed copy shares everything that did not change: 256 shards by hash, each a sorted
/// vector. Copying the map costs one pointer; changing one of 20,000 entries copies one shard of about 80.
/// `View` is the key as look-ups hand it in (std::string_view for std::string), so that they allocate
/// nothing. A copy may be read by many threads while another copy is edited.
template <class Key, class Value, class View = Key>
class SharedMap final {
public:
    [[nodiscard]] const Value* find(const View& key) const noexcept {
        if (!top_) return nullptr;
        const auto& shard = top_->shards[shard_of(key)];
        if (!shard) return nullptr;
        const auto entry = position(shard->entries, key);
        if (entry == shard->entries.end() || key < View(entry->first)) return nullptr;
        return &entry->second;
    }
    [[nodiscard]] std::size_t size() const noexcept { return top_ ? top_->size : 0; }

    void put(Edition edition, Key key, Value value) {
        auto& entries = entries_to_edit(edition, shard_of(View(key)));
        const auto entry = position(entries, View(key));
        if (entry != entries.end() && !(View(key) < View(entry->first))) {
            entry->second = std::move(value);
            return;
        }
        entries.emplace(entry, std::move(key), std::move(value));
        ++top_->size;
    }
    /// The value to be changed in place, made anew where the key is not there yet.
    [[nodiscard]] Value& edit(Edition edition, const Key& key) {
        if (find(View(key)) == nullptr) put(edition, key, Value{});
        return position(entries_to_edit(edition, shard_of(View(key))), View(key))->second;
    }
    void erase(Edition edition, const View& key) {
        if (find(key) == nullptr) return;
        auto& entries = entries_to_edit(edition, shard_of(key));
        entries.erase(position(entries, key));
        --top_->size;
    }

    /// In no particular order.
    template <class Visitor>
    void for_each(Visitor&& visitor) const {
        if (!top_) return;
        for (const auto& shard : top_->shards) {
            if (!shard) continue;
            for (const auto& [key, value] : shard->entries)
                visitor(key, value);
        }
    }

private:
    static constexpr std::size_t kShards = 256;
    using Entries = std::vector<std::pair<Key, Value>>;
    struct Shard {
        Edition edition = 0;
        Entries entries;
    };
    struct Top {
        Edition edition = 0;
        std::size_t size = 0;
        std::array<std::shared_ptr<Shard>, kShards> shards;
    };

    [[nodiscard]] static std::size_t shard_of(std::uint64_t id) noexcept { return id % kShards; }
    template <class Tag>
    [[nodiscard]] static std::size_t shard_of(Id<Tag> id) noexcept {
        return shard_of(id.value);
    }
    [[nodiscard]] static std::size_t shard_of(const model::Key& key) noexcept {
        return (key.first * 31 + key.second) % kShards;
    }
    [[nodiscard]] static std::size_t shard_of(std::string_view text) noexcept {
        return std::hash<std::string_view>{}(text) % kShards;
    }
    [[nodiscard]] static std::size_t shard_of(
        const std::pair<std::string_view, std::string_view>& key) noexcept {
        return (std::hash<std::string_view>{}(key.first) * 31 + std::hash<std::string_view>{}(key.second)) %
               kShards;
    }

    template <class Range>
    [[nodiscard]] static auto position(Range& entries, const View& key) noexcept {
        return std::lower_bound(
            entries.begin(), entries.end(), key,
            [](const auto& entry, const View& wanted) { return View(entry.first) < wanted; });
    }

    [[nodiscard]] Entries& entries_to_edit(Edition edition, std::size_t number) {
        if (!top_)
            top_ = std::make_shared<Top>();
        else if (top_->edition != edition)
            top_ = std::make_shared<Top>(*top_);
        top_->edition = edition;
        auto& shard = top_->shards[number];
        if (!shard)
            shard = std::make_shared<Shard>();
        else if (shard->edition != edition)
            shard = std::make_shared<Shard>(*shard);
        shard->edition = edition;
        return shard->entries;
    }

    std::shared_ptr<Top> top_;
};

}  // namespace almon::model
