// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/transaction_layer.hpp"

#include <array>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "base/overload.hpp"
#include "base/timer_queue.hpp"
#include "sip/invite_client_transaction.hpp"
#include "sip/invite_server_transaction.hpp"
#include "sip/message_writer.hpp"
#include "sip/non_invite_client_transaction.hpp"
#include "sip/non_invite_server_transaction.hpp"
#include "sip/transaction_key.hpp"
#include "sip/transaction_table.hpp"

namespace almon::sip {

namespace {

/// A transaction has at most one timer of each kind running: the one that repeats, and the one that ends.
struct RunningTimers {
    TimerId repeating;
    TimerId ending;

    TimerId& of(Timer timer) noexcept {
        return timer == Timer::A || timer == Timer::E || timer == Timer::G ? repeating : ending;
    }
};
BOOST_DESCRIBE_STRUCT(RunningTimers, (), (repeating, ending))

struct ServerTransaction {
    std::string key;
    Flow flow;                       ///< Of its responses.
    std::uint16_t sent_by_port = 0;  ///< Where to knock when its connection is gone.
    Method method = Method::Other;
    std::variant<InviteServerTransaction, NonInviteServerTransaction> machine;
    std::string response;  ///< The latest, while it may be repeated.
    RunningTimers timers;
    std::uint64_t merged_hash = 0;  ///< 0: cannot be merged.
    bool is_merged = false;

    [[nodiscard]] bool is_invite() const noexcept { return machine.index() == 0; }
    /// Whether the user has responded; an accepted INVITE keeps no response.
    [[nodiscard]] bool is_answered() const noexcept {
        const auto* const invite = std::get_if<InviteServerTransaction>(&machine);
        return !response.empty() ||
               (invite != nullptr && invite->state() == InviteServerTransaction::State::Accepted);
    }
};
BOOST_DESCRIBE_STRUCT(ServerTransaction, (),
                      (key, flow, sent_by_port, method, machine, response, timers, merged_hash, is_merged))

struct ClientTransaction {
    std::string key;
    Flow flow;
    std::variant<InviteClientTransaction, NonInviteClientTransaction> machine;
    std::string request;  ///< While it may be repeated or an ACK has to be made of it.
    std::string ack;      ///< Once made.
    RunningTimers timers;
    bool was_sent = false;
};
BOOST_DESCRIBE_STRUCT(ClientTransaction, (), (key, flow, machine, request, ack, timers, was_sent))

/// What a timer of ours means.
struct TransactionTimer {
    std::uint64_t transaction = 0;
    bool is_server = false;
    Timer timer = Timer::A;
};
BOOST_DESCRIBE_STRUCT(TransactionTimer, (), (transaction, is_server, timer))

/// Where the responses to a request go (RFC 3261 18.2.2, RFC 3581 4). The maddr parameter is ignored: it
/// would let anybody aim our responses at a third party.
Flow response_flow(const Flow& flow, const Via& via) {
    Flow back = flow;
    if (flow.transport == TransportKind::Udp && !via.has_rport()) back.remote.port = via.effective_port();
    return back;
}

/// RFC 3261 17.1.1.3: the ACK of a refusal, made of the INVITE and the To of the response.
std::string acknowledge(const std::string& invite_bytes, const Message& refusal) {
    const auto invite = Message::parse(invite_bytes);
    if (!invite) return {};
    auto writer = MessageWriter::request(Method::Ack, invite->request_uri());
    bool has_via = false;
    for (const HeaderField& field : invite->fields()) {
        switch (field.name) {
            case HeaderName::Via:
                if (has_via) break;
                has_via = true;
                writer.add(HeaderName::Via, field.value);
                break;
            case HeaderName::To:
                writer.add(HeaderName::To, refusal.header(HeaderName::To).value_or(field.value));
                break;
            case HeaderName::CSeq:
                if (const auto cseq = CSeq::parse(field.value)) {
                    writer.add_cseq(cseq->number, name_of(Method::Ack));
                }
                break;
            case HeaderName::From:
            case HeaderName::CallId:
            case HeaderName::Route:
            case HeaderName::MaxForwards:
                writer.add(field.name, field.value);
                break;
            default:
                break;
        }
    }
    return writer.finish();
}

/// The To tag of a response of ours; empty when it has none.
std::string to_tag_of(const std::string& response_bytes) {
    const auto response = Message::parse(response_bytes);
    if (!response) return {};
    const auto to = response->to();
    return to ? std::string(to->tag()) : std::string{};
}

}  // namespace

struct TransactionLayer::State {
    using Servers = TransactionTable<ServerTransactionTag, ServerTransaction>;
    using Clients = TransactionTable<ClientTransactionTag, ClientTransaction>;

