// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/world.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <map>
#include <string>
#include <utility>

#include "model/call_filter.hpp"
#include "model/call_permission.hpp"
#include "model/call_pickup.hpp"
#include "model/change.hpp"
#include "model/conference.hpp"
#include "model/group.hpp"
#include "model/ivr.hpp"
#include "model/paging.hpp"
#include "model/parking_lot.hpp"
#include "model/snapshot.hpp"
#include "model/voicemail.hpp"
#include "pbx/exchange.hpp"
#include "sip/digest.hpp"

namespace almon::simulation {

namespace {

constexpr auto kMediaReportDelay = std::chrono::milliseconds(2);
constexpr auto kMediaTimeout = std::chrono::seconds(30);
constexpr std::size_t kAccountsWithTwoPhones = 5;
constexpr std::uint64_t kGroups = 8;
constexpr std::uint64_t kMenus = 4;
constexpr std::uint64_t kConferences = 3;
constexpr std::uint64_t kFilters = 2;
constexpr std::uint64_t kPagings = 2;
constexpr std::uint64_t kOneInCalls = 12;  ///< Is a code rather than a number.
constexpr auto kDiskDelay = std::chrono::milliseconds(8);
constexpr const char* kRealm = "almon";

NetAddress address(std::uint8_t last, std::uint16_t port) {
    NetAddress made;
    made.bytes = {10, 0, 0, last};
    made.port = port;
    return made;
}

}  // namespace

World::World(const WorldSettings& settings)
    : settings_(settings),
      random_(settings.seed),
      exchange_random_(settings.seed ^ 0x5bd1e995),
      clock_{{Instant(std::chrono::hours(1)), UtcTime(std::chrono::hours(480'000))}},
      network_(settings.network, random_) {
    build_office();
    exchange_ = new_exchange();
}

World::~World() = default;

void World::build_office() {
    model::SnapshotBuilder builder(*model::Snapshot::empty());
    model::Context context;
    context.id = model::ContextId(1);
    context.name = "default";
    context.user_ranges = {{"1000", "1999"}};
    builder.put(context);

    const std::size_t accounts = settings_.phones - std::min(settings_.phones / 4, kAccountsWithTwoPhones);
    for (std::size_t i = 0; i < accounts; ++i) {
        const auto id = i + 1;
        model::User user;
        user.id = model::UserId(id);
        user.firstname = "User";
        user.lastname = std::to_string(i);
        user.ring_time = std::chrono::seconds(10 + random_.below(30));
        user.simultaneous_calls = 2 + static_cast<int>(random_.below(3));
        // Some are away, to a colleague or to a number that is none; circles among them happen.
        const auto maybe_forward = [&](model::Forward& forward) {
            if (random_.below(12) == 0) forward = {true, std::to_string(1000 + random_.below(accounts + 1))};
        };
        maybe_forward(user.forward_unconditional);
        maybe_forward(user.forward_busy);
        maybe_forward(user.forward_noanswer);
        user.do_not_disturb = random_.below(20) == 0;
        const auto maybe_fall_back = [&](model::Destination& fallback) {
            if (random_.below(8) == 0) fallback = some_destination(accounts);
        };
        maybe_fall_back(user.fallback_busy);
        maybe_fall_back(user.fallback_noanswer);
        maybe_fall_back(user.fallback_congestion);
        maybe_fall_back(user.fallback_fail);
        model::EndpointSip endpoint;
        endpoint.id = model::EndpointSipId(id);
        endpoint.username = "user" + std::to_string(i);
        endpoint.secret = random_.token(12);
        endpoint.a1_md5 =
            sip::digest_a1(sip::DigestAlgorithm::Md5, endpoint.username, kRealm, endpoint.secret);
        endpoint.a1_sha256 =
            sip::digest_a1(sip::DigestAlgorithm::Sha256, endpoint.username, kRealm, endpoint.secret);
        model::Line line;
        line.id = model::LineId(id);
        line.context = context.name;
        line.endpoint_sip = endpoint.id;
        model::Extension extension;
        extension.id = model::ExtensionId(id);
        extension.exten = std::to_string(1000 + i);
        extension.context = context.name;
        builder.put(user);
        builder.put(endpoint);
        builder.put(line);
        builder.put(extension);
        builder.put(model::UserLine{user.id, line.id, true, true});
        builder.put(model::LineExtension{line.id, extension.id, true});
        numbers_.push_back(extension.exten);
    }
    add_groups(builder, accounts);
    add_menus(builder, accounts);
    add_conferences(builder);
    add_parking(builder);
    add_filters(builder, accounts);
    add_pagings(builder, accounts);
    snapshot_ = builder.build(1);

    for (std::size_t i = 0; i < settings_.phones; ++i) {
        const auto account = i % accounts;
        const auto* endpoint = snapshot_->endpoint_sip(model::EndpointSipId(account + 1));
        const bool stream = i % 5 == 3;
        PhoneAccount who;
        who.index = i;
        who.username = endpoint->username;
        who.password = endpoint->secret;
        who.exten = numbers_[account];
        who.flow.transport = stream ? sip::TransportKind::Tcp : sip::TransportKind::Udp;
        who.flow.local = address(static_cast<std::uint8_t>(10 + i), 5060);
        who.flow.remote = address(1, 5060);
        who.flow.connection = stream ? i + 1 : 0;
        phones_.push_back(std::make_unique<Phone>(std::move(who), settings_.habits, clock_, random_, *this));
    }
}

void World::add_filters(model::SnapshotBuilder& builder, std::size_t accounts) {
    static constexpr std::array<const char*, 5> kStrategies{
        "all-recipients-then-linear-surrogates", "all-recipients-then-all-surrogates",
        "all-surrogates-then-all-recipients", "linear-surrogates-then-all-recipients", "all"};
    std::uint64_t member_id = 0;
    for (std::uint64_t id = 1; id <= kFilters && 4 * id <= accounts; ++id) {
        model::CallFilter filter;
        filter.id = model::CallFilterId(id);
        filter.name = "filter" + std::to_string(id);
        filter.source = "all";
        filter.strategy = kStrategies[random_.below(kStrategies.size())];
        if (random_.below(2) == 0) filter.surrogates_timeout = static_cast<int>(random_.below(12));
        if (random_.below(2) == 0) filter.noanswer_destination = some_destination(accounts);
        builder.put(filter);
        for (std::uint64_t place = 0; place < 3; ++place) {
            model::CallFilterMember member;
            member.id = model::CallFilterMemberId(++member_id);
            member.filter = filter.id;
            member.user = model::UserId(4 * (id - 1) + place + 1);
            member.is_recipient = place == 0;
            member.position = static_cast<int>(place);
            member.is_active = place > 0 && random_.below(3) != 0;
            builder.put(member);
        }
    }
}

void World::add_pagings(model::SnapshotBuilder& builder, std::size_t accounts) {
    for (std::uint64_t id = 1; id <= kPagings; ++id) {
        model::Paging paging;
        paging.id = model::PagingId(id);
        paging.number = std::to_string(600 + id);
        paging.duplex = random_.below(2) == 0;
        paging.timeout = static_cast<int>(1 + random_.below(20));
        if (random_.below(2) == 0) paging.announce_sound = "attention";
        for (std::uint64_t member = 1; member <= accounts && paging.members.size() < 6; ++member) {
            if (random_.below(3) == 0) paging.members.push_back(model::UserId(member));
        }
        builder.put(paging);
    }
}

model::Destination World::some_destination(std::size_t accounts) {
    model::Destination destination;
    switch (random_.below(7)) {
        case 0:
            destination.type = "user";
            destination.to = {&model::declaration_of<model::User>(), 1 + random_.below(accounts)};
            destination.ring_time = 5;
            break;
        case 1:
            destination.type = "group";
            destination.to = {&model::declaration_of<model::Group>(), 1 + random_.below(kGroups)};
            break;
        case 2:
            destination.type = "extension";
            destination.exten = std::to_string(1000 + random_.below(accounts + 1));
            destination.context = "default";
            break;
        case 3:
            destination.type = "sound";
            destination.filename = "closed";
            break;
        case 4:
            destination.type = "ivr";
            destination.to = {&model::declaration_of<model::Ivr>(), 1 + random_.below(kMenus)};
            break;
        case 5:
            destination.type = "meetme";
            destination.to = {&model::declaration_of<model::Conference>(), 1 + random_.below(kConferences)};
            break;
        default:
            destination.type = "hangup";
            destination.action = random_.below(2) == 0 ? "busy" : "congestion";
    }
    return destination;
}

void World::add_groups(model::SnapshotBuilder& builder, std::size_t accounts) {
    static constexpr std::array<const char*, 7> kStrategies{
        "all", "random", "least_recent", "linear", "fewest_calls", "memorized_round_robin", "weight_random"};
    for (std::uint64_t id = 1; id <= kGroups; ++id) {
        model::Group group;
        group.id = model::GroupId(id);
        group.name = "group" + std::to_string(id);
        group.ring_strategy = kStrategies[id % kStrategies.size()];
        if (random_.below(3) != 0) group.timeout = static_cast<int>(10 + random_.below(40));
        group.user_timeout = static_cast<int>(random_.below(15));
        group.retry_delay = static_cast<int>(random_.below(6));
        group.ring_in_use = random_.below(2) == 0;
        for (std::uint64_t member = 1; member <= accounts && group.users.size() < 6; ++member) {
            if (random_.below(4) == 0) group.users.push_back(model::UserId(member));
        }
        if (random_.below(2) == 0) group.noanswer_destination = some_destination(accounts);
        model::Extension extension;
        extension.id = model::ExtensionId(1000 + id);
        extension.exten = std::to_string(2000 + id);
        extension.context = "default";
        extension.leads_to = {&model::declaration_of<model::Group>(), id};
        builder.put(group);
        builder.put(extension);
        numbers_.push_back(extension.exten);
    }
}

void World::add_menus(model::SnapshotBuilder& builder, std::size_t accounts) {
    for (std::uint64_t id = 1; id <= kMenus; ++id) {
        model::Ivr menu;
        menu.id = model::IvrId(id);
        menu.name = "menu" + std::to_string(id);
        if (random_.below(2) == 0) menu.greeting_sound = "welcome";
        menu.menu_sound = "choices";
        menu.timeout = static_cast<int>(random_.below(8));
        // Phones press 5.
        menu.choices.push_back({random_.below(2) == 0 ? "5" : "_5X", some_destination(accounts)});
        if (random_.below(2) == 0) menu.timeout_destination = some_destination(accounts);
        if (random_.below(2) == 0) menu.abort_destination = some_destination(accounts);
        model::Extension extension;
        extension.id = model::ExtensionId(2000 + id);
        extension.exten = std::to_string(3000 + id);
        extension.context = "default";
        extension.leads_to = {&model::declaration_of<model::Ivr>(), id};
        builder.put(menu);
        builder.put(extension);
        numbers_.push_back(extension.exten);
    }
    for (std::uint64_t id = 1; id <= accounts; id += 3) {
        model::Voicemail voicemail;
        voicemail.id = model::VoicemailId(id);
        voicemail.number = std::to_string(1000 + id - 1);
        voicemail.context = "default";
        if (id % 2 == 0) voicemail.password = "5";
        voicemail.max_messages = 5;
        builder.put(voicemail);
        auto user = *builder.so_far().user(model::UserId(id));
        user.voicemail = voicemail.id;
        builder.put(user);
    }
    // Those who have to know a word before they call some colleagues.
    model::CallPermission permission;
    permission.id = model::CallPermissionId(1);
    permission.name = "colleagues";
    permission.password = "5";
    permission.extensions = {"100X"};
    builder.put(permission);
    for (std::uint64_t id = 1; id <= accounts; id += 7) {
        auto user = *builder.so_far().user(model::UserId(id));
        user.call_permissions = {permission.id};
        builder.put(user);
    }
    model::CallPickup pickup;
    pickup.id = model::CallPickupId(1);
    pickup.name = "all";
    for (std::uint64_t id = 1; id <= accounts; ++id) {
        if (id % 2 == 0) pickup.interceptor_users.emplace_back(id);
        pickup.target_users.emplace_back(id);
    }
    builder.put(pickup);
}

void World::add_conferences(model::SnapshotBuilder& builder) {
    for (std::uint64_t id = 1; id <= kConferences; ++id) {
        model::Conference conference;
        conference.id = model::ConferenceId(id);
        conference.name = "room" + std::to_string(id);
        if (id == 1) conference.pin = "5";
        if (id == 2) conference.admin_pin = "5";
        conference.max_participants = static_cast<int>(random_.below(6));
        conference.quiet_join_leave = random_.below(2) == 0;
        conference.announce_user_count = random_.below(2) == 0;
        conference.announce_only_user = random_.below(2) == 0;
        model::Extension extension;
        extension.id = model::ExtensionId(3000 + id);
        extension.exten = std::to_string(4000 + id);
        extension.context = "default";
        extension.leads_to = {&model::declaration_of<model::Conference>(), id};
        builder.put(conference);
        builder.put(extension);
        // People meet there often enough to find each other.
        numbers_.insert(numbers_.end(), 2, extension.exten);
    }
}

void World::add_parking(model::SnapshotBuilder& builder) {
    model::ParkingLot lot;
    lot.id = model::ParkingLotId{1};
    lot.name = "hall";
    lot.slots_start = "701";
    lot.slots_end = "703";
    lot.timeout = 20;
    model::Extension extension;
    extension.id = model::ExtensionId{4000};
    extension.exten = "700";
    extension.context = "default";
    extension.leads_to = {&model::declaration_of<model::ParkingLot>(), lot.id.value};
    builder.put(lot);
    builder.put(extension);
    // Calls are transferred there often enough for somebody to take them.
    numbers_.insert(numbers_.end(), 3, extension.exten);
    numbers_.insert(numbers_.end(), {"701", "701", "702", "703"});
}

std::string World::some_code() {
    static constexpr std::array kCodes{"*25", "*20", "*10", "*27", "*98",    "*98",    "*8",
                                       "*21", "*23", "*40", "*40", "*11601", "*11602", "*372"};
    std::string code = kCodes[random_.below(kCodes.size())];
    const bool takes_number = code == "*8" || code == "*21" || code == "*23";
    if (takes_number && random_.below(2) == 0) code += numbers_[random_.below(numbers_.size())];
    return code;
}

std::unique_ptr<pbx::Exchange> World::new_exchange() {
    pbx::ExchangeSettings settings;
    settings.sip.authenticator.realm = kRealm;
    settings.sip.authenticator.nonce_key.fill(7);
    settings.calls.media_address = address(1, 0);
    settings.calls.media_timeout = kMediaTimeout;
    settings.calls.sounds_directory = "/sounds";
    settings.calls.voicemail_directory = "/voicemail";
    return std::make_unique<pbx::Exchange>(std::move(settings), exchange_random_, *this, *this, *this,
                                           snapshot_, clock_.now);
}

Outcome World::run() {
    after_exchange();
    for (std::size_t i = 0; i < phones_.size(); ++i) {
        phones_[i]->switch_on();
        after_phone(i);
    }
    const Instant began = clock_.instant();
    while (outcome_.broken.empty() && step()) {
        ++outcome_.steps;
        if (settings_.handover_at_step == outcome_.steps) hand_over();
        if (is_closing() && all_over()) {
            if (exchange_->sip().lamps().size() == 0) break;
            if (!calls_over_) calls_over_ = clock_.instant();
            if (clock_.instant() - *calls_over_ > std::chrono::hours(1))
                outcome_.broken.push_back("subscriptions are left that never end");
        }
        if (is_closing() && clock_.instant() - began > std::chrono::hours(24 * 365)) {
            outcome_.broken.push_back("calls are left that never end");
        }
    }
    events_.finish();
    check();
    if (outcome_.broken.empty()) {
        if (!exchange_->quiet())
            outcome_.broken.push_back("sessions are left although nothing happens any more");
        if (!exchange_->calls().idle())
            outcome_.broken.push_back("the call core is not idle although all calls are over");
        if (media_.open_legs() != 0) outcome_.broken.push_back("media legs are left open");
    }
    for (const auto& phone : phones_) {
        outcome_.answered += phone->answered_calls();
        outcome_.transfers += phone->transfers();
        outcome_.lamp_changes += phone->lamp_changes();
    }
    outcome_.orders = program_.accepted();
    outcome_.chains = events_.chains_closed();
    outcome_.virtual_time = clock_.instant() - began;
    return outcome_;
}

bool World::all_over() const {
    return exchange_->quiet() && exchange_->calls().idle() && media_.open_legs() == 0 &&
           std::ranges::all_of(phones_, [](const auto& phone) { return phone->idle(); });
}

bool World::step() {
    while (!wake_ups_.empty()) {
        // A wake-up is stale when its phone has since been woken for another reason.
        const auto actual = phones_[wake_ups_.top().phone]->next_deadline();
        if (actual && *actual <= wake_ups_.top().due) break;
        const auto phone = wake_ups_.top().phone;
        wake_ups_.pop();
        if (actual) wake_ups_.push({*actual, phone});
    }
    const auto packet = network_.next_due();
    const auto deadline = exchange_->next_deadline();
    std::optional<Instant> next = packet;
    const auto earlier = [&next](Instant due) {
        if (!next || due < *next) next = due;
    };
    if (deadline) earlier(*deadline);
    if (!wake_ups_.empty()) earlier(wake_ups_.top().due);
    if (!reports_.empty()) earlier(reports_.top().due);
    if (!next) return false;
    if (*next > clock_.instant()) {
        clock_.now.utc += std::chrono::duration_cast<std::chrono::microseconds>(*next - clock_.instant());
        clock_.now.instant = *next;
    }

    if (!reports_.empty() && reports_.top().due == *next) {
        const News news = reports_.top().news;
        reports_.pop();
        tell(news);
        after_exchange();
    } else if (packet && *packet == *next) {
        Packet arrived = network_.take();
        if (arrived.to_exchange) {
            auto message = sip::Message::parse(arrived.bytes);
            if (!message) {
                outcome_.broken.push_back("a phone sent what does not parse: " + arrived.bytes);
                return true;
            }
            exchange_->receive(arrived.flow, std::move(*message), clock_.now);
            after_exchange();
        } else {
            phones_[arrived.phone]->receive(arrived.bytes);
            after_phone(arrived.phone);
        }
    } else if (deadline && *deadline == *next) {
        exchange_->advance(clock_.now);
        after_exchange();
    } else {
        const auto phone = wake_ups_.top().phone;
        wake_ups_.pop();
        phones_[phone]->advance();
        after_phone(phone);
    }
    maybe_order();
    return true;
}

void World::maybe_order() {
    if (is_closing() || random_.below(1'000'000) >= settings_.orders) return;
    exchange_->order([this](pbx::CallCore& core) { program_.act(core, numbers_, phones_.size()); },
                     clock_.now);
    after_exchange();
}

void World::after_phone(std::size_t phone) {
    if (const auto deadline = phones_[phone]->next_deadline()) wake_ups_.push({*deadline, phone});
}

void World::after_exchange() {
    for (auto& event : new_reports_)
        report_later(std::move(event), kMediaReportDelay);
    new_reports_.clear();
    for (auto& change : exchange_->take_service_changes())
        report_later(std::move(change), kDiskDelay);
    check();
}

void World::report_later(News news, Duration delay) {
    Report report;
    report.due = clock_.instant() + delay;
    report.sequence = ++report_sequence_;
    report.news = std::move(news);
    reports_.push(std::move(report));
}

void World::tell(const News& news) {
    if (const auto* event = std::get_if<media::Event>(&news)) {
        const auto* timed_out = std::get_if<media::MediaTimedOut>(event);
        if (timed_out == nullptr || media_.is_open(timed_out->leg)) exchange_->on_media(*event, clock_.now);
        return;
    }
    const auto& wanted = std::get<pbx::ServiceChange>(news);
    const auto change = pbx::change_of(wanted, *snapshot_);
    if (change && !change->operations.empty()) {
        model::SnapshotBuilder builder(*snapshot_);
        for (const auto& operation : change->operations) {
            if (operation.declaration == &model::declaration_of<model::CallFilterMember>())
                builder.put(std::static_pointer_cast<const model::CallFilterMember>(operation.resource));
            else
                builder.put(std::static_pointer_cast<const model::User>(operation.resource));
        }
        snapshot_ = builder.build(snapshot_->change() + 1);
        exchange_->use(snapshot_, clock_.now);
    }
    exchange_->service_changed(wanted, change.has_value(), clock_.now);
}

void World::check() {
    const auto take = [this](const std::vector<std::string>& broken) {
        outcome_.broken.insert(outcome_.broken.end(), broken.begin(), broken.end());
    };
    // Retransmissions, registrations and OPTIONS leave the call core as it was.
    if (const auto taken = exchange_->calls().inputs_taken(); std::exchange(checked_inputs_, taken) != taken)
        take(exchange_->calls().broken_invariants());
    take(media_.broken());
    take(events_.broken());
    // Walking all lamps at each step would cost more than the calls.
    if (outcome_.steps % 16 == 0) check_lamps();
}

bool World::is_service_on(model::UserId id, std::string_view code) const {
    const auto& user = *snapshot_->user(id);
    if (code == "*25") return user.do_not_disturb;
    return code == "*21" && user.forward_unconditional.enabled;
}

void World::check_lamps() {
    using Stage = pbx::ShownCall::Stage;
    for (const auto& seen : exchange_->sip().lamps().seen()) {
        if (seen.call_id.empty()) complain("a lamp without a subscription");
        if (!seen.is_settled) continue;
        std::map<std::string, std::string> real;
        const auto& [user, code, lot] = seen.watch.subject;
        if (lot) continue;  // Nobody here watches places.
        if (!code.empty()) {
            if (is_service_on(user, code)) real["service"] = "confirmed";
        } else {
            for (const auto& call : exchange_->calls().calls_of(user)) {
                real[std::to_string(call.channel.value)] = call.stage == Stage::Talking   ? "confirmed"
                                                           : call.stage == Stage::Ringing ? "early"
                                                                                          : "trying";
            }
        }
        std::map<std::string, std::string> told;
        for (const auto& [id, dialog] : seen.watch.told)
            told[id] = dialog.state;
        if (told != real) complain("lamp " + std::string(seen.call_id) + " was told what is not so");
        for (const auto& phone : phones_) {
            const auto* lamp = phone->lamp();
            if (lamp != nullptr && lamp->call_id() == seen.call_id && lamp->shown() != real)
                complain("lamp " + lamp->call_id() + " shows what is not so");
        }
    }
}

void World::hand_over() {
    Archive saved;
    exchange_->save(saved);
    muted_ = true;
    auto next = new_exchange();
    muted_ = false;
    ArchiveReader reader(saved.bytes());
    next->restore(reader, clock_.now);
    Archive again;
    next->save(again);
    if (!reader.ok() || !reader.at_end()) outcome_.broken.push_back("the saved state cannot be read back");
    if (again.bytes() != saved.bytes()) outcome_.broken.push_back("what was restored is not what was saved");
    exchange_ = std::move(next);
}

void World::mix(std::string_view bytes) {
    // Enough to tell two runs apart.
    outcome_.trace =
        std::rotl(outcome_.trace, 5) * 0x9e3779b97f4a7c15ULL ^ std::hash<std::string_view>{}(bytes);
    outcome_.trace ^= static_cast<std::uint64_t>(clock_.instant().time_since_epoch().count());
}

void World::send(const sip::Flow& flow, std::string_view bytes) {
    if (muted_) return;
    mix(bytes);
    if (settings_.show_messages) {
        std::fprintf(stderr, "%lld exchange -> %s\n%.*s\n",
                     static_cast<long long>(clock_.instant().time_since_epoch().count() / 1000),
                     flow.remote.text().c_str(), static_cast<int>(bytes.size()), bytes.data());
    }
    const auto index = static_cast<std::size_t>(flow.remote.bytes[3]) - 10;
    if (index >= phones_.size()) {
        outcome_.broken.push_back("the exchange sends to " + flow.remote.text() + ", where nobody is");
        return;
    }
    network_.send(false, index, phones_[index]->account().flow, bytes, clock_.instant());
}

void World::transmit(std::size_t phone, const sip::Flow& flow, std::string_view bytes) {
    if (settings_.show_messages) {
        std::fprintf(stderr, "%lld %s -> exchange\n%.*s\n",
                     static_cast<long long>(clock_.instant().time_since_epoch().count() / 1000),
                     flow.local.text().c_str(), static_cast<int>(bytes.size()), bytes.data());
    }
    sip::Flow seen = flow;
    std::swap(seen.local, seen.remote);
    network_.send(true, phone, seen, bytes, clock_.instant());
}

void World::command(media::Command command) {
    if (muted_) return;
    Archive archive;
    archive.put(command);
    mix(archive.bytes());
    media_.take(command, new_reports_);
}

void World::emit(bus::Event event) {
    if (muted_) return;
    Archive archive;
    archive.put(event);
    mix(archive.bytes());
    if (const auto* call_event = std::get_if<bus::CallEvent>(&event)) events_.take(*call_event);
    program_.hear(event);
}

std::optional<std::string> World::next_number(std::size_t) {
    if (outcome_.calls >= settings_.calls) return std::nullopt;
    ++outcome_.calls;
    if (random_.below(kOneInCalls) == 0) return some_code();
    return numbers_[random_.below(numbers_.size())];
}

std::string World::number_to_watch() {
    if (random_.below(kOneInCalls) == 0) return random_.below(2) == 0 ? "*25" : "*21";
    return numbers_[random_.below(numbers_.size())];
}

std::optional<std::string> World::call_of_another(std::size_t phone) {
    const auto other = random_.below(phones_.size());
    if (other == phone) return std::nullopt;
    return phones_[other]->replaces_of_a_call();
}

void World::went_dark(std::size_t phone) {
    const auto& flow = phones_[phone]->account().flow;
    for (const auto leg : media_.legs_towards(flow.local)) {
        report_later(media::MediaTimedOut{leg}, kMediaTimeout);
    }
}

}  // namespace almon::simulation
