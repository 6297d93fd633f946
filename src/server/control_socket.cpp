// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/control_socket.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace almon::server {

namespace {

constexpr std::size_t kLongestQuestion = 4096;
constexpr timeval kPatience{5, 0};

/// False where the path is too long for a UNIX socket.
bool fill(sockaddr_un& address, const std::string& path) {
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof(address.sun_path)) return false;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return true;
}

Error unavailable(const std::string& path, const char* what) {
    return {ErrorCode::Unavailable, path, std::string(what) + ": " + std::strerror(errno)};
}

void write_all(int socket, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = send(socket, text.data(), text.size(), MSG_NOSIGNAL);
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

ControlSocket::ControlSocket(Handler handler) : handler_(std::move(handler)) {}

ControlSocket::~ControlSocket() {
    if (thread_.joinable()) {
        eventfd_write(stop_event_, 1);
        thread_.join();
    }
    if (listener_ >= 0) {
        close(listener_);
        unlink(path_.c_str());
    }
    if (stop_event_ >= 0) close(stop_event_);
}

Result<void> ControlSocket::open(const std::string& path) {
    sockaddr_un address{};
    if (!fill(address, path))
        return refuse(ErrorCode::InvalidArgument, path, "is too long for the path of a socket");
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener_ < 0) return tl::unexpected(unavailable(path, "no socket"));
    unlink(path.c_str());
    const mode_t mask = umask(0177);
    const int bound = bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    umask(mask);
    if (bound != 0 || listen(listener_, 8) != 0) return tl::unexpected(unavailable(path, "cannot listen"));
    path_ = path;
    stop_event_ = eventfd(0, EFD_CLOEXEC);
    thread_ = std::thread([this] {
        pthread_setname_np(pthread_self(), "control");
        run();
    });
    return {};
}

void ControlSocket::run() {
    for (;;) {
        pollfd waits[2] = {{listener_, POLLIN, 0}, {stop_event_, POLLIN, 0}};
        if (poll(waits, 2, -1) < 0 && errno != EINTR) return;
        if (waits[1].revents != 0) return;
        if (waits[0].revents == 0) continue;
        const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) continue;
        serve(connection);
        close(connection);
    }
}

void ControlSocket::serve(int connection) {
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof(kPatience));
    std::string question;
    char piece[512];
    while (question.find('\n') == std::string::npos && question.size() < kLongestQuestion) {
        const ssize_t got = recv(connection, piece, sizeof(piece), 0);
        if (got <= 0) return;
        question.append(piece, static_cast<std::size_t>(got));
    }
    write_all(connection, handler_(std::string_view(question).substr(0, question.find('\n'))));
}

Result<std::string> ControlSocket::ask(const std::string& path, std::string_view question) {
    sockaddr_un address{};
    if (!fill(address, path))
        return refuse(ErrorCode::InvalidArgument, path, "is too long for the path of a socket");
    const int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection < 0 ||
        connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        auto error = unavailable(path, "no running almon answers there");
        if (connection >= 0) close(connection);
        return tl::unexpected(std::move(error));
    }
    write_all(connection, std::string(question) + "\n");
    std::string answer;
    char piece[4096];
    for (ssize_t got = 0; (got = recv(connection, piece, sizeof(piece), 0)) > 0;) {
        answer.append(piece, static_cast<std::size_t>(got));
    }
    close(connection);
    if (answer.starts_with(kControlRefusal)) {
        const auto reason = std::string_view(answer).substr(kControlRefusal.size());
        return refuse(ErrorCode::InvalidArgument, "", std::string(reason.substr(0, reason.find('\n'))));
    }
    return answer;
}

}  // namespace almon::server
