// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/exchange.hpp"

#include <utility>

namespace almon::pbx {

Exchange::Exchange(ExchangeSettings settings, Random& random, sip::Wire& wire, media::CommandSink& media,
                   bus::EventSink& events, std::shared_ptr<const model::Snapshot> snapshot, Now now)
    : clock_{now},
      calls_(std::move(settings.calls), clock_, random, media, events, snapshot),
      sip_(std::move(settings.sip), clock_, random, events, calls_, user_agent_, std::move(snapshot)),
      user_agent_(std::move(settings.user_agent), random, wire, sip_) {
    calls_.add(sip_);
}

void Exchange::load_contacts(const std::vector<bus::StoredContact>& contacts, Now now) {
    clock_.now = now;
    sip_.load_contacts(contacts);
}

void Exchange::receive(const sip::Flow& flow, sip::Message message, Now now) {
    clock_.now = now;
    // Only what would begin something: calls of a colleague behind the same router go on.
    if (message.is_request() && sip_.shut_out(flow.remote) && message.method() != sip::Method::Ack) {
        const auto to = message.to();
        if (!to || to->tag().empty()) return;
    }
    user_agent_.receive(flow, std::move(message), now);
}

void Exchange::flow_lost(const sip::Flow& flow, Now now) {
    clock_.now = now;
    sip_.flow_lost(flow);
    user_agent_.flow_lost(flow, now);
}

void Exchange::on_media(const media::Event& event, Now now) {
    clock_.now = now;
    calls_.on_media(event);
}

void Exchange::use(std::shared_ptr<const model::Snapshot> snapshot, Now now) {
    clock_.now = now;
    sip_.use(snapshot);
    calls_.use(std::move(snapshot));
}

void Exchange::name_found(const std::string& host, std::vector<NetAddress> addresses, Now now) {
    clock_.now = now;
    sip_.name_found(host, std::move(addresses));
}

void Exchange::service_changed(const ServiceChange& change, bool made, Now now) {
    clock_.now = now;
    calls_.service_changed(change, made);
}

void Exchange::synchronize(std::string_view username, Now now) {
    clock_.now = now;
    sip_.synchronize(username);
}

void Exchange::advance(Now now) {
    clock_.now = now;
    user_agent_.advance(now);
    sip_.advance();
    calls_.advance();
}

std::optional<Instant> Exchange::next_deadline() const {
    std::optional<Instant> next;
    for (const auto deadline : {user_agent_.next_deadline(), sip_.next_deadline(), calls_.next_deadline()}) {
        if (deadline && (!next || *deadline < *next)) next = deadline;
    }
    return next;
}

void Exchange::order(const std::function<void(CallCore&)>& what, Now now) {
    clock_.now = now;
    what(calls_);
}

void Exchange::hang_up_all(Now now) {
    clock_.now = now;
    calls_.hang_up_all(Cause::NormalClearing);
}

bool Exchange::quiet() const noexcept {
    return calls_.channel_count() == 0 && user_agent_.session_count() == 0;
}

void Exchange::save(Archive& archive) const {
    user_agent_.save(archive);
    sip_.save(archive);
    calls_.save(archive);
}

void Exchange::restore(ArchiveReader& reader, Now now) {
    clock_.now = now;
    user_agent_.restore(reader);
    sip_.restore(reader);
    calls_.restore(reader);
}

}  // namespace almon::pbx
