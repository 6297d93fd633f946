// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "server/server_settings.hpp"

namespace almon::server {

/// The composition root: builds every part in order, by constructor, and alone sees them all.
class Server final {
public:
    /// Opens the database and the ports, loads what is configured and registered, and serves. A refusal is
    /// for the administrator: sentence_of().
    [[nodiscard]] static Result<std::unique_ptr<Server>> start(const ServerSettings& settings);
    /// Says goodbye to every call, waits a moment for the phones to confirm, and takes everything down in the
    /// reverse order of its construction.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

private:
    struct Parts;
    explicit Server(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

/// Where the running server of this data directory listens for questions.
[[nodiscard]] std::string control_socket_path(const ServerSettings& settings);

}  // namespace almon::server
