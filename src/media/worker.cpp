// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/worker.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "media/housekeeper.hpp"

namespace almon::media {
namespace {

constexpr Duration kHousekeepingPeriod = 100ms;
constexpr Duration kReportPatience = 20ms;
constexpr int kMostReady = 256;
/// A thread that stood still plays at most so many packets at once to catch up.
constexpr std::uint64_t kMostTicksAtOnce = 5;

// What an epoll entry stands for: these two, or slot * 2 + (1 for RTCP) above them.
constexpr std::uint64_t kMail = 0;
constexpr std::uint64_t kTimer = 1;
constexpr std::uint64_t kFirstSlot = 2;

std::array<epoll_event, kMostReady>& ready_events() noexcept {
    thread_local std::array<epoll_event, kMostReady> events;
    return events;
}

void watch(int epoll, int descriptor, std::uint64_t key) noexcept {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = key;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

}  // namespace

Worker::Worker(const Settings& settings, Housekeeper& housekeeper, Recorder& recorder,
               EventListener& listener)
    : settings_(settings),
      housekeeper_(housekeeper),
      recorder_(recorder),
      listener_(listener),
      cname_(random_.token(16)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      mail_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
    watch(epoll_.get(), mail_.get(), kMail);
    watch(epoll_.get(), timer_.get(), kTimer);
    if (working()) thread_ = std::thread([this] { run(); });
}

Worker::~Worker() {
    stop();
}

void Worker::stop() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake();
    thread_.join();
}

void Worker::wake() noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(mail_.get(), &one, sizeof(one));
}

bool Worker::enqueue(Order order) {
    const std::lock_guard lock(mutex_);
    incoming_.push_back(std::move(order));
    // The thread takes all there is, so that one call is enough until it has.
    return incoming_.size() == 1;
}

void Worker::send_parcel(Parcel parcel) {
    {
        const std::lock_guard lock(mutex_);
        incoming_parcels_.push_back(std::move(parcel));
    }
    wake();
}

void Worker::sound_ready(LegId leg, PlaybackId playback, std::shared_ptr<const Sound> sound, Law law) {
    {
        const std::lock_guard lock(mutex_);
        incoming_sounds_.push_back({leg, playback, std::move(sound), law});
    }
    wake();
}

void Worker::sound_ready(RoomId room, std::shared_ptr<const Sound> sound) {
    {
        const std::lock_guard lock(mutex_);
        incoming_room_sounds_.push_back({room, std::move(sound)});
    }
    wake();
}

void Worker::refresh_time() noexcept {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    now_ = Instant(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

void Worker::run() {
    refresh_time();
    while (running_) {
        const int ready = ::epoll_wait(epoll_.get(), ready_events().data(), kMostReady, wait_time());
        refresh_time();
        handle_sockets(ready);
        if (now_ >= next_housekeeping_) housekeep();
        report();
    }
}

int Worker::wait_time() const noexcept {
    if (slot_of_.empty() && quarantine_.empty() && !report_by_) return -1;
    const auto next = report_by_ ? std::min(*report_by_, next_housekeeping_) : next_housekeeping_;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - now_).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1000));
}

/// With hundreds of legs each packet finds its leg cold; while one is in the kernel, the next one's state
/// comes along.
void Worker::prefetch(std::uint64_t key) const noexcept {
    if (key < kFirstSlot) return;
    if (const auto& leg = slots_[(key - kFirstSlot) / 2]) leg->prefetch();
}

void Worker::handle_sockets(int ready) {
    bool mail = false;
    for (int i = 0; i < ready; ++i) {
        const auto key = ready_events()[static_cast<std::size_t>(i)].data.u64;
        if (key == kMail) {
            mail = true;
            continue;
        }
        if (key == kTimer) {
            tick();
            continue;
        }
        if (i + 1 < ready) prefetch(ready_events()[static_cast<std::size_t>(i) + 1].data.u64);
        const auto& leg = slots_[(key - kFirstSlot) / 2];
        if (!leg) continue;
        refresh_time();
        if ((key & 1U) == 0) {
            leg->receive_rtp(buffer_, step());
        } else {
            leg->receive_rtcp(buffer_, step());
        }
    }
    // Orders last: they may close legs that this round speaks of.
    if (mail) take_mail();
}