    State(Random& random_source, Wire& way_out, TransactionUser& transaction_user, TransactionLimits bounds)
        : random(random_source), wire(way_out), user(transaction_user), limits(bounds) {}

    void draw_hash_key();
    void receive_request(const Flow& flow, const Message& request, Now now);
    void receive_ack(const Flow& flow, const Message& ack, const Via& via, Now now);
    void receive_response(const Flow& flow, const Message& response, Now now);
    void start_server(const Flow& flow, const Message& request, const Via& via, Now now);
    [[nodiscard]] bool cancels_something(const Message& request, const Via& via);
    void refuse_without_state(const Flow& flow, const Message& request, const Via& via);
    void refuse_broken(const Flow& flow, const Message& request);
    void answer_cancel(ServerTransactionId cancel, const Message& request, Now now);
    [[nodiscard]] bool acknowledges(const Message& ack, const Via& via,
                                    const ServerTransaction& invite) const;

    template <class Input>
    Effects step(ServerTransactionId id, const Input& input);
    template <class Input>
    Effects step(ClientTransactionId id, const Input& input);
    void carry_out(ServerTransactionId id, const Effects& effects, const Flow& flow, const Message* request,
                   Now now);
    void carry_out(ClientTransactionId id, const Effects& effects, const Flow& flow, const Message* response,
                   Now now);
    template <class Key>
    void start_timer(Key id, RunningTimers& running, StartTimer start, Now now);
    void forget(ServerTransactionId id);
    void forget(ClientTransactionId id);

