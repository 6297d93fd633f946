// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "base/random.hpp"
#include "bus/journal.hpp"
#include "media/commands.hpp"
#include "pbx/exchange.hpp"
#include "sip/transport.hpp"

namespace almon::server {

/// The one thread that owns all call state. Others hand inputs in and never wait for it; what a step wants to
/// send leaves after its events are in the journal.
class SignallingLoop final : public sip::TransportListener, public media::EventListener {
public:
    SignallingLoop(pbx::ExchangeSettings settings, bus::Journal& journal,
                   std::shared_ptr<const model::Snapshot> snapshot);
    ~SignallingLoop() override;

    /// Before start(): registrations of an earlier process.
    void load_contacts(const std::vector<bus::StoredContact>& contacts);
    /// Begins to work on what has come in since construction. Both are lent until stop().
    void start(sip::Wire& wire, media::CommandSink& media);
    /// Waits until calls find RTP ports, or will find none, and at most `patience`: what phones send is not
    /// read before, since the first call would be refused for want of a port. False where patience ended.
    [[nodiscard]] bool wait_until_ready(std::chrono::milliseconds patience);
    /// Ends all calls, waits until the peers have confirmed or `patience` is over, and joins the thread.
    void stop(std::chrono::milliseconds patience);

    // Inputs, from any thread
    void on_received(std::vector<sip::Received> batch) override;
    void on_flow_lost(const sip::Flow& flow) override;
    void on_media(std::vector<media::Event> events) override;
    void use(std::shared_ptr<const model::Snapshot> snapshot);
    /// Runs `question` on the loop and waits for its answer: for people's questions, never from the call
    /// path.
    [[nodiscard]] std::string ask(std::function<std::string(const pbx::Exchange&)> question);

private:
    using Question = std::function<void(pbx::Exchange&)>;
    using Input = std::variant<sip::Received, sip::Flow, media::Event, std::shared_ptr<const model::Snapshot>,
                               Question>;

    /// Keeps what a step sends until its events are written.
    class HeldWire final : public sip::Wire {
    public:
        struct Held {
            sip::Flow flow;
            std::string bytes;
        };
        void send(const sip::Flow& flow, std::string_view bytes) override {
            held.push_back({flow, std::string(bytes)});
        }
        std::vector<Held> held;
    };
    class HeldCommands final : public media::CommandSink {
    public:
        void command(media::Command command) override { held.push_back(std::move(command)); }
        std::vector<media::Command> held;
    };

    void push(Input input);
    void run();
    void step(std::vector<Input>& inputs);
    void release();

    bus::Journal& journal_;
    sip::Wire* wire_ = nullptr;
    media::CommandSink* media_ = nullptr;

    SystemRandom random_;
    HeldWire held_wire_;
    HeldCommands held_commands_;
    pbx::Exchange exchange_;
    bool ready_told_ = false;
    bool stopping_ = false;
    Instant stop_at_{};

    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<Input> inbox_;
    std::promise<void> ready_;
    std::shared_future<void> becomes_ready_ = ready_.get_future().share();
    std::thread thread_;
};

}  // namespace almon::server