void Worker::take_mail() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto size = ::read(mail_.get(), &count, sizeof(count));
    {
        const std::lock_guard lock(mutex_);
        taken_.swap(incoming_);
        std::ranges::move(incoming_parcels_, std::back_inserter(parcels_));
        incoming_parcels_.clear();
        sounds_.swap(incoming_sounds_);
        room_sounds_.swap(incoming_room_sounds_);
        running_ = !stopping_;
    }
    std::ranges::move(taken_, std::back_inserter(orders_));
    taken_.clear();
    while (!orders_.empty() && carry_out(orders_.front()))
        orders_.pop_front();
    for (auto& sound : sounds_) {
        auto* const leg = find(sound.leg);
        if (!leg) continue;
        leg->sound_ready(sound.playback, std::move(sound.sound), sound.law, step());
        keep_ticking(*leg);
    }
    sounds_.clear();
    for (auto& [id, sound] : room_sounds_) {
        const auto room = rooms_.find(id);
        if (room != rooms_.end()) room->second.play(std::move(sound));
    }
    room_sounds_.clear();
}

bool Worker::carry_out(Order& order) {
    return std::visit([this](auto& each) { return carry_out(each); }, order);
}

bool Worker::carry_out(Open& order) {
    adopt(std::make_unique<Leg>(order.leg, std::move(order.ports), settings_.bind.ipv6));
    return true;
}

bool Worker::carry_out(const Release& order) {
    auto leg = detach(order.leg);
    if (leg) leg->forget_request();
    order.to->send_parcel({order.leg, std::move(leg)});
    return true;
}

bool Worker::carry_out(const Expect& order) {
    const auto parcel = std::ranges::find(parcels_, order.leg, &Parcel::id);
    if (parcel == parcels_.end()) return false;
    auto leg = std::move(parcel->leg);
    parcels_.erase(parcel);
    if (!leg) return true;
    auto& adopted = *leg;
    adopt(std::move(leg));
    request_sound(adopted);
    keep_ticking(adopted);
    return true;
}

bool Worker::carry_out(const ConfigureLeg& order) {
    if (auto* const leg = find(order.leg)) {
        leg->configure(order, step());
        request_sound(*leg);
    }
    return true;
}

bool Worker::carry_out(const JoinLegs& order) {
    auto* const first = find(order.first);
    auto* const second = find(order.second);
    if (first && second) Leg::join(*first, *second);
    forget_empty_rooms();
    return true;
}

bool Worker::carry_out(const SeparateLegs& order) {
    auto* const first = find(order.first);
    auto* const second = find(order.second);
    if (first && second && first->peer() == second) first->separate();
    return true;
}

bool Worker::carry_out(const EnterRoom& order) {
    auto* const leg = find(order.leg);
    if (!leg) return true;
    leg->enter(rooms_.try_emplace(order.room, order.room).first->second, order);
    forget_empty_rooms();
    set_ticking(true);
    return true;
}

bool Worker::carry_out(const LeaveRoom& order) {
    if (auto* const leg = find(order.leg)) leg->leave_room();
    forget_empty_rooms();
    return true;
}

bool Worker::carry_out(PlayToRoom& order) {
    if (rooms_.contains(order.room))
        housekeeper_.request(Housekeeper::RoomSoundRequest{this, order.room, std::move(order.places)});
    return true;
}

bool Worker::carry_out(const Play& order) {
    if (auto* const leg = find(order.leg)) {
        leg->play(order);
        request_sound(*leg);
    }
    return true;
}

bool Worker::carry_out(const StopPlaying& order) {
    if (auto* const leg = find(order.leg)) leg->stop_playing(order.playback);
    return true;
}

bool Worker::carry_out(const SendDigit& order) {
    if (auto* const leg = find(order.leg)) {
        leg->send_digit(order);
        keep_ticking(*leg);
    }
    return true;
}

bool Worker::carry_out(const Record& order) {
    if (auto* const leg = find(order.leg)) leg->record(order, step());
    return true;
}

bool Worker::carry_out(const StopRecording& order) {
    if (auto* const leg = find(order.leg)) leg->stop_recording(order, step());
    return true;
}

bool Worker::carry_out(const CloseLeg& order) {
    const auto leg = detach(order.leg);
    if (!leg) return true;
    leg->stop_recording(step());
    leg->count_into(traffic_);
    events_.emplace_back(LegClosed{order.leg, leg->statistics()});
    quarantine_.push_back({leg->take_ports(), now_ + settings_.quarantine});
    return true;
}

