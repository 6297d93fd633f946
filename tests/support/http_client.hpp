// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/net_address.hpp"
#include "base/time.hpp"
#include "http/headers.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace almon::test {

struct HttpAnswer {
    int status = 0;  ///< 0: there was none.
    http::Headers headers;
    std::string body;  ///< Chunks joined, not decompressed.
    bool complete = false;
};

/// An HTTP client that does what a test tells it, well or badly. Waits at most ten seconds for anything.
class HttpClient final {
public:
    /// In the clear.
    explicit HttpClient(const NetAddress& server);
    /// Over TLS, trusting `authority` and insisting on a certificate for `name`.
    HttpClient(const NetAddress& server, const std::filesystem::path& authority, const std::string& name);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// False where the connection or the handshake failed.
    [[nodiscard]] bool connected() const noexcept { return connected_; }
    /// False where the server has closed.
    bool send(std::string_view bytes);
    /// The next answer. `to_head`: it has no body whatever its fields say.
    [[nodiscard]] HttpAnswer receive(bool to_head = false);
    /// send() and receive(); `fields` are whole lines, Host and Content-Length are added.
    HttpAnswer ask(std::string_view method, std::string_view target, std::string_view fields = {},
                   std::string_view body = {});
    /// Reads until `size` bytes are there, also those that an answer left.
    [[nodiscard]] std::string read(std::size_t size);
    /// True once the server closes; what it sends until then is thrown away. False after `patience`.
    [[nodiscard]] bool sees_close(Duration patience = 10s);
    /// "TLSv1.3".
    [[nodiscard]] std::string tls_version() const;

private:
    [[nodiscard]] bool fill();
    [[nodiscard]] bool line(std::string& into);

    int socket_ = -1;
    ssl_ctx_st* context_ = nullptr;
    ssl_st* ssl_ = nullptr;
    bool connected_ = false;
    std::string buffer_;
};

}  // namespace almon::test
