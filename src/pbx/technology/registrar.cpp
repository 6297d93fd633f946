// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/registrar.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace almon::pbx {

namespace {

std::optional<sip::TransportKind> transport_of(std::string_view name) {
    for (const auto kind : {sip::TransportKind::Udp, sip::TransportKind::Tcp, sip::TransportKind::Tls,
                            sip::TransportKind::Ws, sip::TransportKind::Wss}) {
        if (name == sip::uri_name(kind)) return kind;
    }
    return std::nullopt;
}

/// Browsers accept no connections (RFC 7118), and phones behind TLS are reached over the one they made (RFC
/// 5923): their contact lives as long as that.
bool can_be_called_back(sip::TransportKind transport) noexcept {
    return transport == sip::TransportKind::Udp || transport == sip::TransportKind::Tcp;
}

}  // namespace

Registrar::Registrar(RegistrarSettings settings, const StepClock& clock, bus::EventSink& events)
    : settings_(settings), clock_(clock), events_(events) {}

void Registrar::load(const std::vector<bus::StoredContact>& contacts) {
    for (const auto& stored : contacts) {
        const auto left = std::chrono::floor<std::chrono::seconds>(stored.expires - clock_.utc());
        const auto transport = transport_of(stored.transport);
        if (left <= 0s || !transport || !can_be_called_back(*transport)) {
            events_.emit(bus::ContactRemoved{stored.username, stored.uri});
            continue;
        }
        Binding binding;
        binding.stored = stored;
        // Connections of an earlier process are gone: 0 makes the transport open a new one to the same
        // address.
        binding.stored.connection = 0;
        binding.flow = {*transport, stored.local, stored.remote, 0};
        start_timers(binding, left);
        bindings_[stored.username].push_back(std::move(binding));
        ++count_;
    }
}

Result<void> Registrar::apply(const RegisterRequest& request) {
    const auto found = bindings_.find(request.username);
    const auto known = [&](std::string_view uri) -> const Binding* {
        return found == bindings_.end() ? nullptr : find(request.username, uri);
    };

    // RFC 3261 10.3, steps 6 and 7: nothing is changed unless everything may be.
    std::vector<std::chrono::seconds> expiries;
    for (const auto& contact : request.contacts) {
        const auto expires =
            std::min(contact.expires.value_or(settings_.default_expiry), settings_.maximum_expiry);
        if (expires > 0s && expires < settings_.minimum_expiry) {
            return refuse(ErrorCode::InvalidArgument, "Expires", "is shorter than the minimum");
        }
        const Binding* binding = known(contact.uri);
        if (binding != nullptr && binding->stored.call_id == request.call_id &&
            binding->stored.cseq >= request.cseq) {
            return refuse(ErrorCode::Conflict, "CSeq", "is not newer than the last registration's");
        }
        expiries.push_back(expires);
    }
    if (request.remove_all) {
        if (found != bindings_.end()) {
            for (const auto& binding : found->second) {
                if (binding.stored.call_id == request.call_id && binding.stored.cseq >= request.cseq) {
                    return refuse(ErrorCode::Conflict, "CSeq", "is not newer than the last registration's");
                }
            }
        }
        remove_all(request.username);
        return {};
    }
    for (std::size_t i = 0; i < request.contacts.size(); ++i)
        bind(request, request.contacts[i], expiries[i]);
    return {};
}

void Registrar::bind(const RegisterRequest& request, const ContactRequest& contact,
                     std::chrono::seconds expires) {
    auto& list = bindings_[request.username];
    const auto index_of = [&](auto iterator) { return static_cast<std::size_t>(iterator - list.begin()); };
    auto found = std::ranges::find_if(list, [&](const Binding& binding) {
        if (binding.stored.uri == contact.uri) return true;
        // RFC 5626 6: the same instance and reg-id is the same phone, come back with another address.
        return !contact.instance.empty() && binding.stored.instance == contact.instance &&
               binding.stored.reg_id == contact.reg_id;
    });
    if (expires == 0s) {
        if (found != list.end()) remove(request.username, index_of(found));
        return;
    }
    if (found != list.end() && found->stored.uri != contact.uri) {
        remove(request.username, index_of(found));
        found = list.end();
    }
    if (found == list.end()) {
        if (list.size() >= settings_.contacts_per_endpoint) {
            remove(request.username,
                   index_of(std::ranges::min_element(
                       list, {}, [](const Binding& candidate) { return candidate.stored.expires; })));
        }
        list.emplace_back();
        found = std::prev(list.end());
        ++count_;
    }
    Binding* binding = &*found;
    auto& stored = binding->stored;
    stored.username = request.username;
    stored.uri = contact.uri;
    stored.transport = sip::uri_name(request.flow.transport);
    stored.local = request.flow.local;
    stored.remote = request.flow.remote;
    stored.connection = request.flow.connection;
    stored.expires = clock_.utc() + expires;
    stored.call_id = request.call_id;
    stored.cseq = request.cseq;
    stored.q = contact.q;
    stored.user_agent = request.user_agent;
    stored.instance = contact.instance;
    stored.reg_id = contact.reg_id;
    stored.path = request.path;
    binding->flow = request.flow;
    binding->reachable = true;
    start_timers(*binding, expires);
    events_.emit(bus::ContactBound{stored});
}

