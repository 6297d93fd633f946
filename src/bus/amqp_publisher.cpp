// SPDX-License-Identifier: GPL-3.0-or-later
#include "bus/amqp_publisher.hpp"

#include <algorithm>
#include <utility>

#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <pthread.h>
#include <sys/socket.h>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/result.hpp"

namespace almon::bus {

namespace {

constexpr amqp_channel_t kChannel = 1;
constexpr int kHeartbeatSeconds = 10;
/// How often a connection without messages is looked after: its heartbeats are sent then.
constexpr std::chrono::seconds kLookAfter{2};
constexpr std::chrono::seconds kFarewell{1};
constexpr std::uint8_t kTransient = 1;

timeval timeval_of(Duration duration) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
    return {seconds.count(), std::chrono::floor<std::chrono::microseconds>(duration - seconds).count()};
}

std::string_view text_of(const amqp_bytes_t& bytes) {
    return {static_cast<const char*>(bytes.bytes), bytes.len};
}

amqp_bytes_t bytes_of(const std::string& text) {
    // The library takes no constant and changes nothing.
    return {text.size(), const_cast<char*>(text.data())};
}

Result<void> checked(const amqp_rpc_reply_t& reply, std::string_view what) {
    switch (reply.reply_type) {
        case AMQP_RESPONSE_NORMAL:
            return {};
        case AMQP_RESPONSE_SERVER_EXCEPTION: {
            std::string_view reason = "refused";
            if (reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD)
                reason = text_of(static_cast<amqp_connection_close_t*>(reply.reply.decoded)->reply_text);
            if (reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD)
                reason = text_of(static_cast<amqp_channel_close_t*>(reply.reply.decoded)->reply_text);
            return refuse(ErrorCode::Unavailable, "", fmt::format("{}: {}", what, reason));
        }
        default:
            return refuse(ErrorCode::Unavailable, "",
                          fmt::format("{}: {}", what, amqp_error_string2(reply.library_error)));
    }
}

}  // namespace

