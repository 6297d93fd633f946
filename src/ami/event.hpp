// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ami/message.hpp"
#include "base/result.hpp"

namespace almon::ami {

/// What an event is about: clients ask for events by it, and are granted them by it.
enum class EventClass : std::uint8_t { System, Call, User, Dialplan };
inline constexpr EventClass kEventClasses[] = {EventClass::System, EventClass::Call, EventClass::User,
                                               EventClass::Dialplan};
/// "system", "call", "user", "dialplan".
[[nodiscard]] std::string_view name_of(EventClass what) noexcept;

/// Some of the classes.
struct EventClasses final {
    [[nodiscard]] static EventClasses all() noexcept;
    /// As a client asks: "on", "off", or names of classes: "call,system". Those that we have no events of
    /// are let pass. InvalidArgument: no such class.
    [[nodiscard]] static Result<EventClasses> parse(std::string_view text);

    [[nodiscard]] bool include(EventClass what) const noexcept { return (bits & bit(what)) != 0; }
    void add(EventClass what) noexcept { bits |= bit(what); }
    [[nodiscard]] bool empty() const noexcept { return bits == 0; }

    std::uint32_t bits = 0;

private:
    static constexpr std::uint32_t bit(EventClass what) noexcept { return 1U << static_cast<unsigned>(what); }
};

/// Something that has happened, for all who want to hear of it.
struct Event {
    std::string name;  ///< "Newchannel"
    EventClass about = EventClass::Call;
    Message fields;

    /// With "Event" and "Privilege" in front.
    [[nodiscard]] Message message() const;
};

}  // namespace almon::ami