    Random& random;
    Wire& wire;
    TransactionUser& user;
    TransactionLimits limits;
    KeyedHash hash;
    Servers servers;
    Clients clients;
    HashIndex merged;  ///< Server transactions outside dialogs by what merged requests have in common.
    TimerQueue<TransactionTimer> timers;
    TransactionCounters counters;
    std::string key;  ///< Of the message at hand; kept for its room only.
};

/// With the first transaction, not before: a layer that is about to be restored draws nothing.
void TransactionLayer::State::draw_hash_key() {
    if (hash.key != KeyedHash{}.key) return;
    hash.key = {random.next(), random.next()};
    servers.set_hash(hash);
    clients.set_hash(hash);
}

// Machines

template <class Input>
Effects TransactionLayer::State::step(ServerTransactionId id, const Input& input) {
    ServerTransaction* const transaction = servers.find(id);
    if (transaction == nullptr) return {};
    return std::visit(
        [&](auto& machine) -> Effects {
            using Machine = std::decay_t<decltype(machine)>;
            if constexpr (std::is_constructible_v<typename Machine::Input, Input>) {
                return machine.on(input);
            } else {
                return {};
            }
        },
        transaction->machine);
}

template <class Input>
Effects TransactionLayer::State::step(ClientTransactionId id, const Input& input) {
    ClientTransaction* const transaction = clients.find(id);
    if (transaction == nullptr) return {};
    return std::visit([&](auto& machine) -> Effects { return machine.on(input); }, transaction->machine);
}

template <class Key>
void TransactionLayer::State::start_timer(Key id, RunningTimers& running, StartTimer start, Now now) {
    TimerId& timer = running.of(start.timer);
    timers.stop(timer);
    timer = timers.start(now.instant + start.after,
                         {id.value, std::is_same_v<Key, ServerTransactionId>, start.timer});
}

void TransactionLayer::State::carry_out(ServerTransactionId id, const Effects& effects, const Flow& flow,
                                        const Message* request, Now now) {
    for (const Effect& effect : effects) {
        // A callback may have ended the transaction.
        ServerTransaction* const transaction = servers.find(id);
        if (transaction == nullptr) return;
        std::visit(Overload{
                       [&](SendTrying) {
                           if (transaction->is_answered()) return;
                           transaction->response =
                               MessageWriter::response(*request, 100, {},
                                                       {.to_tag = {}, .source = &flow.remote})
                                   .finish();
                           wire.send(transaction->flow, transaction->response);
                       },
                       [&](SendResponse) { wire.send(transaction->flow, transaction->response); },
                       [&](PassRequest) {
                           if (transaction->method == Method::Cancel) {
                               answer_cancel(id, *request, now);
                           } else {
                               user.on_request(id, flow, *request);
                           }
                       },
                       [&](PassAck) { user.on_ack(flow, *request); },
                       [&](StartTimer start) { start_timer(id, transaction->timers, start, now); },
                       [&](StopTimer stop) { timers.stop(transaction->timers.of(stop.timer)); },
                       // Nobody waits for the ACK of a refusal; on_terminated follows.
                       [&](ReportTimeout) { ++counters.missing_acks; },
                       [&](Terminate) {
                           const bool is_ours = transaction->method == Method::Cancel;
                           forget(id);
                           if (!is_ours) user.on_terminated(id);
                       },
                       [](const auto&) {},
                   },
                   effect);
    }
}

void TransactionLayer::State::carry_out(ClientTransactionId id, const Effects& effects, const Flow& flow,
                                        const Message* response, Now now) {
    for (const Effect& effect : effects) {
        ClientTransaction* const transaction = clients.find(id);
        if (transaction == nullptr) return;
        std::visit(Overload{
                       [&](SendRequest) {
                           if (std::exchange(transaction->was_sent, true)) ++counters.retransmitted_requests;
                           wire.send(transaction->flow, transaction->request);
                       },
                       [&](SendAck) {
                           if (transaction->ack.empty()) {
                               transaction->ack = acknowledge(transaction->request, *response);
                           }
                           if (!transaction->ack.empty()) wire.send(transaction->flow, transaction->ack);
                       },
                       [&](PassResponse) { user.on_response(id, flow, *response); },
                       [&](StartTimer start) { start_timer(id, transaction->timers, start, now); },
                       [&](StopTimer stop) { timers.stop(transaction->timers.of(stop.timer)); },
                       [&](ReportTimeout) {
                           ++counters.timeouts;
                           user.on_failure(id, TransactionUser::Failure::Timeout);
                       },
                       [&](ReportFlowLost) { user.on_failure(id, TransactionUser::Failure::FlowLost); },
                       [&](Terminate) { forget(id); },
                       [](const auto&) {},
                   },
                   effect);
    }
}

void TransactionLayer::State::forget(ServerTransactionId id) {
    ServerTransaction* const transaction = servers.find(id);
    timers.stop(transaction->timers.repeating);
    timers.stop(transaction->timers.ending);
    if (transaction->merged_hash != 0) {
        merged.erase(transaction->merged_hash, static_cast<std::uint32_t>(id.value));
    }
    servers.erase(id);
}

void TransactionLayer::State::forget(ClientTransactionId id) {
    ClientTransaction* const transaction = clients.find(id);
    timers.stop(transaction->timers.repeating);
    timers.stop(transaction->timers.ending);
    clients.erase(id);
}

// Requests

void TransactionLayer::State::receive_request(const Flow& flow, const Message& request, Now now) {
    const auto via = request.via();
    if (!via) return refuse_broken(flow, request);
    if (request.method() == Method::Ack) return receive_ack(flow, request, *via, now);
    if (!write_server_key(key, request, *via, request.method_name())) return refuse_broken(flow, request);
    const ServerTransactionId id = servers.find(key);
    if (!id) return start_server(flow, request, *via, now);

    ++counters.absorbed_requests;
    const ServerTransaction* const transaction = servers.find(id);
    // Sent again on a new connection or from a new port of the NAT: the answer goes there. A datagram from
    // another host proves nothing and draws no answers to it.
    if (const Flow back = response_flow(flow, *via);
        transaction->flow != back &&
        (is_reliable(back.transport) || back.remote.same_host(transaction->flow.remote))) {
        servers.move(id, back);
    }
    const Effects effects = transaction->is_invite() ? step(id, InviteServerTransaction::Invite{})
                                                     : step(id, NonInviteServerTransaction::Request{});
    if (!effects.empty()) ++counters.retransmitted_responses;
    carry_out(id, effects, flow, &request, now);
}

void TransactionLayer::State::start_server(const Flow& flow, const Message& request, const Via& via,
                                           Now now) {
    if (servers.size() + clients.size() >= limits.transactions && !cancels_something(request, via)) {
        return refuse_without_state(flow, request, via);
    }
    draw_hash_key();
    ++counters.server_transactions;
    ServerTransaction transaction;
    transaction.key = key;
    transaction.flow = response_flow(flow, via);
    transaction.sent_by_port = via.effective_port();
    transaction.method = request.method();
    const bool reliable = is_reliable(flow.transport);
    const bool is_invite = request.method() == Method::Invite;
    if (is_invite) {
        transaction.machine = InviteServerTransaction(reliable);
    } else {
        transaction.machine = NonInviteServerTransaction(reliable);
    }
    if (request.method() != Method::Cancel && write_merged_key(key, request)) {
        transaction.merged_hash = hash(key) | 1U;  // never 0
        transaction.is_merged = merged.first(transaction.merged_hash) != HashIndex::kNone;
    }
    const std::uint64_t merged_hash = transaction.merged_hash;
    const ServerTransactionId id = servers.insert(std::move(transaction));
    if (merged_hash != 0) merged.insert(merged_hash, static_cast<std::uint32_t>(id.value));
    carry_out(id,
              is_invite ? step(id, InviteServerTransaction::Invite{})
                        : step(id, NonInviteServerTransaction::Request{}),
              flow, &request, now);
}

/// A CANCEL that will free a transaction. Leaves `key` as it was.
bool TransactionLayer::State::cancels_something(const Message& request, const Via& via) {
    std::string invite;
    return request.method() == Method::Cancel &&
           write_server_key(invite, request, via, name_of(Method::Invite)) && servers.find(invite);
}

void TransactionLayer::State::refuse_without_state(const Flow& flow, const Message& request, const Via& via) {
    ++counters.refused_requests;
    const std::string tag = random.token(10);
    auto writer = MessageWriter::response(request, 503, {}, {.to_tag = tag, .source = &flow.remote});
    writer.add_number(HeaderName::RetryAfter, 10);
    wire.send(response_flow(flow, via), writer.finish());
}

/// A request that names no transaction: it is refused without one, to where it came from (RFC 4475 3.1.2.1
/// and 3.1.2.16). Without a Via nobody could tell what the response is for.
void TransactionLayer::State::refuse_broken(const Flow& flow, const Message& request) {
    const auto defect = request.defect();
    if (!defect || request.method() == Method::Ack || !request.header(HeaderName::Via)) {
        ++counters.unusable_messages;
        return;
    }
    ++counters.refused_requests;
    const std::string tag = random.token(10);
    wire.send(flow, MessageWriter::response(request, defect->status, defect->reason,
                                            {.to_tag = tag, .source = &flow.remote})
                        .finish());
}

bool TransactionLayer::State::acknowledges(const Message& ack, const Via& via,
                                           const ServerTransaction& invite) const {
    if (via.has_magic_cookie() || invite.response.empty()) return true;
    const auto to = ack.to();
    return to && to->tag() == to_tag_of(invite.response);
}

void TransactionLayer::State::receive_ack(const Flow& flow, const Message& ack, const Via& via, Now now) {
    if (write_server_key(key, ack, via, name_of(Method::Invite))) {
        const ServerTransactionId id = servers.find(key);
        if (id && acknowledges(ack, via, *servers.find(id))) {
            return carry_out(id, step(id, InviteServerTransaction::Ack{}), flow, &ack, now);
        }
    }
    user.on_ack(flow, ack);
}

/// RFC 3261 9.2.
void TransactionLayer::State::answer_cancel(ServerTransactionId cancel, const Message& request, Now now) {
    const auto via = request.via();
    ServerTransactionId invite;
    if (via && write_server_key(key, request, *via, name_of(Method::Invite))) invite = servers.find(key);

    ServerTransaction* const cancelled = servers.find(invite);
    // The To tag is that of the responses to the INVITE, where there has been one.
    std::string tag = cancelled == nullptr ? std::string{} : to_tag_of(cancelled->response);
    if (tag.empty()) tag = random.token(10);
    const int status = cancelled == nullptr ? 481 : 200;
    ServerTransaction* const transaction = servers.find(cancel);
    const NetAddress source = transaction->flow.remote;
    const Effects effects = step(cancel, NonInviteServerTransaction::Respond{status});
    transaction->response =
        MessageWriter::response(request, status, {}, {.to_tag = tag, .source = &source}).finish();
    carry_out(cancel, effects, transaction->flow, &request, now);

    if (cancelled == nullptr) return;
    const auto& machine = std::get<InviteServerTransaction>(cancelled->machine);
    // After the final response there is nothing left to cancel.
    if (machine.state() == InviteServerTransaction::State::Proceeding) user.on_cancel(invite, request);
}

// Responses

void TransactionLayer::State::receive_response(const Flow& flow, const Message& response, Now now) {
    const auto via = response.via();
    if (!via || response.defect()) {
        ++counters.unusable_messages;
        return;
    }
    write_client_key(key, via->branch(), response.method_name());
    const ClientTransactionId id = clients.find(key);
    if (!id) {
        ++counters.stray_responses;
        return user.on_stray_response(flow, response);
    }
    ClientTransaction& transaction = *clients.find(id);
    Effects effects;
    if (auto* const invite = std::get_if<InviteClientTransaction>(&transaction.machine)) {
        effects = invite->on(InviteClientTransaction::Response{response.status()});
        if (invite->state() == InviteClientTransaction::State::Accepted) transaction.request = {};
    } else {
        auto& machine = std::get<NonInviteClientTransaction>(transaction.machine);
        effects = machine.on(NonInviteClientTransaction::Response{response.status()});
        if (machine.state() == NonInviteClientTransaction::State::Completed) transaction.request = {};
    }
    carry_out(id, effects, flow, &response, now);
}

// The layer

TransactionLayer::TransactionLayer(Random& random, Wire& wire, TransactionUser& user,
                                   TransactionLimits limits)
    : state_(std::make_unique<State>(random, wire, user, limits)) {}

TransactionLayer::~TransactionLayer() = default;

void TransactionLayer::receive(const Flow& flow, const Message& message, Now now) {
    if (message.is_request()) {
        state_->receive_request(flow, message, now);
    } else {
        state_->receive_response(flow, message, now);
    }
}

void TransactionLayer::flow_lost(const Flow& flow, Now now) {
    for (const ServerTransactionId id : state_->servers.on_flow(flow)) {
        const ServerTransaction& transaction = *state_->servers.find(id);
        if (!is_reliable(flow.transport)) continue;
        Flow anew = transaction.flow;
        anew.connection = 0;
        anew.remote.port = transaction.sent_by_port;
        state_->servers.move(id, anew);
    }
    for (const ClientTransactionId id : state_->clients.on_flow(flow)) {
        state_->carry_out(id, state_->step(id, FlowBroken{}), flow, nullptr, now);
    }
}

void TransactionLayer::advance(Now now) {
    while (const auto due = state_->timers.take_due(now.instant)) {
        const TransactionTimer& timer = due->second;
        if (timer.is_server) {
            const ServerTransactionId id{timer.transaction};
            if (timer.timer == Timer::G) ++state_->counters.retransmitted_responses;
            const Effects effects = state_->step(id, TimerFired{timer.timer});
            state_->carry_out(id, effects, {}, nullptr, now);
        } else {
            const ClientTransactionId id{timer.transaction};
            state_->carry_out(id, state_->step(id, TimerFired{timer.timer}), {}, nullptr, now);
        }
    }
}

std::optional<Instant> TransactionLayer::next_deadline() const {
    return state_->timers.next_deadline();
}

std::string TransactionLayer::new_branch() {
    std::string branch(kMagicCookie);
    branch += state_->random.token(16);
    return branch;
}

ClientTransactionId TransactionLayer::send(const Flow& flow, Method method, std::string_view method_name,
                                           std::string branch, std::string bytes, Now now) {
    state_->draw_hash_key();
    ++state_->counters.client_transactions;
    ClientTransaction transaction;
    write_client_key(transaction.key, branch, method_name);
    transaction.flow = flow;
    transaction.request = std::move(bytes);
    const bool reliable = is_reliable(flow.transport);
    Effects effects;
    if (method == Method::Invite) {
        effects = transaction.machine.emplace<InviteClientTransaction>(reliable).on(
            InviteClientTransaction::Send{});
    } else {
        effects = transaction.machine.emplace<NonInviteClientTransaction>(reliable).on(
            NonInviteClientTransaction::Send{});
    }
    const ClientTransactionId id = state_->clients.insert(std::move(transaction));
    state_->carry_out(id, effects, flow, nullptr, now);
    return id;
}

void TransactionLayer::abandon(ClientTransactionId id) {
    if (state_->clients.find(id) != nullptr) state_->forget(id);
}

void TransactionLayer::respond(ServerTransactionId id, int status, std::string bytes, Now now) {
    ServerTransaction* const transaction = state_->servers.find(id);
    if (transaction == nullptr) return;
    const Effects effects = transaction->is_invite()
                                ? state_->step(id, InviteServerTransaction::Respond{status})
                                : state_->step(id, NonInviteServerTransaction::Respond{status});
    if (effects.empty()) return;
    transaction->response = std::move(bytes);
    state_->carry_out(id, effects, {}, nullptr, now);
    // From here on the user repeats its 2xx itself (RFC 6026).
    const auto* const invite = std::get_if<InviteServerTransaction>(&transaction->machine);
    if (invite != nullptr && invite->state() == InviteServerTransaction::State::Accepted) {
        transaction->response = {};
    }
}

void TransactionLayer::respond_once(ServerTransactionId id, int status, std::string bytes, Now now) {
    const ServerTransaction* const transaction = state_->servers.find(id);
    if (transaction == nullptr) return;
    if (transaction->is_answered()) return respond(id, status, std::move(bytes), now);
    state_->wire.send(transaction->flow, bytes);
    state_->forget(id);
}

std::string TransactionLayer::stable_tag(ServerTransactionId id) const {
    const ServerTransaction* const transaction = state_->servers.find(id);
    return transaction == nullptr ? std::string{} : fmt::format("{:016x}", state_->hash(transaction->key));
}

const Flow* TransactionLayer::flow_of(ServerTransactionId id) const {
    const ServerTransaction* const transaction = state_->servers.find(id);
    return transaction == nullptr ? nullptr : &transaction->flow;
}

bool TransactionLayer::is_merged(ServerTransactionId id) const {
    const ServerTransaction* const transaction = state_->servers.find(id);
    return transaction != nullptr && transaction->is_merged;
}

std::size_t TransactionLayer::size() const noexcept {
    return state_->servers.size() + state_->clients.size();
}

const TransactionCounters& TransactionLayer::counters() const noexcept {
    return state_->counters;
}

void TransactionLayer::save(Archive& archive) const {
    archive.put(state_->hash);
    archive.put(state_->servers);
    archive.put(state_->clients);
    archive.put(state_->timers);
    archive.put(state_->counters);
}

void TransactionLayer::restore(ArchiveReader& reader) {
    reader.get(state_->hash);
    reader.get(state_->servers);
    reader.get(state_->clients);
    reader.get(state_->timers);
    reader.get(state_->counters);
    state_->merged.clear();
    state_->servers.for_each([this](ServerTransactionId id, const ServerTransaction& transaction) {
        if (transaction.merged_hash == 0) return;
        state_->merged.insert(transaction.merged_hash, static_cast<std::uint32_t>(id.value));
    });
}

}  // namespace almon::sip
