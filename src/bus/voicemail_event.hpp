// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <boost/describe.hpp>

#include "base/time.hpp"

namespace almon::bus {

enum class MessageChange : std::uint8_t {
    Created,  ///< A caller has left it.
    Updated,  ///< It is in the other folder.
    Deleted,
};

/// What happens to a message of a voicemail (API-021).
struct VoiceMessageChanged {
    MessageChange change = MessageChange::Created;
    std::uint64_t voicemail = 0;  ///< Id.
    std::string message;
    std::string caller;  ///< Number; empty: withheld or unknown.
    UtcTime time{};      ///< When it was left.
    std::chrono::milliseconds length{0};
    bool fresh = true;  ///< Nobody has heard it; of one that is erased, as it was.
};
BOOST_DESCRIBE_STRUCT(VoiceMessageChanged, (), (change, voicemail, message, caller, time, length, fresh))

}  // namespace almon::bus
