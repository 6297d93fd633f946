// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/mailboxes.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "base/whole_number.hpp"
#include "media/recorder.hpp"

namespace almon::server {
namespace {

namespace fs = std::filesystem;

std::optional<model::VoicemailId> voicemail_named(const std::string& folder) {
    const auto id = whole_number<std::uint64_t>(folder);
    if (!id || *id == 0) return std::nullopt;
    return model::VoicemailId{*id};
}

std::vector<pbx::VoiceMessage> messages_in(const fs::path& folder) {
    std::vector<pbx::VoiceMessage> messages;
    std::error_code error;
    for (const auto& file : fs::directory_iterator(folder, error)) {
        if (file.path().extension() == ".part") {
            std::error_code ignored;
            fs::remove(file.path(), ignored);
        }
        if (file.path().extension() != ".wav") continue;
        if (auto message = pbx::VoiceMessage::named(file.path().stem().string())) {
            const auto bytes = file.file_size(error);
            if (!error) message->length = media::Recorder::length_of(bytes);
            messages.push_back(*std::move(message));
        }
    }
    std::ranges::sort(messages, {}, &pbx::VoiceMessage::arrival);
    return messages;
}

/// Greetings whose recording ended with the process that was to decide about it.
void erase_unfinished(const fs::path& folder) {
    std::error_code error;
    for (const auto& file : fs::directory_iterator(folder, error)) {
        const bool is_greeting =
            file.path().extension() == ".wav" && pbx::greeting_named(file.path().stem().string());
        std::error_code ignored;
        if (!is_greeting) fs::remove(file.path(), ignored);
    }
}

}  // namespace

std::map<model::VoicemailId, pbx::Mailbox> load_mailboxes(const fs::path& folder) {
    std::map<model::VoicemailId, pbx::Mailbox> mailboxes;
    std::error_code error;
    for (const auto& each : fs::directory_iterator(folder, error)) {
        const auto voicemail = voicemail_named(each.path().filename().string());
        if (!voicemail) continue;
        mailboxes[*voicemail] = {messages_in(each.path() / "new"), messages_in(each.path() / "old")};
        erase_unfinished(each.path() / "greetings");
    }
    return mailboxes;
}

}  // namespace almon::server
