// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/mailbox.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include <fmt/format.h>

namespace almon::pbx {

VoiceMessage VoiceMessage::make(UtcTime time, std::uint64_t sequence, std::string_view caller) {
    VoiceMessage message;
    message.time = std::chrono::floor<std::chrono::seconds>(time);
    // What callers say of themselves is to be no path.
    for (const char each : caller) {
        if ((each >= '0' && each <= '9') || each == '+') message.caller += each;
    }
    message.file = fmt::format("{}-{}-{}", message.time.time_since_epoch() / std::chrono::seconds(1),
                               sequence, message.caller);
    return message;
}

std::optional<VoiceMessage> VoiceMessage::named(std::string_view file) {
    const auto* const end = file.data() + file.size();
    std::int64_t seconds = 0;
    std::uint64_t sequence = 0;
    auto read = std::from_chars(file.data(), end, seconds);
    if (read.ec != std::errc() || read.ptr == end || *read.ptr != '-' || seconds < 0) return std::nullopt;
    read = std::from_chars(read.ptr + 1, end, sequence);
    if (read.ec != std::errc() || read.ptr == end || *read.ptr != '-') return std::nullopt;
    auto message = make(UtcTime(std::chrono::seconds(seconds)), sequence,
                        std::string_view(read.ptr + 1, static_cast<std::size_t>(end - read.ptr - 1)));
    if (message.file != file) return std::nullopt;
    return message;
}

std::string folder_of(std::string_view voicemails, model::VoicemailId voicemail, bool fresh) {
    return fmt::format("{}/{}/{}", voicemails, voicemail.value, fresh ? "new" : "old");
}

std::string_view name_of(MailboxGreeting greeting) noexcept {
    switch (greeting) {
        case MailboxGreeting::Unavailable:
            return "unavailable";
        case MailboxGreeting::Busy:
            return "busy";
        case MailboxGreeting::Temporary:
            return "temp";
    }
    return "unavailable";
}

std::optional<MailboxGreeting> greeting_named(std::string_view name) noexcept {
    const auto* found = std::ranges::find(kMailboxGreetings, name, &name_of);
    return found == std::end(kMailboxGreetings) ? std::nullopt : std::optional(*found);
}

std::string greetings_of(std::string_view voicemails, model::VoicemailId voicemail) {
    return fmt::format("{}/{}/greetings", voicemails, voicemail.value);
}

std::string file_of(std::string_view voicemails, model::VoicemailId voicemail, MailboxGreeting greeting) {
    return fmt::format("{}/{}.wav", greetings_of(voicemails, voicemail), name_of(greeting));
}

}  // namespace almon::pbx
