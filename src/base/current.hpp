// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace almon {

/// A value that is replaced as a whole, now and then: whoever reads files puts in a new one, others take the
/// one that is in force and keep it for as long as they need. Thread-safe.
template <class Value>
class Current final {
public:
    /// Never null.
    [[nodiscard]] std::shared_ptr<const Value> get() const { return current_.load(); }
    /// @param value not null.
    void set(std::shared_ptr<const Value> value) { current_.store(std::move(value)); }

private:
    std::atomic<std::shared_ptr<const Value>> current_{std::make_shared<const Value>()};
};

}  // namespace almon
