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
/// An answer that begins so says why there is none.
constexpr std::string_view kRefusal = "refused: ";
constexpr std::string_view kText = "text";
constexpr std::string_view kJson = "json";
constexpr timeval kPatience{5, 0};
constexpr int kThreads = 4;

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

/// "json", then the words, with tabs in between.
Result<std::string> line_of(const ControlQuestion& question) {
    std::string line(question.json ? kJson : kText);
    for (const auto& word : question.words) {
        if (word.find_first_of("\t\n") != std::string::npos)
            return refuse(ErrorCode::InvalidArgument, "", "tabs and line breaks are in no name");
        line += '\t' + word;
    }
    line += '\n';
    if (line.size() > kLongestQuestion) return refuse(ErrorCode::InvalidArgument, "", "that is too long");
    return line;
}

ControlQuestion question_in(std::string_view line) {
    ControlQuestion question;
    question.json = line.substr(0, line.find('\t')) == kJson;
    while (line.find('\t') != std::string_view::npos) {
        line.remove_prefix(line.find('\t') + 1);
        question.words.emplace_back(line.substr(0, line.find('\t')));
    }
    return question;
}

/// Why nobody answers, for the person in front of the terminal.
Error nobody_answers(const std::string& path) {
    if (errno == EACCES)
        return {ErrorCode::Forbidden, path, "only root and the user whom almon runs as may ask it"};
    if (errno == ENOENT || errno == ECONNREFUSED)
        return {ErrorCode::Unavailable, "",
                "almon is not running, or has its data elsewhere than in " + path.substr(0, path.rfind('/')) +
                    " (--data)"};
    return unavailable(path, "almon cannot be asked");
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
    if (stop_event_ >= 0) eventfd_write(stop_event_, 1);
    for (auto& thread : threads_)
        thread.join();
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
    // Each of the threads is woken, and one of them gets the connection.
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener_ < 0) return tl::unexpected(unavailable(path, "no socket"));
    unlink(path.c_str());
    const mode_t mask = umask(0177);
    const int bound = bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    umask(mask);
    if (bound != 0 || listen(listener_, 8) != 0) return tl::unexpected(unavailable(path, "cannot listen"));
    path_ = path;
    stop_event_ = eventfd(0, EFD_CLOEXEC);
    for (int thread = 0; thread < kThreads; ++thread) {
        threads_.emplace_back([this] {
            pthread_setname_np(pthread_self(), "control");
            run();
        });
    }
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
    const auto answer = handler_(question_in(std::string_view(question).substr(0, question.find('\n'))));
    if (answer) return write_all(connection, *answer);
    const auto& [code, field, reason] = answer.error();
    write_all(connection, std::string(kRefusal) + (field.empty() ? reason : field + ": " + reason) + "\n");
}

Result<std::string> ControlSocket::ask(const std::string& path, const ControlQuestion& question) {
    const auto line = line_of(question);
    if (!line) return refuse(line);
    sockaddr_un address{};
    if (!fill(address, path))
        return refuse(ErrorCode::InvalidArgument, path, "is too long for the path of a socket");
    const int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection < 0 ||
        connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        auto error = nobody_answers(path);
        if (connection >= 0) close(connection);
        return tl::unexpected(std::move(error));
    }
    write_all(connection, *line);
    std::string answer;
    char piece[4096];
    for (ssize_t got = 0; (got = recv(connection, piece, sizeof(piece), 0)) > 0;) {
        answer.append(piece, static_cast<std::size_t>(got));
    }
    close(connection);
    if (answer.starts_with(kRefusal)) {
        const auto reason = std::string_view(answer).substr(kRefusal.size());
        return refuse(ErrorCode::InvalidArgument, "", std::string(reason.substr(0, reason.find('\n'))));
    }
    return answer;
}

}  // namespace almon::server
