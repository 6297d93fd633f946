// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// Keeps what callers say to somebody who does not answer (API-115).
struct Voicemail {
    VoicemailId id;
    std::string name;
    std::string number;  ///< Unique within its context.
    std::string context;
    std::string password;  ///< Digits that open it by phone.
    std::string email;     ///< Where new messages are told of, with the audio if attach_audio.
    std::string pager;     ///< Where they are told of in short.
    std::string language;
    std::string timezone;
    std::optional<int> max_messages;
    std::optional<bool> attach_audio;
    bool delete_messages = false;  ///< Once they were sent.
    bool ask_password = true;
    bool enabled = true;
    std::vector<std::pair<std::string, std::string>> options;
    std::string mailbox;  ///< "1000@default", made of number and context: the two name one voicemail.
};
template <>
Declaration declare<Voicemail>();

/// Null where there is none.
[[nodiscard]] const Voicemail* voicemail_in(const Snapshot& snapshot, std::string_view context,
                                            std::string_view number);

}  // namespace almon::model
