// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/transaction_steps.hpp"

#include "base/overload.hpp"

namespace almon::sip {
namespace {

char letter(Timer timer) {
    constexpr char kLetters[] = "ABDEFGHIJKLM";
    return kLetters[static_cast<std::size_t>(timer)];
}

std::string milliseconds(Duration duration) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count()) + "ms";
}

}  // namespace

std::string in_words(const Effects& effects) {
    std::string words;
    for (const Effect& effect : effects) {
        if (!words.empty()) words += "; ";
        words += std::visit(Overload{
                                [](SendRequest) -> std::string { return "send request"; },
                                [](SendAck) -> std::string { return "send ACK"; },
                                [](SendTrying) -> std::string { return "send 100"; },
                                [](SendResponse) -> std::string { return "send response"; },
                                [](PassRequest) -> std::string { return "pass request"; },
                                [](PassAck) -> std::string { return "pass ACK"; },
                                [](PassResponse) -> std::string { return "pass response"; },
                                [](StartTimer start) {
                                    return std::string("start ") + letter(start.timer) + " " +
                                           milliseconds(start.after);
                                },
                                [](StopTimer stop) { return std::string("stop ") + letter(stop.timer); },
                                [](ReportTimeout) -> std::string { return "report timeout"; },
                                [](ReportFlowLost) -> std::string { return "report flow lost"; },
                                [](Terminate) -> std::string { return "terminate"; },
                            },
                            effect);
    }
    return words;
}

}  // namespace almon::sip
