// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/events/voicemail_view.hpp"

#include <chrono>

namespace almon::services {

namespace json = boost::json;

namespace {

constexpr std::uint64_t kInbox = 1;
constexpr std::uint64_t kOld = 2;

}  // namespace

json::object folder_json(bool fresh) {
    if (fresh) return {{"id", kInbox}, {"name", "inbox"}, {"type", "new"}};
    return {{"id", kOld}, {"name", "old"}, {"type", "old"}};
}

std::optional<bool> is_folder_fresh(std::uint64_t id) {
    if (id == kInbox) return true;
    if (id == kOld) return false;
    return std::nullopt;
}

json::object message_json(const pbx::VoiceMessage& message) {
    return {
        {"id", message.file},
        {"caller_id_name", nullptr},
        {"caller_id_num", message.caller.empty() ? json::value(nullptr) : json::value(message.caller)},
        {"duration", std::chrono::round<std::chrono::seconds>(message.length).count()},
        {"timestamp", message.time.time_since_epoch() / std::chrono::seconds(1)},
    };
}

json::object message_json(const pbx::VoiceMessage& message, bool fresh) {
    auto shown = message_json(message);
    shown["folder"] = folder_json(fresh);
    return shown;
}

}  // namespace almon::services
