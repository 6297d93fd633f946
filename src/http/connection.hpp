// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/net_address.hpp"
#include "base/time.hpp"
#include "base/worker_pool.hpp"
#include "http/admission.hpp"
#include "http/io_thread.hpp"
#include "http/request.hpp"
#include "http/request_parser.hpp"
#include "http/response.hpp"
#include "http/response_writer.hpp"
#include "http/server.hpp"
#include "http/site.hpp"
#include "http/stream.hpp"
#include "http/websocket_connection.hpp"

namespace almon::http {

/// What a connection needs from the house around it. All of it outlives the connection.
struct ConnectionContext {
    IoThread& thread;
    WorkerPool& pool;
    WorkerPool& handshakes;
    const ServerLimits& limits;
};

/// One client: requests in, responses out, one after the other. A request that was sent ahead of the answer
/// to the one before waits in its buffer. Everything but the handlers of the pool runs on the connection's
/// thread.
class Connection final : public Peer, public std::enable_shared_from_this<Connection> {
public:
    Connection(const ConnectionContext& context, std::unique_ptr<Stream> stream,
               std::shared_ptr<const Site> site, const NetAddress& remote, Admission::Ticket ticket);

    void start();
    void check(Instant now) override;
    void drain() override;
    void abort() override;

private:
    enum class Phase {
        ShakingHands,
        Idle,       ///< Between requests.
        Receiving,  ///< A request has begun.
        Handling,   ///< Somebody on the pool works for us; nothing is read.
        Writing,
        Upgrading,  ///< About to become a WebSocket.
        Lingering,  ///< Everything is said; what still comes is thrown away, so that the peer gets to read
                    ///< it.
        Closed,
    };

    void resume();
    /// One step of the phase; false where there is nothing to do before somebody calls again.
    [[nodiscard]] bool step();
    [[nodiscard]] bool shake_hands();
    [[nodiscard]] bool receive();
    [[nodiscard]] bool write();
    [[nodiscard]] bool linger();
    void upgrade();
    [[nodiscard]] bool wait_for(Stream::Status status);

    [[nodiscard]] std::size_t take(std::string_view bytes);
    void on_head();
    void on_websocket();
    void on_request();
    void answer(Response response);
    void prepare(Response& response) const;
    void send(Response response);
    void refuse(int status, const Error& error);
    void next_piece();
    [[nodiscard]] Result<bool> pull(std::string& piece) const;
    void send_piece(const Result<bool>& more, std::string_view piece);
    void finish();
    void close();

    void enter(Phase phase, Duration allowance) noexcept;
    void extend(Duration grace) noexcept;
    [[nodiscard]] bool runs_on_pool() const noexcept;
    [[nodiscard]] bool is_taken_in_pieces() const noexcept;
    [[nodiscard]] Response ask_handler();
    void pass_piece();
    [[nodiscard]] Result<void> hand_on(std::string_view piece);
    template <class Work, class Then>
    void on_pool(Work work, Then then);

    ConnectionContext context_;
    std::unique_ptr<Stream> stream_;
    std::shared_ptr<const Site> site_;
    Admission::Ticket ticket_;
    IoThread::Place place_;

    Phase phase_ = Phase::ShakingHands;
    Now now_{};        ///< When the thread came here last.
    Instant began_{};  ///< Of what the deadline is for.
    Instant deadline_{};
    std::size_t moved_ = 0;  ///< Bytes of the body or response since `began_`.
    bool shaking_ = false;   ///< Another thread works on the stream.
    bool draining_ = false;
    bool close_after_ = false;  ///< This response is the last.

    Request request_;
    RequestParser parser_;
    Site::Goal goal_;
    std::optional<WebSocketOpening> websocket_;
    std::optional<Response> early_;  ///< The answer, known before the body has arrived.
    std::string pending_;            ///< What was read and not parsed, from `pending_begin_` on.
    std::size_t pending_begin_ = 0;
    bool read_all_ = false;  ///< The last read gave what there was.
    bool starved_ = false;   ///< What is pending is not enough for the next step.

    Response response_;
    Framing framing_ = Framing::None;
    std::string head_;
    std::size_t written_ = 0;  ///< Of head and body together.
    bool has_body_ = false;    ///< Whether response_.body goes out behind the head.
    bool streaming_ = false;   ///< Pieces follow.
    std::uint64_t streamed_ = 0;
};

}  // namespace almon::http
