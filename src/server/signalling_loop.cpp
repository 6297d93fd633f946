// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/signalling_loop.hpp"

#include <utility>

#include <pthread.h>

#include "base/log.hpp"
#include "base/system_clock.hpp"

namespace almon::server {

namespace {

/// More than the loop works off in seconds.
constexpr std::size_t kMostWaiting = 50'000;

/// The core's instants are those of the steady clock (base/system_clock.hpp), which condition variables wait
/// by.
std::chrono::steady_clock::time_point steady(Instant instant) {
    return std::chrono::steady_clock::time_point(instant.time_since_epoch());
}

}  // namespace

SignallingLoop::SignallingLoop(pbx::ExchangeSettings settings, bus::Journal& journal,
                               std::shared_ptr<const model::Snapshot> snapshot)
    : journal_(journal),
      exchange_(std::move(settings), random_, held_wire_, held_commands_, journal, std::move(snapshot),
                system_now()) {}

SignallingLoop::~SignallingLoop() {
    if (thread_.joinable()) stop(std::chrono::milliseconds(0));
}

void SignallingLoop::load_contacts(const std::vector<bus::StoredContact>& contacts) {
    exchange_.load_contacts(contacts, system_now());
}

void SignallingLoop::start(sip::Wire& wire, media::CommandSink& media) {
    wire_ = &wire;
    media_ = &media;
    thread_ = std::thread([this] {
        pthread_setname_np(pthread_self(), "signalling");
        run();
    });
}

bool SignallingLoop::wait_until_ready(std::chrono::milliseconds patience) {
    return becomes_ready_.wait_for(patience) == std::future_status::ready;
}

void SignallingLoop::stop(std::chrono::milliseconds patience) {
    push(Question([this, patience](pbx::Exchange& exchange) {
        exchange.hang_up_all(system_now());
        stopping_ = true;
        stop_at_ = system_now().instant + patience;
    }));
    thread_.join();
}

void SignallingLoop::on_received(std::vector<sip::Received> batch) {
    std::size_t dropped = 0;
    {
        const std::scoped_lock lock(mutex_);
        for (auto& received : batch) {
            // Whoever sent a datagram sends it again; what comes late by seconds is worth nothing to it.
            if (inbox_.size() >= kMostWaiting && !sip::is_reliable(received.flow.transport)) {
                ++dropped;
            } else {
                inbox_.emplace_back(std::move(received));
            }
        }
    }
    if (dropped > 0) log_warning("overloaded: {} SIP messages dropped", dropped);
    wake_.notify_one();
}

void SignallingLoop::on_flow_lost(const sip::Flow& flow) {
    push(flow);
}

void SignallingLoop::on_media(std::vector<media::Event> events) {
    {
        const std::scoped_lock lock(mutex_);
        for (auto& event : events)
            inbox_.emplace_back(std::move(event));
    }
    wake_.notify_one();
}

void SignallingLoop::use(std::shared_ptr<const model::Snapshot> snapshot) {
    push(std::move(snapshot));
}

std::string SignallingLoop::ask(std::function<std::string(const pbx::Exchange&)> question) {
    auto answer = std::make_shared<std::promise<std::string>>();
    auto waiting = answer->get_future();
    push(Question([answer, question = std::move(question)](pbx::Exchange& exchange) {
        answer->set_value(question(exchange));
    }));
    return waiting.get();
}

void SignallingLoop::push(Input input) {
    {
        const std::scoped_lock lock(mutex_);
        inbox_.push_back(std::move(input));
    }
    wake_.notify_one();
}

void SignallingLoop::run() {
    release();
    std::vector<Input> inputs;
    for (;;) {
        const auto deadline = exchange_.next_deadline();
        {
            std::unique_lock lock(mutex_);
            const auto something = [this] { return !inbox_.empty(); };
            if (stopping_) {
                const auto until = deadline ? std::min(*deadline, stop_at_) : stop_at_;
                wake_.wait_until(lock, steady(until), something);
            } else if (deadline) {
                wake_.wait_until(lock, steady(*deadline), something);
            } else {
                wake_.wait(lock, something);
            }
            inputs.swap(inbox_);
        }
        step(inputs);
        inputs.clear();
        if (!ready_told_ && exchange_.calls().ready()) {
            ready_told_ = true;
            ready_.set_value();
        }
        if (stopping_ && (exchange_.quiet() || system_now().instant >= stop_at_)) return;
    }
}

void SignallingLoop::step(std::vector<Input>& inputs) {
    const Now now = system_now();
    for (auto& input : inputs) {
        if (auto* received = std::get_if<sip::Received>(&input)) {
            exchange_.receive(received->flow, std::move(received->message), now);
        } else if (auto* flow = std::get_if<sip::Flow>(&input)) {
            exchange_.flow_lost(*flow, now);
        } else if (auto* event = std::get_if<media::Event>(&input)) {
            exchange_.on_media(*event, now);
        } else if (auto* snapshot = std::get_if<std::shared_ptr<const model::Snapshot>>(&input)) {
            exchange_.use(std::move(*snapshot), now);
        } else {
            std::get<Question>(input)(exchange_);
        }
    }
    if (const auto deadline = exchange_.next_deadline(); deadline && *deadline <= now.instant)
        exchange_.advance(now);
    release();
}

void SignallingLoop::release() {
    journal_.flush();
    for (auto& command : held_commands_.held)
        media_->command(std::move(command));
    held_commands_.held.clear();
    for (const auto& held : held_wire_.held)
        wire_->send(held.flow, held.bytes);
    held_wire_.held.clear();
}

}  // namespace almon::server
