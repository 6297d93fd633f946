// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/sip_technology.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "model/trunk.hpp"
#include "pbx/resolver.hpp"
#include "pbx/technology/sip_cause.hpp"
#include "pbx/technology/sip_digit.hpp"
#include "pbx/technology/sip_endpoint_options.hpp"
#include "pbx/technology/sip_register_request.hpp"
#include "sdp/stream_transport.hpp"
#include "sip/name_addr.hpp"
#include "sip/numeric_headers.hpp"
#include "sip/uri.hpp"

namespace almon::pbx {

namespace {

constexpr std::string_view kSdp = "application/sdp";

sip::Body body_of(const sdp::SessionDescription& description) {
    return {std::string(kSdp), description.text()};
}

std::string name_addr_of(const CallerId& caller, std::string_view host) {
    return sip::name_addr(caller.name, "sip:" + sip::escape_user(caller.number) + "@" + std::string(host));
}

/// RFC 5373, and what makers of telephones had before it: they read what they know.
void ask_to_answer(sip::ExtraHeaders& headers, const std::string& host) {
    headers.push_back({"Answer-Mode", "Auto"});
    headers.push_back({"Call-Info", "<sip:" + host + ">;answer-after=0"});
    headers.push_back({"Alert-Info", "<http://" + host + ">;info=alert-autoanswer;delay=0"});
}

/// RFC 3325: whom we vouch for, or that nobody shall be told.
sip::ExtraHeaders identity_headers(const CallerId& caller, std::string_view host) {
    if (caller.withheld) return {{"Privacy", "id"}};
    if (caller.number.empty()) return {};
    return {{"P-Asserted-Identity", name_addr_of(caller, host)}};
}

/// No stream of it would travel in the clear.
bool is_protected(const sdp::SessionDescription& description) {
    return std::ranges::all_of(description.streams, [&](const sdp::Stream& stream) {
        if (stream.refused()) return true;
        const auto transport = sdp::transport_of(description, stream);
        return transport && transport->protection != sdp::Protection::None;
    });
}

}  // namespace

SipTechnology::SipTechnology(SipTechnologySettings settings, const StepClock& clock, Random& random,
                             bus::EventSink& events, TechnologyListener& calls, sip::UserAgent& user_agent,
                             std::shared_ptr<const model::Snapshot> snapshot)
    : settings_(std::move(settings)),
      clock_(clock),
      calls_(calls),
      user_agent_(user_agent),
      snapshot_(std::move(snapshot)),
      authenticator_(settings_.authenticator, clock, random),
      registrar_(settings_.registrar, clock, events),
      lamps_(settings_.lamps, clock, user_agent),
      waiting_messages_(settings_.lamps, clock, user_agent),
      peers_(settings_.listening, clock),
      registrations_(clock, random, peers_, user_agent, settings_.advertised_host) {
    peers_.use(*snapshot_);
    registrations_.use(*snapshot_);
}

void SipTechnology::load_contacts(const std::vector<bus::StoredContact>& contacts) {
    registrar_.load(contacts);
}

void SipTechnology::use(std::shared_ptr<const model::Snapshot> snapshot) {
    const auto before = std::exchange(snapshot_, std::move(snapshot));
    show_services(*before);
    peers_.use(*snapshot_);
    registrations_.use(*snapshot_);
}

void SipTechnology::name_found(const std::string& host, std::vector<NetAddress> addresses) {
    const bool found = !addresses.empty();
    peers_.names().answered(host, std::move(addresses));
    if (found) registrations_.host_found(host);
}

void SipTechnology::flow_lost(const sip::Flow& flow) {
    registrar_.flow_lost(flow);
}

void SipTechnology::advance() {
    for (const auto& due : registrar_.advance())
        qualify(due);
    lamps_.advance();
    waiting_messages_.advance();
    registrations_.advance();
    for (const auto peer : peers_.take_due())
        qualify(peer);
}

std::optional<Instant> SipTechnology::next_deadline() const {
    std::optional<Instant> next;
    for (const auto deadline :
         {registrar_.next_deadline(), lamps_.next_deadline(), waiting_messages_.next_deadline(),
          registrations_.next_deadline(), peers_.next_deadline()}) {
        if (deadline && (!next || *deadline < *next)) next = deadline;
    }
    return next;
}

// What the call core asks

std::vector<Target> SipTechnology::targets(std::string_view endpoint) const {
    std::vector<Target> targets;
    const auto* account = snapshot_->endpoint_sip_by_username(endpoint);
    if (account != nullptr && has_own_host(*account)) {
        if (const auto way = peers_.way_to(*account); way && peers_.is_reachable(account->id)) {
            targets.push_back({"sip:" + way->host_port,
                               "sip:" + way->host_port + " over " +
                                   std::string(sip::via_name(way->flow.transport)) + " at " +
                                   way->flow.remote.text(),
                               offered_media(account, way->flow.transport)});
        }
        return targets;
    }
    const auto bindings = registrar_.bindings(endpoint);
    // A contact that no longer answers OPTIONS is tried only when nothing better is there: it may merely
    // refuse OPTIONS.
    const bool any_reachable =
        std::ranges::any_of(bindings, [](const Binding* binding) { return binding->reachable; });
    for (const Binding* binding : bindings) {
        if (any_reachable && !binding->reachable) continue;
        targets.push_back({binding->stored.uri,
                           binding->stored.uri + " over " +
                               std::string(sip::via_name(binding->flow.transport)) + " at " +
                               binding->flow.remote.text(),
                           offered_media(account, binding->flow.transport)});
    }
    return targets;
}

std::vector<std::string> SipTechnology::allowed_codecs(std::string_view endpoint) const {
    return allowed_encodings(snapshot_->endpoint_sip_by_username(endpoint));
}

void SipTechnology::invite(ChannelId channel, const OutgoingCall& call) {
    auto way = way_to(call);
    if (!way) {
        calls_.refused(channel, Cause::SubscriberAbsent, Refusal::OfDevice);
        return;
    }
    auto& settings = *way;
    const auto host = host_of(settings.flow);
    settings.from = call.caller.withheld ? "\"Anonymous\" <sip:anonymous@anonymous.invalid>"
                                         : name_addr_of(call.caller, host);
    settings.to = "<sip:" + sip::escape_user(call.dialled) + "@" + host + ">";
    settings.headers = identity_headers(call.caller, host);
    if (!call.number.empty()) address_trunk(settings, call, host);
    // RFC 3892
    if (call.referred_by) settings.headers.push_back({"Referred-By", name_addr_of(*call.referred_by, host)});
    if (call.answers_itself) ask_to_answer(settings.headers, host);
    if (call.offer) settings.offer = body_of(*call.offer);
    settings.timers = settings_.session_timers;
    settings.max_forwards = call.hops;
    // The call is known before anything is sent: a failure may be told from within.
    Call entry;
    entry.channel = channel;
    entry.endpoint = call.endpoint;
    entry.outgoing = true;
    entry.session = user_agent_.invite(settings, clock_.now);
    add_call(std::move(entry));
}

std::optional<sip::InviteSettings> SipTechnology::way_to(const OutgoingCall& call) const {
    sip::InviteSettings settings;
    if (const Binding* binding = registrar_.find(call.endpoint, call.target)) {
        settings.flow = binding->flow;
        settings.request_uri = binding->stored.uri;
        settings.route = binding->stored.path;
        return settings;
    }
    const auto* account = snapshot_->endpoint_sip_by_username(call.endpoint);
    if (account == nullptr || !has_own_host(*account)) return std::nullopt;
    const auto peer = peers_.way_to(*account);
    if (!peer) return std::nullopt;
    settings.flow = peer->flow;
    settings.request_uri = call.target;
    return settings;
}

void SipTechnology::address_trunk(sip::InviteSettings& invite, const OutgoingCall& call,
                                  const std::string& host) const {
    // sip:contact@host or sip:host: the number takes the place of whoever stands there.
    const auto scheme = invite.request_uri.find(':') + 1;
    const auto at = invite.request_uri.find('@');
    const auto there = invite.request_uri.substr(at == std::string::npos ? scheme : at + 1);
    const auto whom = "sip:" + sip::escape_user(call.number) + "@";
    invite.request_uri = whom + there;
    invite.to = "<" + whom + there.substr(0, there.find(';')) + ">";
    const auto* account = snapshot_->endpoint_sip_by_username(call.endpoint);
    if (account == nullptr) return;
    const auto secret = option_of(*account, "remotesecret");
    invite.credentials =
        sip::Credentials{account->username, secret.empty() ? account->secret : std::string(secret)};
    // Some providers take calls only from the account, and the number from P-Asserted-Identity.
    const auto user = option_of(*account, "fromuser");
    const auto domain = option_of(*account, "fromdomain");
    if (call.caller.withheld || (user.empty() && domain.empty())) return;
    auto from = call.caller;
    if (!user.empty()) from.number = user;
    invite.from = name_addr_of(from, domain.empty() ? host : std::string(domain));
}

void SipTechnology::ring(ChannelId channel) {
    if (Call* call = call_of(channel)) {
        note_told(*call);
        user_agent_.progress(call->session, 180, {}, sip::Reliability::IfRequired, {}, clock_.now);
    }
}

void SipTechnology::progress(ChannelId channel, const sdp::SessionDescription& answer) {
    if (Call* call = call_of(channel)) {
        note_told(*call);
        user_agent_.progress(call->session, 183, body_of(answer), sip::Reliability::IfRequired, {},
                             clock_.now);
    }
}

void SipTechnology::answer(ChannelId channel, const sdp::SessionDescription& description) {
    Call* call = call_of(channel);
    if (call == nullptr) return;
    call->answered = true;
    note_told(*call);
    user_agent_.accept(call->session, body_of(description), {}, clock_.now);
}

void SipTechnology::hang_up(ChannelId channel, Cause cause) {
    const Call* call = call_of(channel);
    if (call == nullptr) return;
    const Call gone = *call;
    forget(gone);
    const sip::ExtraHeaders headers{{"Reason", reason_header_of(cause)}};
    if (gone.outgoing || gone.answered) {
        user_agent_.end(gone.session, headers, clock_.now);
    } else {
        user_agent_.reject(gone.session, sip_status_of(cause), {}, headers, clock_.now);
    }
}

void SipTechnology::offer(ChannelId channel, const sdp::SessionDescription& offer) {
    if (const Call* call = call_of(channel))
        user_agent_.offer(call->session, body_of(offer), !call->answered, clock_.now);
}

void SipTechnology::answer_offer(ChannelId channel, const sdp::SessionDescription& answer) {
    Call* call = call_of(channel);
    if (call == nullptr) return;
    // A phone that changes its early media need not describe itself again when it answers.
    if (call->outgoing && !call->answered) call->answer = sdp::SessionDescription{};
    user_agent_.answer_offer(call->session, body_of(answer), clock_.now);
}

void SipTechnology::refuse_offer(ChannelId channel, Cause cause) {
    if (const Call* call = call_of(channel)) {
        // RFC 3261 14.2: another offer is under way in the call, try again; any other refusal is about the
        // media.
        user_agent_.refuse_offer(call->session, cause == Cause::ChannelUnavailable ? 491 : 488, clock_.now);
    }
}

void SipTechnology::hold(ChannelId, bool) {
    // The held party hears it; SIP phones have no common way to be shown it.
}

bool SipTechnology::send_digit(ChannelId channel, char digit, std::chrono::milliseconds duration,
                               bool takes_events) {
    const Call* call = call_of(channel);
    if (call == nullptr) return true;
    if (takes_events && !wants_digits_by_info(snapshot_->endpoint_sip_by_username(call->endpoint)))
        return false;
    user_agent_.request_in(call->session, "INFO", dtmf_relay(digit, duration), {}, clock_.now);
    return true;
}

void SipTechnology::redirect(ChannelId channel, std::string_view exten) {
    const Call* call = call_of(channel);
    if (call == nullptr) return;
    const sip::Flow* flow = user_agent_.flow_of(call->session);
    if (flow == nullptr) return;
    const std::string target = "<sip:" + std::string(exten) + "@" + host_of(*flow) + ">";
    if (call->outgoing || call->answered) {
        user_agent_.request_in(call->session, "REFER", {}, {{"Refer-To", target}}, clock_.now);
        return;
    }
    const Call gone = *call;
    forget(gone);
    user_agent_.reject(gone.session, 302, {}, {{"Contact", target}}, clock_.now);
}

void SipTechnology::update_identity(ChannelId channel, const CallerId& connected) {
    const Call* call = call_of(channel);
    if (call == nullptr || !call->answered) return;
    const sip::Flow* flow = user_agent_.flow_of(call->session);
    if (flow == nullptr) return;
    user_agent_.request_in(call->session, "UPDATE", {}, identity_headers(connected, host_of(*flow)),
                           clock_.now);
}

void SipTechnology::note_told(Call& call) {
    if (call.begun) set_up_delays_.observe(clock_.instant() - *call.begun);
    call.begun.reset();
}

std::string SipTechnology::host_of(const sip::Flow& flow) const {
    return flow.local.is_unspecified() ? settings_.advertised_host : flow.local.host_in_uri();
}

// What the user agent tells

void SipTechnology::on_user_agent(const sip::UserAgentEvent& event) {
    std::visit([this](const auto& alternative) { on(alternative); }, event);
}

void SipTechnology::on(const sip::IncomingInvite& event) {
    const auto identity = identify(event.request, event.flow);
    if (!identity) {
        user_agent_.reject(event.session, identity.error().status, {}, identity.error().headers, clock_.now);
        return;
    }
    const model::EndpointSip& endpoint = **identity;
    const model::Line* line = snapshot_->line_of_endpoint(endpoint.id);
    const auto* trunk = line == nullptr ? snapshot_->first_naming<model::Trunk>(endpoint.id) : nullptr;
    if (line == nullptr && trunk == nullptr) {
        user_agent_.reject(event.session, 403, "No line uses this account", {}, clock_.now);
        return;
    }
    const auto uri = sip::SipUri::parse(event.request.request_uri());
    if (!uri) {
        user_agent_.reject(event.session, 416, {}, {}, clock_.now);
        return;
    }
    std::optional<sdp::SessionDescription> offer;
    if (event.offer != nullptr) {
        auto parsed = sdp::SessionDescription::parse(event.offer->bytes);
        if (!parsed) {
            user_agent_.reject(event.session, 400, "Bad session description",
                               {{"Warning", "399 almon \"" + parsed.error().reason + "\""}}, clock_.now);
            return;
        }
        offer = std::move(*parsed);
    }
    if (offer && demands_encryption(&endpoint) && !is_protected(*offer)) {
        user_agent_.reject(event.session, 488, {}, {{"Warning", "399 almon \"Media must be encrypted\""}},
                           clock_.now);
        return;
    }
    IncomingCall call;
    call.media = offered_media(&endpoint, event.flow.transport);
    call.technology = name();
    call.endpoint = endpoint.username;
    if (line != nullptr) call.line = line->id;
    if (trunk != nullptr) {
        call.trunk = trunk->id;
        call.context = context_of(*trunk);
    }
    call.exten = uri->unescaped_user();
    call.claimed = claimed_by(event.request, endpoint);
    if (const auto replaces = event.request.header(sip::HeaderName::Replaces)) {
        const auto replaced = replaced_channel(event.request, *replaces);
        if (!replaced) {
            user_agent_.reject(event.session, replaced.error(), {}, {}, clock_.now);
            return;
        }
        call.replaces = *replaced;
    }
    call.offer = std::move(offer);
    call.hops = sip::max_forwards(event.request).value_or(kMostHops);

    Call entry;
    entry.channel = calls_.new_channel_id();
    entry.session = event.session;
    entry.endpoint = endpoint.username;
    entry.begun = clock_.instant();
    const ChannelId channel = entry.channel;
    add_call(std::move(entry));
    calls_.incoming(channel, *this, std::move(call));
}

tl::expected<const model::EndpointSip*, SipAuthenticator::Refusal> SipTechnology::identify(
    const sip::Message& request, const sip::Flow& flow) {
    const auto* peer =
        request.header(sip::HeaderName::Authorization) ? nullptr : peers_.sender(*snapshot_, flow);
    if (peer == nullptr) return authenticator_.identify(*snapshot_, request, flow);
    // A phone behind the same address says whose it is, and has to prove that.
    const auto from = request.from();
    const auto uri = from ? sip::SipUri::parse(from->uri) : Result<sip::SipUri>(refuse(from));
    const auto* said = uri ? snapshot_->endpoint_sip_by_username(uri->unescaped_user()) : nullptr;
    if (said == nullptr || said == peer) return peer;
    return authenticator_.identify(*snapshot_, request, flow);
}

CallerId SipTechnology::claimed_by(const sip::Message& invite, const model::EndpointSip& endpoint) {
    CallerId claimed;
    const auto take = [&](const sip::NameAddr& address) {
        claimed.name = address.display_text();
        if (const auto uri = sip::SipUri::parse(address.uri)) claimed.number = uri->unescaped_user();
    };
    if (const auto from = invite.from()) take(*from);
    const auto asserted = invite.header("P-Asserted-Identity");
    if (asserted && option_of(endpoint, "trustrpid") == "yes") {
        if (const auto address = sip::NameAddr::parse(*asserted)) take(*address);
    }
    claimed.withheld = invite.has_token(sip::HeaderName::Privacy, "id");
    return claimed;
}

void SipTechnology::on(const sip::SessionProgress& event) {
    const Call* call = call_of(event.session);
    if (call == nullptr) return;
    const ChannelId channel = call->channel;
    if (event.description != nullptr) {
        if (const auto early = sdp::SessionDescription::parse(event.description->bytes)) {
            calls_.progressed(channel, *early);
            return;
        }
    }
    if (event.response.status() != 183) calls_.ringing(channel);
}

void SipTechnology::on(const sip::SessionAnswered& event) {
    Call* call = call_of(event.session);
    if (call == nullptr) return;
    call->answered = true;
    const ChannelId channel = call->channel;
    if (event.offer != nullptr) {
        auto offer = sdp::SessionDescription::parse(event.offer->bytes);
        call->answer = offer ? std::optional(std::move(*offer)) : std::nullopt;
    }
    const auto description = std::exchange(call->answer, std::nullopt);
    if (!description) {
        // A 2xx that ends the exchange without a description that we can read carries no call (RFC
        // 3261 13.2.1).
        hang_up(channel, Cause::IncompatibleDestination);
        calls_.refused(channel, Cause::IncompatibleDestination, Refusal::OfDevice);
        return;
    }
    calls_.answered(channel, *description);
}

void SipTechnology::on(const sip::SessionFailed& event) {
    const Call* call = call_of(event.session);
    if (call == nullptr) return;
    const Call gone = *call;
    forget(gone);
    if (event.status >= 300 && event.status < 400 && event.response != nullptr) {
        const auto contacts = event.response->contacts();
        if (contacts && !contacts->empty()) {
            const auto uri = sip::SipUri::parse(contacts->front().uri);
            if (uri && !uri->unescaped_user().empty()) {
                calls_.redirected(gone.channel, uri->unescaped_user());
                return;
            }
        }
    }
    // Without a response a 503 says that the phone's connection is gone, not that a switch is overloaded.
    const bool unreachable = event.response == nullptr && event.status == 503;
    // RFC 3261 16.7: a 6xx speaks for the person. 606 speaks of media, which another device may have.
    const bool final_word = event.status >= 600 && event.status != 606;
    calls_.refused(gone.channel, unreachable ? Cause::SubscriberAbsent : cause_of_sip_status(event.status),
                   final_word ? Refusal::OfPerson : Refusal::OfDevice);
}

void SipTechnology::on(const sip::SessionOffered& event) {
    const Call* call = call_of(event.session);
    if (call == nullptr) return;
    if (event.offer == nullptr) {
        calls_.offered(call->channel, std::nullopt);
        return;
    }
    const auto offer = sdp::SessionDescription::parse(event.offer->bytes);
    if (!offer) {
        user_agent_.refuse_offer(event.session, 400, clock_.now);
        return;
    }
    calls_.offered(call->channel, *offer);
}

void SipTechnology::on(const sip::SessionAnswer& event) {
    Call* call = call_of(event.session);
    if (call == nullptr) return;
    auto answer = sdp::SessionDescription::parse(event.answer.bytes);
    if (call->outgoing && !call->answered) {
        call->answer = answer ? std::optional(std::move(*answer)) : std::nullopt;
    } else if (answer) {
        calls_.offer_answered(call->channel, *answer);
    } else {
        calls_.offer_refused(call->channel, Cause::IncompatibleDestination);
    }
}

void SipTechnology::on(const sip::OfferRefused& event) {
    if (const Call* call = call_of(event.session))
        calls_.offer_refused(call->channel, cause_of_sip_status(event.status));
}

void SipTechnology::on(const sip::SessionConfirmed&) {}

void SipTechnology::on(const sip::SessionEnded& event) {
    const Call* call = call_of(event.session);
    if (call == nullptr) return;
    const Call gone = *call;
    forget(gone);
    Cause cause = Cause::NormalClearing;
    if (event.end == sip::SessionEnd::NoAcknowledgement || event.end == sip::SessionEnd::Expired)
        cause = Cause::RecoveryOnTimerExpiry;
    if (event.end == sip::SessionEnd::DialogLost || event.end == sip::SessionEnd::FlowLost)
        cause = Cause::DestinationOutOfOrder;
    if (event.request != nullptr) {
        if (const auto reason = event.request->header(sip::HeaderName::Reason)) {
            cause = cause_of_reason_header(*reason).value_or(cause);
        }
    }
    calls_.hung_up(gone.channel, cause);
}

void SipTechnology::on(const sip::SessionRequest& event) {
    Call* call = call_of(event.session);
    if (call == nullptr) {
        user_agent_.respond(event.request_id, 481, {}, {}, {}, clock_.now);
        return;
    }
    if (event.request.method() == sip::Method::Info) {
        const auto digit = digit_in(event.request.content_type(), event.request.body());
        if (digit) {
            const ChannelId channel = call->channel;
            user_agent_.respond(event.request_id, 200, {}, {}, {}, clock_.now);
            calls_.digit(channel, digit->digit, digit->duration);
        } else if (event.request.body().empty()) {
            user_agent_.respond(event.request_id, 200, {}, {}, {}, clock_.now);
        } else {
            user_agent_.respond(event.request_id, 415, {},
                                {{"Accept", "application/dtmf-relay, application/dtmf"}}, {}, clock_.now);
        }
        return;
    }
    if (event.request.method() == sip::Method::Refer) {
        handle_refer(*call, event);
        return;
    }
    if (event.request.method() == sip::Method::Notify || event.request.method() == sip::Method::Message) {
        user_agent_.respond(event.request_id, 200, {}, {}, {}, clock_.now);
        return;
    }
    user_agent_.respond(event.request_id, 501, {}, {}, {}, clock_.now);
}

void SipTechnology::on(const sip::IncomingRequest& event) {
    switch (event.request.method()) {
        case sip::Method::Register:
            handle_register(event);
            return;
        case sip::Method::Options:
            handle_options(event);
            return;
        case sip::Method::Subscribe:
            handle_subscribe(event);
            return;
        case sip::Method::Refer:
            // Nobody talks, so there is nobody to transfer.
            user_agent_.respond(event.request_id, 403, "Transfers need a call", {}, {}, clock_.now);
            return;
        default:
            user_agent_.respond(event.request_id, 405, {}, {}, {}, clock_.now);
            return;
    }
}

void SipTechnology::handle_options(const sip::IncomingRequest& event) {
    user_agent_.respond(event.request_id, 200, {},
                        {{"Accept", "application/sdp, application/dtmf-relay, application/dtmf"}}, {},
                        clock_.now);
}

void SipTechnology::handle_register(const sip::IncomingRequest& event) {
    const auto identity = authenticator_.identify(*snapshot_, event.request, event.flow);
    if (!identity) {
        user_agent_.respond(event.request_id, identity.error().status, {}, identity.error().headers, {},
                            clock_.now);
        return;
    }
    const auto parsed = register_request_of(event.request, event.flow, (*identity)->username);
    if (!parsed) {
        user_agent_.respond(event.request_id, parsed.error().code == ErrorCode::Forbidden ? 403 : 400,
                            parsed.error().reason, {}, {}, clock_.now);
        return;
    }
    if (const auto applied = registrar_.apply(*parsed); !applied) {
        refuse_register(event.request_id, applied.error());
        return;
    }
    sip::ExtraHeaders headers;
    for (const Binding* binding : registrar_.bindings(parsed->username)) {
        headers.push_back({"Contact", "<" + binding->stored.uri + ">;expires=" +
                                          std::to_string(registrar_.remaining(*binding).count())});
    }
    // RFC 3327 5.3: the phone learns which path its calls will take.
    for (const auto& path : parsed->path)
        headers.push_back({"Path", path});
    user_agent_.respond(event.request_id, 200, {}, headers, {}, clock_.now);
}

void SipTechnology::refuse_register(sip::RequestId request, const Error& error) {
    if (error.field == "Expires") {
        user_agent_.respond(request, 423, {},
                            {{"Min-Expires", std::to_string(settings_.registrar.minimum_expiry.count())}}, {},
                            clock_.now);
        return;
    }
    user_agent_.respond(request, 500, {}, {}, {}, clock_.now);
}

sip::RequestSettings SipTechnology::request_to(const Binding& binding, std::string method) const {
    sip::RequestSettings settings;
    settings.flow = binding.flow;
    settings.method = std::move(method);
    settings.request_uri = binding.stored.uri;
    settings.from = "<sip:almon@" + host_of(binding.flow) + ">";
    settings.to = "<" + binding.stored.uri + ">";
    settings.route = binding.stored.path;
    return settings;
}

std::size_t SipTechnology::synchronize(std::string_view username) {
    const auto bindings = registrar_.bindings(username);
    for (const Binding* binding : bindings) {
        auto settings = request_to(*binding, "NOTIFY");
        // Nobody has subscribed to it, so there is nothing that would go on (RFC 6665 4.1.3).
        settings.headers = {{"Event", "check-sync"}, {"Subscription-State", "terminated"}};
        static_cast<void>(user_agent_.request(settings, clock_.now));
    }
    return bindings.size();
}

void SipTechnology::qualify(const Registrar::QualifyDue& due) {
    const Binding* binding = registrar_.find(due.username, due.uri);
    if (binding == nullptr) return;
    const auto request = user_agent_.request(request_to(*binding, "OPTIONS"), clock_.now);
    qualifications_.emplace(request, Qualification{due.username, due.uri, clock_.instant()});
}

void SipTechnology::qualify(model::EndpointSipId peer) {
    const auto* account = snapshot_->endpoint_sip(peer);
    const auto way = account != nullptr ? peers_.way_to(*account) : std::nullopt;
    if (!way) return;
    sip::RequestSettings settings;
    settings.flow = way->flow;
    settings.method = "OPTIONS";
    settings.request_uri = "sip:" + way->host_port;
    settings.from = "<sip:almon@" + host_of(way->flow) + ">";
    settings.to = "<" + settings.request_uri + ">";
    peers_.asked(peer, user_agent_.request(settings, clock_.now));
}

void SipTechnology::on(const sip::RequestCompleted& event) {
    if (lamps_.on_completed(event)) {
        for (const auto& subject : lamps_.take_missed())
            lamps_.tell_changes(subject, dialogs_of(subject));
        return;
    }
    if (waiting_messages_.on_completed(event)) return;
    if (registrations_.on_completed(event) || peers_.on_completed(event)) return;
    const auto found = qualifications_.find(event.request);
    if (found == qualifications_.end()) return;
    const auto round_trip =
        std::chrono::duration_cast<std::chrono::microseconds>(clock_.instant() - found->second.asked);
    // Any answer shows that the phone is there, even a refusal.
    registrar_.qualified(found->second.username, found->second.uri, event.response != nullptr, round_trip);
    qualifications_.erase(found);
}

// Tables

SipTechnology::Call* SipTechnology::call_of(ChannelId channel) {
    const auto found = channels_.find(channel);
    return found == channels_.end() ? nullptr : &found->second;
}

SipTechnology::Call* SipTechnology::call_of(sip::SessionId session) {
    const auto found = sessions_.find(session);
    return found == sessions_.end() ? nullptr : call_of(found->second);
}

void SipTechnology::add_call(Call call) {
    sessions_.emplace(call.session, call.channel);
    channels_.emplace(call.channel, std::move(call));
}

void SipTechnology::forget(const Call& call) {
    sessions_.erase(call.session);
    channels_.erase(call.channel);
}

void SipTechnology::save(Archive& archive) const {
    archive.put(channels_);
    archive.put(qualifications_);
    archive.put(authenticator_);
    archive.put(registrar_);
    archive.put(lamps_);
    archive.put(waiting_messages_);
    archive.put(peers_);
    archive.put(registrations_);
}

void SipTechnology::restore(ArchiveReader& reader) {
    reader.get(channels_);
    reader.get(qualifications_);
    reader.get(authenticator_);
    reader.get(registrar_);
    reader.get(lamps_);
    reader.get(waiting_messages_);
    reader.get(peers_);
    reader.get(registrations_);
    sessions_.clear();
    for (const auto& [channel, call] : channels_)
        sessions_.emplace(call.session, channel);
}

}  // namespace almon::pbx