void Registrar::start_timers(Binding& binding, std::chrono::seconds until_expiry) {
    timers_.stop(binding.expiry);
    binding.expiry =
        timers_.start(clock_.instant() + until_expiry, {false, binding.stored.username, binding.stored.uri});
    if (settings_.qualify_interval > 0s && !binding.qualify) {
        binding.qualify = timers_.start(clock_.instant() + settings_.qualify_interval,
                                        {true, binding.stored.username, binding.stored.uri});
    }
}

void Registrar::remove(const std::string& username, std::size_t index) {
    const auto entry = bindings_.find(username);
    auto& list = entry->second;
    Binding binding = std::move(list[index]);
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(index));
    --count_;
    timers_.stop(binding.expiry);
    timers_.stop(binding.qualify);
    events_.emit(bus::ContactRemoved{binding.stored.username, binding.stored.uri});
}

void Registrar::remove_all(std::string_view username) {
    const auto entry = bindings_.find(username);
    if (entry == bindings_.end()) return;
    while (!entry->second.empty())
        remove(entry->first, entry->second.size() - 1);
    bindings_.erase(entry);
}

std::vector<const Binding*> Registrar::bindings(std::string_view username) const {
    std::vector<const Binding*> sorted;
    const auto entry = bindings_.find(username);
    if (entry == bindings_.end()) return sorted;
    for (const auto& binding : entry->second)
        sorted.push_back(&binding);
    std::ranges::stable_sort(sorted, [](const Binding* a, const Binding* b) {
        if (a->stored.q != b->stored.q) return a->stored.q > b->stored.q;
        return a->stored.expires > b->stored.expires;
    });
    return sorted;
}

const Binding* Registrar::find(std::string_view username, std::string_view uri) const {
    const auto entry = bindings_.find(username);
    if (entry == bindings_.end()) return nullptr;
    const auto found = std::ranges::find(
        entry->second, uri, [](const Binding& binding) { return std::string_view(binding.stored.uri); });
    return found == entry->second.end() ? nullptr : &*found;
}

Binding* Registrar::find_mutable(std::string_view username, std::string_view uri) {
    return const_cast<Binding*>(std::as_const(*this).find(username, uri));
}

std::chrono::seconds Registrar::remaining(const Binding& binding) const {
    return std::max(1s, std::chrono::ceil<std::chrono::seconds>(binding.stored.expires - clock_.utc()));
}

void Registrar::flow_lost(const sip::Flow& flow) {
    if (flow.connection == 0) return;
    for (auto entry = bindings_.begin(); entry != bindings_.end();) {
        auto& [username, list] = *entry;
        for (std::size_t index = list.size(); index-- > 0;) {
            auto& binding = list[index];
            if (binding.flow.connection != flow.connection || binding.flow.transport != flow.transport)
                continue;
            if (!can_be_called_back(flow.transport)) {
                remove(username, index);
                continue;
            }
            binding.flow.connection = 0;
            binding.stored.connection = 0;
        }
        entry = list.empty() ? bindings_.erase(entry) : std::next(entry);
    }
}

std::vector<Registrar::QualifyDue> Registrar::advance() {
    std::vector<QualifyDue> due;
    while (auto timer = timers_.take_due(clock_.instant())) {
        Purpose& purpose = timer->second;
        Binding* binding = find_mutable(purpose.username, purpose.uri);
        if (binding == nullptr) continue;
        if (!purpose.qualify) {
            const auto entry = bindings_.find(purpose.username);
            remove(entry->first, static_cast<std::size_t>(binding - entry->second.data()));
            if (entry->second.empty()) bindings_.erase(entry);
            continue;
        }
        binding->qualify = timers_.start(clock_.instant() + settings_.qualify_interval, purpose);
        due.push_back({std::move(purpose.username), std::move(purpose.uri)});
    }
    return due;
}

void Registrar::qualified(std::string_view username, std::string_view uri, bool answered,
                          std::chrono::microseconds round_trip) {
    if (Binding* binding = find_mutable(username, uri)) {
        binding->reachable = answered;
        if (answered) binding->round_trip = round_trip;
    }
}

void Registrar::save(Archive& archive) const {
    archive.put(bindings_);
    archive.put(timers_);
}

void Registrar::restore(ArchiveReader& reader) {
    reader.get(bindings_);
    reader.get(timers_);
    count_ = 0;
    for (const auto& [username, list] : bindings_)
        count_ += list.size();
}

}  // namespace almon::pbx
