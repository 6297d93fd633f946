// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/signalling_loop.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <pthread.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/log.hpp"
#include "base/system_clock.hpp"

namespace almon::server {

namespace {

/// So many datagrams, about, are worked off in one step: what a step answers waits for its end. Beyond what
/// the sockets can hold, the network is full: whoever sent a datagram sends it again.
constexpr std::size_t kMostInAStep = 128;

/// Waits for it.
bool is_kept(std::future<void>& promised) {
    try {
        promised.get();
        return true;
    } catch (const std::future_error&) {  // the question was dropped
        return false;
    }
}

timespec timespec_of(Duration duration) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
    timespec spec{};
    spec.tv_sec = seconds.count();
    spec.tv_nsec = std::chrono::nanoseconds(duration - seconds).count();
    return spec;
}

}  // namespace

SignallingLoop::SignallingLoop(pbx::ExchangeSettings settings, bus::Journal& journal, bus::EventSink& events,
                               std::shared_ptr<const model::Snapshot> snapshot, ServiceChanges::Maker changer)
    : journal_(journal),
      exchange_(std::move(settings), random_, held_wire_, held_commands_, events, std::move(snapshot),
                system_now()),
      bell_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      names_([this](const std::string& host, std::vector<NetAddress> addresses) {
          push(NameFound{host, std::move(addresses)});
      }),
      changes_(std::move(changer), [this](const pbx::ServiceChange& change, bool made) {
          push(ServiceChanged{change, made});
      }) {
    watched_.push_back({bell_.get(), POLLIN, 0});
}

SignallingLoop::~SignallingLoop() {
    if (thread_.joinable()) stop(std::chrono::milliseconds(0));
}

void SignallingLoop::load_contacts(const std::vector<bus::StoredContact>& contacts) {
    exchange_.load_contacts(contacts, system_now());
}

void SignallingLoop::load_mailboxes(std::map<model::VoicemailId, pbx::Mailbox> mailboxes) {
    exchange_.load_mailboxes(std::move(mailboxes));
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

void SignallingLoop::read(sip::DatagramSource& datagrams) {
    push(Question([this, &datagrams](pbx::Exchange&) {
        datagrams_ = &datagrams;
        for (const int descriptor : datagrams.descriptors())
            watched_.push_back({descriptor, POLLIN, 0});
    }));
}

void SignallingLoop::on_received(std::vector<sip::Received> batch) {
    push_all(batch);
}

void SignallingLoop::on_flow_lost(const sip::Flow& flow) {
    push(flow);
}

void SignallingLoop::on_media(std::vector<media::Event> events) {
    push_all(events);
}

void SignallingLoop::use(std::shared_ptr<const model::Snapshot> snapshot) {
    push(std::move(snapshot));
}

void SignallingLoop::synchronize(std::vector<std::string> accounts) {
    push(Question([accounts = std::move(accounts)](pbx::Exchange& exchange) {
        for (const auto& account : accounts)
            exchange.synchronize(account, system_now());
    }));
}

Result<void> SignallingLoop::ask(std::function<void(const pbx::Exchange&)> question) {
    if (!wait_for(std::move(question))) return refuse(ErrorCode::Unavailable, "", "the server is stopping");
    return {};
}

Result<void> SignallingLoop::order(std::function<void(pbx::CallCore&)> what) {
    if (!wait_for([&](pbx::Exchange& exchange) { exchange.order(what, system_now()); }))
        return refuse(ErrorCode::Unavailable, "", "the server is stopping");
    return {};
}

Result<void> SignallingLoop::look(std::function<void(const pbx::Exchange&)> question,
                                  std::chrono::milliseconds patience) {
    auto answer = put(std::move(question));
    if (answer.wait_for(patience) != std::future_status::ready)
        return refuse(ErrorCode::Unavailable, "", "does not answer");
    if (!is_kept(answer)) return refuse(ErrorCode::Unavailable, "", "the server is stopping");
    return {};
}

std::size_t SignallingLoop::waiting() {
    const std::scoped_lock lock(mutex_);
    return inbox_.size();
}

std::future<void> SignallingLoop::put(Question question) {
    auto done = std::make_shared<std::promise<void>>();
    auto answer = done->get_future();
    push(Question([done = std::move(done), question = std::move(question)](pbx::Exchange& exchange) {
        question(exchange);
        done->set_value();
    }));
    return answer;
}

bool SignallingLoop::wait_for(Question question) {
    auto answer = put(std::move(question));
    return is_kept(answer);
}

void SignallingLoop::push(Input input) {
    std::array<Input, 1> one{std::move(input)};
    push_all(one);
}

template <class Inputs>
void SignallingLoop::push_all(Inputs& inputs) {
    bool asleep = false;
    {
        const std::scoped_lock lock(mutex_);
        if (ended_) return;
        for (auto& input : inputs)
            inbox_.emplace_back(std::move(input));
        asleep = std::exchange(asleep_, false);
    }
    if (!asleep) return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(bell_.get(), &one, sizeof(one));
}

void SignallingLoop::run() {
    release();
    for (;;) {
        wait();
        read_datagrams();
        take_inputs();
        step();
        if (stopping_ && (exchange_.quiet() || system_now().instant >= stop_at_)) return end();
        pause();
    }
}

/// Who still asks is not kept waiting.
void SignallingLoop::end() {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    inbox_.clear();
}

/// Until there is something to do.
void SignallingLoop::wait() {
    auto until = exchange_.next_deadline();
    if (stopping_) until = until ? std::min(*until, stop_at_) : stop_at_;
    {
        const std::scoped_lock lock(mutex_);
        asleep_ = inbox_.empty() && (holds_back() || !readable_);
        if (!asleep_) until = Instant{};
    }
    timespec timeout{};
    if (until) timeout = timespec_of(std::max(*until - system_now().instant, Duration::zero()));
    // What is held back waits for others, not for more of its kind.
    const auto watched = holds_back() ? 1 : watched_.size();
    const int ready = ::ppoll(watched_.data(), watched, until ? &timeout : nullptr, nullptr);
    if (holds_back()) {
        if (ready > 0) clear_bell();
    } else if (ready > 0) {
        if (watched_[0].revents != 0) clear_bell();
        readable_ = std::any_of(watched_.begin() + 1, watched_.end(),
                                [](const pollfd& socket) { return socket.revents != 0; });
    } else {
        readable_ = false;
    }
}

/// After read_datagrams(): who was told that a change is in force may send an INVITE at once, and the
/// snapshot must not be behind it.
void SignallingLoop::take_inputs() {
    const std::scoped_lock lock(mutex_);
    asleep_ = false;
    inputs_.swap(inbox_);
}

void SignallingLoop::clear_bell() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto size = ::read(bell_.get(), &count, sizeof(count));
}

