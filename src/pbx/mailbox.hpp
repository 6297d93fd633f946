// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/describe.hpp>

#include "base/time.hpp"
#include "model/ids.hpp"
#include "pbx/ids.hpp"

namespace almon::pbx {

/// What somebody has said to a mailbox. Its file's name, <seconds since 1970>-<sequence>-<caller>, tells
/// all of it but how long it is.
struct VoiceMessage {
    std::string file;    ///< Without folder and ending.
    std::string caller;  ///< Number; empty: withheld or unknown.
    UtcTime time{};
    std::chrono::milliseconds length{0};  ///< Of the recording; not in the name of the file.

    [[nodiscard]] static VoiceMessage make(UtcTime time, std::uint64_t sequence, std::string_view caller);
    /// Nothing where the name is none of ours.
    [[nodiscard]] static std::optional<VoiceMessage> named(std::string_view file);
    /// By what a mailbox is sorted: who came first; of one second, by the name.
    [[nodiscard]] std::pair<UtcTime, std::string_view> arrival() const { return {time, file}; }
    friend bool operator==(const VoiceMessage&, const VoiceMessage&) = default;
};
BOOST_DESCRIBE_STRUCT(VoiceMessage, (), (file, caller, time, length))

/// The messages of a voicemail, each in the order in which they came. They lie in
/// <voicemails>/<id of the voicemail>/new and /old.
struct Mailbox {
    std::vector<VoiceMessage> fresh;  ///< That nobody has heard.
    std::vector<VoiceMessage> old;
};
BOOST_DESCRIBE_STRUCT(Mailbox, (), (fresh, old))

/// What callers hear before the beep in place of the standard words, if its user has spoken it: one file
/// each, <voicemails>/<id of the voicemail>/greetings/<name>.wav. Whether it is there, only the disk knows.
enum class MailboxGreeting : std::uint8_t {
    Unavailable,
    Busy,
    Temporary,  ///< Before both of the others, as long as it is there.
};
inline constexpr MailboxGreeting kMailboxGreetings[] = {MailboxGreeting::Unavailable, MailboxGreeting::Busy,
                                                        MailboxGreeting::Temporary};
/// "unavailable", "busy", "temp".
[[nodiscard]] std::string_view name_of(MailboxGreeting greeting) noexcept;
/// Nothing where it is no such name.
[[nodiscard]] std::optional<MailboxGreeting> greeting_named(std::string_view name) noexcept;

/// A message or greeting that is being spoken, or that is on its way to the disk.
struct SpokenMessage {
    model::VoicemailId voicemail;
    VoiceMessage message;
    ChannelId channel;
    std::optional<MailboxGreeting> greeting{};  ///< It is to be that one, and no message.
};
BOOST_DESCRIBE_STRUCT(SpokenMessage, (), (voicemail, message, channel, greeting))

/// Shorter ones are not kept: who hangs up after the beep has said nothing.
inline constexpr std::chrono::milliseconds kShortestMessage{1000};
inline constexpr std::chrono::minutes kLongestMessage{10};
/// Of a voicemail that does not say how many.
inline constexpr int kMostMessages = 100;

[[nodiscard]] std::string folder_of(std::string_view voicemails, model::VoicemailId voicemail, bool fresh);
[[nodiscard]] std::string greetings_of(std::string_view voicemails, model::VoicemailId voicemail);
[[nodiscard]] std::string file_of(std::string_view voicemails, model::VoicemailId voicemail,
                                  MailboxGreeting greeting);

}  // namespace almon::pbx
