// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/program.hpp"

#include <utility>

namespace almon::simulation {

namespace {

constexpr std::size_t kRemembered = 40;

void remember(std::deque<std::string>& known, const std::string& id) {
    known.push_back(id);
    if (known.size() > kRemembered) known.pop_front();
}

}  // namespace

void Program::hear(const bus::Event& event) {
    if (const auto* call = std::get_if<bus::CallEvent>(&event);
        call != nullptr && call->type == bus::CallEventType::ChannelStart)
        remember(calls_, call->unique_id);
    if (const auto* transfer = std::get_if<bus::TransferChanged>(&event);
        transfer != nullptr && transfer->change == bus::TransferChange::Created)
        remember(transfers_, transfer->id);
}

const std::string& Program::one_of(const std::deque<std::string>& known) {
    static const std::string none = "1.1";
    return known.empty() ? none : known[random_.below(known.size())];
}

void Program::act(pbx::CallCore& core, const std::vector<std::string>& numbers, std::size_t users) {
    const model::UserId user{1 + random_.below(users)};
    const auto& number = numbers[random_.below(numbers.size())];
    const auto note = [this](const auto& done) {
        if (done) ++accepted_;
    };
    switch (random_.below(8)) {
        case 0:
            return note(core.originate({user, {}, number}));
        case 1:
            return note(core.hang_up(one_of(calls_)));
        case 2:
            return note(core.connect(one_of(calls_), user));
        case 3:
            return note(core.complete_transfer(one_of(transfers_)));
        case 4:
            return note(core.cancel_transfer(one_of(transfers_)));
        default: {
            pbx::TransferOrder order{one_of(calls_), {}, number};
            if (random_.below(3) == 0) order.flow = pbx::SteeredTransfer::Flow::Blind;
            if (random_.below(3) == 0) order.timeout = std::chrono::seconds(1 + random_.below(20));
            return note(core.transfer(order));
        }
    }
}

}  // namespace almon::simulation
