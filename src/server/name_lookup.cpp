// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/name_lookup.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include <netdb.h>
#include <pthread.h>
#include <sys/socket.h>

namespace almon::server {
namespace {

std::vector<NetAddress> addresses_of(const std::string& host) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    std::vector<NetAddress> addresses;
    if (::getaddrinfo(host.c_str(), nullptr, &wanted, &found) != 0) return addresses;
    for (const auto* each = found; each != nullptr; each = each->ai_next) {
        if (each->ai_family != AF_INET && each->ai_family != AF_INET6) continue;
        sockaddr_storage socket_address{};
        std::copy_n(reinterpret_cast<const char*>(each->ai_addr), each->ai_addrlen,
                    reinterpret_cast<char*>(&socket_address));
        addresses.push_back(NetAddress::from(socket_address));
    }
    ::freeaddrinfo(found);
    return addresses;
}

}  // namespace

/// Outlives the object while a name server is waited for.
struct NameLookup::Shared {
    std::mutex mutex;
    std::condition_variable something;
    std::deque<std::string> questions;
    Answer answer;
    bool runs = false;
    bool closed = false;

    void run() {
        std::unique_lock lock(mutex);
        for (;;) {
            something.wait(lock, [&] { return closed || !questions.empty(); });
            if (closed) return;
            const auto host = std::move(questions.front());
            questions.pop_front();
            lock.unlock();
            auto addresses = addresses_of(host);
            lock.lock();
            if (closed) return;
            answer(host, std::move(addresses));
        }
    }
};

NameLookup::NameLookup(Answer answer) : shared_(std::make_shared<Shared>()) {
    shared_->answer = std::move(answer);
}

NameLookup::~NameLookup() {
    const std::scoped_lock lock(shared_->mutex);
    shared_->closed = true;
    shared_->something.notify_all();
}

void NameLookup::ask(std::vector<std::string> hosts) {
    if (hosts.empty()) return;
    const std::scoped_lock lock(shared_->mutex);
    for (auto& host : hosts)
        shared_->questions.push_back(std::move(host));
    shared_->something.notify_one();
    if (std::exchange(shared_->runs, true)) return;
    std::thread([shared = shared_] {
        pthread_setname_np(pthread_self(), "names");
        shared->run();
    }).detach();
}

}  // namespace almon::server
