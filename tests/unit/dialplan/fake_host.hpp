// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dialplan/interpreter.hpp"

namespace almon::dialplan {

/// A telephone system that writes down what a script wants of it.
class FakeHost : public Host {
public:
    std::map<std::string, std::string, std::less<>> variables;
    std::map<std::string, std::string, std::less<>> globals;
    std::vector<std::string> ran;  ///< "Playback(hello)"
    std::vector<std::string> mistakes;
    std::string left_for;  ///< "default,8000"
    std::string waits_at;  ///< The application that has to be waited for.
    std::tm now{};         ///< Sunday, the 0th of January 1900, 00:00.

    std::string variable(std::string_view name) override {
        const auto found = variables.find(name);
        return found == variables.end() ? std::string() : found->second;
    }
    Result<std::string> read(std::string_view function, std::string_view arguments) override {
        if (function != "CALLERID") return refuse(ErrorCode::NotFound, "", "");
        return variable("CALLERID(" + std::string(arguments) + ")");
    }
    Result<void> write(std::string_view function, std::string_view arguments, std::string value) override {
        if (function != "CALLERID") return refuse(ErrorCode::NotFound, "", "");
        variables["CALLERID(" + std::string(arguments) + ")"] = std::move(value);
        return {};
    }
    std::tm local_time(std::optional<std::int64_t> seconds, std::string_view) override {
        if (!seconds) return now;
        std::tm time{};
        const auto whole = static_cast<std::time_t>(*seconds);
        ::gmtime_r(&whole, &time);
        return time;
    }
    std::int64_t epoch() override { return 1'480'000'000; }
    std::uint64_t random_below(std::uint64_t bound) override { return bound - 1; }
    void mistake(std::string_view what) override { mistakes.emplace_back(what); }
    void set(std::string_view name, std::string value) override {
        variables.insert_or_assign(std::string(name), std::move(value));
    }
    void set_global(std::string_view name, std::string value) override {
        globals.insert_or_assign(std::string(name), std::move(value));
    }
    Flow run(std::string_view application, std::string arguments) override {
        ran.push_back(std::string(application) + "(" + arguments + ")");
        if (application == "Hangup") return Flow::GoneOn;
        return application == waits_at ? Flow::Waits : Flow::Next;
    }
    void leave(const Position& to) override { left_for = to.context + "," + to.exten; }
    void step(const Position&, std::string_view, std::string_view) override {}
};

}  // namespace almon::dialplan
