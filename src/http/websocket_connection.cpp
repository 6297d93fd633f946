// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/websocket_connection.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "base/log.hpp"
#include "http/asio_stream.hpp"

namespace almon::http {

namespace {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

/// RFC 6455 5.5: a control frame carries 125 bytes, two of which are the code.
constexpr std::size_t kMaxReason = 123;
constexpr Duration kHandshakeTimeout = 10s;

class WebSocketConnection;

/// The queue between those who send and the connection. Outlives the connection where somebody keeps it.
class Session final : public WebSocketSession {
public:
    struct Item {
        enum class Kind { Text, Binary, Close };
        Kind kind = Kind::Text;
        std::shared_ptr<const std::string> bytes;  ///< Of Close the reason.
        CloseCode code = CloseCode::Normal;
    };

    Session(std::size_t max_queued, const NetAddress& remote, std::string subprotocol)
        : max_queued_(max_queued), remote_(remote), subprotocol_(std::move(subprotocol)) {}

    void send_text(std::string text) override { push(Item::Kind::Text, std::move(text)); }
    void send_text(std::shared_ptr<const std::string> text) override {
        push({Item::Kind::Text, std::move(text), CloseCode::Normal});
    }
    void send_binary(std::string bytes) override { push(Item::Kind::Binary, std::move(bytes)); }
    void close(CloseCode code, std::string_view reason) override {
        std::size_t size = std::min(reason.size(), kMaxReason);
        // Not through the middle of a character.
        while (size < reason.size() && size > 0 && (static_cast<unsigned char>(reason[size]) & 0xc0) == 0x80)
            --size;
        push({Item::Kind::Close, std::make_shared<const std::string>(reason.substr(0, size)), code});
    }
    [[nodiscard]] std::size_t queued() const noexcept override {
        return queued_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] const NetAddress& remote() const noexcept override { return remote_; }
    [[nodiscard]] std::string_view subprotocol() const noexcept override { return subprotocol_; }

    // For the connection, on its thread:

    void attach(EventLoop& loop, std::weak_ptr<WebSocketConnection> connection);
    void detach() noexcept {
        const std::lock_guard lock(mutex_);
        loop_ = nullptr;
        items_.clear();
    }
    /// The next to send; without one the next push() wakes the connection.
    [[nodiscard]] std::optional<Item> pop() {
        const std::lock_guard lock(mutex_);
        if (items_.empty()) {
            awake_ = false;
            return std::nullopt;
        }
        Item item = std::move(items_.front());
        items_.pop_front();
        return item;
    }
    /// What pop() gave has left.
    void sent(std::size_t bytes) noexcept { queued_.fetch_sub(bytes, std::memory_order_relaxed); }
    [[nodiscard]] bool overflowed() const noexcept { return overflowed_; }

private:
    void push(Item item);
    void push(Item::Kind kind, std::string bytes) {
        push({kind, std::make_shared<const std::string>(std::move(bytes)), CloseCode::Normal});
    }

    const std::size_t max_queued_;
    const NetAddress remote_;
    const std::string subprotocol_;
    std::atomic<std::size_t> queued_{0};
    std::atomic<bool> overflowed_{false};
    std::mutex mutex_;  ///< Of what follows.
    EventLoop* loop_ = nullptr;
    std::weak_ptr<WebSocketConnection> connection_;
    std::deque<Item> items_;
    bool awake_ = false;    ///< Somebody will pop().
    bool closing_ = false;  ///< Nothing is taken behind a Close.
};

class WebSocketConnection final : public Peer, public std::enable_shared_from_this<WebSocketConnection> {
public:
    WebSocketConnection(IoThread& thread, std::unique_ptr<Stream> stream, Admission::Ticket ticket,
                        std::shared_ptr<const Site> site, const NetAddress& remote, WebSocketOpening opening,
                        std::string_view leftover)
        : thread_(thread),
          ticket_(std::move(ticket)),
          site_(std::move(site)),
          endpoint_(std::move(opening.endpoint)),
          handler_(std::move(opening.handler)),
          session_(std::make_shared<Session>(endpoint_->max_queued, remote, std::move(opening.subprotocol))),
          socket_(std::move(stream), std::string(leftover)) {}

