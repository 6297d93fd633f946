// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "ami/event.hpp"
#include "ami/office.hpp"

namespace almon::ami {

/// One client of the manager, apart from its socket: who it is, and which events it wants. Login, Challenge,
/// Logoff and Events are its own; everything else is the office's.
class Session final {
public:
    Session(Office& office, const NetAddress& from) : office_(office), from_(from) {}

    /// The first line that a client reads.
    [[nodiscard]] static std::string_view greeting() noexcept;

    /// What is sent back, and whether nothing follows it.
    struct Answer {
        std::string text;
        bool ends = false;
    };
    /// Works on a message. `answered` is called once, on any thread; until then the next must not be taken.
    /// May wait.
    void take(const Message& message, const std::function<void(Answer)>& answered);
    /// What is said of a message that could not be read.
    [[nodiscard]] static Answer refusal(const Error& error);

    // Any thread:

    [[nodiscard]] bool logged_in() const { return account() != nullptr; }
    /// Null: it has not logged in.
    [[nodiscard]] std::shared_ptr<const Account> account() const;
    [[nodiscard]] bool hears(EventClass what) const noexcept {
        return EventClasses{.bits = heard_.load()}.include(what);
    }

private:
    [[nodiscard]] Answer challenge(const Message& message);
    [[nodiscard]] Answer log_in(const Message& message);
    [[nodiscard]] Answer choose_events(const Message& message);
    void hear(EventClasses asked_for);

    Office& office_;
    const NetAddress from_;
    std::string challenge_;  ///< That the next Login answers; empty: none.
    mutable std::mutex mutex_;
    std::shared_ptr<const Account> account_;
    std::atomic<std::uint32_t> heard_{0};
};

}  // namespace almon::ami
