// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/event.hpp"

#include <algorithm>

#include "sip/syntax.hpp"

namespace almon::sip {

namespace {

std::optional<std::chrono::seconds> seconds_in(const Parameters& parameters, std::string_view name) noexcept {
    const auto value = parameters.find(name);
    const auto number = value ? parse_number<std::uint32_t>(*value) : std::nullopt;
    if (!number) return std::nullopt;
    return std::chrono::seconds{*number};
}

}  // namespace

Result<Event> Event::parse(std::string_view value) {
    const std::size_t semicolon = std::min(value.find(';'), value.size());
    Event event;
    event.package = trim(value.substr(0, semicolon));
    if (!is_token(event.package)) return refuse(ErrorCode::Malformed, "Event", "names no package");
    const auto parameters = Parameters::parse(value.substr(semicolon), "Event");
    if (!parameters) return refuse(parameters);
    event.parameters = *parameters;
    return event;
}

Result<SubscriptionState> SubscriptionState::parse(std::string_view value) {
    const std::size_t semicolon = std::min(value.find(';'), value.size());
    const std::string_view name = trim(value.substr(0, semicolon));
    if (!is_token(name)) return refuse(ErrorCode::Malformed, "Subscription-State", "names no state");
    const auto parameters = Parameters::parse(value.substr(semicolon), "Subscription-State");
    if (!parameters) return refuse(parameters);
    SubscriptionState parsed;
    if (equal_ignoring_case(name, "active")) parsed.state = State::Active;
    if (equal_ignoring_case(name, "pending")) parsed.state = State::Pending;
    if (equal_ignoring_case(name, "terminated")) parsed.state = State::Terminated;
    parsed.expires = seconds_in(*parameters, "expires");
    parsed.retry_after = seconds_in(*parameters, "retry-after");
    parsed.reason = parameters->find("reason").value_or(std::string_view{});
    return parsed;
}

std::string SubscriptionState::text() const {
    std::string out = state == State::Active ? "active" : state == State::Pending ? "pending" : "terminated";
    if (!reason.empty()) {
        out += ";reason=";
        out += reason;
    }
    if (expires) out += ";expires=" + std::to_string(expires->count());
    if (retry_after) out += ";retry-after=" + std::to_string(retry_after->count());
    return out;
}

}  // namespace almon::sip
