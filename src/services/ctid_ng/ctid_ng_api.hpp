// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "model/voicemail.hpp"
#include "services/api.hpp"
#include "services/auth/caller.hpp"
#include "services/ctid_ng/ctid_ng.hpp"

namespace almon::services {

/// Where the parts of xivo-ctid-ng add their routes. Everything that waits for another thread runs on the
/// pool.
class CtidNgApi final {
public:
    explicit CtidNgApi(CtidNgParts parts);

    /// What handlers use.
    struct Office {
        CtidNgParts parts;

        /// Carries out on the core's thread what `work` does with the core, and gives what it gives.
        template <class Work>
        auto order(Work work) const -> decltype(work(std::declval<pbx::CallCore&>())) {
            std::optional<decltype(work(std::declval<pbx::CallCore&>()))> answer;
            const auto done = parts.order([&](pbx::CallCore& core) { answer.emplace(work(core)); });
            if (!done) return refuse(done);
            return *std::move(answer);
        }
        /// The same of what goes on.
        template <class Work>
        auto look(Work work) const -> decltype(work(std::declval<const LiveView&>())) {
            std::optional<decltype(work(std::declval<const LiveView&>()))> answer;
            const auto asked = parts.feed.ask([&](const LiveView& view) { answer.emplace(work(view)); });
            if (!asked) return refuse(asked);
            return *std::move(answer);
        }
        /// The user who asks. Refused: a token that is no user's, or of a user who is gone.
        [[nodiscard]] Result<model::UserId> asking_user(const http::Request& request) const;
        /// The voicemail with the id in the path or, where it has none, that of who asks.
        [[nodiscard]] Result<model::Voicemail> voicemail_of(const http::Request& request) const;
    };

    using Handler = Result<http::Response> (*)(const Office& office, const http::Request& request);
    void add(http::Method method, std::string_view path, OperationText text, Handler handler);
    /// The same, with a sound as the body, which is in the request's `taker`.
    void add_upload(http::Method method, std::string_view path, OperationText text, Handler handler);
    [[nodiscard]] Api& api() noexcept { return api_; }

    [[nodiscard]] std::shared_ptr<const http::Service> finish() &&;

private:
    std::shared_ptr<const Office> office_;
    Api api_;
};

/// What the body or the state of things does not allow is the client's mistake, whatever is missing: only
/// what the path names is not found (404).
[[nodiscard]] tl::unexpected<Error> refuse_request(Error error);

/// Of routes that answer with sound: they take the token from the query, too (API-145).
inline constexpr const char* kRecordingType = "audio/wav";

// The parts
void add_call_routes(CtidNgApi& ctid_ng);
void add_transfer_routes(CtidNgApi& ctid_ng);
void add_presence_routes(CtidNgApi& ctid_ng);
void add_chat_routes(CtidNgApi& ctid_ng);
void add_voicemail_routes(CtidNgApi& ctid_ng);
void add_greeting_routes(CtidNgApi& ctid_ng);

}  // namespace almon::services
