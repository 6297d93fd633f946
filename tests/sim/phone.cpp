// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/phone.hpp"

#include <utility>

#include "sdp/offer_answer.hpp"
#include "sip/uri.hpp"

namespace almon::simulation {

namespace {

constexpr const char* kSdp = "application/sdp";
constexpr std::size_t kLines = 2;

sip::Body body_of(const sdp::SessionDescription& description) {
    return {kSdp, description.text()};
}

std::optional<sdp::SessionDescription> description_in(std::string_view bytes) {
    auto parsed = sdp::SessionDescription::parse(bytes);
    if (!parsed) return std::nullopt;
    return std::move(*parsed);
}

}  // namespace

Phone::Phone(PhoneAccount account, const PhoneHabits& habits, const StepClock& clock, Random& random,
             Surroundings& world)
    : account_(std::move(account)), habits_(habits), clock_(clock), random_(random), world_(world) {}

Phone::~Phone() = default;

void Phone::switch_on() {
    restart();
    plan(Errand::PlaceCall, habits_.pause_between_calls + up_to(habits_.pause_between_calls));
}

void Phone::restart() {
    dark_ = false;
    calls_.clear();
    plans_ = {};
    lamp_.reset();
    registration_ = {};
    ++incarnation_;
    sip::UserAgentSettings settings;
    settings.product = "Simulated phone";
    user_agent_ = std::make_unique<sip::UserAgent>(settings, random_, line_, *this);
    register_now();
    if (chance(habits_.watches)) plan(Errand::Watch, up_to(habits_.pause_between_calls));
}

void Phone::receive(std::string_view bytes) {
    if (dark_) return;
    auto message = sip::Message::parse(bytes);
    if (message) user_agent_->receive(account_.flow, std::move(*message), clock_.now);
}

void Phone::flow_lost() {
    if (!dark_) user_agent_->flow_lost(account_.flow, clock_.now);
}

void Phone::advance() {
    if (!dark_) user_agent_->advance(clock_.now);
    while (auto due = plans_.take_due(clock_.instant()))
        carry_out(due->second);
}

std::optional<Instant> Phone::next_deadline() const {
    auto next = plans_.next_deadline();
    if (!dark_ && user_agent_) {
        const auto agent = user_agent_->next_deadline();
        if (agent && (!next || *agent < *next)) next = agent;
    }
    return next;
}

void Phone::plan(Errand errand, Duration in, sip::SessionId session) {
    const TimerId timer = plans_.start(clock_.instant() + in, {errand, session});
    if (const auto call = calls_.find(session); call != calls_.end()) call->second.timers.push_back(timer);
}

void Phone::carry_out(const Plan& plan) {
    switch (plan.errand) {
        case Errand::SwitchOn:
            switch_on();
            return;
        case Errand::PlaceCall:
            place_call();
            return;
        case Errand::Register:
            register_now();
            return;
        case Errand::Watch:
            watch();
            return;
        default:
            break;
    }
    if (!calls_.contains(plan.session)) return;
    switch (plan.errand) {
        case Errand::Answer:
            answer(plan.session);
            return;
        case Errand::GiveUp:
        case Errand::HangUp:
            user_agent_->end(plan.session, {}, clock_.now);
            over(plan.session);
            return;
        case Errand::Hold:
            offer_direction(plan.session, true);
            return;
        case Errand::Resume:
            offer_direction(plan.session, false);
            return;
        case Errand::TransferBlindly:
            transfer_blindly(plan.session);
            return;
        case Errand::Consult:
            consult(plan.session);
            return;
        case Errand::JoinPeers:
            join_peers(plan.session);
            return;
        case Errand::Digit:
            press(plan.session);
            return;
        default:
            return;
    }
}

void Phone::press(sip::SessionId session) {
    // Mostly what menus, passwords and PINs of this office are made of.
    static constexpr std::string_view kKeys = "55555555123*0#";
    const auto key = kKeys[random_.below(kKeys.size())];
    user_agent_->request_in(
        session, "INFO", {"application/dtmf-relay", "Signal=" + std::string(1, key) + "\r\nDuration=160\r\n"},
        {}, clock_.now);
    if (random_.below(2) == 0) plan(Errand::Digit, up_to(std::chrono::seconds(8)), session);
}

void Phone::register_now() {
    sip::RequestSettings settings;
    settings.flow = account_.flow;
    settings.method = "REGISTER";
    settings.request_uri = "sip:" + account_.flow.remote.host();
    settings.from = "<sip:" + account_.username + "@" + account_.flow.remote.host() + ">";
    settings.to = settings.from;
    settings.call_id =
        account_.username + "-" + std::to_string(account_.index) + "-" + std::to_string(incarnation_);
    settings.cseq = register_cseq_ += 2;
    settings.headers = {
        {"Contact", "<sip:" + account_.username + "@" + account_.flow.local.text() +
                        ";transport=" + std::string(sip::uri_name(account_.flow.transport)) + ">"},
        {"Expires", "600"}};
    settings.credentials = sip::Credentials{account_.username, account_.password};
    registration_ = user_agent_->request(settings, clock_.now);
}

void Phone::on(const sip::RequestCompleted& event) {
    if (event.request == reference_) {
        if (event.response != nullptr && event.response->status() == 202) ++transfers_;
        return;
    }
    if (lamp_ && event.request == lamp_->request) {
        if (event.response == nullptr)
            lamp_.reset();
        else
            lamp_->on_subscribed(*event.response);
        return;
    }
    if (event.request != registration_) return;
    registered_ = event.response != nullptr && event.response->status() == 200;
    plan(Errand::Register,
         registered_ ? Duration(std::chrono::seconds(500)) : Duration(std::chrono::seconds(5)));
}

void Phone::watch() {
    constexpr std::uint32_t kLeast = 60;
    const bool watches = lamp_ && !lamp_->is_over();
    if (world_.is_closing() && !watches) return;
    auto expires = kLeast + static_cast<std::uint32_t>(random_.below(300));
    plan(Errand::Watch, std::chrono::seconds(expires) * 3 / 4);
    if (!watches) {
        const auto& host = account_.flow.remote.host();
        lamp_.emplace("<sip:" + account_.username + "@" + host + ">", world_.number_to_watch(), host,
                      "lamp-" + std::to_string(account_.index) + "-" + std::to_string(++lamps_));
    } else if (chance(habits_.forgets_to_refresh)) {
        return;
    } else if (world_.is_closing() || chance(habits_.stops_watching)) {
        expires = 0;
    }
    auto settings = lamp_->subscribe(expires);
    settings.flow = account_.flow;
    settings.credentials = sip::Credentials{account_.username, account_.password};
    lamp_->request = user_agent_->request(settings, clock_.now);
}

void Phone::be_told(const sip::IncomingRequest& notify) {
    const auto answer = [&](int status) {
        user_agent_->respond(notify.request_id, status, {}, {}, {}, clock_.now);
    };
    if (!lamp_ || !lamp_->is_told_by(notify.request)) return answer(481);
    if (chance(habits_.forgets_watching)) {
        lamp_.reset();
        return answer(481);
    }
    if (chance(habits_.refuses_notify)) {
        lamp_->lose_sight();
        return answer(503);
    }
    ++lamp_changes_;
    if (auto broken = lamp_->take(notify.request))
        world_.complain("lamp " + lamp_->call_id() + ": " + std::move(*broken));
    answer(200);
}

sdp::SessionDescription Phone::own_offer() {
    static const sdp::AllowedCodecs kChoices[] = {
        {{"PCMA", "PCMU"}, {}}, {{"OPUS", "PCMA"}, {}}, {{"PCMU"}, {}}, {{"G722", "PCMA"}, {"H264"}}};
    auto offer = sdp::local_offer(kChoices[account_.index % std::size(kChoices)]);
    take_ports(offer);
    offer.session_id = random_.below(1'000'000'000);
    offer.version = 1;
    return offer;
}

std::optional<sdp::SessionDescription> Phone::own_answer(const sdp::SessionDescription& offer) {
    auto answer = sdp::local_answer(offer, {"PCMA", "PCMU", "OPUS", "G722"});
    if (!answer) return std::nullopt;
    take_ports(*answer);
    answer->session_id = random_.below(1'000'000'000);
    answer->version = 1;
    return std::move(*answer);
}

void Phone::take_ports(sdp::SessionDescription& description) {
    std::vector<NetAddress> addresses(description.streams.size(), account_.flow.local);
    for (auto& address : addresses)
        address.port = static_cast<std::uint16_t>(20'000 + 2 * random_.below(10'000));
    sdp::set_addresses(description, addresses);
}

void Phone::place_call() {
    const auto number = world_.next_number(account_.index);
    if (!number) return;
    plan(Errand::PlaceCall, habits_.pause_between_calls / 2 + up_to(habits_.pause_between_calls));
    if (!registered_ || calls_.size() >= kLines) return;
    std::string dialled = *number;
    if (chance(habits_.calls_nobody)) dialled = "8" + dialled;
    if (chance(habits_.calls_itself)) dialled = account_.exten;
    sip::ExtraHeaders headers;
    if (chance(habits_.takes_over)) {
        if (const auto replaces = world_.call_of_another(account_.index))
            headers.push_back({"Replaces", *replaces});
    }
    call(dialled, headers, {});
}

sip::SessionId Phone::call(const std::string& dialled, const sip::ExtraHeaders& headers,
                           sip::SessionId consults_for) {
    sip::InviteSettings settings;
    settings.flow = account_.flow;
    settings.request_uri = "sip:" + dialled + "@" + account_.flow.remote.host();
    settings.from = "\"Phone " + std::to_string(account_.index) + "\" <sip:" + account_.username + "@" +
                    account_.flow.remote.host() + ">";
    settings.to = "<" + settings.request_uri + ">";
    settings.credentials = sip::Credentials{account_.username, account_.password};
    settings.headers = headers;
    Call call;
    call.outgoing = true;
    call.local = own_offer();
    call.consults_for = consults_for;
    if (!chance(habits_.offers_nothing)) settings.offer = body_of(call.local);
    const auto session = user_agent_->invite(settings, clock_.now);
    calls_.emplace(session, std::move(call));
    plan(Errand::GiveUp, up_to(habits_.longest_ringing), session);
    return session;
}

void Phone::refer(sip::SessionId session, const std::string& to) {
    reference_ = user_agent_->request_in(session, "REFER", {}, {{"Refer-To", to}}, clock_.now);
    if (!chance(habits_.does_not_wait)) return;
    user_agent_->end(session, {}, clock_.now);
    over(session);
}

void Phone::transfer_blindly(sip::SessionId session) {
    if (!calls_.at(session).answered) return;
    if (const auto number = world_.next_number(account_.index))
        refer(session, "<sip:" + *number + "@" + account_.flow.remote.host() + ">");
}

void Phone::consult(sip::SessionId session) {
    if (!calls_.at(session).answered || calls_.size() >= kLines) return;
    const auto number = world_.next_number(account_.index);
    if (!number) return;
    offer_direction(session, true);
    const auto consulting = call(*number, {}, session);
    if (chance(habits_.does_not_wait)) plan(Errand::JoinPeers, up_to(std::chrono::seconds(8)), consulting);
}

void Phone::join_peers(sip::SessionId consulting) {
    const auto first = calls_.at(consulting).consults_for;
    const auto name = user_agent_->dialog_name(consulting);
    if (!calls_.contains(first) || !name || name->remote_tag.empty()) return;
    refer(first, "<sip:somebody@" + account_.flow.remote.host() + "?Replaces=" +
                     sip::escape_uri_header(name->call_id + ";to-tag=" + name->remote_tag +
                                            ";from-tag=" + name->local_tag) +
                     ">");
}

std::optional<std::string> Phone::replaces_of_a_call() const {
    if (calls_.empty() || dark_) return std::nullopt;
    const auto name = user_agent_->dialog_name(calls_.begin()->first);
    if (!name) return std::nullopt;
    return name->call_id + ";to-tag=" + name->remote_tag + ";from-tag=" + name->local_tag;
}

void Phone::on(const sip::IncomingInvite& event) {
    if (chance(habits_.vanishes)) {
        go_dark();
        return;
    }
    if (calls_.size() >= kLines || chance(habits_.busy)) {
        user_agent_->reject(event.session, 486, {}, {}, clock_.now);
        return;
    }
    if (chance(habits_.declines)) {
        user_agent_->reject(event.session, 603, {}, {}, clock_.now);
        return;
    }
    if (chance(habits_.redirects)) {
        if (const auto number = world_.next_number(account_.index)) {
            user_agent_->reject(event.session, 302, {},
                                {{"Contact", "<sip:" + *number + "@" + account_.flow.remote.host() + ">"}},
                                clock_.now);
            return;
        }
    }
    Call call;
    if (event.offer != nullptr) call.remote_offer = description_in(event.offer->bytes);
    if (event.offer != nullptr && !call.remote_offer) {
        user_agent_->reject(event.session, 400, {}, {}, clock_.now);
        return;
    }
    calls_.emplace(event.session, std::move(call));
    if (chance(habits_.answers_at_once)) {
        answer(event.session);
        return;
    }
    user_agent_->progress(event.session, 180, {}, sip::Reliability::IfSupported, {}, clock_.now);
    if (!chance(habits_.never_answers)) plan(Errand::Answer, up_to(std::chrono::seconds(8)), event.session);
}

void Phone::answer(sip::SessionId session) {
    Call& call = calls_.at(session);
    if (call.remote_offer) {
        auto answer = own_answer(*call.remote_offer);
        if (!answer) {
            user_agent_->reject(session, 488, {}, {}, clock_.now);
            over(session);
            return;
        }
        call.local = std::move(*answer);
    } else {
        call.local = own_offer();
    }
    call.answered = true;
    user_agent_->accept(session, body_of(call.local), {}, clock_.now);
    talk(session);
}

void Phone::talk(sip::SessionId session) {
    const auto length = std::chrono::seconds(1) + up_to(habits_.longest_talk);
    plan(Errand::HangUp, length, session);
    if (chance(habits_.holds)) {
        plan(Errand::Hold, length / 4, session);
        plan(Errand::Resume, length / 2, session);
    }
    if (chance(habits_.transfers_blindly)) plan(Errand::TransferBlindly, length / 2, session);
    if (chance(habits_.consults)) plan(Errand::Consult, length / 3, session);
    if (chance(habits_.sends_digits)) plan(Errand::Digit, length / 3, session);
}

void Phone::offer_direction(sip::SessionId session, bool hold) {
    Call& call = calls_.at(session);
    if (!call.answered || call.on_hold == hold || call.local.streams.empty()) return;
    call.on_hold = hold;
    for (auto& stream : call.local.streams) {
        stream.direction = hold ? sdp::Direction::SendOnly : sdp::Direction::SendReceive;
    }
    ++call.local.version;
    user_agent_->offer(session, body_of(call.local), false, clock_.now);
}

void Phone::on(const sip::SessionAnswered& event) {
    const auto found = calls_.find(event.session);
    if (found == calls_.end()) return;
    Call& call = found->second;
    for (auto& timer : call.timers)
        plans_.stop(timer);
    call.timers.clear();
    call.answered = true;
    ++answered_calls_;
    talk(event.session);
    if (call.consults_for) plan(Errand::JoinPeers, up_to(std::chrono::seconds(4)), event.session);
    if (event.offer == nullptr) return;
    // A 2xx that brings the offer wants its answer in the ACK (RFC 3261 13.2.1).
    if (const auto offer = description_in(event.offer->bytes)) {
        if (auto answer = own_answer(*offer)) call.local = std::move(*answer);
    }
    user_agent_->answer_offer(event.session, body_of(call.local), clock_.now);
}

void Phone::on(const sip::SessionFailed& event) {
    over(event.session);
}

void Phone::on(const sip::SessionEnded& event) {
    over(event.session);
}

void Phone::on(const sip::SessionOffered& event) {
    const auto found = calls_.find(event.session);
    if (found == calls_.end()) return;
    Call& call = found->second;
    if (event.offer == nullptr) {
        user_agent_->answer_offer(event.session, body_of(call.local), clock_.now);
        return;
    }
    const auto offer = description_in(event.offer->bytes);
    auto answer = offer && !chance(habits_.refuses_offers) ? own_answer(*offer) : std::nullopt;
    if (!answer) {
        user_agent_->refuse_offer(event.session, 488, clock_.now);
        return;
    }
    answer->session_id = call.local.session_id;
    answer->version = call.local.version + 1;
    call.local = std::move(*answer);
    user_agent_->answer_offer(event.session, body_of(call.local), clock_.now);
}

void Phone::on(const sip::SessionRequest& event) {
    user_agent_->respond(event.request_id, 200, {}, {}, {}, clock_.now);
}

void Phone::on(const sip::IncomingRequest& event) {
    if (event.request.method() == sip::Method::Notify) return be_told(event);
    user_agent_->respond(event.request_id, 200, {}, {}, {}, clock_.now);
}

void Phone::over(sip::SessionId session) {
    const auto call = calls_.find(session);
    if (call == calls_.end()) return;
    for (auto& timer : call->second.timers)
        plans_.stop(timer);
    calls_.erase(call);
}

void Phone::go_dark() {
    dark_ = true;
    calls_.clear();
    plans_ = {};
    lamp_.reset();
    world_.went_dark(account_.index);
    plan(Errand::SwitchOn, std::chrono::seconds(60) + up_to(std::chrono::seconds(60)));
}

void Phone::on_user_agent(const sip::UserAgentEvent& event) {
    std::visit([this](const auto& alternative) { on(alternative); }, event);
}

}  // namespace almon::simulation
