// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/host_names.hpp"

#include <utility>

namespace almon::pbx {
namespace {

/// The resolver behind us caches as long as the name server allows; asking it costs little.
constexpr std::chrono::seconds kAgain{60};
constexpr std::chrono::seconds kAfterFailure{10};

}  // namespace

void HostNames::want(std::set<std::string> hosts) {
    std::erase_if(known_, [&](const auto& known) { return !hosts.contains(known.first); });
    for (const auto& host : hosts) {
        if (NetAddress::parse(host, 0)) continue;
        known_.try_emplace(host, Known{{}, clock_.instant(), false});
    }
}

std::vector<NetAddress> HostNames::addresses(std::string_view host) const {
    if (const auto literal = NetAddress::parse(host, 0)) return {*literal};
    const auto found = known_.find(host);
    return found == known_.end() ? std::vector<NetAddress>{} : found->second.addresses;
}

std::vector<std::string> HostNames::take_questions() {
    std::vector<std::string> questions;
    for (auto& [host, known] : known_) {
        if (known.asked || known.ask_at > clock_.instant()) continue;
        known.asked = true;
        questions.push_back(host);
    }
    return questions;
}

void HostNames::answered(const std::string& host, std::vector<NetAddress> found) {
    const auto known = known_.find(host);
    if (known == known_.end()) return;
    known->second.asked = false;
    known->second.ask_at = clock_.instant() + (found.empty() ? kAfterFailure : kAgain);
    if (!found.empty()) known->second.addresses = std::move(found);
}

std::optional<Instant> HostNames::next_deadline() const {
    std::optional<Instant> next;
    for (const auto& [host, known] : known_) {
        if (!known.asked && (!next || known.ask_at < *next)) next = known.ask_at;
    }
    return next;
}

}  // namespace almon::pbx
