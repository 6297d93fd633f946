// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/connection.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include "base/log.hpp"
#include "base/system_clock.hpp"

namespace almon::http {

namespace {

/// Steps before others of the thread get their turn.
constexpr unsigned kTurns = 64;
/// A body that nobody wants is read up to this, so that the connection can be kept.
constexpr std::uint64_t kReadInVain = std::uint64_t{64} * 1024;
constexpr Duration kLinger = 2s;
constexpr std::size_t kMaxLingering = std::size_t{1024} * 1024;
/// Up to this head and body travel in one TLS record.
constexpr std::size_t kOneRecord = std::size_t{16} * 1024;
/// Writes of one step; a fast reader of a long body must not keep the thread.
constexpr unsigned kWrites = 64;
/// Of a body that somebody takes piece by piece, at least so much at a time.
constexpr std::size_t kPiece = std::size_t{64} * 1024;
constexpr std::size_t kKeptBuffer = std::size_t{4} * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Connection::Connection(const ConnectionContext& context, std::unique_ptr<Stream> stream,
                       std::shared_ptr<const Site> site, const NetAddress& remote, Admission::Ticket ticket)
    : context_(context),
      stream_(std::move(stream)),
      site_(std::move(site)),
      ticket_(std::move(ticket)),
      parser_(request_, context.limits.max_head) {
    request_.remote = remote;
    request_.local = stream_->local_address();
    request_.secure = stream_->is_secure();
}

void Connection::start() {
    place_ = context_.thread.add(shared_from_this());
    now_ = system_now();
    if (!stream_->is_secure()) {
        enter(Phase::Idle, context_.limits.head_timeout);
        return resume();
    }
    enter(Phase::ShakingHands, context_.limits.handshake_timeout);
    (void)wait_for(Stream::Status::WantRead);
}

void Connection::check(Instant now) {
    if (phase_ != Phase::Closed && now > deadline_) close();
}

void Connection::drain() {
    draining_ = true;
    if (phase_ == Phase::Idle || phase_ == Phase::ShakingHands) close();
}

void Connection::abort() {
    close();
}

void Connection::enter(Phase phase, Duration allowance) noexcept {
    phase_ = phase;
    began_ = now_.instant;
    deadline_ = began_ + allowance;
    moved_ = 0;
}

void Connection::extend(Duration grace) noexcept {
    const auto earned = std::chrono::seconds(moved_ / std::max<std::size_t>(context_.limits.min_rate, 1));
    deadline_ = began_ + grace + earned;
}

void Connection::resume() {
    now_ = system_now();
    try {
        for (unsigned turn = 0; turn < kTurns; ++turn) {
            if (!step()) return;
        }
    } catch (const std::exception& exception) {
        log_error("http: {}", exception.what());
        close();
        return;
    }
    boost::asio::post(stream_->socket().get_executor(), [self = shared_from_this()] { self->resume(); });
}

bool Connection::step() {
    switch (phase_) {
        case Phase::ShakingHands:
            return shake_hands();
        case Phase::Idle:
        case Phase::Receiving:
            return receive();
        case Phase::Writing:
            return write();
        case Phase::Lingering:
            return linger();
        case Phase::Upgrading:
            upgrade();
            break;
        case Phase::Handling:
        case Phase::Closed:
            break;
    }
    return false;
}

bool Connection::wait_for(Stream::Status status) {
    if (status == Stream::Status::Closed) {
        close();
        return false;
    }
    using Socket = boost::asio::ip::tcp::socket;
    stream_->socket().async_wait(status == Stream::Status::WantRead ? Socket::wait_read : Socket::wait_write,
                                 [self = shared_from_this()](const boost::system::error_code& error) {
                                     if (self->phase_ == Phase::Closed) return;
                                     if (error) return self->close();
                                     self->resume();
                                 });
    return false;
}

/// On a thread of its own: when thousands of browsers come back at once, those who are in do not wait for
/// them.
bool Connection::shake_hands() {
    shaking_ = true;
    context_.handshakes.post([self = shared_from_this()] {
        const Stream::Status status = self->stream_->shake_hands();
        self->context_.thread.loop().post([self, status] {
            self->shaking_ = false;
            if (self->phase_ == Phase::Closed) return;
            if (status != Stream::Status::Done) return (void)self->wait_for(status);
            self->now_ = system_now();
            self->enter(Phase::Idle, self->context_.limits.head_timeout);
            self->resume();
        });
    });
    return false;
}

bool Connection::receive() {
    std::string_view bytes = std::string_view(pending_).substr(pending_begin_);
    if (bytes.empty() || starved_) {
        // Most requests come in one piece, and a client waits for the answer: asking again would be in vain.
        if (std::exchange(read_all_, false)) return wait_for(Stream::Status::WantRead);
        auto& scratch = context_.thread.scratch();
        const Stream::Outcome outcome = stream_->read(scratch);
        if (outcome.status != Stream::Status::Done) return wait_for(outcome.status);
        read_all_ = outcome.bytes < scratch.size() && !stream_->holds_input();
        if (bytes.empty()) {
            pending_.clear();
            pending_begin_ = 0;
            bytes = {scratch.data(), outcome.bytes};
        } else {
            pending_.erase(0, pending_begin_);
            pending_begin_ = 0;
            pending_.append(scratch.data(), outcome.bytes);
            bytes = pending_;
        }
    }
    const bool fresh = pending_.empty();
    const std::size_t consumed = take(bytes);
    if (fresh) {
        pending_ = bytes.substr(consumed);
    } else {
        pending_begin_ += consumed;
    }
    return true;
}

std::size_t Connection::take(std::string_view bytes) {
    std::size_t consumed = 0;
    starved_ = false;
    while (true) {
        const RequestParser::Progress progress = parser_.feed(bytes.substr(consumed));
        consumed += progress.consumed;
        switch (progress.step) {
            case RequestParser::Step::NeedMore:
                starved_ = true;
                if (phase_ == Phase::Idle) {
                    if (parser_.started() || consumed < bytes.size()) {
                        enter(Phase::Receiving, context_.limits.head_timeout);
                    }
                } else if (goal_.route != nullptr || early_) {
                    moved_ += progress.consumed;
                    extend(context_.limits.body_grace);
                    if (is_taken_in_pieces() && request_.body.size() >= kPiece) pass_piece();
                }
                return consumed;
            case RequestParser::Step::Head:
                on_head();
                if (phase_ != Phase::Idle && phase_ != Phase::Receiving) return consumed;
                break;
            case RequestParser::Step::Complete:
                on_request();
                return consumed;
            case RequestParser::Step::Refused:
                refuse(parser_.refusal().status, parser_.refusal().error);
                return consumed;
        }
    }
}

void Connection::on_head() {
    early_ = site_->receive(request_, goal_);
    if (!early_ && goal_.route->websocket) {
        on_websocket();
        if (phase_ == Phase::Upgrading) return;
    }
    if (!early_) {
        const std::size_t limit = goal_.route->options.max_body;
        parser_.limit_body(limit);
        if (parser_.announced_body().value_or(0) > limit) {
            early_ = site_->refuse(goal_, 413, {ErrorCode::Exhausted, "body", "is too long"});
        }
    }
    if (parser_.is_complete()) return;
    enter(Phase::Receiving, context_.limits.body_grace);
    const bool waits = parser_.expects_continue() && parser_.is_http_1_1();
    if (early_) {
        const auto announced = parser_.announced_body();
        if (waits || !announced || *announced > kReadInVain) {
            close_after_ = true;
            answer(*std::move(early_));
        } else {
            parser_.discard_body();
        }
    } else if (waits && stream_->write(kContinue, {}).bytes != kContinue.size()) {
        close();
    }
}

void Connection::on_websocket() {
    const WebSocketEndpoint& endpoint = *goal_.route->websocket;
    if (!parser_.wants_websocket() || !parser_.is_complete()) {
        early_ = site_->refuse(goal_, 426, {ErrorCode::Unsupported, {}, "only a WebSocket is served here"});
        early_->headers.set("Upgrade", "websocket");
        return;
    }
    if (const auto sound = check_websocket_request(request_); !sound) {
        early_ =
            site_->refuse(goal_, sound.error().code == ErrorCode::Unsupported ? 426 : 400, sound.error());
        early_->headers.set("Sec-WebSocket-Version", "13");
        return;
    }
    auto subprotocol = choose_subprotocol(request_, endpoint);
    if (!subprotocol) {
        early_ = site_->refuse(goal_, subprotocol.error());
        return;
    }
    Result<std::unique_ptr<WebSocketHandler>> handler;
    try {
        handler = endpoint.open(request_);
    } catch (const std::exception& exception) {
        log_error("{} {}: {}", goal_.service->name, request_.path, exception.what());
        handler = almon::refuse(ErrorCode::Internal, {}, "unexpected error");
    }
    if (!handler) {
        early_ = site_->refuse(goal_, handler.error());
        return;
    }
    websocket_ = WebSocketOpening{goal_.route->websocket, *std::move(handler), *std::move(subprotocol)};
    phase_ = Phase::Upgrading;
}

void Connection::upgrade() {
    const auto self = shared_from_this();
    phase_ = Phase::Closed;
    context_.thread.remove(place_);
    become_websocket(context_.thread, std::move(stream_), std::move(ticket_), site_, request_,
                     *std::move(websocket_), std::string_view(pending_).substr(pending_begin_));
    websocket_.reset();
}

void Connection::on_request() {
    if (early_) return answer(*std::move(early_));
    if (!runs_on_pool()) return answer(site_->answer(request_, goal_));
    on_pool(
        [this] {
            Response response = ask_handler();
            prepare(response);
            return response;
        },
        [this](Response response) { send(std::move(response)); });
}

bool Connection::runs_on_pool() const noexcept {
    return goal_.route != nullptr &&
           (goal_.route->options.runs_on == RunsOn::Pool || goal_.route->options.take_body);
}

bool Connection::is_taken_in_pieces() const noexcept {
    return goal_.route != nullptr && goal_.route->options.take_body && !early_;
}

Response Connection::ask_handler() {
    if (!is_taken_in_pieces()) return site_->answer(request_, goal_);
    const auto taken = hand_on(parser_.take_body());
    Response response = taken ? site_->answer(request_, goal_) : site_->refuse(goal_, taken.error());
    request_.taker.reset();
    return response;
}

void Connection::pass_piece() {
    on_pool([this, piece = parser_.take_body()] { return hand_on(piece); },
            [this](const Result<void>& taken) {
                // The peer has its time for the next piece, however long we took.
                enter(Phase::Receiving, context_.limits.body_grace);
                if (taken) return;
                close_after_ = true;
                answer(site_->refuse(goal_, taken.error()));
            });
}

/// On the pool.
Result<void> Connection::hand_on(std::string_view piece) {
    try {
        if (!request_.taker) {
            auto taker = goal_.route->options.take_body(request_);
            if (!taker) return almon::refuse(taker);
            request_.taker = *std::move(taker);
        }
        auto taken = request_.taker->take(piece);
        if (!taken) request_.taker.reset();
        return taken;
    } catch (const std::exception& exception) {
        log_error("{} {}: {}", goal_.service->name, request_.path, exception.what());
        request_.taker.reset();
        return almon::refuse(ErrorCode::Internal, {}, "unexpected error");
    }
}

/// `work` on the pool, then `then` with its result on the connection's thread, unless it was closed
/// meanwhile.
template <class Work, class Then>
void Connection::on_pool(Work work, Then then) {
    phase_ = Phase::Handling;
    deadline_ = Instant::max();
    context_.pool.post([self = shared_from_this(), work = std::move(work), then = std::move(then)] {
        EventLoop& loop = self->context_.thread.loop();
        try {
            loop.post([self, then, result = work()]() mutable {
                if (self->phase_ != Phase::Handling) return;
                self->now_ = system_now();
                then(std::move(result));
                self->resume();
            });
        } catch (const std::exception& exception) {
            log_error("http: {}", exception.what());
            loop.post([self] { self->close(); });
        }
    });
}

void Connection::prepare(Response& response) const {
    site_->permit(request_, goal_, response);
    compress(request_, response);
}

void Connection::refuse(int status, const Error& error) {
    close_after_ = true;
    answer(site_->refuse(goal_, status, error));
}

void Connection::answer(Response response) {
    prepare(response);
    send(std::move(response));
}

void Connection::send(Response response) {
    if (logs(LogLevel::Debug)) {
        log_debug("http: {} {} {}: {}", request_.remote.text(), method_name(request_.method), request_.path,
                  response.status);
    }
    response_ = std::move(response);
    framing_ = framing_of(response_, parser_.is_http_1_1());
    if (!parser_.keeps_alive() || draining_ || framing_ == Framing::UntilClosed) close_after_ = true;
    head_.clear();
    write_head(head_, response_,
               {.framing = framing_,
                .http_1_1 = parser_.is_http_1_1(),
                .keep_alive = !close_after_,
                .date = context_.thread.date(now_.utc)});
    const bool sends_body = framing_ != Framing::None && request_.method != Method::Head;
    streaming_ = sends_body && response_.stream;
    has_body_ = sends_body && !response_.stream;
    if (has_body_ && stream_->is_secure() && head_.size() + response_.body.size() <= kOneRecord) {
        head_ += response_.body;
        has_body_ = false;
    }
    written_ = 0;
    streamed_ = 0;
    enter(Phase::Writing, context_.limits.response_grace);
}

bool Connection::write() {
    const std::size_t size = head_.size() + (has_body_ ? response_.body.size() : 0);
    for (unsigned count = 0; written_ < size; ++count) {
        if (count == kWrites) return true;
        const std::string_view head = std::string_view(head_).substr(std::min(written_, head_.size()));
        std::string_view body;
        if (has_body_) {
            body = std::string_view(response_.body).substr(written_ - std::min(written_, head_.size()));
        }
        const Stream::Outcome outcome = stream_->write(head, body);
        if (outcome.status != Stream::Status::Done) return wait_for(outcome.status);
        written_ += outcome.bytes;
        moved_ += outcome.bytes;
        if (written_ < size) extend(context_.limits.response_grace);
    }
    if (streaming_) {
        next_piece();
    } else {
        finish();
    }
    return true;
}

Result<bool> Connection::pull(std::string& piece) const {
    try {
        return response_.stream(piece);
    } catch (const std::exception& exception) {
        return almon::refuse(ErrorCode::Internal, {}, exception.what());
    }
}

void Connection::next_piece() {
    struct Piece {
        Result<bool> more;
        std::string bytes;
    };
    const auto pull_one = [this] {
        Piece piece{true, {}};
        while (piece.more && *piece.more && piece.bytes.empty())
            piece.more = pull(piece.bytes);
        return piece;
    };
    if (!runs_on_pool()) {
        const Piece piece = pull_one();
        return send_piece(piece.more, piece.bytes);
    }
    const Instant began = began_;
    const std::size_t moved = moved_;
    on_pool(pull_one, [this, began, moved](const Piece& piece) {
        phase_ = Phase::Writing;
        began_ = began;
        moved_ = moved;
        extend(context_.limits.response_grace);
        send_piece(piece.more, piece.bytes);
    });
}

void Connection::send_piece(const Result<bool>& more, std::string_view piece) {
    streamed_ += piece.size();
    const bool ends = more && !*more;
    const bool wrong_size = response_.stream_size && (streamed_ > *response_.stream_size ||
                                                      (ends && streamed_ < *response_.stream_size));
    if (!more || wrong_size) {
        log_warning("http: a body ends in the middle: {}",
                    more ? "not as long as announced" : more.error().reason);
        return close();
    }
    streaming_ = !ends;
    head_.clear();
    written_ = 0;
    if (framing_ != Framing::Chunked) {
        head_ = piece;
        return;
    }
    if (!piece.empty()) {
        std::array<char, 16> digits;
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), piece.size(), 16).ptr;
        head_.append(digits.data(), end);
        head_ += "\r\n";
        head_ += piece;
        head_ += "\r\n";
    }
    if (ends) head_ += "0\r\n\r\n";
}

