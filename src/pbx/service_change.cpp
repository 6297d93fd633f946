// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/service_change.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "base/whole_number.hpp"
#include "model/call_filter.hpp"
#include "model/change.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"
#include "model/voicemail.hpp"

namespace almon::pbx {
namespace {

using Service = ServiceChange::Service;

constexpr std::size_t kLongestNumber = 80;
constexpr Service kForwards[] = {Service::ForwardUnconditional, Service::ForwardBusy,
                                 Service::ForwardNoAnswer};

struct ServiceCode {
    std::string_view feature;
    Service service;
    std::string_view sound;
};
constexpr ServiceCode kCodes[] = {
    {"enablednd", Service::DoNotDisturb, "dnd"},
    {"incallfilter", Service::IncallFilter, "incall-filter"},
    {"callrecord", Service::CallRecord, "call-record"},
    {"fwdunc", Service::ForwardUnconditional, "forward-all"},
    {"fwdbusy", Service::ForwardBusy, "forward-busy"},
    {"fwdrna", Service::ForwardNoAnswer, "forward-noanswer"},
    {"fwdundoall", Service::AllForwards, "forward-any"},
    {"bsfilter", Service::FilterMember, "boss-filter"},
};

/// The member that a service is; null: it is none of these.
bool model::User::*flag_of(Service service) noexcept {
    switch (service) {
        case Service::DoNotDisturb:
            return &model::User::do_not_disturb;
        case Service::IncallFilter:
            return &model::User::incall_filter;
        case Service::CallRecord:
            return &model::User::call_record_enabled;
        default:
            return nullptr;
    }
}

model::Forward model::User::*forward_member(Service service) noexcept {
    switch (service) {
        case Service::ForwardUnconditional:
            return &model::User::forward_unconditional;
        case Service::ForwardBusy:
            return &model::User::forward_busy;
        case Service::ForwardNoAnswer:
            return &model::User::forward_noanswer;
        default:
            return nullptr;
    }
}

void put(model::Change& change, model::AnyResource before, model::AnyResource after,
         const model::Declaration& declaration, model::Key key) {
    change.operations.push_back({&declaration, key, std::move(after), std::move(before)});
}

void set(model::User& user, const ServiceChange& wanted) {
    if (const auto flag = flag_of(wanted.service)) user.*flag = wanted.enabled;
    if (const auto forward = forward_member(wanted.service)) {
        (user.*forward).enabled = wanted.enabled;
        if (wanted.enabled) (user.*forward).destination = wanted.destination;
    }
    if (wanted.service == Service::AllForwards) {
        for (const auto each : kForwards)
            (user.*forward_member(each)).enabled = false;
    }
}

Result<model::Change> password_change(const ServiceChange& wanted, const model::Snapshot& snapshot) {
    const auto& voicemails = model::declaration_of<model::Voicemail>();
    const model::Key key{wanted.voicemail.value, 0};
    const auto before = snapshot.find(voicemails, key);
    if (!before) return refuse(ErrorCode::NotFound, "voicemail", "is no more");
    auto changed = *static_cast<const model::Voicemail*>(before.get());
    model::Change change;
    change.who = fmt::format("voicemail {} by telephone", changed.mailbox);
    if (std::exchange(changed.password, wanted.destination) == wanted.destination) return change;
    put(change, before, std::make_shared<const model::Voicemail>(std::move(changed)), voicemails, key);
    return change;
}

bool is_so(const ServiceChange& wanted, const model::User& user) {
    if (is_on(wanted.service, user) != wanted.enabled) return false;
    const auto* forward = forward_of(wanted.service, user);
    return forward == nullptr || !wanted.enabled || forward->destination == wanted.destination;
}

}  // namespace

std::optional<Service> service_of(std::string_view feature) noexcept {
    const auto* found = std::ranges::find(kCodes, feature, &ServiceCode::feature);
    return found == std::end(kCodes) ? std::nullopt : std::optional(found->service);
}

std::string_view sound_of(Service service) noexcept {
    if (service == Service::MailboxPassword) return "vm-password";
    const auto* found = std::ranges::find(kCodes, service, &ServiceCode::service);
    return found == std::end(kCodes) ? std::string_view{} : found->sound;
}

const model::CallFilterMember* filter_member(std::string_view digits, const model::User& user,
                                             const model::Snapshot& snapshot) {
    const auto id = whole_number<std::uint64_t>(digits);
    const auto* member = id ? snapshot.find(model::CallFilterMemberId{*id}) : nullptr;
    if (member == nullptr || member->is_recipient) return nullptr;
    bool takes_part = member->user == user.id;
    snapshot.for_each_naming<model::CallFilterMember>(
        member->filter, [&](const model::CallFilterMember& each) {
            takes_part = takes_part || (each.is_recipient && each.user == user.id);
        });
    return takes_part ? member : nullptr;
}

std::optional<bool> is_lit(std::string_view feature, std::string_view argument, const model::User& user,
                           const model::Snapshot& snapshot) {
    const auto service = service_of(feature);
    if (!service) return std::nullopt;
    if (*service == Service::FilterMember) {
        const auto* member = filter_member(argument, user, snapshot);
        return member == nullptr ? std::nullopt : std::optional(member->is_active);
    }
    const auto* forward = forward_of(*service, user);
    const bool is_elsewhere = forward != nullptr && !argument.empty() && forward->destination != argument;
    return is_on(*service, user) && !is_elsewhere;
}

const model::Forward* forward_of(Service service, const model::User& user) noexcept {
    const auto member = forward_member(service);
    return member == nullptr ? nullptr : &(user.*member);
}

bool is_on(Service service, const model::User& user) noexcept {
    if (const auto flag = flag_of(service)) return user.*flag;
    if (const auto* forward = forward_of(service, user)) return forward->enabled;
    if (service != Service::AllForwards) return false;
    for (const auto each : kForwards) {
        if (forward_of(each, user)->enabled) return true;
    }
    return false;
}

Result<model::Change> change_of(const ServiceChange& wanted, const model::Snapshot& snapshot) {
    if (wanted.service == Service::MailboxPassword) return password_change(wanted, snapshot);
    const auto& users = model::declaration_of<model::User>();
    const model::Key key{wanted.user.value, 0};
    const auto before = snapshot.find(users, key);
    if (!before) return refuse(ErrorCode::NotFound, "user", "is no more");
    const auto& user = *static_cast<const model::User*>(before.get());
    model::Change change;
    change.who = fmt::format("{} {} by telephone", user.firstname, user.lastname);
    if (wanted.service == Service::FilterMember) {
        const auto& members = model::declaration_of<model::CallFilterMember>();
        const model::Key member_key{wanted.member.value, 0};
        const auto member = snapshot.find(members, member_key);
        if (!member) return refuse(ErrorCode::NotFound, "call_filter_member", "is no more");
        auto changed = *static_cast<const model::CallFilterMember*>(member.get());
        if (std::exchange(changed.is_active, wanted.enabled) == wanted.enabled) return change;
        put(change, member, std::make_shared<const model::CallFilterMember>(std::move(changed)), members,
            member_key);
        return change;
    }
    if (is_so(wanted, user)) return change;
    if (wanted.enabled && forward_of(wanted.service, user) != nullptr) {
        // A telephone may send anything behind the code.
        const auto sound = model::checks::phone_number(boost::json::string(wanted.destination));
        if (!sound || wanted.destination.empty() || wanted.destination.size() > kLongestNumber)
            return refuse(ErrorCode::InvalidArgument, "destination", "is no number to forward to");
    }
    auto changed = user;
    set(changed, wanted);
    put(change, before, std::make_shared<const model::User>(std::move(changed)), users, key);
    return change;
}

}  // namespace almon::pbx