void Worker::adopt(std::unique_ptr<Leg> leg) {
    std::uint32_t slot = 0;
    if (free_slots_.empty()) {
        slot = static_cast<std::uint32_t>(slots_.size());
        slots_.emplace_back();
    } else {
        slot = free_slots_.back();
        free_slots_.pop_back();
    }
    slot_of_.emplace(leg->id(), slot);
    const std::uint64_t key = kFirstSlot + std::uint64_t{slot} * 2;
    watch(epoll_.get(), leg->ports().rtp.get(), key);
    watch(epoll_.get(), leg->ports().rtcp.get(), key + 1);
    slots_[slot] = std::move(leg);
}

std::unique_ptr<Leg> Worker::detach(LegId id) {
    const auto found = slot_of_.find(id);
    if (found == slot_of_.end()) return nullptr;
    auto leg = std::move(slots_[found->second]);
    free_slots_.push_back(found->second);
    slot_of_.erase(found);
    std::erase(ticking_, id);
    leg->separate();
    leg->leave_room();
    forget_empty_rooms();
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, leg->ports().rtp.get(), nullptr);
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, leg->ports().rtcp.get(), nullptr);
    return leg;
}

Leg* Worker::find(LegId id) noexcept {
    const auto found = slot_of_.find(id);
    return found == slot_of_.end() ? nullptr : slots_[found->second].get();
}

void Worker::forget_empty_rooms() {
    std::erase_if(rooms_, [](const auto& each) { return each.second.empty(); });
}

void Worker::request_sound(Leg& leg) {
    if (auto wanted = leg.wanted_sound(step()))
        housekeeper_.request(Housekeeper::SoundRequest{this, leg.id(), wanted->playback,
                                                       std::move(wanted->source), wanted->law});
}

void Worker::keep_ticking(const Leg& leg) {
    if (!leg.wants_ticks() || std::ranges::find(ticking_, leg.id()) != ticking_.end()) return;
    ticking_.push_back(leg.id());
    set_ticking(true);
}

void Worker::set_ticking(bool on) noexcept {
    if (on == timer_armed_) return;
    timer_armed_ = on;
    itimerspec period{};
    if (on) {
        period.it_interval.tv_nsec = Duration(Leg::kTick).count();
        period.it_value.tv_nsec = 1;  // the first packet at once
    }
    ::timerfd_settime(timer_.get(), 0, &period, nullptr);
}

void Worker::tick() {
    std::uint64_t expirations = 0;
    if (::read(timer_.get(), &expirations, sizeof(expirations)) != sizeof(expirations)) return;
    refresh_time();
    for (auto left = std::min(expirations, kMostTicksAtOnce); left > 0; --left) {
        for (const auto id : ticking_) {
            if (auto* const leg = find(id)) leg->tick(step());
        }
        for (auto& [id, room] : rooms_)
            room.tick(step());
    }
    std::erase_if(ticking_, [this](LegId id) {
        const auto* const leg = find(id);
        return !leg || !leg->wants_ticks();
    });
    if (ticking_.empty() && rooms_.empty()) set_ticking(false);
}

void Worker::housekeep() {
    next_housekeeping_ = now_ + kHousekeepingPeriod;
    for (const auto& leg : slots_) {
        if (!leg) continue;
        leg->housekeep(step());
        leg->count_into(traffic_);
    }
    std::vector<PortPair> rested;
    while (!quarantine_.empty() && quarantine_.front().until <= now_) {
        quarantine_.front().ports.drain();
        rested.push_back(std::move(quarantine_.front().ports));
        quarantine_.pop_front();
    }
    if (!rested.empty()) housekeeper_.take_back(std::move(rested));
}

/// Nobody waits for the figures of a closed leg, so that those of several go at once.
void Worker::report() {
    if (events_.empty()) return;
    const bool patient = running_ && std::ranges::all_of(events_, [](const Event& event) {
                             return std::holds_alternative<LegClosed>(event);
                         });
    if (!report_by_) report_by_ = now_ + kReportPatience;
    if (patient && now_ < *report_by_) return;
    report_by_.reset();
    listener_.on_media(std::exchange(events_, {}));
}

}  // namespace almon::media
