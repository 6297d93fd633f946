// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "sip/transport.hpp"

namespace almon::sip {

/// Keeps what transports bring, for a test to wait for.
class TransportRecorder final : public TransportListener {
public:
    void on_received(std::vector<Received> batch) override;
    void on_flow_lost(const Flow& flow) override;

    /// Waits until so many messages came in all; false when they did not within five seconds.
    [[nodiscard]] bool wait_for_messages(std::size_t count);
    [[nodiscard]] bool wait_for_losses(std::size_t count);
    /// Of the message that came `index`-th.
    [[nodiscard]] Flow flow(std::size_t index = 0) const;
    [[nodiscard]] std::string text(std::size_t index = 0) const;
    [[nodiscard]] std::size_t messages() const;
    [[nodiscard]] std::size_t batches() const;
    [[nodiscard]] std::vector<Flow> losses() const;

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Received> received_;
    std::vector<Flow> lost_;
    std::size_t batches_ = 0;
};

/// Reads datagrams on a thread of its own, as the signalling loop does on its, and hands them to a listener.
class DatagramReader final {
public:
    DatagramReader(DatagramSource& source, TransportListener& listener);
    ~DatagramReader();
    DatagramReader(const DatagramReader&) = delete;
    DatagramReader& operator=(const DatagramReader&) = delete;

private:
    void run(DatagramSource& source, TransportListener& listener);

    std::array<int, 2> stop_{-1, -1};  ///< A pipe.
    std::thread thread_;
};

/// A plain socket of a test, blocking, with a receive timeout of five seconds.
class TestSocket final {
public:
    /// UDP: bound to a free port of `host`.
    [[nodiscard]] static TestSocket udp(const std::string& host = "127.0.0.1");
    [[nodiscard]] static TestSocket tcp_to(const NetAddress& address);
    [[nodiscard]] static TestSocket tcp_listening(const std::string& host = "127.0.0.1");
    TestSocket(TestSocket&& other) noexcept;
    TestSocket& operator=(TestSocket&& other) noexcept;
    ~TestSocket();

    [[nodiscard]] NetAddress address() const;
    /// Whether somebody connects before `patience` is over.
    [[nodiscard]] bool wait_for_connection(std::chrono::milliseconds patience);
    [[nodiscard]] TestSocket accept();
    void send(std::string_view bytes);
    void send_to(const NetAddress& address, std::string_view bytes);
    /// One datagram or read; empty at the end or after five seconds.
    [[nodiscard]] std::string receive(NetAddress* source = nullptr);
    /// Reads until so many bytes came.
    [[nodiscard]] std::string receive_all(std::size_t size);
    /// True when the other side has closed, waiting for it.
    [[nodiscard]] bool is_closed_by_peer();
    /// Closes with a reset.
    void reset();

private:
    explicit TestSocket(int descriptor);
    int descriptor_ = -1;
};

}  // namespace almon::sip
