// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.hpp"

namespace almon::server {

/// A command of the command line.
struct ControlQuestion {
    bool json = false;               ///< The answer is for a program.
    std::vector<std::string> words;  ///< "sip", "show", "peers"; without tabs and line breaks.
};

/// Where the command line of the same machine asks the running server: a UNIX socket in the data directory,
/// mode 600, so that root and the user whom Almon runs as may ask. One line in, a text out, then the
/// connection closes. Threads of its own, several: a command that waits for a part which stands still does
/// not keep others from being told that it does.
class ControlSocket final {
public:
    /// Gives the text to print.
    using Handler = std::function<Result<std::string>(const ControlQuestion& question)>;

    explicit ControlSocket(Handler handler);
    ~ControlSocket();
    ControlSocket(const ControlSocket&) = delete;
    ControlSocket& operator=(const ControlSocket&) = delete;

    /// Unavailable where the socket cannot be made; a stale one of a killed process is replaced.
    [[nodiscard]] Result<void> open(const std::string& path);

    /// Asks the server that listens at `path`. Unavailable where none does, Forbidden where its user is
    /// another one, InvalidArgument for what cannot be asked and what it refuses.
    [[nodiscard]] static Result<std::string> ask(const std::string& path, const ControlQuestion& question);

private:
    void run();
    void serve(int connection);

    Handler handler_;
    std::string path_;
    int listener_ = -1;
    int stop_event_ = -1;
    std::vector<std::thread> threads_;
};

}  // namespace almon::server
