// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/http_client.hpp"

#include <array>
#include <chrono>
#include <cstdlib>

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace almon::test {

namespace {

int connect_to(const NetAddress& server) {
    const int socket = ::socket(server.ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience{10, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    sockaddr_storage storage;
    const auto length = server.to(storage);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&storage), length) == 0) return socket;
    ::close(socket);
    return -1;
}

}  // namespace

HttpClient::HttpClient(const NetAddress& server) : socket_(connect_to(server)), connected_(socket_ >= 0) {}

HttpClient::HttpClient(const NetAddress& server, const std::filesystem::path& authority,
                       const std::string& name)
    : socket_(connect_to(server)) {
    if (socket_ < 0) return;
    context_ = SSL_CTX_new(TLS_client_method());
    SSL_CTX_load_verify_locations(context_, authority.c_str(), nullptr);
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
    ssl_ = SSL_new(context_);
    SSL_set_tlsext_host_name(ssl_, name.c_str());
    SSL_set1_host(ssl_, name.c_str());
    SSL_set_fd(ssl_, socket_);
    connected_ = SSL_connect(ssl_) == 1;
    ERR_clear_error();
}

HttpClient::~HttpClient() {
    if (ssl_ != nullptr) SSL_free(ssl_);
    if (context_ != nullptr) SSL_CTX_free(context_);
    if (socket_ >= 0) ::close(socket_);
}

bool HttpClient::send(std::string_view bytes) {
    if (ssl_ != nullptr) {
        ERR_clear_error();
        std::size_t written = 0;
        return SSL_write_ex(ssl_, bytes.data(), bytes.size(), &written) == 1 && written == bytes.size();
    }
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

bool HttpClient::fill() {
    std::array<char, 16 * 1024> chunk;
    std::size_t size = 0;
    if (ssl_ != nullptr) {
        ERR_clear_error();
        if (SSL_read_ex(ssl_, chunk.data(), chunk.size(), &size) != 1) return false;
    } else {
        const ssize_t count = ::recv(socket_, chunk.data(), chunk.size(), 0);
        if (count <= 0) return false;
        size = static_cast<std::size_t>(count);
    }
    buffer_.append(chunk.data(), size);
    return true;
}

bool HttpClient::line(std::string& into) {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n")) == std::string::npos) {
        if (!fill()) return false;
    }
    into = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return true;
}

std::string HttpClient::read(std::size_t size) {
    while (buffer_.size() < size && fill()) {
    }
    std::string bytes = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return bytes;
}

HttpAnswer HttpClient::receive(bool to_head) {
    HttpAnswer answer;
    std::string text;
    if (!line(text) || !text.starts_with("HTTP/1.1 ")) return answer;
    answer.status = std::atoi(text.c_str() + 9);
    while (line(text) && !text.empty()) {
        const std::size_t colon = text.find(':');
        answer.headers.add(text.substr(0, colon), text.substr(colon + 1));
    }
    if (!text.empty()) return answer;
    const bool bodiless = to_head || answer.status < 200 || answer.status == 204 || answer.status == 304;
    if (bodiless) {
        answer.complete = true;
    } else if (const auto length = answer.headers.find("Content-Length")) {
        const auto size = static_cast<std::size_t>(std::strtoull(std::string(*length).c_str(), nullptr, 10));
        answer.body = read(size);
        answer.complete = answer.body.size() == size;
    } else if (answer.headers.get("Transfer-Encoding") == "chunked") {
        while (line(text)) {
            const auto size = static_cast<std::size_t>(std::strtoull(text.c_str(), nullptr, 16));
            answer.body += read(size);
            if (!line(text)) break;
            if (size == 0) {
                answer.complete = true;
                break;
            }
        }
    } else {
        while (fill()) {
        }
        answer.body.swap(buffer_);
        answer.complete = true;
    }
    return answer;
}

HttpAnswer HttpClient::ask(std::string_view method, std::string_view target, std::string_view fields,
                           std::string_view body) {
    std::string text(method);
    text += ' ';
    text += target;
    text += " HTTP/1.1\r\nHost: almon\r\n";
    text += fields;
    if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    text += "\r\n";
    text += body;
    if (!send(text)) return {};
    return receive(method == "HEAD");
}

bool HttpClient::sees_close(Duration patience) {
    buffer_.clear();
    while (true) {
        const bool held = ssl_ != nullptr && SSL_has_pending(ssl_) == 1;
        pollfd waiting{socket_, POLLIN, 0};
        const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(patience).count();
        if (!held && ::poll(&waiting, 1, static_cast<int>(milliseconds)) == 0) return false;
        if (!fill()) return true;
        buffer_.clear();
    }
}

std::string HttpClient::tls_version() const {
    return ssl_ == nullptr ? std::string() : SSL_get_version(ssl_);
}

}  // namespace almon::test
