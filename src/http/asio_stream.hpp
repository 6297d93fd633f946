// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>

#include "http/stream.hpp"

namespace almon::http {

/// Our Stream as what Asio calls an AsyncStream, for Beast's WebSocket. One read and one write may be under
/// way at a time.
class AsioStream final {
public:
    using executor_type = boost::asio::ip::tcp::socket::executor_type;

    /// `leftover` comes before anything that the stream gives.
    AsioStream(std::unique_ptr<Stream> stream, std::string leftover)
        : stream_(std::move(stream)), leftover_(std::move(leftover)) {}

    [[nodiscard]] executor_type get_executor() { return stream_->socket().get_executor(); }
    [[nodiscard]] Stream& stream() noexcept { return *stream_; }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        return run(token, [this, buffers] { return read_now(buffers); });
    }
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        return run(token, [this, buffers] { return write_now(buffers); });
    }

    void close() noexcept {
        boost::system::error_code ignored;
        stream_->socket().close(ignored);
    }

private:
    using Socket = boost::asio::ip::tcp::socket;

    /// Tries `attempt` until it is done, waiting in between for what it wants.
    template <class Token, class Attempt>
    auto run(Token& token, Attempt attempt) {
        return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
            [this, attempt, outcome = Stream::Outcome{}, first = true, done = false](
                auto& self, boost::system::error_code error = {}) mutable {
                if (done) return self.complete(error, outcome.bytes);
                if (!error && !stream_->socket().is_open()) error = boost::asio::error::operation_aborted;
                if (!error) outcome = attempt();
                if (outcome.status == Stream::Status::Closed) error = boost::asio::error::eof;
                if (!error && outcome.status != Stream::Status::Done) {
                    first = false;
                    stream_->socket().async_wait(
                        outcome.status == Stream::Status::WantRead ? Socket::wait_read : Socket::wait_write,
                        std::move(self));
                    return;
                }
                if (!first) return self.complete(error, outcome.bytes);
                // Never from inside the call that began it.
                done = true;
                boost::asio::post(stream_->socket().get_executor(),
                                  [self = std::move(self), error]() mutable { self(error); });
            },
            token, stream_->socket());
    }

    template <class Buffers>
    Stream::Outcome read_now(const Buffers& buffers) {
        for (auto next = boost::asio::buffer_sequence_begin(buffers);
             next != boost::asio::buffer_sequence_end(buffers); ++next) {
            const boost::asio::mutable_buffer buffer(*next);
            if (buffer.size() == 0) continue;
            if (leftover_.empty()) return stream_->read({static_cast<char*>(buffer.data()), buffer.size()});
            const std::size_t size = std::min(buffer.size(), leftover_.size());
            std::copy_n(leftover_.data(), size, static_cast<char*>(buffer.data()));
            leftover_.erase(0, size);
            return {Stream::Status::Done, size};
        }
        return {};
    }

    template <class Buffers>
    Stream::Outcome write_now(const Buffers& buffers) {
        // A frame is its head and its payload: two buffers, one packet.
        std::string_view parts[2];
        std::size_t count = 0;
        for (auto next = boost::asio::buffer_sequence_begin(buffers);
             next != boost::asio::buffer_sequence_end(buffers) && count < 2; ++next) {
            const boost::asio::const_buffer buffer(*next);
            if (buffer.size() != 0) parts[count++] = {static_cast<const char*>(buffer.data()), buffer.size()};
        }
        if (count == 0) return {};
        return stream_->write(parts[0], parts[1]);
    }

    std::unique_ptr<Stream> stream_;
    std::string leftover_;
};

// What Beast looks for when a WebSocket ends.

inline void beast_close_socket(AsioStream& stream) {
    stream.close();
}

inline void teardown(boost::beast::role_type, AsioStream& stream, boost::system::error_code& error) {
    stream.stream().finish_sending();
    error = {};
}

template <class Handler>
void async_teardown(boost::beast::role_type, AsioStream& stream, Handler&& handler) {
    stream.stream().finish_sending();
    boost::asio::post(stream.get_executor(), [handler = std::forward<Handler>(handler)]() mutable {
        handler(boost::system::error_code{});
    });
}

}  // namespace almon::http