void SignallingLoop::read_datagrams() {
    if (holds_back()) return;
    while (readable_ && received_.size() < kMostInAStep) {
        const auto before = received_.size();
        datagrams_->receive(received_);
        readable_ = received_.size() > before;
    }
}

void SignallingLoop::step() {
    const Now now = system_now();
    for (auto& input : inputs_) {
        if (auto* received = std::get_if<sip::Received>(&input)) {
            exchange_.receive(received->flow, std::move(received->message), now);
        } else if (auto* flow = std::get_if<sip::Flow>(&input)) {
            exchange_.flow_lost(*flow, now);
        } else if (auto* event = std::get_if<media::Event>(&input)) {
            exchange_.on_media(*event, now);
        } else if (auto* snapshot = std::get_if<std::shared_ptr<const model::Snapshot>>(&input)) {
            exchange_.use(std::move(*snapshot), now);
        } else if (auto* name = std::get_if<NameFound>(&input)) {
            exchange_.name_found(name->host, std::move(name->addresses), now);
        } else if (auto* changed = std::get_if<ServiceChanged>(&input)) {
            exchange_.service_changed(changed->change, changed->made, now);
        } else {
            std::get<Question>(input)(exchange_);
        }
    }
    // A burst of calls takes more ports than lie ready: the rest of it waits for the engine to bind some,
    // which takes a millisecond, rather than being refused.
    auto next = received_.begin();
    for (; next != received_.end() && exchange_.calls().ready(); ++next)
        exchange_.receive(next->flow, std::move(next->message), now);
    if (const auto deadline = exchange_.next_deadline(); deadline && *deadline <= now.instant)
        exchange_.advance(now);
    release();
    names_.ask(exchange_.take_name_questions());
    changes_.ask(exchange_.take_service_changes());
    for (const auto& news : exchange_.take_news())
        log_info("{}", news);
    gathering_.took(static_cast<std::size_t>(next - received_.begin()), now.instant);
    inputs_.clear();
    received_.erase(received_.begin(), next);
    if (!ready_told_ && exchange_.calls().ready()) {
        ready_told_ = true;
        ready_.set_value();
    }
}

/// Lets messages come together, where many come.
void SignallingLoop::pause() {
    if (readable_ || holds_back()) return;
    const auto pause = gathering_.pause();
    if (pause == Duration::zero()) return;
    const auto timeout = timespec_of(pause);
    ::clock_nanosleep(CLOCK_MONOTONIC, 0, &timeout, nullptr);
}

void SignallingLoop::release() {
    journal_.flush();
    if (!held_commands_.held.empty()) media_->command_all(held_commands_.held);
    held_wire_.release_to(*wire_);
}

void SignallingLoop::HeldWire::send(const sip::Flow& flow, std::string_view bytes) {
    held_.push_back({flow, bytes_.size(), bytes.size()});
    bytes_ += bytes;
}

void SignallingLoop::HeldWire::release_to(sip::Wire& wire) {
    if (held_.empty()) return;
    for (const auto& [flow, begin, size] : held_)
        outgoing_.push_back({flow, std::string_view(bytes_).substr(begin, size)});
    wire.send_all(outgoing_);
    outgoing_.clear();
    held_.clear();
    bytes_.clear();
}

}  // namespace almon::server