void Connection::finish() {
    if (close_after_) {
        stream_->finish_sending();
        if (draining_ && parser_.is_complete()) return close();
        enter(Phase::Lingering, kLinger);
        return;
    }
    early_.reset();
    goal_ = {};
    response_ = {};
    parser_.reset();
    // Thousands of idle connections do not each keep what their longest answer took.
    if (head_.capacity() > kKeptBuffer) std::string().swap(head_);
    if (pending_.capacity() > kKeptBuffer && pending_begin_ == pending_.size()) {
        std::string().swap(pending_);
        pending_begin_ = 0;
    }
    if (draining_) return close();
    enter(Phase::Idle, context_.limits.idle_timeout);
}

bool Connection::linger() {
    const Stream::Outcome outcome = stream_->read(context_.thread.scratch());
    if (outcome.status != Stream::Status::Done) return wait_for(outcome.status);
    moved_ += outcome.bytes;
    if (moved_ > kMaxLingering) close();
    return true;
}

void Connection::close() {
    if (phase_ == Phase::Closed) return;
    phase_ = Phase::Closed;
    boost::system::error_code ignored;
    if (shaking_) {
        // Its descriptor must not be given to another connection now; it is closed with us.
        stream_->socket().shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
    } else {
        stream_->socket().close(ignored);
    }
    ticket_.give_back();
    context_.thread.remove(place_);
}

}  // namespace almon::http
