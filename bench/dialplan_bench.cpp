// SPDX-License-Identifier: GPL-3.0-or-later
// Priorities of the dialplan that a call goes through without waiting: a loop that counts, compares, cuts
// numbers and calls a subroutine, as menus and preprocess subroutines do. The host keeps variables as a call
// does.
#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "dialplan/interpreter.hpp"

namespace {

using namespace almon;

constexpr const char* kScript = R"([loop]
exten = s,1,Set(i=0)
same = n(again),Set(i=$[${i} + 1])
same = n,NoOp(round ${i} of ${EXTEN})
same = n,Set(number=${XIVO_DSTNUM:1})
same = n,GotoIf($["${number:0:2}" = "33"]?abroad)
same = n,Gosub(sub,s,1(${i}))
same = n,GotoIf($[${i} < 1000]?again)
same = n,Hangup()
same = n(abroad),Hangup()
[sub]
exten = s,1,ExecIf($[${ARG1} % 2 = 0]?Set(even=yes):Set(even=no))
same = n,Return()
)";

class Call final : public dialplan::Host {
public:
    std::string variable(std::string_view name) override {
        const auto found = std::ranges::find(variables_, name, &dialplan::Variable::name);
        return found == variables_.end() ? std::string() : found->value;
    }
    void set(std::string_view name, std::string value) override {
        const auto found = std::ranges::find(variables_, name, &dialplan::Variable::name);
        if (found != variables_.end())
            found->value = std::move(value);
        else
            variables_.push_back({std::string(name), std::move(value)});
    }
    void set_global(std::string_view, std::string) override {}
    Result<std::string> read(std::string_view, std::string_view) override {
        return refuse(ErrorCode::NotFound, "", "");
    }
    Result<void> write(std::string_view, std::string_view, std::string) override { return {}; }
    std::tm local_time(std::optional<std::int64_t>, std::string_view) override { return {}; }
    std::int64_t epoch() override { return 0; }
    std::uint64_t random_below(std::uint64_t) override { return 0; }
    void mistake(std::string_view) override { std::abort(); }
    dialplan::Flow run(std::string_view, std::string) override { return dialplan::Flow::GoneOn; }
    void leave(const dialplan::Position&) override { std::abort(); }
    void step(const dialplan::Position&, std::string_view, std::string_view) override { ++steps; }

    std::uint64_t steps = 0;

private:
    std::vector<dialplan::Variable> variables_{{"XIVO_DSTNUM", "00141384910"}};
};

void priorities(benchmark::State& state) {
    const auto read = dialplan::read_dialplan({{"loop.conf", kScript}}, {"hangup"});
    if (read.dialplan == nullptr) return state.SkipWithError("the script is wrong");
    std::uint64_t steps = 0;
    for (auto _ : state) {
        Call call;
        dialplan::Script script{{"loop", "s", 1}};
        if (dialplan::Interpreter(*read.dialplan, script, call).run() != dialplan::Outcome::GoneOn)
            return state.SkipWithError("it does not end where it should");
        steps += call.steps;
    }
    state.counters["per_s"] = benchmark::Counter(static_cast<double>(steps), benchmark::Counter::kIsRate);
}
BENCHMARK(priorities)->Unit(benchmark::kMillisecond);

}  // namespace
