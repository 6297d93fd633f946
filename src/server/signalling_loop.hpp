// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include <poll.h>

#include "base/descriptor.hpp"
#include "base/random.hpp"
#include "bus/journal.hpp"
#include "media/commands.hpp"
#include "pbx/exchange.hpp"
#include "server/gathering.hpp"
#include "server/name_lookup.hpp"
#include "server/service_changes.hpp"
#include "sip/transport.hpp"

namespace almon::server {

/// The one thread that owns all call state. It reads datagrams itself; others hand inputs in and never wait
/// for it. What a step wants to send leaves after its events are in the journal.
class SignallingLoop final : public sip::TransportListener, public media::EventListener {
public:
    /// @param events where the call core tells what happens; it hands on to the journal.
    /// @param changer makes what users change by telephone; on a thread of its own, which begins with the
    /// first.
    SignallingLoop(pbx::ExchangeSettings settings, bus::Journal& journal, bus::EventSink& events,
                   std::shared_ptr<const model::Snapshot> snapshot, ServiceChanges::Maker changer);
    ~SignallingLoop() override;

    /// Before start(): registrations of an earlier process.
    void load_contacts(const std::vector<bus::StoredContact>& contacts);
    /// Before start(): messages of an earlier process.
    void load_mailboxes(std::map<model::VoicemailId, pbx::Mailbox> mailboxes);
    /// Begins to work on what has come in since construction. Both are lent until stop().
    void start(sip::Wire& wire, media::CommandSink& media);
    /// Waits until calls find RTP ports, or will find none, and at most `patience`: what phones send is not
    /// read before, since the first call would be refused for want of a port. False where patience ended.
    [[nodiscard]] bool wait_until_ready(std::chrono::milliseconds patience);
    /// From now on datagrams are read, too; lent until stop().
    void read(sip::DatagramSource& datagrams);
    /// Ends all calls, waits until the peers have confirmed or `patience` is over, and joins the thread.
    void stop(std::chrono::milliseconds patience);

    // Inputs, from any thread
    void on_received(std::vector<sip::Received> batch) override;
    void on_flow_lost(const sip::Flow& flow) override;
    void on_media(std::vector<media::Event> events) override;
    /// What is received after this call sees the snapshot.
    void use(std::shared_ptr<const model::Snapshot> snapshot);
    /// Has the phones that are registered as these SIP accounts fetch their settings anew.
    void synchronize(std::vector<std::string> accounts);
    /// Runs `question` on the loop and waits for its answer: for people's questions, never from the call
    /// path. Unavailable once the loop has stopped.
    [[nodiscard]] Result<void> ask(std::function<void(const pbx::Exchange&)> question);
    /// The same where the loop may have come to a halt: Unavailable too where it does not answer within
    /// `patience`. Then `question` may still run later, so it owns what it writes into.
    [[nodiscard]] Result<void> look(std::function<void(const pbx::Exchange&)> question,
                                    std::chrono::milliseconds patience);
    /// Inputs that the loop has not taken.
    [[nodiscard]] std::size_t waiting();
    /// Carries out on the loop what a program orders of calls, and waits for it. Unavailable once the loop
    /// has stopped.
    [[nodiscard]] Result<void> order(std::function<void(pbx::CallCore&)> what);

private:
    using Question = std::function<void(pbx::Exchange&)>;
    struct NameFound {
        std::string host;
        std::vector<NetAddress> addresses;
    };
    struct ServiceChanged {
        pbx::ServiceChange change;
        bool made;
    };
    using Input = std::variant<sip::Received, sip::Flow, media::Event, std::shared_ptr<const model::Snapshot>,
                               NameFound, ServiceChanged, Question>;

    /// Keeps what a step sends until its events are written.
    class HeldWire final : public sip::Wire {
    public:
        void send(const sip::Flow& flow, std::string_view bytes) override;
        void release_to(sip::Wire& wire);

    private:
        struct Held {
            sip::Flow flow;
            std::size_t begin;
            std::size_t size;
        };
        // Kept from step to step, as they are.
        std::vector<Held> held_;
        std::string bytes_;
        std::vector<sip::Outgoing> outgoing_;
    };
    class HeldCommands final : public media::CommandSink {
    public:
        void command(media::Command command) override { held.push_back(std::move(command)); }
        std::vector<media::Command> held;
    };

    /// Kept once the question was carried out, broken where it was dropped.
    [[nodiscard]] std::future<void> put(Question question);
    /// Until the loop has done with it; false: it was dropped.
    [[nodiscard]] bool wait_for(Question question);
    void push(Input input);
    template <class Inputs>
    void push_all(Inputs& inputs);
    void run();
    void wait();
    void clear_bell();
    void read_datagrams();
    /// Datagrams are read that the last step did not come to.
    [[nodiscard]] bool holds_back() const noexcept { return !received_.empty(); }
    void take_inputs();
    void step();
    void pause();
    void release();
    void end();

    bus::Journal& journal_;
    sip::Wire* wire_ = nullptr;
    media::CommandSink* media_ = nullptr;

    SystemRandom random_;
    HeldWire held_wire_;
    HeldCommands held_commands_;
    pbx::Exchange exchange_;
    /// Of the step that is going on.
    std::vector<Input> inputs_;
    std::vector<sip::Received> received_;

    sip::DatagramSource* datagrams_ = nullptr;
    std::vector<pollfd> watched_;  ///< `bell_`, then the sockets of `datagrams_`.
    bool readable_ = false;        ///< More datagrams may wait.
    Gathering gathering_;
    bool ready_told_ = false;
    bool stopping_ = false;
    Instant stop_at_{};

    Descriptor bell_;  ///< Wakes the loop.
    std::mutex mutex_;
    bool asleep_ = false;
    bool ended_ = false;  ///< Nobody takes inputs any more.
    std::vector<Input> inbox_;
    std::promise<void> ready_;
    std::shared_future<void> becomes_ready_ = ready_.get_future().share();
    std::thread thread_;
    NameLookup names_;
    ServiceChanges changes_;
};

}  // namespace almon::server
