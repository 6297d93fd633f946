// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "http/service.hpp"
#include "model/snapshot.hpp"
#include "pbx/call_core.hpp"
#include "services/ctid_ng/presences.hpp"
#include "services/events/event_feed.hpp"
#include "store/chat_table.hpp"

namespace almon::services {

class AudioFiles;

/// What call control needs of the rest. All is lent.
struct CtidNgParts {
    EventFeed& feed;  ///< Where it reads which calls are up, and tells what its users do.
    /// Carries an order out on the thread of the call core, and waits for it.
    std::function<Result<void>(std::function<void(pbx::CallCore&)>)> order;
    std::function<std::shared_ptr<const model::Snapshot>()> configuration;
    std::function<UtcTime()> now;
    Presences& presences;
    store::ChatTable& chats;
    /// What a presence may do to its user; waits for the disk.
    std::function<Result<void>(std::string_view user_uuid, bool on, const std::string& who)>
        set_do_not_disturb;
    http::BeforeFilter authentication;  ///< Sets the caller of each request.
    std::string voicemails{};           ///< Folder of the messages: see pbx::Mailbox.
    const AudioFiles* audio = nullptr;  ///< Takes the greetings that are uploaded.
};

/// xivo-ctid-ng, /1.0 (API-134..API-145): calls and transfers, made, listed and ended by programs; presences
/// and messages of users, and what lies in voicemails.
[[nodiscard]] std::shared_ptr<const http::Service> make_ctid_ng_service(CtidNgParts parts);

/// How xivo-ctid-ng refuses: {"message", "error_id", "details", "timestamp"}.
[[nodiscard]] http::ErrorDialect ctid_ng_dialect(std::function<UtcTime()> now);

}  // namespace almon::services