    void start(const Request& request);
    void check(Instant) override {}
    void drain() override {
        if (!open_) return finish(CloseCode::GoingAway, {});
        session_->close(CloseCode::GoingAway, "the server goes down");
    }
    void abort() override { finish(CloseCode::GoingAway, {}); }
    /// Sends what is queued, one after the other.
    void flush();

private:
    void on_accepted(const error_code& error);
    void read();
    void on_read(const error_code& error);
    void finish(CloseCode code, std::string_view reason);
    template <class Call>
    void protect(Call call);

    IoThread& thread_;
    Admission::Ticket ticket_;
    std::shared_ptr<const Site> site_;
    std::shared_ptr<const WebSocketEndpoint> endpoint_;
    std::unique_ptr<WebSocketHandler> handler_;
    std::shared_ptr<Session> session_;
    IoThread::Place place_;
    websocket::stream<AsioStream, false> socket_;
    beast::flat_buffer message_;
    std::optional<Session::Item> writing_;
    bool open_ = false;
    bool closing_ = false;  ///< We have sent our Close, with `code_`.
    CloseCode code_ = CloseCode::Normal;
    bool finished_ = false;
};

void Session::attach(EventLoop& loop, std::weak_ptr<WebSocketConnection> connection) {
    const std::lock_guard lock(mutex_);
    loop_ = &loop;
    connection_ = std::move(connection);
    awake_ = true;
}

void Session::push(Item item) {
    const std::lock_guard lock(mutex_);
    if (loop_ == nullptr || closing_ || overflowed_) return;
    if (item.kind == Item::Kind::Close) {
        closing_ = true;
    } else if (queued_.fetch_add(item.bytes->size()) + item.bytes->size() > max_queued_) {
        overflowed_ = true;
        loop_->post([connection = connection_] {
            if (const auto alive = connection.lock()) alive->flush();
        });
        return;
    }
    items_.push_back(std::move(item));
    if (awake_) return;
    awake_ = true;
    // Destroyed on the loop's thread in any case: only there is a pointer made from the weak one.
    loop_->post([connection = connection_] {
        if (const auto alive = connection.lock()) alive->flush();
    });
}

void WebSocketConnection::start(const Request& request) {
    place_ = thread_.add(shared_from_this());
    socket_.set_option(websocket::stream_base::timeout{
        std::chrono::duration_cast<std::chrono::steady_clock::duration>(kHandshakeTimeout),
        std::chrono::duration_cast<std::chrono::steady_clock::duration>(endpoint_->idle_timeout), true});
    socket_.set_option(websocket::stream_base::decorator([this](websocket::response_type& response) {
        response.erase(beast::http::field::server);
        if (!session_->subprotocol().empty()) {
            response.set(beast::http::field::sec_websocket_protocol, std::string(session_->subprotocol()));
        }
    }));
    socket_.read_message_max(endpoint_->max_message);
    socket_.auto_fragment(false);
    beast::http::request<beast::http::empty_body> upgrade;
    upgrade.method(beast::http::verb::get);
    upgrade.target(request.target);
    upgrade.version(11);
    for (const std::string_view name :
         {"Host", "Connection", "Upgrade", "Sec-WebSocket-Key", "Sec-WebSocket-Version"}) {
        upgrade.insert({name.data(), name.size()}, std::string(request.headers.get(name)));
    }
    socket_.async_accept(upgrade,
                         [self = shared_from_this()](const error_code& error) { self->on_accepted(error); });
}

void WebSocketConnection::on_accepted(const error_code& error) {
    if (finished_) return;
    if (error) return finish(CloseCode::Abnormal, {});
    open_ = true;
    session_->attach(thread_.loop(), weak_from_this());
    protect([&] { handler_->on_open(session_); });
    if (finished_) return;
    read();
    flush();
}

void WebSocketConnection::read() {
    socket_.async_read(message_, [self = shared_from_this()](const error_code& error, std::size_t) {
        self->on_read(error);
    });
}

void WebSocketConnection::on_read(const error_code& error) {
    if (finished_) return;
    if (error) {
        if (closing_) return finish(code_, {});
        if (error == websocket::error::closed) {
            const websocket::close_reason& reason = socket_.reason();
            return finish(static_cast<CloseCode>(reason.code), {reason.reason.data(), reason.reason.size()});
        }
        if (error == websocket::error::message_too_big)
            return finish(CloseCode::TooBig, "the message is too long");
        if (error == websocket::error::bad_frame_payload) return finish(CloseCode::BadPayload, "not UTF-8");
        const bool malformed =
            error.category() == websocket::make_error_code(websocket::error::closed).category();
        return finish(malformed ? CloseCode::ProtocolError : CloseCode::Abnormal, error.message());
    }
    const auto bytes = message_.cdata();
    protect([&] {
        handler_->on_message({static_cast<const char*>(bytes.data()), bytes.size()}, socket_.got_text());
    });
    if (finished_) return;
    message_.consume(message_.size());
    // A single long message does not cost its memory for ever.
    if (message_.capacity() > 64 * 1024) message_.shrink_to_fit();
    read();
}

void WebSocketConnection::flush() {
    if (finished_ || !open_) return;
    if (session_->overflowed()) return finish(CloseCode::PolicyViolation, "reads too slowly");
    if (writing_ || closing_) return;
    writing_ = session_->pop();
    if (!writing_) return;
    if (writing_->kind == Session::Item::Kind::Close) {
        closing_ = true;
        code_ = writing_->code;
        const websocket::close_reason reason(static_cast<websocket::close_code>(code_), *writing_->bytes);
        socket_.async_close(
            reason, [self = shared_from_this()](const error_code&) { self->finish(self->code_, {}); });
        return;
    }
    socket_.binary(writing_->kind == Session::Item::Kind::Binary);
    socket_.async_write(boost::asio::buffer(*writing_->bytes),
                        [self = shared_from_this()](const error_code& error, std::size_t) {
                            if (self->finished_) return;
                            self->session_->sent(self->writing_->bytes->size());
                            self->writing_.reset();
                            if (!error) self->flush();  // else the reader notices as well
                        });
}

/// A handler that throws ends its connection and no other.
template <class Call>
void WebSocketConnection::protect(Call call) {
    try {
        call();
    } catch (const std::exception& exception) {
        log_error("http: a WebSocket ends: {}", exception.what());
        session_->close(CloseCode::InternalError, "unexpected error");
    }
}

void WebSocketConnection::finish(CloseCode code, std::string_view reason) {
    if (finished_) return;
    finished_ = true;
    const auto self = shared_from_this();
    session_->detach();
    if (open_) protect([&] { handler_->on_close(code, reason); });
    handler_.reset();
    socket_.next_layer().close();
    ticket_.give_back();
    thread_.remove(place_);
}

}  // namespace

Result<void> check_websocket_request(const Request& request) {
    if (request.method != Method::Get) return refuse(ErrorCode::Malformed, {}, "a WebSocket begins with GET");
    if (request.headers.get("Sec-WebSocket-Version") != "13") {
        return refuse(ErrorCode::Unsupported, "Sec-WebSocket-Version", "must be 13");
    }
    // Sixteen bytes in base64.
    const std::string_view key = request.headers.get("Sec-WebSocket-Key");
    if (key.size() != 24 || !key.ends_with("==")) {
        return refuse(ErrorCode::Malformed, "Sec-WebSocket-Key", "must be there, 16 bytes in base64");
    }
    return {};
}

Result<std::string> choose_subprotocol(const Request& request, const WebSocketEndpoint& endpoint) {
    for (const std::string& ours : endpoint.subprotocols) {
        for (std::size_t index = 0; index < request.headers.size(); ++index) {
            const Headers::Field field = request.headers[index];
            if (equal_ignoring_case(field.name, "Sec-WebSocket-Protocol") && list_admits(field.value, ours)) {
                return ours;
            }
        }
    }
    if (!endpoint.subprotocol_required) return std::string();
    return refuse(ErrorCode::InvalidArgument, "Sec-WebSocket-Protocol", "offers none that is spoken here");
}

void become_websocket(IoThread& thread, std::unique_ptr<Stream> stream, Admission::Ticket ticket,
                      std::shared_ptr<const Site> site, const Request& request, WebSocketOpening opening,
                      std::string_view leftover) {
    std::make_shared<WebSocketConnection>(thread, std::move(stream), std::move(ticket), std::move(site),
                                          request.remote, std::move(opening), leftover)
        ->start(request);
}

}  // namespace almon::http
