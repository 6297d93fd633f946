// SPDX-License-Identifier: GPL-3.0-or-later
#include "ami/connection.hpp"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "base/log.hpp"

namespace almon::ami {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// So long what a client still sends is read after the last word to it: a socket that is closed with
/// something unread takes that word back.
constexpr Duration kGoodbye = 2s;

}  // namespace

Connection::Connection(tcp::socket socket, std::shared_ptr<Session> session, Context context)
    : socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      session_(std::move(session)),
      context_(std::move(context)) {}

void Connection::start() {
    boost::system::error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    socket_.set_option(asio::socket_base::keep_alive(true), ignored);
    send(Session::greeting());
    timer_.expires_after(context_.limits.login_time);
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (!error && !self->session_->logged_in()) self->close();
    });
    read();
}

void Connection::read() {
    if (reading_ || closed_) return;
    reading_ = true;
    socket_.async_read_some(
        asio::buffer(piece_),
        [self = shared_from_this()](const boost::system::error_code& error, std::size_t bytes) {
            self->reading_ = false;
            if (error) return self->close();
            self->took(bytes);
        });
}

void Connection::took(std::size_t bytes) {
    if (ends_) return read();  // and forget it
    framer_.add({piece_.data(), bytes});
    work();
}

void Connection::work() {
    while (!busy_ && !ends_ && !closed_) {
        auto message = framer_.next();
        if (!message) return read();
        if (!*message) {
            answered(Session::refusal(message->error()));
            continue;
        }
        busy_ = true;
        context_.pool.post([session = session_, way_back = context_.way_back, weak = weak_from_this(),
                            message = **std::move(message)] {
            session->take(message, [way_back, weak](Session::Answer answer) {
                way_back->post([weak, answer = std::move(answer)] {
                    const auto self = weak.lock();
                    if (!self) return;
                    self->busy_ = false;
                    self->answered(answer);
                    self->work();
                });
            });
        });
    }
}

void Connection::answered(const Session::Answer& answer) {
    send(answer.text);
    context_.changed();
    if (!answer.ends) return;
    ends_ = true;
    if (writing_.empty()) say_goodbye();
}

void Connection::send(std::string_view text) {
    if (closed_ || ends_) return;
    if (waiting_.size() + text.size() > context_.limits.most_waiting) {
        const auto account = session_->account();
        log_warning("the manager disconnects {}: it does not read what it is told",
                    account ? account->name : "a client");
        return close();
    }
    waiting_ += text;
    if (writing_.empty()) write();
}

void Connection::write() {
    writing_.swap(waiting_);
    asio::async_write(socket_, asio::buffer(writing_),
                      [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                          if (error) return self->close();
                          self->writing_.clear();
                          if (!self->waiting_.empty()) return self->write();
                          if (self->ends_) self->say_goodbye();
                      });
}

void Connection::say_goodbye() {
    boost::system::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    timer_.expires_after(kGoodbye);
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (!error) self->close();
    });
    read();
}

void Connection::close() {
    if (closed_) return;
    closed_ = true;
    boost::system::error_code ignored;
    // What fits into the socket reaches the client yet.
    if (writing_.empty() && !waiting_.empty()) socket_.write_some(asio::buffer(waiting_), ignored);
    socket_.close(ignored);
    timer_.cancel();
    context_.gone(shared_from_this());
    context_.changed();
}

}  // namespace almon::ami
