// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/call_office.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <gtest/gtest.h>

#include "base/archive.hpp"
#include "model/call_filter.hpp"
#include "model/change.hpp"
#include "model/trunk.hpp"
#include "model/voicemail.hpp"

namespace almon::test {
namespace {

using namespace model;
using pbx::ChannelId;

constexpr std::uint16_t kFirstPort = 10'000;

sdp::SessionDescription parsed(std::string_view text) {
    auto description = sdp::SessionDescription::parse(text);
    if (!description) throw std::invalid_argument(description.error().reason);
    return *description;
}

void add_person(SnapshotBuilder& builder, std::uint64_t id, std::string firstname, std::string lastname,
                std::string username, std::string exten, std::string context) {
    User user;
    user.id = UserId{id};
    user.firstname = std::move(firstname);
    user.lastname = std::move(lastname);
    builder.put(user);
    EndpointSip endpoint;
    endpoint.id = EndpointSipId{id};
    endpoint.username = std::move(username);
    builder.put(endpoint);
    Line line;
    line.id = LineId{id};
    line.context = context;
    line.endpoint_sip = endpoint.id;
    builder.put(line);
    builder.put(Extension{ExtensionId{id}, std::move(exten), std::move(context)});
    builder.put(UserLine{user.id, line.id});
    builder.put(LineExtension{line.id, ExtensionId{id}});
}

std::shared_ptr<const Snapshot> small_office() {
    SnapshotBuilder builder(*Snapshot::empty());
    Context main;
    main.id = ContextId{1};
    main.name = "default";
    builder.put(main);
    Context annex;
    annex.id = ContextId{2};
    annex.name = "annex";
    builder.put(annex);
    add_person(builder, 1, "Alice", "Martin", "alice", "1001", "default");
    add_person(builder, 2, "Bob", "Durand", "bob", "1002", "default");
    add_person(builder, 3, "Carol", "Petit", "carol", "1003", "default");
    add_person(builder, 4, "Dave", "Moreau", "dave", "2001", "annex");
    return builder.build(1);
}

}  // namespace

media::LegId MediaRecorder::leg_at(std::uint16_t port) const {
    media::LegId leg;
    for (const auto& open : all<media::OpenLeg>()) {
        if (open.port == port) leg = open.leg;
    }
    return leg;
}

media::ConfigureLeg MediaRecorder::configured(std::uint16_t port) const {
    media::ConfigureLeg last;
    for (const auto& configure : all<media::ConfigureLeg>()) {
        if (configure.leg == leg_at(port)) last = configure;
    }
    return last;
}

bool MediaRecorder::joined(std::uint16_t first_port, std::uint16_t second_port) const {
    const auto first = leg_at(first_port);
    const auto second = leg_at(second_port);
    return std::ranges::any_of(all<media::JoinLegs>(), [&](const media::JoinLegs& join) {
        return (join.first == first && join.second == second) ||
               (join.first == second && join.second == first);
    });
}

std::vector<bus::CallEvent> EventRecorder::call_events() const {
    std::vector<bus::CallEvent> found;
    for (const auto& event : events) {
        if (const auto* row = std::get_if<bus::CallEvent>(&event)) found.push_back(*row);
    }
    return found;
}

std::vector<std::string> EventRecorder::chain() const {
    std::vector<std::string> lines;
    for (const auto& row : call_events())
        lines.push_back(std::string(bus::name_of(row.type)) + " " + row.channel_name);
    return lines;
}

pbx::CallCoreSettings CallOffice::default_settings() {
    pbx::CallCoreSettings settings;
    settings.media_address = *NetAddress::parse("198.51.100.1", 0);
    settings.sounds_directory = "/sounds";
    return settings;
}

CallOffice::CallOffice(pbx::CallCoreSettings settings)
    : snapshot(small_office()), settings_(std::move(settings)) {
    clock.now.utc = UtcTime{std::chrono::seconds{1'448'037'433}};
    phones.contacts = {{"alice", {"alice-desk"}}, {"bob", {"bob-desk"}}, {"carol", {"carol-desk"}}};
    core = std::make_unique<pbx::CallCore>(settings_, clock, random, recorder, events, snapshot);
    core->add(phones);
    core->start();
    after_step();
}

CallOffice::~CallOffice() = default;

void CallOffice::after_step() {
    // The engine answers orders for ports at once.
    while (commands_seen_ < recorder.commands.size()) {
        const auto* order = std::get_if<media::PreparePorts>(&recorder.commands[commands_seen_++]);
        if (order == nullptr) continue;
        media::PortsReady ready;
        for (std::size_t i = 0; i < order->count; ++i)
            ready.ports.push_back(static_cast<std::uint16_t>(kFirstPort + 2 * ports_given_++));
        core->on_media(ready);
    }
    EXPECT_TRUE(core->broken_invariants().empty()) << core->broken_invariants().front();
    const auto before = saved();
    auto successor = std::make_unique<pbx::CallCore>(settings_, clock, random, recorder, events, snapshot);
    successor->add(phones);
    ArchiveReader reader(before);
    successor->restore(reader);
    EXPECT_TRUE(reader.ok() && reader.at_end());
    core = std::move(successor);
    EXPECT_EQ(saved(), before);
}

std::string CallOffice::saved() const {
    Archive archive;
    core->save(archive);
    return archive.bytes();
}

ChannelId CallOffice::call(std::string_view from, std::string exten) {
    return call(from, std::move(exten), kPhoneOffer);
}

pbx::IncomingCall CallOffice::call_of(std::string_view from, std::string exten,
                                      std::string_view offer) const {
    pbx::IncomingCall incoming;
    incoming.technology = "SIP";
    incoming.endpoint = from;
    if (const auto* endpoint = snapshot->endpoint_sip_by_username(from)) {
        if (const auto* line = snapshot->line_of_endpoint(endpoint->id)) incoming.line = line->id;
    }
    incoming.exten = std::move(exten);
    if (!offer.empty()) incoming.offer = parsed(offer);
    return incoming;
}

ChannelId CallOffice::call(std::string_view from, std::string exten, std::string_view offer) {
    const auto channel = core->new_channel_id();
    core->incoming(channel, phones, call_of(from, std::move(exten), offer));
    after_step();
    return channel;
}

ChannelId CallOffice::call_by(std::uint64_t trunk, std::string exten, pbx::CallerId caller) {
    const auto* found = snapshot->find(TrunkId{trunk});
    if (found == nullptr) throw std::invalid_argument("no such trunk");
    auto incoming =
        call_of(snapshot->endpoint_sip(found->endpoint_sip)->username, std::move(exten), kPhoneOffer);
    incoming.trunk = found->id;
    incoming.context = found->context;
    incoming.claimed = std::move(caller);
    const auto channel = core->new_channel_id();
    core->incoming(channel, phones, std::move(incoming));
    after_step();
    return channel;
}

void CallOffice::ringing(ChannelId channel) {
    core->ringing(channel);
    after_step();
}
void CallOffice::progress(ChannelId channel, std::string_view description) {
    core->progressed(channel, parsed(description));
    after_step();
}
void CallOffice::answer(ChannelId channel, std::string_view description) {
    core->answered(channel, parsed(description));
    after_step();
}
void CallOffice::refuse(ChannelId channel, pbx::Cause cause, pbx::Refusal refusal) {
    core->refused(channel, cause, refusal);
    after_step();
}
void CallOffice::redirect(ChannelId channel, std::string exten) {
    core->redirected(channel, std::move(exten));
    after_step();
}
void CallOffice::hang_up(ChannelId channel, pbx::Cause cause) {
    core->hung_up(channel, cause);
    after_step();
}
void CallOffice::offer(ChannelId channel, std::string_view description) {
    core->offered(channel, description.empty() ? std::nullopt : std::optional(parsed(description)));
    after_step();
}
void CallOffice::answer_offer(ChannelId channel, std::string_view description) {
    core->offer_answered(channel, parsed(description));
    after_step();
}
void CallOffice::refuse_offer(ChannelId channel, pbx::Cause cause) {
    core->offer_refused(channel, cause);
    after_step();
}
void CallOffice::transfer(ChannelId channel, std::string exten) {
    core->transfer_requested(channel, {std::move(exten), {}});
    after_step();
}
void CallOffice::transfer(ChannelId channel, ChannelId consulted) {
    core->transfer_requested(channel, {{}, consulted});
    after_step();
}
ChannelId CallOffice::take(std::string_view from, ChannelId replaced, std::string_view offer) {
    auto incoming = call_of(from, "", offer);
    incoming.replaces = replaced;
    const auto channel = core->new_channel_id();
    core->incoming(channel, phones, std::move(incoming));
    after_step();
    return channel;
}
void CallOffice::press(ChannelId channel, char digit) {
    core->digit(channel, digit, std::chrono::milliseconds{160});
    after_step();
}
void CallOffice::media(const media::Event& event) {
    core->on_media(event);
    after_step();
}
void CallOffice::settle_media() {
    for (const auto& close : recorder.all<media::CloseLeg>())
        media(media::LegClosed{close.leg, {}});
}
void CallOffice::pass(std::chrono::milliseconds time) {
    clock.now.instant += time;
    clock.now.utc += time;
    core->advance();
    after_step();
}

std::string CallOffice::played() const {
    const auto plays = recorder.all<media::Play>();
    if (plays.empty()) return "";
    const auto* file = std::get_if<std::string>(&plays.back().source);
    return file != nullptr ? *file : "a tone";
}
void CallOffice::finish_sound(bool complete) {
    const auto play = recorder.all<media::Play>().back();
    media(media::PlaybackFinished{play.leg, play.playback, complete});
}
std::vector<std::string> CallOffice::hear_all() {
    std::vector<std::string> names;
    auto count = recorder.all<media::Play>().size();
    if (count == 0) return names;
    for (auto before = count - 1; before < count; count = recorder.all<media::Play>().size()) {
        before = count;
        auto name = played();
        if (name.starts_with("/sounds/")) name = name.substr(name.find('/', 8) + 1);
        name = name.substr(0, name.rfind(".wav"));
        const bool is_there = name.find("/greetings/") == std::string::npos || greetings.contains(name);
        if (is_there) names.push_back(name);
        finish_sound(is_there);
    }
    return names;
}
std::size_t CallOffice::make_changes(bool made) {
    const auto wanted = core->take_service_changes();
    for (const auto& each : wanted) {
        const auto change = pbx::change_of(each, *snapshot);
        if (made && change) {
            configure([&](SnapshotBuilder& builder) {
                for (const auto& operation : change->operations) {
                    if (operation.declaration == &declaration_of<User>())
                        builder.put(std::static_pointer_cast<const User>(operation.resource));
                    else if (operation.declaration == &declaration_of<Voicemail>())
                        builder.put(std::static_pointer_cast<const Voicemail>(operation.resource));
                    else
                        builder.put(std::static_pointer_cast<const CallFilterMember>(operation.resource));
                }
            });
        }
        core->service_changed(each, made && change);
        after_step();
    }
    return wanted.size();
}

std::vector<std::string> CallOffice::rung_after(std::size_t first) const {
    std::vector<std::string> endpoints;
    for (std::size_t each = first; each < phones.invited.size(); ++each)
        endpoints.push_back(phones.invited[each].second.endpoint);
    return endpoints;
}

pbx::Cause CallOffice::end_of(pbx::ChannelId channel) const {
    const auto found = phones.ended.find(channel);
    return found == phones.ended.end() ? pbx::Cause::Unknown : found->second;
}

std::uint16_t CallOffice::port_of(ChannelId channel, std::size_t stream) const {
    return phones.told.at(channel).streams.at(stream).address.port;
}

std::string CallOffice::why(std::string_view call) const {
    return core->why(call).value_or("");
}

std::string with_direction(std::string_view description, std::string_view direction) {
    std::string text(description);
    const auto at = text.find("a=sendrecv");
    if (at != std::string::npos) text.replace(at, 10, "a=" + std::string(direction));
    return text;
}

}  // namespace almon::test
