// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/outward_registrations.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "sip/numeric_headers.hpp"
#include "sip/uri.hpp"

namespace almon::pbx {
namespace {

constexpr std::chrono::seconds kDefaultExpiry{600};
constexpr std::chrono::seconds kFirstPause{10};
constexpr std::chrono::seconds kLongestPause{600};
/// A wrong password does not become right by trying, and providers shut out who tries too often.
constexpr std::chrono::seconds kFirstPauseAfterRefusal{60};
constexpr std::chrono::seconds kLongestPauseAfterRefusal{1800};
/// A REGISTER is repeated with credentials a few times, each with the next number (RFC 3261 10.2).
constexpr std::uint32_t kNumbersOfOne = 4;

sip::TransportKind transport_of(const std::string& name) noexcept {
    if (name == "tcp") return sip::TransportKind::Tcp;
    return name == "tls" ? sip::TransportKind::Tls : sip::TransportKind::Udp;
}

OutwardRegistrations::Account account_of(const model::RegisterSip& configured) {
    OutwardRegistrations::Account account;
    account.transport = configured.transport;
    account.user = configured.sip_username;
    account.auth_user = configured.auth_username.empty() ? configured.sip_username : configured.auth_username;
    account.password = configured.auth_password;
    account.host = configured.remote_host;
    account.port = static_cast<std::uint16_t>(configured.remote_port.value_or(0));
    account.contact_user =
        configured.callback_extension.empty() ? configured.sip_username : configured.callback_extension;
    account.expires = configured.expiration ? std::chrono::seconds(*configured.expiration) : kDefaultExpiry;
    return account;
}

std::string text_of(const OutwardRegistrations::Account& account) {
    return account.port == 0 ? fmt::format("{}@{}", account.user, account.host)
                             : fmt::format("{}@{}:{}", account.user, account.host, account.port);
}

/// For how long the provider keeps us, as its answer says of our contact, or of all.
std::chrono::seconds granted_in(const sip::Message& response, const std::string& contact_user,
                                std::chrono::seconds asked) {
    if (const auto contacts = response.contacts()) {
        for (const auto& contact : *contacts) {
            const auto uri = sip::SipUri::parse(contact.uri);
            const auto expires = contact.expires();
            if (uri && expires && uri->unescaped_user() == contact_user)
                return std::chrono::seconds(*expires);
        }
    }
    return sip::expires(response).value_or(asked);
}

}  // namespace

std::string_view name_of(OutwardRegistrations::State state) noexcept {
    switch (state) {
        case OutwardRegistrations::State::Trying:
            return "trying";
        case OutwardRegistrations::State::Registered:
            return "registered";
        case OutwardRegistrations::State::Refused:
            return "refused";
        case OutwardRegistrations::State::Unreachable:
            return "unreachable";
    }
    return "trying";
}

void OutwardRegistrations::use(const model::Snapshot& snapshot) {
    std::set<std::uint64_t> configured;
    snapshot.for_each<model::RegisterSip>([&](const model::RegisterSip& each) {
        if (!each.enabled) return;
        configured.insert(each.id.value);
        auto account = account_of(each);
        auto& registration = registrations_[each.id.value];
        if (registration.account == account) return;
        take_back(std::exchange(registration, {}));
        registration.asks = account.expires;
        registration.account = std::move(account);
        registration.call_id = random_.token(24);
        registration.due = clock_.instant();
    });
    for (auto each = registrations_.begin(); each != registrations_.end();) {
        if (configured.contains(each->first)) {
            ++each;
            continue;
        }
        take_back(std::move(each->second));
        each = registrations_.erase(each);
    }
}

void OutwardRegistrations::take_back(Registration registration) {
    if (registration.account.user.empty()) return;
    news_.push_back(fmt::format("{} is no longer registered for", text_of(registration.account)));
    // What is on its way may still be granted.
    if (registration.state != State::Registered && !registration.request) return;
    registration.request = {};
    registration.cseq += kNumbersOfOne;
    registration.due = clock_.instant();
    leaving_.push_back(std::move(registration));
}

void OutwardRegistrations::advance() {
    const auto is_due = [&](const Registration& registration) {
        return !registration.request && registration.due && *registration.due <= clock_.instant();
    };
    for (auto& [id, registration] : registrations_) {
        if (is_due(registration)) send(registration, registration.asks);
    }
    for (auto& registration : leaving_) {
        if (is_due(registration)) send(registration, std::chrono::seconds(0));
    }
    std::erase_if(leaving_, [](const Registration& registration) { return !registration.request; });
}

std::optional<Instant> OutwardRegistrations::next_deadline() const {
    std::optional<Instant> next;
    const auto consider = [&](const Registration& registration) {
        if (!registration.request && registration.due && (!next || *registration.due < *next))
            next = registration.due;
    };
    for (const auto& [id, registration] : registrations_)
        consider(registration);
    for (const auto& registration : leaving_)
        consider(registration);
    return next;
}

void OutwardRegistrations::host_found(const std::string& host) {
    for (auto& [id, registration] : registrations_) {
        if (registration.account.host == host && registration.state != State::Registered)
            registration.due = clock_.instant();
    }
}

void OutwardRegistrations::send(Registration& registration, std::chrono::seconds expires) {
    const auto& account = registration.account;
    registration.due.reset();
    const auto way = peers_.way_to(account.host, account.port, transport_of(account.transport));
    if (!way) return failed(registration, State::Unreachable, "no address of the host is known");
    const auto& local = way->flow.local;
    const auto our_host = local.is_unspecified() ? advertised_host_ : local.host_in_uri();
    const auto domain = way->host_port.substr(0, way->host_port.find(';'));
    auto contact = fmt::format("<sip:{}@{}:{}", sip::escape_user(account.contact_user), our_host, local.port);
    if (way->flow.transport != sip::TransportKind::Udp)
        contact += fmt::format(";transport={}", sip::uri_name(way->flow.transport));
    sip::RequestSettings request;
    request.flow = way->flow;
    request.method = "REGISTER";
    request.request_uri = "sip:" + way->host_port;
    request.from = fmt::format("<sip:{}@{}>", sip::escape_user(account.user), domain);
    request.to = request.from;
    request.headers = {{"Contact", contact + '>'}, {"Expires", std::to_string(expires.count())}};
    request.call_id = registration.call_id;
    request.cseq = ++registration.cseq;
    if (!account.password.empty())
        request.credentials = sip::Credentials{account.auth_user, account.password};
    registration.request = user_agent_.request(request, clock_.now);
}

bool OutwardRegistrations::on_completed(const sip::RequestCompleted& event) {
    const auto is_it = [&](const Registration& registration) {
        return registration.request == event.request;
    };
    const auto left = std::ranges::find_if(leaving_, is_it);
    if (left != leaving_.end()) {
        leaving_.erase(left);
        return true;
    }
    const auto found =
        std::ranges::find_if(registrations_, is_it, [](auto& entry) -> auto& { return entry.second; });
    if (found == registrations_.end()) return false;
    auto& registration = found->second;
    registration.request = {};
    if (event.response == nullptr) {
        registration.cseq += kNumbersOfOne;
        failed(registration, State::Unreachable, "no answer");
        return true;
    }
    const auto& response = *event.response;
    if (const auto cseq = response.cseq()) registration.cseq = std::max(registration.cseq, cseq->number);
    const auto status = response.status();
    if (status >= 200 && status < 300) {
        succeeded(registration, response);
    } else if (const auto minimum = sip::min_expires(response);
               status == 423 && minimum && *minimum > registration.asks) {
        registration.asks = *minimum;
        registration.due = clock_.instant();
    } else {
        const bool refused = status == 401 || status == 403 || status == 404 || status == 407;
        failed(registration, refused ? State::Refused : State::Unreachable,
               fmt::format("{} {}", status, response.reason()),
               sip::retry_after(response).value_or(std::chrono::seconds(0)));
    }
    return true;
}

void OutwardRegistrations::succeeded(Registration& registration, const sip::Message& response) {
    registration.failures = 0;
    registration.granted = granted_in(response, registration.account.contact_user, registration.asks);
    // In time for a repetition or two.
    const auto again = std::max(std::chrono::seconds(1), registration.granted * 4 / 5);
    registration.due = clock_.instant() + again;
    tell(registration, State::Registered, {});
}

void OutwardRegistrations::failed(Registration& registration, State state, std::string reason,
                                  std::chrono::seconds at_least) {
    const bool refused = state == State::Refused;
    auto pause = refused ? kFirstPauseAfterRefusal : kFirstPause;
    const auto longest = refused ? kLongestPauseAfterRefusal : kLongestPause;
    for (unsigned i = 0; i < registration.failures && pause < longest; ++i)
        pause *= 2;
    ++registration.failures;
    pause = std::max(std::min(pause, longest), at_least);
    // Not all offices of a provider that was away come back in the same second.
    const auto jitter =
        std::chrono::milliseconds(random_.below(1000 * static_cast<unsigned>(pause.count()) / 5 + 1));
    registration.due = clock_.instant() + pause + jitter;
    tell(registration, state, std::move(reason));
}

void OutwardRegistrations::tell(Registration& registration, State state, std::string reason) {
    if (registration.state == state && registration.reason == reason) return;
    const bool turned = (registration.state == State::Registered) != (state == State::Registered);
    if (turned || !registration.since) registration.since = clock_.utc();
    registration.state = state;
    registration.reason = std::move(reason);
    news_.push_back(state == State::Registered
                        ? fmt::format("registered as {} for {} s", text_of(registration.account),
                                      registration.granted.count())
                        : fmt::format("registration as {} is {}: {}", text_of(registration.account),
                                      name_of(state), registration.reason));
}

std::vector<OutwardRegistrations::Shown> OutwardRegistrations::all() const {
    std::vector<Shown> all;
    for (const auto& [id, registration] : registrations_) {
        all.push_back(
            {text_of(registration.account), registration.state, registration.reason,
             registration.state == State::Registered ? registration.granted : std::chrono::seconds(0),
             model::RegisterSipId{id}, registration.since});
    }
    return all;
}

void OutwardRegistrations::save(Archive& archive) const {
    archive.put(registrations_);
    archive.put(leaving_);
    archive.put(news_);
}

void OutwardRegistrations::restore(ArchiveReader& reader) {
    reader.get(registrations_);
    reader.get(leaving_);
    reader.get(news_);
}

}  // namespace almon::pbx
