// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "base/result.hpp"

namespace almon::server {

/// An answer that begins so says why there is none.
constexpr std::string_view kControlRefusal = "refused: ";

/// Where `almon why` and other commands of the same machine ask the running server: a UNIX socket in the data
/// directory, mode 600. One line in, a text out, then the connection closes. A thread of its own; one
/// question at a time.
class ControlSocket final {
public:
    using Handler = std::function<std::string(std::string_view question)>;

    explicit ControlSocket(Handler handler);
    ~ControlSocket();
    ControlSocket(const ControlSocket&) = delete;
    ControlSocket& operator=(const ControlSocket&) = delete;

    /// Unavailable where the socket cannot be made; a stale one of a killed process is replaced.
    [[nodiscard]] Result<void> open(const std::string& path);

    /// Asks the server that listens at `path`. Unavailable where none does, InvalidArgument for a refusal.
    [[nodiscard]] static Result<std::string> ask(const std::string& path, std::string_view question);

private:
    void run();
    void serve(int connection);

    Handler handler_;
    std::string path_;
    int listener_ = -1;
    int stop_event_ = -1;
    std::thread thread_;
};

}  // namespace almon::server