/// From connecting to the first failure.
class AmqpPublisher::Connection final {
public:
    explicit Connection(const AmqpSettings& settings)
        : exchange_(settings.exchange), connection_(amqp_new_connection()) {}
    ~Connection() { amqp_destroy_connection(connection_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Result<void> open(const AmqpSettings& settings) {
        auto* socket = amqp_tcp_socket_new(connection_);
        if (socket == nullptr) return refuse(ErrorCode::Exhausted, "", "no memory");
        auto timeout = timeval_of(settings.connect_timeout);
        if (const int failed =
                amqp_socket_open_noblock(socket, settings.host.c_str(), settings.port, &timeout);
            failed != AMQP_STATUS_OK)
            return refuse(ErrorCode::Unavailable, "", amqp_error_string2(failed));
        amqp_set_handshake_timeout(connection_, &timeout);
        amqp_set_rpc_timeout(connection_, &timeout);
        const auto login = amqp_login(connection_, settings.virtual_host.c_str(), AMQP_DEFAULT_MAX_CHANNELS,
                                      AMQP_DEFAULT_FRAME_SIZE, kHeartbeatSeconds, AMQP_SASL_METHOD_PLAIN,
                                      settings.username.c_str(), settings.password.c_str());
        if (auto sound = checked(login, "sign in"); !sound) return sound;
        amqp_channel_open(connection_, kChannel);
        if (auto sound = checked(amqp_get_rpc_reply(connection_), "channel"); !sound) return sound;
        amqp_exchange_declare(connection_, kChannel, bytes_of(exchange_), amqp_cstring_bytes("topic"),
                              /*passive=*/0, /*durable=*/1, /*auto_delete=*/0, /*internal=*/0,
                              amqp_empty_table);
        return checked(amqp_get_rpc_reply(connection_), "exchange " + exchange_);
    }

    [[nodiscard]] int socket() const { return amqp_get_sockfd(connection_); }

    [[nodiscard]] bool publish(const Waiting& message) {
        amqp_basic_properties_t properties{};
        properties._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG;
        properties.content_type = amqp_cstring_bytes("application/json");
        properties.delivery_mode = kTransient;
        return amqp_basic_publish(connection_, kChannel, bytes_of(exchange_), bytes_of(message.routing_key),
                                  /*mandatory=*/0, /*immediate=*/0, &properties,
                                  bytes_of(*message.body)) == AMQP_STATUS_OK;
    }

    /// Sends heartbeats, hears whether the broker still lives. False: it does not, or has closed.
    [[nodiscard]] bool look_after() {
        amqp_maybe_release_buffers(connection_);
        amqp_frame_t frame;
        timeval now{0, 0};
        const int status = amqp_simple_wait_frame_noblock(connection_, &frame, &now);
        // Nothing is expected of a broker that one only publishes to: whatever it says is a good-bye.
        return status == AMQP_STATUS_TIMEOUT;
    }

    void close() { static_cast<void>(amqp_connection_close(connection_, AMQP_REPLY_SUCCESS)); }

private:
    const std::string exchange_;
    amqp_connection_state_t connection_;
};

AmqpPublisher::AmqpPublisher(AmqpSettings settings) : settings_(std::move(settings)) {
    thread_ = std::thread([this] {
        ::pthread_setname_np(::pthread_self(), "amqp");
        run();
    });
}

AmqpPublisher::~AmqpPublisher() {
    {
        std::unique_lock lock(mutex_);
        const bool drained = drained_.wait_for(
            lock, kFarewell, [this] { return !connected_ || (waiting_.empty() && !sending_); });
        stopping_ = true;
        // A broker that reads nothing holds the thread in its last write.
        if (!drained && socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
    }
    woken_.notify_one();
    thread_.join();
}

std::size_t AmqpPublisher::waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

void AmqpPublisher::publish(std::string routing_key, std::shared_ptr<const std::string> body) {
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() >= settings_.backlog) {
            waiting_.pop_front();
            ++lost_;
        }
        waiting_.push_back({std::move(routing_key), std::move(body)});
    }
    woken_.notify_one();
}

void AmqpPublisher::run() {
    Duration next_pause = settings_.first_pause;
    std::uint64_t lost_told = 0;
    std::string last_reason;
    while (true) {
        Connection connection(settings_);
        if (const auto opened = connection.open(settings_); !opened) {
            // Once for each reason: a broker that is away for a night does not fill the log.
            if (std::exchange(last_reason, opened.error().reason) != opened.error().reason)
                log_warning("AMQP at {}:{}: {}; trying again", settings_.host, settings_.port, last_reason);
        } else {
            log_info("AMQP: publishing to exchange {} at {}:{}", settings_.exchange, settings_.host,
                     settings_.port);
            if (const auto lost = lost_.load(); lost != lost_told)
                log_warning("AMQP: {} messages were lost while the broker was away",
                            lost - std::exchange(lost_told, lost));
            last_reason.clear();
            next_pause = settings_.first_pause;
            if (serve(connection)) return connection.close();
            log_warning("AMQP: the connection to {}:{} is lost", settings_.host, settings_.port);
        }
        if (!pause(next_pause)) return;
        next_pause = std::min(2 * next_pause, settings_.longest_pause);
    }
}

/// @return true: it is to stop; false: the connection is lost.
bool AmqpPublisher::serve(Connection& connection) {
    std::unique_lock lock(mutex_);
    socket_ = connection.socket();
    connected_ = true;
    const auto done = [this](bool stop) {
        connected_ = false;
        socket_ = -1;
        drained_.notify_all();
        return stop;
    };
    while (true) {
        woken_.wait_for(lock, kLookAfter, [this] { return stopping_ || !waiting_.empty(); });
        std::deque<Waiting> batch;
        batch.swap(waiting_);
        const bool stop = stopping_;
        sending_ = true;
        lock.unlock();
        bool alive = connection.look_after();
        while (alive && !batch.empty()) {
            alive = connection.publish(batch.front());
            if (alive) batch.pop_front();
        }
        lock.lock();
        sending_ = false;
        // What was not sent comes first again, as far as there is room.
        while (!batch.empty() && waiting_.size() < settings_.backlog) {
            waiting_.push_front(std::move(batch.back()));
            batch.pop_back();
        }
        lost_ += batch.size();
        if (!alive) return done(false);
        if (stop) return done(true);
        if (waiting_.empty()) drained_.notify_all();
    }
}

/// @return false: it is to stop.
bool AmqpPublisher::pause(Duration pause) {
    std::unique_lock lock(mutex_);
    return !woken_.wait_for(lock, pause, [this] { return stopping_; });
}

}  // namespace almon::bus
