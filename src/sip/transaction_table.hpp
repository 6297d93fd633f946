// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/archive.hpp"
#include "base/id.hpp"
#include "base/keyed_hash.hpp"
#include "sip/flow.hpp"
#include "sip/hash_index.hpp"

namespace almon::sip {

/// The transactions of one side: found by id, by what their messages are matched by, and by the connection
/// that they depend on. References stay valid until that transaction is erased.
/// `Record` has the members `std::string key` and `Flow flow`.
template <class Tag, class Record>
class TransactionTable final {
public:
    using Key = Id<Tag>;

    /// Before the first insertion.
    void set_hash(const KeyedHash& hash) noexcept { hash_ = hash; }

    Key insert(Record record) {
        std::uint32_t number = 0;
        if (free_.empty()) {
            number = static_cast<std::uint32_t>(slots_.size());
            slots_.emplace_back();
        } else {
            number = free_.back();
            free_.pop_back();
        }
        Slot& slot = slots_[number];
        ++slot.generation;
        slot.used = true;
        slot.record = std::move(record);
        index(number);
        ++size_;
        return key_of(number);
    }

    [[nodiscard]] Record* find(Key id) noexcept {
        const auto number = static_cast<std::uint32_t>(id.value);
        if (number >= slots_.size()) return nullptr;
        Slot& slot = slots_[number];
        return slot.used && slot.generation == id.value >> 32U ? &slot.record : nullptr;
    }

    /// The transaction with this key; an id of zero when there is none.
    [[nodiscard]] Key find(std::string_view key) const {
        for (auto number = by_key_.first(hash_(key)); number != HashIndex::kNone;
             number = by_key_.next(number)) {
            if (slots_[number].record.key == key) return key_of(number);
        }
        return {};
    }

    void erase(Key id) {
        if (find(id) == nullptr) return;
        const auto number = static_cast<std::uint32_t>(id.value);
        Slot& slot = slots_[number];
        by_key_.erase(slot.hash, number);
        forget_flow(number);
        slot.record = Record{};
        slot.used = false;
        free_.push_back(number);
        --size_;
    }

    /// Gives a transaction another flow.
    void move(Key id, const Flow& flow) {
        Record* const record = find(id);
        if (record == nullptr) return;
        const auto number = static_cast<std::uint32_t>(id.value);
        forget_flow(number);
        record->flow = flow;
        remember_flow(number);
    }

    /// Those that the loss of this connection concerns, in an order that does not depend on history. The
    /// connection is known by its remote end: `Flow::connection` may be that of an earlier one.
    [[nodiscard]] std::vector<Key> on_flow(const Flow& flow) const {
        std::vector<Key> found;
        if (is_reliable(flow.transport)) {
            for (auto number = by_flow_.first(hash_of(flow)); number != HashIndex::kNone;
                 number = by_flow_.next(number)) {
                if (same_way(slots_[number].record.flow, flow)) found.push_back(key_of(number));
            }
            std::sort(found.begin(), found.end());
        } else {
            // Datagrams break no connection; this is rare enough to look at all.
            for (std::uint32_t number = 0; number < slots_.size(); ++number) {
                if (slots_[number].used && same_way(slots_[number].record.flow, flow)) {
                    found.push_back(key_of(number));
                }
            }
        }
        return found;
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    template <class Visitor>
    void for_each(Visitor visit) const {
        for (std::uint32_t number = 0; number < slots_.size(); ++number) {
            if (slots_[number].used) visit(key_of(number), slots_[number].record);
        }
    }

    void save(Archive& archive) const {
        archive.put(hash_);
        archive.put(static_cast<std::uint64_t>(slots_.size()));
        for (const Slot& slot : slots_) {
            archive.put(slot.generation);
            archive.put(slot.used);
            if (slot.used) archive.put(slot.record);
        }
        archive.put(free_);
    }
    void restore(ArchiveReader& reader) {
        *this = {};
        reader.get(hash_);
        for (auto count = reader.template get<std::uint64_t>(); count > 0 && reader.ok(); --count) {
            Slot& slot = slots_.emplace_back();
            reader.get(slot.generation);
            reader.get(slot.used);
            if (!slot.used) continue;
            reader.get(slot.record);
            index(static_cast<std::uint32_t>(slots_.size() - 1));
            ++size_;
        }
        reader.get(free_);
    }

private:
    struct Slot {
        std::uint32_t generation = 0;
        bool used = false;
        std::uint64_t hash = 0;  ///< Of the key.
        Record record;
    };

    [[nodiscard]] Key key_of(std::uint32_t number) const noexcept {
        return Key{std::uint64_t{slots_[number].generation} << 32U | number};
    }
    [[nodiscard]] static std::uint64_t hash_of(const Flow& flow) noexcept {
        return std::hash<NetAddress>{}(flow.remote) ^ static_cast<std::uint64_t>(flow.transport);
    }
    [[nodiscard]] static bool same_way(const Flow& one, const Flow& other) noexcept {
        return one.transport == other.transport && one.remote == other.remote;
    }
    void index(std::uint32_t number) {
        slots_[number].hash = hash_(slots_[number].record.key);
        by_key_.insert(slots_[number].hash, number);
        remember_flow(number);
    }
    void remember_flow(std::uint32_t number) {
        const Flow& flow = slots_[number].record.flow;
        if (is_reliable(flow.transport)) by_flow_.insert(hash_of(flow), number);
    }
    void forget_flow(std::uint32_t number) {
        const Flow& flow = slots_[number].record.flow;
        if (is_reliable(flow.transport)) by_flow_.erase(hash_of(flow), number);
    }

    KeyedHash hash_;
    std::deque<Slot> slots_;
    std::vector<std::uint32_t> free_;
    std::size_t size_ = 0;
    HashIndex by_key_;
    HashIndex by_flow_;
};

}  // namespace almon::sip
