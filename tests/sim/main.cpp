// SPDX-License-Identifier: GPL-3.0-or-later
// Random offices in virtual time, from a seed: sim [--calls N] [--seed S] [--phones P] [--handovers H]
// [--show] Prints what was simulated and how fast; on failure the seed that replays it, and exits with 1.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include "sim/world.hpp"

namespace {

using namespace almon::simulation;

constexpr std::uint64_t kCallsOfOneOffice = 1'000;
constexpr std::uint64_t kCallsOfAHandover = 150;

double cpu_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

bool report(const WorldSettings& settings, const Outcome& outcome) {
    if (outcome.broken.empty()) return true;
    std::fprintf(
        stderr, "seed %llu, step %llu of %llu calls:\n", static_cast<unsigned long long>(settings.seed),
        static_cast<unsigned long long>(outcome.steps), static_cast<unsigned long long>(outcome.calls));
    for (const auto& sentence : outcome.broken)
        std::fprintf(stderr, "  %s\n", sentence.c_str());
    std::fprintf(stderr, "replay: sim --calls %llu --seed %llu --phones %zu --handovers 0",
                 static_cast<unsigned long long>(settings.calls),
                 static_cast<unsigned long long>(settings.seed), settings.phones);
    if (settings.handover_at_step) {
        std::fprintf(stderr, " --handover-at %llu",
                     static_cast<unsigned long long>(*settings.handover_at_step));
    }
    std::fprintf(stderr, "\n");
    return false;
}

/// The same office twice, once handed over in the middle: the traces must be identical.
bool hand_over_at_random(std::uint64_t seed, std::size_t phones) {
    WorldSettings settings;
    settings.seed = seed;
    settings.phones = phones;
    settings.calls = kCallsOfAHandover;
    const auto plain = World(settings).run();
    if (!report(settings, plain)) return false;
    almon::SeededRandom random(seed);
    settings.handover_at_step = 1 + random.below(plain.steps);
    auto handed_over = World(settings).run();
    if (handed_over.broken.empty() && handed_over.trace != plain.trace) {
        handed_over.broken.emplace_back("the run goes another way after the handover");
    }
    return report(settings, handed_over);
}

}  // namespace

int main(int count, char** arguments) {
    std::uint64_t calls = 20'000;
    std::uint64_t seed = 1;
    std::size_t phones = 40;
    std::uint64_t handovers = 20;
    std::uint64_t handover_at = 0;
    bool show = false;
    for (int i = 1; i < count; ++i) {
        const std::string_view name = arguments[i];
        if (name == "--show") {
            show = true;
            continue;
        }
        if (i + 1 >= count) {
            std::fprintf(stderr, "%s wants a number\n", arguments[i]);
            return 2;
        }
        const auto value = std::strtoull(arguments[++i], nullptr, 10);
        if (name == "--calls") {
            calls = value;
        } else if (name == "--seed") {
            seed = value;
        } else if (name == "--phones" && value >= 4 && value <= 200) {
            phones = value;
        } else if (name == "--handovers") {
            handovers = value;
        } else if (name == "--handover-at") {
            handover_at = value;
        } else {
            std::fprintf(stderr,
                         "usage: sim [--calls N] [--seed S] [--phones 4..200] [--handovers H] [--handover-at "
                         "STEP] [--show]\n");
            return 2;
        }
    }

    const double began = cpu_seconds();
    std::uint64_t placed = 0;
    std::uint64_t answered = 0;
    std::uint64_t transfers = 0;
    std::uint64_t orders = 0;
    std::uint64_t lamp_changes = 0;
    std::uint64_t steps = 0;
    while (placed < calls) {
        WorldSettings settings;
        settings.seed = seed++;
        settings.phones = phones;
        settings.calls = std::min(calls - placed, kCallsOfOneOffice);
        settings.show_messages = show;
        if (handover_at != 0) settings.handover_at_step = handover_at;
        const auto outcome = World(settings).run();
        if (!report(settings, outcome)) return 1;
        placed += outcome.calls;
        answered += outcome.answered;
        transfers += outcome.transfers;
        orders += outcome.orders;
        lamp_changes += outcome.lamp_changes;
        steps += outcome.steps;
    }
    const double seconds = cpu_seconds() - began;
    std::printf(
        "%llu calls, %llu answered, %llu transfers, %llu orders of a program, %llu changes of lamps, %llu "
        "steps, "
        "%.2f CPU-s: %.0f calls/s\n",
        static_cast<unsigned long long>(placed), static_cast<unsigned long long>(answered),
        static_cast<unsigned long long>(transfers), static_cast<unsigned long long>(orders),
        static_cast<unsigned long long>(lamp_changes), static_cast<unsigned long long>(steps), seconds,
        static_cast<double>(placed) / seconds);
    for (std::uint64_t i = 0; i < handovers; ++i) {
        if (!hand_over_at_random(seed + i, phones)) return 1;
    }
    if (handovers > 0)
        std::printf("%llu handovers at a random step, traces identical\n",
                    static_cast<unsigned long long>(handovers));
    return 0;
}
