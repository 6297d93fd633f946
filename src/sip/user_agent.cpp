// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/user_agent.hpp"

#include <algorithm>
#include <utility>

#include "sip/replaces.hpp"
#include "sip/user_agent_state.hpp"

namespace almon::sip {

namespace {

std::string joined(const std::vector<std::string>& words, std::string_view without = {}) {
    std::string text;
    for (const auto& word : words) {
        if (word == without) continue;
        if (!text.empty()) text += ", ";
        text += word;
    }
    return text;
}

}  // namespace

void ServerRequest::save(Archive& archive) const {
    archive.put(message != nullptr);
    if (message) archive.put(std::string(message->bytes()));
    archive.put(flow);
    archive.put(to_tag);
    archive.put(session);
}

void ServerRequest::restore(ArchiveReader& reader) {
    message.reset();
    if (reader.get<bool>()) {
        auto parsed = Message::parse(reader.get<std::string>());
        if (!parsed) return reader.fail();
        message = std::make_shared<const Message>(std::move(*parsed));
    }
    reader.get(flow);
    reader.get(to_tag);
    reader.get(session);
}

UserAgent::State::State(UserAgentSettings user_agent_settings, Random& random_source, Wire& lent_wire,
                        UserAgentListener& lent_listener)
    : random(random_source),
      wire(lent_wire),
      listener(lent_listener),
      settings(std::move(user_agent_settings)),
      allow(joined(settings.methods)),
      supported(joined(settings.extensions)),
      supported_unreliable(joined(settings.extensions, "100rel")),
      accepted_types("application/sdp"),
      transactions(random, wire, *this) {}

// TransactionUser

void UserAgent::State::on_request(ServerTransactionId transaction, const Flow& flow, const Message& request) {
    ServerRequest& record = server_requests[transaction];
    record.message = current;
    record.flow = flow;
    if (refuse_unfit(transaction, record)) return;

    const auto to = request.to();
    const std::string_view local_tag = to ? to->tag() : std::string_view{};
    if (local_tag.empty()) {
        const bool invite = request.method() == Method::Invite;
        record.to_tag = invite ? random.token(16) : transactions.stable_tag(transaction);
        if (invite) return on_initial_invite(transaction, record);
        return tell(IncomingRequest{RequestId{transaction.value}, flow, request});
    }

    Session* session = find_by_local_tag(local_tag, request.call_id());
    const auto from = request.from();
    SessionDialog* dialog = session == nullptr ? nullptr : session->dialog_with(from ? from->tag() : "");
    if (dialog == nullptr) {
        // Subscriptions have dialogs of their own, kept by whoever uses us (RFC 6665).
        if (request.method() == Method::Subscribe || request.method() == Method::Notify) {
            return tell(IncomingRequest{RequestId{transaction.value}, flow, request});
        }
        return refuse_stranger(transaction, 481);
    }
    record.session = session->id;
    on_request_in_session(*session, *dialog, transaction, flow, request);
}

void UserAgent::State::on_cancel(ServerTransactionId invite, const Message& cancel) {
    const auto record = server_requests.find(invite);
    if (record == server_requests.end() || !record->second.message) return;
    Session* session = find(record->second.session);
    respond_plainly(invite, 487);
    if (session == nullptr) return;
    if (session->incoming && session->incoming->transaction == invite) {
        const Session ended = take_session(session->id);
        tell(ended, SessionEnded{ended.id, SessionEnd::Cancelled, &cancel});
    } else if (session->peer_offer && session->peer_offer->transaction == invite) {
        if (auto* dialog = session->current(); dialog && !session->peer_offer->asks_for_offer) {
            dialog->exchange.refused();
        }
        session->peer_offer.reset();
        pump_offer(*session);
    }
}

void UserAgent::State::on_response(ClientTransactionId transaction, const Flow& flow,
                                   const Message& response) {
    const auto found = client_uses.find(transaction);
    if (found == client_uses.end()) {
        if (response.method() == Method::Invite && response.status() / 100 == 2) {
            on_further_success(flow, response, true);
        }
        return;
    }
    if (response.status() < 200) {
        Session* session = find(found->second.session);
        if (session == nullptr) return;
        if (found->second.kind == ClientUse::Kind::Invite) on_invite_response(*session, flow, response);
        if (found->second.kind == ClientUse::Kind::Reinvite)
            on_reinvite_response(*session, found->second, response);
        return;
    }
    const ClientUse use = std::move(found->second);
    client_uses.erase(found);
    Session* session = find(use.session);
    const int status = response.status();
    if ((status == 401 || status == 407) && session != nullptr && use.kind != ClientUse::Kind::Invite &&
        use.kind != ClientUse::Kind::Cancel && repeat_with_credentials(*session, use, response)) {
        return;
    }
    switch (use.kind) {
        case ClientUse::Kind::Invite:
            if (session != nullptr) return on_invite_response(*session, flow, response);
            if (status / 100 == 2) on_further_success(flow, response, true);
            return;
        case ClientUse::Kind::Reinvite:
            if (session != nullptr) return on_reinvite_response(*session, use, response);
            if (status / 100 == 2) on_further_success(flow, response, true);
            return;
        case ClientUse::Kind::Update:
            if (session != nullptr) on_update_response(*session, use, response);
            return;
        case ClientUse::Kind::Prack:
        case ClientUse::Kind::Cancel:
            return;
        case ClientUse::Kind::Bye:
            take_session(use.session);
            return;
        case ClientUse::Kind::InSession: {
            if (session != nullptr && session->established() && response.method() == Method::Update &&
                status < 300) {
                take_session_expires(*session, response);
            }
            const bool lost = use.of_invite_usage && (status == 481 || status == 408);
            tell(RequestCompleted{use.request, &response});
            session = find(use.session);
            if (lost && session != nullptr && session->established() && !session->silent) {
                lose_session(*session, SessionEnd::DialogLost);
            }
            return;
        }
        case ClientUse::Kind::Outside:
            break;
    }
    const auto outside = outside_requests.find(use.request);
    if (outside != outside_requests.end()) {
        OutsideRequest& again = outside->second;
        if ((status == 401 || status == 407) && again.attempts < 3 && again.digest.take(response)) {
            ++again.attempts;
            ++again.settings.cseq;
            return send_outside(use.request, again.settings, again.from_tag, &again.digest);
        }
        outside_requests.erase(outside);
    }
    tell(RequestCompleted{use.request, &response});
}

void UserAgent::State::on_stray_response(const Flow& flow, const Message& response) {
    if (response.method() == Method::Invite && response.status() / 100 == 2) {
        on_further_success(flow, response, false);
    }
}

void UserAgent::State::on_failure(ClientTransactionId transaction, Failure failure) {
    const auto found = client_uses.find(transaction);
    if (found == client_uses.end()) return;
    const ClientUse use = std::move(found->second);
    client_uses.erase(found);
    Session* session = find(use.session);
    const auto end = failure == Failure::FlowLost ? SessionEnd::FlowLost : SessionEnd::DialogLost;
    switch (use.kind) {
        case ClientUse::Kind::Invite: {
            if (session == nullptr) return;
            const Session ended = take_session(session->id);
            // RFC 3261 8.1.3.1: a timeout counts as 408, a transport error as 503.
            return tell(ended, SessionFailed{ended.id, failure == Failure::Timeout ? 408 : 503, nullptr});
        }
        case ClientUse::Kind::Reinvite:
        case ClientUse::Kind::Update:
            if (session == nullptr) return;
            if (use.kind == ClientUse::Kind::Reinvite) session->own_invite = {};
            if (session->established()) return lose_session(*session, end);
            return on_offer_refused(use.session, use, 408, nullptr);
        case ClientUse::Kind::Prack:
        case ClientUse::Kind::Cancel:
            return;
        case ClientUse::Kind::Bye:
            take_session(use.session);
            return;
        case ClientUse::Kind::InSession:
            tell(RequestCompleted{use.request, nullptr});
            session = find(use.session);
            if (session != nullptr && session->established() && !session->silent && use.of_invite_usage) {
                lose_session(*session, end);
            }
            return;
        case ClientUse::Kind::Outside:
            outside_requests.erase(use.request);
            return tell(RequestCompleted{use.request, nullptr});
    }
}

void UserAgent::State::on_terminated(ServerTransactionId transaction) {
    server_requests.erase(transaction);
}

// Tables

Session* UserAgent::State::find(SessionId id) noexcept {
    const auto found = sessions.find(id);
    return found == sessions.end() ? nullptr : &found->second;
}

Session* UserAgent::State::find_by_local_tag(std::string_view local_tag, std::string_view call_id) noexcept {
    const auto found = by_local_tag.find(local_tag);
    if (found == by_local_tag.end()) return nullptr;
    Session* session = find(found->second);
    return session != nullptr && session->call_id == call_id ? session : nullptr;
}

Session& UserAgent::State::add_session(Session session) {
    session.id = SessionId{++last_session};
    Session& added = sessions.emplace(session.id, std::move(session)).first->second;
    by_local_tag.emplace(added.local_tag, added.id);
    return added;
}

Session UserAgent::State::take_session(SessionId id) {
    const auto found = sessions.find(id);
    if (found == sessions.end()) return {};
    by_local_tag.erase(found->second.local_tag);
    Session session = std::move(found->second);
    sessions.erase(found);
    if (session.own_invite) {
        client_uses.erase(session.own_invite);
        transactions.abandon(session.own_invite);
    }
    timers.stop(session.refresh_timer);
    timers.stop(session.expiry_timer);
    if (session.outgoing) timers.stop(session.outgoing->abandon_timer);
    if (session.incoming && session.incoming->unacknowledged) {
        timers.stop(session.incoming->unacknowledged->retransmission.timer);
    }
    if (session.success) timers.stop(session.success->retransmission.timer);
    if (session.own_offer) timers.stop(session.own_offer->timer);
    return session;
}

void UserAgent::State::tell(const Session& session, const UserAgentEvent& event) {
    if (!session.silent) listener.on_user_agent(event);
}

const LocalIdentity& UserAgent::State::identity(const Flow& flow) {
    for (const auto& known : identities) {
        if (known.local == flow.local && known.transport == flow.transport) return known;
    }
    LocalIdentity made;
    made.transport = flow.transport;
    made.local = flow.local;
    const bool advertise = flow.local.is_unspecified() && !settings.advertised_host.empty();
    const std::string host = advertise ? settings.advertised_host : flow.local.host_in_uri();
    made.sent_by = host + ':' + std::to_string(flow.local.port);
    made.contact = "<sip:almon@" + made.sent_by;
    if (flow.transport != TransportKind::Udp) {
        made.contact += ";transport=";
        made.contact += uri_name(flow.transport);
    }
    made.contact += '>';
    return identities.emplace_back(std::move(made));
}

void UserAgent::State::fire(const UserAgentTimer& timer) {
    if (timer.kind == UserAgentTimer::Kind::FailRequest)
        return tell(RequestCompleted{timer.request, nullptr});
    Session* session = find(timer.session);
    if (session == nullptr) return;
    switch (timer.kind) {
        case UserAgentTimer::Kind::RepeatSuccess:
            return repeat_success(*session);
        case UserAgentTimer::Kind::RepeatProvisional:
            return repeat_provisional(*session);
        case UserAgentTimer::Kind::AbandonInvite: {
            if (session->outgoing) {
                client_uses.erase(session->outgoing->transaction);
                transactions.abandon(session->outgoing->transaction);
            }
            const Session ended = take_session(session->id);
            return tell(ended, SessionFailed{ended.id, 408, nullptr});
        }
        case UserAgentTimer::Kind::TryOfferAgain:
            if (session->own_offer) session->own_offer->stage = OwnOffer::Stage::Waiting;
            return pump_offer(*session);
        case UserAgentTimer::Kind::Refresh:
            return refresh(*session);
        case UserAgentTimer::Kind::Expire:
            return lose_session(*session, SessionEnd::Expired);
        case UserAgentTimer::Kind::FailRequest:
            return;
    }
}

void UserAgent::State::save(Archive& archive) const {
    transactions.save(archive);
    archive.put(identities);
    archive.put(sessions);
    archive.put(server_requests);
    archive.put(client_uses);
    archive.put(outside_requests);
    archive.put(timers);
    archive.put(last_session);
    archive.put(last_request);
}

void UserAgent::State::restore(ArchiveReader& reader) {
    transactions.restore(reader);
    reader.get(identities);
    reader.get(sessions);
    reader.get(server_requests);
    reader.get(client_uses);
    reader.get(outside_requests);
    reader.get(timers);
    reader.get(last_session);
    reader.get(last_request);
    index_all();
}

void UserAgent::State::index_all() {
    by_local_tag.clear();
    for (const auto& [id, session] : sessions)
        by_local_tag.emplace(session.local_tag, id);
}

// The public face

UserAgent::UserAgent(UserAgentSettings settings, Random& random, Wire& wire, UserAgentListener& listener)
    : state_(std::make_unique<State>(std::move(settings), random, wire, listener)) {}

UserAgent::~UserAgent() = default;

void UserAgent::receive(const Flow& flow, Message message, Now now) {
    state_->now = now;
    state_->current = std::make_shared<const Message>(std::move(message));
    const auto kept = state_->current;
    state_->transactions.receive(flow, *kept, now);
    state_->current.reset();
}

void UserAgent::flow_lost(const Flow& flow, Now now) {
    state_->now = now;
    if (is_reliable(flow.transport)) {
        for (auto& [id, session] : state_->sessions) {
            for (auto& dialog : session.dialogs) {
                if (dialog.dialog.flow == flow) dialog.dialog.leave_connection();
            }
        }
    }
    state_->transactions.flow_lost(flow, now);
}

void UserAgent::advance(Now now) {
    state_->now = now;
    state_->transactions.advance(now);
    while (const auto due = state_->timers.take_due(now.instant))
        state_->fire(due->second);
}

std::optional<Instant> UserAgent::next_deadline() const {
    const auto transactions = state_->transactions.next_deadline();
    const auto own = state_->timers.next_deadline();
    if (transactions && own) return std::min(*transactions, *own);
    return transactions ? transactions : own;
}

SessionId UserAgent::invite(const InviteSettings& settings, Now now) {
    state_->now = now;
    return state_->invite(settings);
}

void UserAgent::progress(SessionId session, int status, const Body& body, Reliability reliability,
                         const ExtraHeaders& headers, Now now) {
    state_->now = now;
    if (auto* found = state_->find(session)) state_->progress(*found, status, body, reliability, headers);
}

void UserAgent::accept(SessionId session, const Body& body, const ExtraHeaders& headers, Now now) {
    state_->now = now;
    if (auto* found = state_->find(session)) state_->accept(*found, body, headers);
}

void UserAgent::reject(SessionId session, int status, std::string_view reason, const ExtraHeaders& headers,
                       Now now) {
    state_->now = now;
    if (auto* found = state_->find(session)) state_->reject(*found, status, reason, headers);
}

void UserAgent::offer(SessionId session, const Body& offer, bool update, Now now) {
    state_->now = now;
    if (auto* found = state_->find(session)) state_->offer(*found, offer, update);
}

void UserAgent::answer_offer(SessionId session, const Body& answer, Now now) {
    state_->now = now;
    if (auto* found = state_->find(session)) state_->answer_offer(*found, answer);
}

void UserAgent::refuse_offer(SessionId session, int status, Now now) {
    state_->now = now;
    if (auto* found = state_->find(session)) state_->refuse_offer(*found, status);
}

void UserAgent::end(SessionId session, const ExtraHeaders& headers, Now now) {
    state_->now = now;
    if (auto* found = state_->find(session)) state_->end(*found, headers);
}

ClientRequestId UserAgent::request_in(SessionId session, std::string_view method, const Body& body,
                                      const ExtraHeaders& headers, Now now) {
    state_->now = now;
    auto* found = state_->find(session);
    return found != nullptr ? state_->request_in(*found, method, body, headers) : ClientRequestId{};
}

ClientRequestId UserAgent::request(const RequestSettings& settings, Now now) {
    state_->now = now;
    return state_->request(settings);
}

void UserAgent::respond(RequestId request, int status, std::string_view reason, const ExtraHeaders& headers,
                        const Body& body, Now now) {
    state_->now = now;
    state_->respond(request, status, reason, headers, body);
}

std::string_view UserAgent::local_tag(RequestId request) const {
    const auto found = state_->server_requests.find(ServerTransactionId{request.value});
    return found == state_->server_requests.end() ? std::string_view{} : found->second.to_tag;
}

tl::expected<SessionId, int> UserAgent::find_replaced(std::string_view replaces) const {
    const auto wanted = Replaces::parse(replaces);
    if (!wanted) return tl::unexpected(400);
    const auto found = find_dialog(replaces);
    if (!found) return tl::unexpected(481);
    const Session& session = *state_->find(*found);
    if (session.silent || session.stage == Session::Stage::Ending) return tl::unexpected(603);
    // An early dialog can only be replaced at the caller.
    if (!session.established() && !session.caller) return tl::unexpected(481);
    if (session.established() && wanted->early_only) return tl::unexpected(486);
    return *found;
}

std::optional<SessionId> UserAgent::find_dialog(std::string_view replaces) const {
    const auto wanted = Replaces::parse(replaces);
    if (!wanted) return std::nullopt;
    Session* session = state_->find_by_local_tag(wanted->to_tag, wanted->call_id);
    if (session == nullptr || session->dialog_with(wanted->from_tag) == nullptr) return std::nullopt;
    return session->id;
}

std::optional<DialogName> UserAgent::dialog_name(SessionId session) const {
    auto* found = state_->find(session);
    if (found == nullptr) return std::nullopt;
    DialogName name{found->call_id, found->local_tag, {}};
    if (const auto* dialog = found->current()) name.remote_tag = dialog->dialog.remote_tag;
    return name;
}

const Flow* UserAgent::flow_of(SessionId session) const {
    auto* found = state_->find(session);
    if (found == nullptr) return nullptr;
    if (const auto* dialog = found->current()) return &dialog->dialog.flow;
    return found->outgoing ? &found->outgoing->settings.flow : nullptr;
}

std::size_t UserAgent::session_count() const noexcept {
    return state_->sessions.size();
}

std::size_t UserAgent::transaction_count() const noexcept {
    return state_->transactions.size();
}

void UserAgent::save(Archive& archive) const {
    state_->save(archive);
}

void UserAgent::restore(ArchiveReader& reader) {
    state_->restore(reader);
}

}  // namespace almon::sip
